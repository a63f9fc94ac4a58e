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
 * Reads CREATE, ALTER, DROP, TRUNCATE and COMMENT; only what PostgreSQL has, so that nothing of the
 * engine's own gets through.
 */
final class DefinitionGrammar {
    private static final String CASCADE = " CASCADE";

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
                        case "truncate" -> new TruncateGrammar(grammar).truncate(from);
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

    private Engine fixed(int from, String tag, List<String> statements) {
        return grammar.commands.build(from, Kind.DDL, tag, Shape.Fixed.all(statements), List.of());
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
            case "unique", "index" -> grammar.creates.index(from);
            case "recursive", "view" -> grammar.creates.view(from, orReplace, temporary);
            case "sequence" -> grammar.creates.sequence(from, temporary);
            case "schema" -> grammar.creates.schema(from);
            case "domain" -> new DomainGrammar(grammar, from).create();
            case "extension" -> extension(from);
            case "type" -> grammar.creates.type(from);
            case "trigger" -> grammar.triggers.create(from, orReplace, false);
            case "constraint" -> {
                cursor.at++;
                if (!cursor.isWord("trigger")) {
                    throw cursor.syntaxError();
                }
                yield grammar.triggers.create(from, orReplace, true);
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
            case "function", "procedure" -> grammar.routines.create(from, orReplace);
            case "rule" -> grammar.triggers.createRule(from, orReplace);
            case "publication" -> new PublicationGrammar(grammar).create(from);
            case "subscription",
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

    // ---- ALTER

    private Statement alter(int from) {
        String word = cursor.kind() == Token.WORD ? cursor.text() : "";
        return switch (word) {
            case "table" -> new AlterTableGrammar(grammar).alter(from);
            case "role", "user", "group" -> grammar.roles.alter(from);
            case "sequence" -> alterSequence(from);
            case "index", "view" -> rename(from, word);
            case "type" -> new TypeAlteration(grammar, from).alter();
            case "domain" -> new DomainGrammar(grammar, from).alter();
            case "schema" -> renameSchema(from);
            case "function", "procedure", "routine" -> grammar.routines.alter(from);
            case "trigger" -> grammar.triggers.rename(from);
            case "publication" -> new PublicationGrammar(grammar).alter(from);
            case "extension",
                    "subscription",
                    "database",
                    "policy",
                    "operator",
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
        return fixed(from, "ALTER SEQUENCE", head + grammar.creates.sequenceOptions());
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
        grammar.creates.requireOwnSchema(at, name);
        if (cursor.tryWords("owner", "to")) {
            cursor.nonReservedWord();
            return nothing(from, "ALTER SCHEMA");
        }
        cursor.requireWord("rename");
        cursor.requireWord("to");
        String to = cursor.columnId();
        grammar.creates.requireOwnSchema(at, to);
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
            case "rule" -> grammar.triggers.dropRule(from);
            case "publication" -> new PublicationGrammar(grammar).drop(from);
            case "role", "user", "group" -> grammar.roles.drop(from);
            case "function", "procedure", "routine" -> grammar.routines.drop(from);
            case "extension",
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
                    "owned",
                    "text",
                    "access",
                    "transform",
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
        var names = new ArrayList<TableName>();
        do {
            int name = cursor.at;
            names.add(grammar.from.relationName());
            targets.add(edits.render(name, cursor.at));
        } while (cursor.tryPunctuation(","));
        String behavior = behavior();
        grammar.facts.definition =
                new Definition(
                        Definition.Kind.of(word), names, true, ifExists, behavior.equals(CASCADE));
        String kind = word.toUpperCase(Locale.ROOT);
        String end = word.equals("table") || word.equals("view") ? behavior : "";
        String head = "DROP " + kind + (ifExists ? " IF EXISTS " : " ");
        return word.equals("table")
                ? fixed(from, "DROP TABLE", head + String.join(", ", targets) + end)
                : fixed(from, "DROP " + kind, each(head, targets, end));
    }

    private static List<String> each(String head, List<String> targets, String end) {
        return targets.stream().map(target -> head + target + end).toList();
    }

    private String behavior() {
        if (cursor.tryWord("cascade")) {
            return CASCADE;
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
            grammar.relations.plain();
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
        var names = new ArrayList<TableName>();
        do {
            String name = cursor.columnId();
            grammar.creates.requireOwnSchema(at, name);
            names.add(new TableName(Optional.empty(), name));
            targets.add(Identifier.quote(name));
        } while (cursor.tryPunctuation(","));
        String behavior = behavior();
        grammar.facts.definition =
                new Definition(
                        Definition.Kind.SCHEMA, names, true, ifExists, behavior.equals(CASCADE));
        return fixed(
                from,
                "DROP SCHEMA",
                each("DROP SCHEMA " + (ifExists ? "IF EXISTS " : ""), targets, behavior));
    }

    /** What those extensions add, as far as it is there, is there from the start. */
    private Statement extension(int from) {
        cursor.at++;
        cursor.tryWords("if", "not");
        cursor.tryWord("exists");
        int at = cursor.at;
        String name = cursor.columnId();
        switch (name) {
            case "plpgsql", "pgcrypto", "uuid-ossp" -> {}
            default ->
                    throw tokens.error(
                                    at,
                                    SqlState.FEATURE_NOT_SUPPORTED,
                                    "extension \"" + name + "\" is not available")
                            .withHint("There are plpgsql, pgcrypto and uuid-ossp.");
        }
        grammar.commands.unsupported(from, "CREATE EXTENSION");
        return nothing(from, "CREATE EXTENSION");
    }

    // ---- COMMENT

    private Statement comment(int from) {
        cursor.requireWord("on");
        String word = cursor.kind() == Token.WORD ? cursor.text() : "";
        int name = cursor.at + 1;
        switch (word) {
            case "table", "view", "sequence", "index" -> {
                cursor.at++;
                grammar.from.relationName();
            }
            case "type", "domain" -> {
                cursor.at++;
                grammar.relations.plain();
            }
            case "column" -> {
                cursor.at++;
                columnName();
            }
            case "schema" -> {
                cursor.at++;
                grammar.terms.name(cursor.at);
                grammar.creates.requireOwnSchema(cursor.at, cursor.columnId());
            }
            case "constraint",
                    "function",
                    "procedure",
                    "routine",
                    "aggregate",
                    "extension",
                    "trigger",
                    "role",
                    "database",
                    "publication",
                    "subscription",
                    "materialized",
                    "policy",
                    "rule",
                    "operator",
                    "cast",
                    "collation",
                    "conversion",
                    "language",
                    "large",
                    "server",
                    "statistics",
                    "tablespace",
                    "event",
                    "foreign",
                    "text",
                    "access",
                    "transform",
                    "procedural" -> {
                grammar.commands.unsupported(from, "COMMENT");
                return new Statement.Nothing(
                        grammar.source(from, cursor.at), tokens.starts[from], "COMMENT");
            }
            default -> throw cursor.syntaxError();
        }
        String target = edits.render(name, cursor.at);
        cursor.requireWord("is");
        String text = cursor.tryWord("null") ? "''" : Edits.string(cursor.string());
        String kind =
                switch (word) {
                    case "view" -> "TABLE";
                    case "type" -> "DOMAIN";
                    default -> word.toUpperCase(Locale.ROOT);
                };
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
        grammar.relations.ofColumn(from);
        if (tokens.texts[from].equalsIgnoreCase("heliosdb") && cursor.at - from > 3) {
            grammar.from.requireSchema(from, "heliosdb");
        }
    }
}
