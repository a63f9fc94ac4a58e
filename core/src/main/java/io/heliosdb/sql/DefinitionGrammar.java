package io.heliosdb.sql;

import io.heliosdb.pg.Identifier;
import io.heliosdb.pg.SqlState;
import io.heliosdb.sql.Statement.Engine;
import io.heliosdb.sql.Statement.Engine.Kind;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reads CREATE, ALTER, DROP, TRUNCATE and COMMENT; only what PostgreSQL has, so that nothing of the
 * engine's own gets through.
 */
final class DefinitionGrammar {
    private final Grammar grammar;
    private final Cursor cursor;
    private final Tokens tokens;
    private final Edits edits;

    DefinitionGrammar(Grammar grammar) {
        this.grammar = grammar;
        this.cursor = grammar.cursor;
        this.tokens = grammar.tokens;
        this.edits = grammar.edits;
    }

    Statement definition() {
        int from = cursor.at;
        grammar.push();
        try {
            String command = tokens.texts[cursor.at++];
            Statement statement =
                    switch (command) {
                        case "create" -> create(from);
                        case "alter" -> alter(from);
                        case "drop" -> drop(from);
                        case "truncate" -> truncate(from);
                        default -> comment(from);
                    };
            requireNoParameters();
            return statement;
        } finally {
            grammar.pop();
        }
    }

    private void requireNoParameters() {
        if (!grammar.facts.sites.isEmpty()) {
            Facts.Site site = grammar.facts.sites.getFirst();
            throw tokens.error(
                    site.token(),
                    SqlState.UNDEFINED_PARAMETER,
                    "there is no parameter $" + site.number());
        }
    }

    private Engine fixed(int from, String tag, String sql) {
        return grammar.commands.build(from, Kind.DDL, tag, new Shape.Fixed(sql), List.of());
    }

    private Statement nothing(int from, String tag) {
        return new Statement.Nothing(grammar.source(from, cursor.at), tokens.starts[from], tag);
    }

    // ---- CREATE

    private Statement create(int from) {
        boolean orReplace = cursor.tryWords("or", "replace");
        boolean temporary = temporary();
        String word = cursor.kind() == Token.WORD ? cursor.text() : "";
        if (orReplace) {
            switch (word) {
                case "view",
                        "recursive",
                        "trigger",
                        "constraint",
                        "function",
                        "procedure",
                        "aggregate",
                        "rule",
                        "language",
                        "trusted",
                        "procedural",
                        "transform" -> {}
                default -> throw cursor.syntaxError();
            }
        }
        if (temporary) {
            switch (word) {
                case "table", "view", "recursive", "sequence", "trigger" -> {}
                default -> throw cursor.syntaxError();
            }
        }
        return switch (word) {
            case "table" -> grammar.tables.create(from, temporary);
            case "unique", "index" -> index(from);
            case "recursive", "view" -> view(from, orReplace, temporary);
            case "sequence" -> sequence(from, temporary);
            case "schema" -> schema(from);
            case "domain" -> domain(from);
            case "type" -> type(from);
            case "trigger" -> grammar.triggers.create(from, orReplace);
            case "constraint" -> {
                cursor.at++;
                if (!cursor.isWord("trigger")) {
                    throw cursor.syntaxError();
                }
                throw cursor.error(
                        SqlState.FEATURE_NOT_SUPPORTED, "constraint triggers are not supported");
            }
            case "role", "user", "group" -> {
                if (cursor.isWordAhead(1, "mapping")) {
                    yield unsupported(from, "CREATE USER MAPPING");
                }
                yield grammar.roles.create(from);
            }
            case "unlogged" -> {
                cursor.at++;
                if (!cursor.isWord("table")) {
                    throw cursor.syntaxError();
                }
                yield grammar.tables.create(from, false);
            }
            case "function",
                    "procedure",
                    "rule",
                    "extension",
                    "publication",
                    "subscription",
                    "database",
                    "policy",
                    "operator",
                    "cast",
                    "collation",
                    "conversion",
                    "language",
                    "server",
                    "statistics",
                    "tablespace",
                    "event",
                    "foreign",
                    "materialized",
                    "text",
                    "access",
                    "transform",
                    "aggregate",
                    "trusted",
                    "procedural" ->
                    created(from, word);
            default -> throw cursor.syntaxError();
        };
    }

    /**
     * What PostgreSQL has and this version has not. The engine's own CREATE AGGREGATE is a syntax
     * error, as its form is.
     */
    private Statement created(int from, String word) {
        if (word.equals("aggregate") && !cursor.isPunctuationAhead(2, "(")) {
            cursor.at++;
            throw cursor.syntaxError();
        }
        return unsupported(from, "CREATE " + word);
    }

    private Statement unsupported(int from, String command) {
        return grammar.commands.unsupported(from, command);
    }

    private boolean temporary() {
        if (cursor.tryWord("temp") || cursor.tryWord("temporary")) {
            return true;
        }
        if ((cursor.isWord("local") || cursor.isWord("global"))
                && (cursor.isWordAhead(1, "temp") || cursor.isWordAhead(1, "temporary"))) {
            cursor.at += 2;
            return true;
        }
        return false;
    }

    private boolean ifNotExists() {
        if (!cursor.tryWord("if")) {
            return false;
        }
        cursor.requireWord("not");
        cursor.requireWord("exists");
        return true;
    }

    private Engine index(int from) {
        boolean unique = cursor.tryWord("unique");
        cursor.requireWord("index");
        cursor.tryWord("concurrently");
        boolean ifNotExists = ifNotExists();
        String name = cursor.isWord("on") ? "" : cursor.columnId();
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
        if (cursor.isWord("where") || cursor.isWord("include") || cursor.isWord("nulls")) {
            throw cursor.error(
                    SqlState.FEATURE_NOT_SUPPORTED,
                    "partial and covering indexes are not supported");
        }
        if (cursor.isWord("with") && cursor.isPunctuationAhead(1, "(")) {
            cursor.at++;
            grammar.tables.skipParentheses();
        }
        if (cursor.tryWord("tablespace")) {
            cursor.columnId();
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
        return Identifier.quote(column)
                + order
                + (order.isEmpty() ? " NULLS LAST" : " NULLS FIRST");
    }

    private Engine view(int from, boolean orReplace, boolean temporary) {
        boolean recursive = cursor.tryWord("recursive");
        cursor.requireWord("view");
        boolean ifNotExists = ifNotExists();
        if (temporary || recursive) {
            throw cursor.error(
                    SqlState.FEATURE_NOT_SUPPORTED,
                    "temporary and recursive views are not supported");
        }
        int name = cursor.at;
        grammar.from.relationName();
        if (cursor.isPunctuation("(")) {
            grammar.from.columnNames();
        }
        String target = edits.render(name, cursor.at);
        if (cursor.isWord("with")) {
            cursor.at++;
            grammar.tables.skipParentheses();
        }
        cursor.requireWord("as");
        int query = cursor.at;
        if (!grammar.queries.startsQuery()) {
            throw cursor.syntaxError();
        }
        grammar.queries.nestedQuery();
        String text = edits.render(query, cursor.at);
        if (cursor.isWord("with")) {
            throw cursor.error(
                    SqlState.FEATURE_NOT_SUPPORTED, "WITH CHECK OPTION is not supported");
        }
        String sql =
                (orReplace ? "CREATE OR REPLACE VIEW " : "CREATE VIEW ")
                        + (ifNotExists ? "IF NOT EXISTS " : "")
                        + target
                        + " AS "
                        + text;
        return fixed(from, "CREATE VIEW", sql);
    }

    private Engine sequence(int from, boolean temporary) {
        cursor.at++;
        boolean ifNotExists = ifNotExists();
        if (temporary) {
            throw cursor.error(
                    SqlState.FEATURE_NOT_SUPPORTED, "temporary sequences are not supported");
        }
        int name = cursor.at;
        grammar.from.relationName();
        String target = edits.render(name, cursor.at);
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

    private Engine schema(int from) {
        cursor.at++;
        boolean ifNotExists = ifNotExists();
        String name = cursor.isWord("authorization") ? "" : cursor.columnId();
        if (cursor.tryWord("authorization")) {
            String role = cursor.nonReservedWord();
            name = name.isEmpty() ? role : name;
        }
        requireOwnSchema(from, name);
        return fixed(
                from,
                "CREATE SCHEMA",
                "CREATE SCHEMA " + (ifNotExists ? "IF NOT EXISTS " : "") + Identifier.quote(name));
    }

    private void requireOwnSchema(int token, String name) {
        grammar.from.requireSchema(token, name);
        if (name.startsWith("pg_")) {
            throw tokens.error(
                            token,
                            new SqlState("42939"),
                            "unacceptable schema name \"" + name + '"')
                    .withDetail("The prefix \"pg_\" is reserved for system schemas.");
        }
    }

    private Engine domain(int from) {
        cursor.at++;
        int name = cursor.at;
        grammar.from.relationName();
        String target = edits.render(name, cursor.at);
        cursor.tryWord("as");
        SqlType type = grammar.types.type();
        var text =
                new StringBuilder("CREATE DOMAIN ")
                        .append(target)
                        .append(" AS ")
                        .append(type.engine());
        while (cursor.kind() == Token.WORD) {
            if (cursor.tryWord("constraint")) {
                cursor.columnId();
            } else if (cursor.tryWord("default")) {
                text.append(" DEFAULT ").append(grammar.tables.defaultValue(type));
            } else if (cursor.isWord("check")) {
                int check = cursor.at++;
                cursor.requirePunctuation("(");
                grammar.expressions.expression();
                cursor.requirePunctuation(")");
                text.append(' ').append(checkOfValue(check));
            } else if (cursor.isWord("not") || cursor.isWord("null")) {
                throw cursor.error(
                        SqlState.FEATURE_NOT_SUPPORTED, "NOT NULL on domains is not supported");
            } else {
                break;
            }
        }
        return fixed(from, "CREATE DOMAIN", text.toString());
    }

    /** VALUE in the check of a domain is a word of the grammar, not a name. */
    private String checkOfValue(int check) {
        for (int i = check; i < cursor.at; i++) {
            if (tokens.kinds[i] == Token.WORD && tokens.texts[i].equals("value")) {
                edits.replace(i, "VALUE");
            }
        }
        return edits.render(check, cursor.at);
    }

    private Statement type(int from) {
        cursor.at++;
        int name = cursor.at;
        grammar.from.relationName();
        String target = edits.render(name, cursor.at);
        if (!cursor.isWord("as") || !cursor.isWordAhead(1, "enum")) {
            return unsupported(from, "CREATE TYPE");
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

    // ---- ALTER

    private Statement alter(int from) {
        String word = cursor.kind() == Token.WORD ? cursor.text() : "";
        return switch (word) {
            case "table" -> new AlterTableGrammar(grammar).alter(from);
            case "role", "user", "group" -> grammar.roles.alter(from);
            case "sequence" -> alterSequence(from);
            case "index", "view" -> rename(from, word);
            case "schema" -> renameSchema(from);
            case "function",
                    "procedure",
                    "extension",
                    "publication",
                    "subscription",
                    "database",
                    "policy",
                    "operator",
                    "type",
                    "domain",
                    "trigger",
                    "default",
                    "system",
                    "materialized",
                    "aggregate",
                    "collation",
                    "language",
                    "server",
                    "statistics",
                    "tablespace",
                    "event",
                    "foreign",
                    "large",
                    "rule",
                    "routine",
                    "text" ->
                    unsupported(from, "ALTER " + word);
            default -> throw cursor.syntaxError();
        };
    }

    private Statement alterSequence(int from) {
        cursor.at++;
        boolean ifExists = cursor.tryWords("if", "exists");
        int name = cursor.at;
        grammar.from.relationName();
        String head =
                "ALTER SEQUENCE " + (ifExists ? "IF EXISTS " : "") + edits.render(name, cursor.at);
        if (cursor.tryWords("owner", "to")) {
            cursor.nonReservedWord();
            return nothing(from, "ALTER SEQUENCE");
        }
        return fixed(from, "ALTER SEQUENCE", head + sequenceOptions());
    }

    private Statement rename(int from, String word) {
        cursor.at++;
        boolean ifExists = cursor.tryWords("if", "exists");
        int name = cursor.at;
        grammar.from.relationName();
        String target = edits.render(name, cursor.at);
        String tag = "ALTER " + word.toUpperCase(Locale.ROOT);
        if (cursor.tryWords("owner", "to")) {
            cursor.nonReservedWord();
            return nothing(from, tag);
        }
        cursor.requireWord("rename");
        cursor.requireWord("to");
        String to = cursor.columnId();
        return fixed(
                from,
                tag,
                tag
                        + (ifExists ? " IF EXISTS " : " ")
                        + target
                        + " RENAME TO "
                        + Identifier.quote(to));
    }

    private Statement renameSchema(int from) {
        int at = cursor.at++;
        String name = cursor.columnId();
        requireOwnSchema(at, name);
        if (cursor.tryWords("owner", "to")) {
            cursor.nonReservedWord();
            return nothing(from, "ALTER SCHEMA");
        }
        cursor.requireWord("rename");
        cursor.requireWord("to");
        String to = cursor.columnId();
        requireOwnSchema(at, to);
        return fixed(
                from,
                "ALTER SCHEMA",
                "ALTER SCHEMA " + Identifier.quote(name) + " RENAME TO " + Identifier.quote(to));
    }

    // ---- DROP

    private Statement drop(int from) {
        String word = cursor.kind() == Token.WORD ? cursor.text() : "";
        return switch (word) {
            case "table", "view", "index", "sequence" -> dropRelations(from, word);
            case "domain", "type" -> dropDomains(from, word);
            case "schema" -> dropSchemas(from);
            case "trigger" -> grammar.triggers.drop(from);
            case "role", "user", "group" -> grammar.roles.drop(from);
            case "function",
                    "procedure",
                    "extension",
                    "publication",
                    "subscription",
                    "database",
                    "policy",
                    "operator",
                    "cast",
                    "collation",
                    "conversion",
                    "language",
                    "server",
                    "statistics",
                    "tablespace",
                    "event",
                    "foreign",
                    "materialized",
                    "rule",
                    "owned",
                    "text",
                    "access",
                    "transform",
                    "routine",
                    "trusted",
                    "procedural" ->
                    unsupported(from, "DROP " + word);
            case "aggregate" -> {
                if (!tokens.texts[cursor.at + 2].equals("(")) {
                    cursor.at++;
                    throw cursor.syntaxError();
                }
                yield unsupported(from, "DROP AGGREGATE");
            }
            default -> throw cursor.syntaxError();
        };
    }

    private Engine dropRelations(int from, String word) {
        cursor.at++;
        if (word.equals("index")) {
            cursor.tryWord("concurrently");
        }
        boolean ifExists = cursor.tryWords("if", "exists");
        var targets = new ArrayList<String>();
        do {
            int name = cursor.at;
            grammar.from.relationName();
            targets.add(edits.render(name, cursor.at));
        } while (cursor.tryPunctuation(","));
        String behavior = behavior();
        String kind = word.toUpperCase(Locale.ROOT);
        String end = word.equals("table") || word.equals("view") ? behavior : "";
        return fixed(
                from,
                "DROP " + kind,
                each("DROP " + kind + (ifExists ? " IF EXISTS " : " "), targets, end));
    }

    private static String each(String head, List<String> targets, String end) {
        return String.join("; ", targets.stream().map(target -> head + target + end).toList());
    }

    private String behavior() {
        if (cursor.tryWord("cascade")) {
            return " CASCADE";
        }
        cursor.tryWord("restrict");
        return " RESTRICT";
    }

    private Engine dropDomains(int from, String word) {
        cursor.at++;
        boolean ifExists = cursor.tryWords("if", "exists");
        var targets = new ArrayList<String>();
        do {
            int name = cursor.at;
            grammar.from.relationName();
            targets.add(edits.render(name, cursor.at));
        } while (cursor.tryPunctuation(","));
        return fixed(
                from,
                "DROP " + word.toUpperCase(Locale.ROOT),
                each("DROP DOMAIN " + (ifExists ? "IF EXISTS " : ""), targets, behavior()));
    }

    private Engine dropSchemas(int from) {
        int at = cursor.at++;
        boolean ifExists = cursor.tryWords("if", "exists");
        var targets = new ArrayList<String>();
        do {
            String name = cursor.columnId();
            requireOwnSchema(at, name);
            targets.add(Identifier.quote(name));
        } while (cursor.tryPunctuation(","));
        return fixed(
                from,
                "DROP SCHEMA",
                each("DROP SCHEMA " + (ifExists ? "IF EXISTS " : ""), targets, behavior()));
    }

    // ---- TRUNCATE, COMMENT

    private Engine truncate(int from) {
        cursor.tryWord("table");
        var targets = new ArrayList<String>();
        do {
            int name = cursor.at;
            grammar.from.relation();
            targets.add(edits.render(name, cursor.at).strip());
        } while (cursor.tryPunctuation(","));
        boolean restart = cursor.tryWords("restart", "identity");
        if (!restart) {
            cursor.tryWords("continue", "identity");
        }
        if (cursor.isWord("cascade")) {
            throw cursor.error(SqlState.FEATURE_NOT_SUPPORTED, "TRUNCATE CASCADE is not supported");
        }
        cursor.tryWord("restrict");
        return fixed(
                from,
                "TRUNCATE TABLE",
                each("TRUNCATE TABLE ", targets, restart ? " RESTART IDENTITY" : ""));
    }

    private Statement comment(int from) {
        cursor.requireWord("on");
        String word = cursor.kind() == Token.WORD ? cursor.text() : "";
        int name = cursor.at + 1;
        switch (word) {
            case "table", "view", "sequence", "index" -> {
                cursor.at++;
                grammar.from.relationName();
            }
            case "column" -> {
                cursor.at++;
                columnName();
            }
            case "schema" -> {
                cursor.at++;
                grammar.terms.name(cursor.at);
                requireOwnSchema(cursor.at, cursor.columnId());
            }
            default -> {
                grammar.commands.unsupported(from, "COMMENT");
                return new Statement.Nothing(
                        grammar.source(from, cursor.at), tokens.starts[from], "COMMENT");
            }
        }
        String target = edits.render(name, cursor.at);
        cursor.requireWord("is");
        String text = cursor.tryWord("null") ? "''" : Edits.string(cursor.string());
        String kind = word.equals("view") ? "TABLE" : word.toUpperCase(Locale.ROOT);
        return fixed(from, "COMMENT", "COMMENT ON " + kind + ' ' + target + " IS " + text);
    }

    private void columnName() {
        int from = cursor.at;
        grammar.terms.name(cursor.at);
        cursor.columnId();
        if (!cursor.isPunctuation(".")) {
            throw tokens.error(from, SqlState.SYNTAX_ERROR, "column name must be qualified");
        }
        while (cursor.tryPunctuation(".")) {
            grammar.terms.name(cursor.at);
            cursor.label();
        }
        if (tokens.texts[from].equalsIgnoreCase("heliosdb") && cursor.at - from > 3) {
            grammar.from.requireSchema(from, "heliosdb");
        }
    }
}
