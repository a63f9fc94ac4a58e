package io.heliosdb.sql;

import io.heliosdb.pg.Identifier;
import io.heliosdb.pg.SqlState;
import io.heliosdb.sql.Statement.Engine;
import io.heliosdb.sql.Statement.Engine.Kind;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads CREATE of indexes, views, sequences, schemas, domains and types.
 *
 * @see <a href="https://www.postgresql.org/docs/15/sql-createindex.html">PostgreSQL: CREATE
 *     INDEX</a>
 */
final class CreateGrammar {
    /** By this number the catalog tells a serial column from an identity. */
    static final String SERIAL_OPTIONS = " (CACHE " + io.heliosdb.engine.Engine.SERIAL_CACHE + ')';

    private final Grammar grammar;
    private final Cursor cursor;
    private final Tokens tokens;
    private final Edits edits;

    CreateGrammar(Grammar grammar) {
        this.grammar = grammar;
        this.cursor = grammar.cursor;
        this.tokens = grammar.tokens;
        this.edits = grammar.edits;
    }

    private Engine fixed(int from, String tag, String sql) {
        return grammar.commands.build(from, Kind.DDL, tag, new Shape.Fixed(sql), List.of());
    }

    private void defines(Definition.Kind kind, TableName name, boolean ifNotExists) {
        grammar.facts.definition = Definition.creating(kind, name, ifNotExists);
    }

    /** IF NOT EXISTS; IF alone is a name. */
    boolean ifNotExists() {
        if (!cursor.isWord("if") || !cursor.isWordAhead(1, "not")) {
            return false;
        }
        cursor.at++;
        cursor.requireWord("not");
        cursor.requireWord("exists");
        return true;
    }

    Engine index(int from) {
        boolean unique = cursor.tryWord("unique");
        cursor.requireWord("index");
        cursor.tryWord("concurrently");
        boolean ifNotExists = ifNotExists();
        String name = cursor.isWord("on") ? "" : cursor.columnId();
        if (!name.isEmpty()) {
            defines(Definition.Kind.INDEX, new TableName(Optional.empty(), name), ifNotExists);
        }
        cursor.requireWord("on");
        int table = cursor.at;
        String tableName = grammar.from.relation().name();
        String target = edits.render(table, cursor.at);
        if (cursor.tryWord("using")) {
            cursor.columnId();
        }
        var columns = new ArrayList<String>();
        var labels = new ArrayList<String>();
        cursor.requirePunctuation("(");
        do {
            columns.add(indexColumn(labels));
        } while (cursor.tryPunctuation(","));
        cursor.requirePunctuation(")");
        if (cursor.tryWord("include")) {
            // What an index holds besides its key changes no result.
            grammar.from.columnNames();
        }
        if (cursor.isWord("nulls") || (unique && cursor.isWord("where"))) {
            throw cursor.error(
                    SqlState.FEATURE_NOT_SUPPORTED,
                    "unique indexes of some rows only are not supported");
        }
        if (cursor.isWord("with") && cursor.isPunctuationAhead(1, "(")) {
            cursor.at++;
            grammar.tables.skipParentheses();
        }
        if (cursor.tryWord("tablespace")) {
            cursor.columnId();
        }
        if (cursor.tryWord("where")) {
            // An index of all rows answers as one of some of them does.
            grammar.expressions.expression();
        }
        String chosen =
                name.isEmpty()
                        ? TableGrammar.shortened(
                                tableName + '_' + String.join("_", labels), "idx", "")
                        : name;
        String sql =
                (unique ? "CREATE UNIQUE INDEX " : "CREATE INDEX ")
                        + (ifNotExists ? "IF NOT EXISTS " : "")
                        + Identifier.quote(chosen)
                        + " ON "
                        + target
                        + " ("
                        + String.join(", ", columns)
                        + ')';
        return fixed(from, "CREATE INDEX", sql);
    }

    private String indexColumn(List<String> labels) {
        if (cursor.isPunctuation("(")
                || !cursor.isColumnId()
                || cursor.isPunctuationAhead(1, "(")) {
            grammar.expressions.expression();
            throw cursor.error(
                    SqlState.FEATURE_NOT_SUPPORTED, "indexes on expressions are not supported");
        }
        String column = cursor.columnId();
        labels.add(column);
        if (cursor.tryWord("collate")) {
            cursor.tableName();
        }
        if (cursor.isColumnId() && !cursor.isWord("nulls")) {
            // An operator class: the engine has one order.
            cursor.tableName();
        }
        String order = cursor.tryWord("desc") ? " DESC" : "";
        if (order.isEmpty()) {
            cursor.tryWord("asc");
        }
        if (cursor.tryWord("nulls")) {
            if (cursor.tryWord("first")) {
                return Identifier.quote(column) + order + " NULLS FIRST";
            }
            cursor.requireWord("last");
            return Identifier.quote(column) + order + " NULLS LAST";
        }
        return Identifier.quote(column) + order;
    }

    Engine view(int from, boolean orReplace, boolean temporary) {
        boolean recursive = cursor.tryWord("recursive");
        cursor.requireWord("view");
        boolean ifNotExists = ifNotExists();
        if (recursive) {
            throw cursor.error(SqlState.FEATURE_NOT_SUPPORTED, "recursive views are not supported");
        }
        var named = grammar.relations.made(temporary);
        int columns = cursor.at;
        if (cursor.isPunctuation("(")) {
            grammar.from.columnNames();
        }
        String columnNames = edits.render(columns, cursor.at);
        if (cursor.isWord("with")) {
            cursor.at++;
            grammar.tables.skipParentheses();
        }
        cursor.requireWord("as");
        int before = grammar.facts.relations.size();
        String text = grammar.queries.defining();
        var target = named.isTemporary() ? named : readsTemporary(named, before);
        if (cursor.isWord("with")) {
            throw cursor.error(
                    SqlState.FEATURE_NOT_SUPPORTED, "WITH CHECK OPTION is not supported");
        }
        String sql =
                (orReplace ? "CREATE OR REPLACE VIEW " : "CREATE VIEW ")
                        + (ifNotExists ? "IF NOT EXISTS " : "")
                        + target.sql()
                        + columnNames
                        + " AS "
                        + text;
        return fixed(from, "CREATE VIEW", sql);
    }

    /** A view that reads temporary relations is temporary itself. */
    private RelationNames.NewRelation readsTemporary(RelationNames.NewRelation view, int before) {
        var relations = grammar.facts.relations;
        boolean isTemporary =
                relations.subList(before, relations.size()).stream()
                        .anyMatch(each -> grammar.relations.isTemporary(each.table()));
        if (!isTemporary) {
            return view;
        }
        String name = view.name().name();
        grammar.facts.notice = "view \"" + name + "\" will be a temporary view";
        return grammar.relations.temporary(name);
    }

    Engine sequence(int from, boolean temporary) {
        cursor.at++;
        boolean ifNotExists = ifNotExists();
        var named = grammar.relations.made(temporary);
        defines(Definition.Kind.SEQUENCE, named.name(), ifNotExists);
        String target = named.sql();
        String options = sequenceOptions();
        return fixed(
                from,
                "CREATE SEQUENCE",
                "CREATE SEQUENCE "
                        + (ifNotExists ? "IF NOT EXISTS " : "")
                        + target
                        + ' '
                        + options);
    }

    /** The options of a sequence in the engine's words. */
    String sequenceOptions() {
        var text = new StringBuilder();
        while (cursor.kind() == Token.WORD) {
            switch (cursor.text()) {
                case "as" -> {
                    cursor.at++;
                    text.append(" AS ").append(grammar.types.type().engine());
                }
                case "increment" -> {
                    cursor.at++;
                    cursor.tryWord("by");
                    text.append(" INCREMENT BY ").append(number());
                }
                case "start" -> {
                    cursor.at++;
                    cursor.tryWord("with");
                    text.append(" START WITH ").append(number());
                }
                case "restart" -> {
                    cursor.at++;
                    cursor.tryWord("with");
                    boolean value =
                            cursor.kind() == Token.INTEGER
                                    || cursor.kind() == Token.NUMBER
                                    || cursor.isPunctuation("-");
                    text.append(" RESTART").append(value ? " WITH " + number() : "");
                }
                case "minvalue", "maxvalue", "cache" -> {
                    String word = tokens.texts[cursor.at++];
                    text.append(' ')
                            .append(word.toUpperCase(Locale.ROOT))
                            .append(' ')
                            .append(number());
                }
                case "cycle" -> {
                    cursor.at++;
                    text.append(" CYCLE");
                }
                case "no" -> {
                    cursor.at++;
                    if (!cursor.isWord("minvalue")
                            && !cursor.isWord("maxvalue")
                            && !cursor.isWord("cycle")) {
                        throw cursor.syntaxError();
                    }
                    text.append(" NO ").append(tokens.texts[cursor.at++].toUpperCase(Locale.ROOT));
                }
                case "owned" -> {
                    cursor.at++;
                    cursor.requireWord("by");
                    cursor.tableName();
                }
                default -> {
                    return text.toString();
                }
            }
        }
        return text.toString();
    }

    private String number() {
        boolean negative = cursor.isPunctuation("-");
        if (negative || cursor.isPunctuation("+")) {
            cursor.at++;
        }
        if (cursor.kind() != Token.INTEGER && cursor.kind() != Token.NUMBER) {
            throw cursor.syntaxError();
        }
        return (negative ? "-" : "") + tokens.texts[cursor.at++];
    }

    Engine schema(int from) {
        cursor.at++;
        boolean ifNotExists = ifNotExists();
        String name = cursor.isWord("authorization") ? "" : cursor.columnId();
        if (cursor.tryWord("authorization")) {
            String role = cursor.nonReservedWord();
            name = name.isEmpty() ? role : name;
        }
        requireOwnSchema(from, name);
        defines(Definition.Kind.SCHEMA, new TableName(Optional.empty(), name), ifNotExists);
        return fixed(
                from,
                "CREATE SCHEMA",
                "CREATE SCHEMA " + (ifNotExists ? "IF NOT EXISTS " : "") + Identifier.quote(name));
    }

    /** Refuses the schemas that are not for users. */
    void requireOwnSchema(int token, String name) {
        grammar.from.requireSchema(token, name);
        if (name.startsWith("pg_")) {
            throw tokens.error(
                            token,
                            new SqlState("42939"),
                            "unacceptable schema name \"" + name + '"')
                    .withDetail("The prefix \"pg_\" is reserved for system schemas.");
        }
    }

    Statement type(int from) {
        cursor.at++;
        int name = cursor.at;
        grammar.relations.plain();
        String target = edits.render(name, cursor.at);
        if (!cursor.isWord("as") || !cursor.isWordAhead(1, "enum")) {
            return grammar.commands.unsupported(from, "CREATE TYPE");
        }
        cursor.at += 2;
        cursor.requirePunctuation("(");
        var labels = new ArrayList<String>();
        do {
            labels.add(Edits.string(cursor.string()));
        } while (cursor.tryPunctuation(","));
        cursor.requirePunctuation(")");
        return fixed(
                from,
                "CREATE TYPE",
                "CREATE DOMAIN " + target + " AS ENUM(" + String.join(", ", labels) + ')');
    }
}
