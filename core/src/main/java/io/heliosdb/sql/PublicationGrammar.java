package io.heliosdb.sql;

import io.heliosdb.pg.SqlState;
import io.heliosdb.sql.PublicationStatement.Option;
import io.heliosdb.sql.PublicationStatement.PublicationObject;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads CREATE, ALTER and DROP PUBLICATION, and REPLICA IDENTITY.
 *
 * @see <a href="https://www.postgresql.org/docs/15/sql-alterpublication.html">PostgreSQL: ALTER
 *     PUBLICATION</a>
 */
final class PublicationGrammar {
    private final Grammar grammar;
    private final Cursor cursor;

    PublicationGrammar(Grammar grammar) {
        this.grammar = grammar;
        cursor = grammar.cursor;
    }

    /** After CREATE, at PUBLICATION. */
    Statement create(int from) {
        cursor.at++;
        String name = cursor.columnId();
        boolean allTables = false;
        List<PublicationObject> objects = List.of();
        if (cursor.tryWord("for")) {
            allTables = cursor.tryWord("all");
            if (allTables) {
                cursor.requireWord("tables");
            } else {
                objects = objects();
            }
        }
        var options = cursor.tryWord("with") ? options() : List.<Option>of();
        return new PublicationStatement.Create(
                source(from), offset(from), name, allTables, objects, options);
    }

    /** After ALTER, at PUBLICATION. */
    Statement alter(int from) {
        cursor.at++;
        String name = cursor.columnId();
        PublicationStatement.Change change;
        if (cursor.tryWord("rename")) {
            cursor.requireWord("to");
            change = new PublicationStatement.Rename(cursor.columnId());
        } else if (cursor.tryWord("owner")) {
            cursor.requireWord("to");
            change = new PublicationStatement.Owner(cursor.nonReservedWord());
        } else if (cursor.isWord("set") && cursor.isPunctuationAhead(1, "(")) {
            cursor.at++;
            change = new PublicationStatement.Options(options());
        } else if (cursor.isWord("add") || cursor.isWord("set") || cursor.isWord("drop")) {
            String action = cursor.text();
            cursor.at++;
            change = new PublicationStatement.Objects(action, objects());
        } else {
            throw cursor.syntaxError();
        }
        return new PublicationStatement.Alter(source(from), offset(from), name, change);
    }

    /** After DROP, at PUBLICATION. */
    Statement drop(int from) {
        cursor.at++;
        boolean ifExists = cursor.tryWords("if", "exists");
        var names = new ArrayList<String>();
        do {
            names.add(cursor.columnId());
        } while (cursor.tryPunctuation(","));
        if (!cursor.tryWord("cascade")) {
            cursor.tryWord("restrict");
        }
        return new PublicationStatement.Drop(source(from), offset(from), ifExists, names);
    }

    /** After ALTER TABLE and a name, at REPLICA. */
    Statement replicaIdentity(int from, boolean ifExists, TableName table) {
        cursor.requireWord("replica");
        cursor.requireWord("identity");
        char kind;
        Optional<String> index = Optional.empty();
        if (cursor.tryWord("using")) {
            cursor.requireWord("index");
            kind = 'i';
            index = Optional.of(cursor.columnId());
        } else if (cursor.tryWord("default")) {
            kind = 'd';
        } else if (cursor.tryWord("full")) {
            kind = 'f';
        } else if (cursor.tryWord("nothing")) {
            kind = 'n';
        } else {
            throw cursor.syntaxError();
        }
        if (cursor.isPunctuation(",")) {
            throw cursor.error(
                    SqlState.FEATURE_NOT_SUPPORTED,
                    "REPLICA IDENTITY together with other actions is not supported");
        }
        return new PublicationStatement.ReplicaIdentity(
                source(from), offset(from), ifExists, table, kind, index);
    }

    /** A list in which an object without a word of its own is of the kind of the one before. */
    private List<PublicationObject> objects() {
        var objects = new ArrayList<PublicationObject>();
        boolean isSchema = false;
        do {
            if (cursor.tryWord("table")) {
                isSchema = false;
            } else if (cursor.isWord("tables") && cursor.isWordAhead(1, "in")) {
                cursor.at += 2;
                cursor.requireWord("schema");
                isSchema = true;
            } else if (objects.isEmpty()) {
                throw cursor.syntaxError();
            }
            objects.add(isSchema ? schema() : table());
        } while (cursor.tryPunctuation(","));
        return objects;
    }

    private PublicationObject schema() {
        if (cursor.tryWord("current_schema")) {
            return new PublicationStatement.Schema(Optional.empty());
        }
        return new PublicationStatement.Schema(Optional.of(cursor.columnId()));
    }

    private PublicationObject table() {
        boolean isOnly = cursor.tryWord("only");
        boolean isInside = isOnly && cursor.tryPunctuation("(");
        TableName name = cursor.tableName();
        if (isInside) {
            cursor.requirePunctuation(")");
        } else if (!isOnly) {
            cursor.tryPunctuation("*");
        }
        Optional<List<String>> columns = Optional.empty();
        if (cursor.tryPunctuation("(")) {
            var names = new ArrayList<String>();
            do {
                names.add(cursor.columnId());
            } while (cursor.tryPunctuation(","));
            cursor.requirePunctuation(")");
            columns = Optional.of(names);
        }
        if (!cursor.tryWord("where")) {
            return new PublicationStatement.Table(name, columns, Optional.empty(), -1);
        }
        cursor.requirePunctuation("(");
        int open = cursor.at;
        grammar.expressions.expression();
        String filter = grammar.source(open, cursor.at);
        cursor.requirePunctuation(")");
        return new PublicationStatement.Table(
                name, columns, Optional.of(filter), grammar.tokens.starts[open]);
    }

    private List<Option> options() {
        var options = new ArrayList<Option>();
        cursor.requirePunctuation("(");
        do {
            int at = cursor.at;
            String name = cursor.label();
            if (options.stream().anyMatch(option -> option.name().equals(name))) {
                throw grammar.tokens.error(
                        at, SqlState.SYNTAX_ERROR, "conflicting or redundant options");
            }
            options.add(
                    new Option(
                            name,
                            cursor.tryPunctuation("=") ? Optional.of(value()) : Optional.empty()));
        } while (cursor.tryPunctuation(","));
        cursor.requirePunctuation(")");
        return options;
    }

    private String value() {
        return switch (cursor.kind()) {
            case STRING, INTEGER -> cursor.tokens.texts[cursor.at++];
            default -> cursor.label();
        };
    }

    private String source(int from) {
        return grammar.source(from, cursor.at);
    }

    private int offset(int from) {
        return grammar.tokens.starts[from];
    }
}
