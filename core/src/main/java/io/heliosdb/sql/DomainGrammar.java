package io.heliosdb.sql;

import io.heliosdb.pg.Identifier;
import io.heliosdb.pg.SqlState;
import io.heliosdb.sql.Statement.Engine.Kind;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads CREATE and ALTER DOMAIN. NOT NULL is a constraint like the others to the engine.
 *
 * @see <a href="https://www.postgresql.org/docs/15/sql-createdomain.html">PostgreSQL: CREATE
 *     DOMAIN</a>
 */
final class DomainGrammar {
    private static final String NOT_NULL = "CHECK (VALUE IS NOT NULL)";

    private final Grammar grammar;
    private final Cursor cursor;
    private final Edits edits;
    private final int from;
    private final List<String> statements = new ArrayList<>();
    private String domain = "";
    private String target = "";
    private int checks;

    DomainGrammar(Grammar grammar, int from) {
        this.grammar = grammar;
        this.cursor = grammar.cursor;
        this.edits = grammar.edits;
        this.from = from;
    }

    Statement create() {
        cursor.requireWord("domain");
        name();
        cursor.tryWord("as");
        SqlType type = grammar.types.type();
        var head =
                new StringBuilder("CREATE DOMAIN ")
                        .append(target)
                        .append(" AS ")
                        .append(type.engine());
        if (cursor.tryWord("collate")) {
            cursor.label();
        }
        statements.add("");
        while (cursor.kind() == Token.WORD && !cursor.atEnd()) {
            String name = cursor.tryWord("constraint") ? cursor.columnId() : "";
            if (cursor.tryWord("default")) {
                head.append(" DEFAULT ").append(grammar.tables.defaultValue(type));
            } else if (cursor.isWord("check")) {
                add(name, check());
            } else if (cursor.tryWords("not", "null")) {
                add(name.isEmpty() ? notNull() : name, NOT_NULL);
            } else if (!cursor.tryWord("null")) {
                throw cursor.syntaxError();
            }
        }
        statements.set(0, head.toString());
        return fixed("CREATE DOMAIN");
    }

    Statement alter() {
        cursor.requireWord("domain");
        name();
        if (cursor.tryWords("owner", "to")) {
            cursor.nonReservedWord();
            return nothing();
        }
        if (cursor.tryWords("rename", "to")) {
            statements.add(alter("RENAME TO " + Identifier.quote(cursor.columnId())));
        } else if (cursor.tryWords("rename", "constraint")) {
            String old = Identifier.quote(cursor.columnId());
            cursor.requireWord("to");
            String now = Identifier.quote(cursor.columnId());
            statements.add(alter("RENAME CONSTRAINT " + old + " TO " + now));
        } else if (cursor.tryWord("add")) {
            String name = cursor.tryWord("constraint") ? cursor.columnId() : "";
            if (!cursor.isWord("check")) {
                throw cursor.syntaxError();
            }
            add(name, check());
            cursor.tryWords("not", "valid");
        } else if (cursor.tryWords("drop", "constraint")) {
            boolean ifExists = cursor.tryWords("if", "exists");
            String name = Identifier.quote(cursor.columnId());
            if (!cursor.tryWord("cascade")) {
                cursor.tryWord("restrict");
            }
            statements.add(alter("DROP CONSTRAINT " + (ifExists ? "IF EXISTS " : "") + name));
        } else if (cursor.tryWords("drop", "default")) {
            statements.add(alter("DROP DEFAULT"));
        } else if (cursor.tryWords("set", "default")) {
            Expression value = grammar.calls.columnDefault(grammar.expressions::expression);
            statements.add(alter("SET DEFAULT " + edits.render(value.from(), value.to())));
        } else if (cursor.tryWord("set") && cursor.tryWords("not", "null")) {
            add(notNull(), NOT_NULL);
        } else if (cursor.tryWords("drop", "not")) {
            cursor.requireWord("null");
            statements.add(alter("DROP CONSTRAINT IF EXISTS " + Identifier.quote(notNull())));
        } else {
            return grammar.commands.unsupported(from, "ALTER DOMAIN");
        }
        return fixed("ALTER DOMAIN");
    }

    private void name() {
        int at = cursor.at;
        domain = grammar.from.relationName().name();
        target = edits.render(at, cursor.at).strip();
    }

    private String alter(String change) {
        return "ALTER DOMAIN " + target + ' ' + change;
    }

    private String notNull() {
        return Identifier.truncate(domain + "_not_null");
    }

    private void add(String name, String check) {
        String given = name;
        if (given.isEmpty()) {
            given = Identifier.truncate(domain + "_check" + (checks == 0 ? "" : checks));
            checks++;
        }
        statements.add(alter("ADD CONSTRAINT " + Identifier.quote(given) + ' ' + check));
    }

    /** VALUE in the check of a domain is a word of the grammar, not a name. */
    private String check() {
        int check = cursor.at;
        cursor.requireWord("check");
        cursor.requirePunctuation("(");
        grammar.expressions.expression();
        cursor.requirePunctuation(")");
        for (int i = check; i < cursor.at; i++) {
            if (grammar.tokens.kinds[i] == Token.WORD && grammar.tokens.texts[i].equals("value")) {
                edits.replace(i, "VALUE");
            }
        }
        return edits.render(check, cursor.at);
    }

    private Statement nothing() {
        return new Statement.Nothing(
                grammar.source(from, cursor.at), grammar.tokens.starts[from], "ALTER DOMAIN");
    }

    private Statement fixed(String tag) {
        if (!grammar.facts.sites.isEmpty()) {
            throw grammar.tokens.error(
                    grammar.facts.sites.getFirst().token(),
                    SqlState.UNDEFINED_PARAMETER,
                    "there is no parameter $" + grammar.facts.sites.getFirst().number());
        }
        return grammar.commands.build(from, Kind.DDL, tag, Shape.Fixed.all(statements), List.of());
    }
}
