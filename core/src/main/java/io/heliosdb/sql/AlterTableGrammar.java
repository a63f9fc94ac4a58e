package io.heliosdb.sql;

import io.heliosdb.pg.Identifier;
import io.heliosdb.pg.SqlState;
import io.heliosdb.sql.Statement.Engine.Kind;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reads ALTER TABLE. The engine takes one action at a time, so that a statement of several becomes
 * several.
 *
 * @see <a href="https://www.postgresql.org/docs/15/sql-altertable.html">PostgreSQL: ALTER TABLE</a>
 */
final class AlterTableGrammar {
    private final Grammar grammar;
    private final Cursor cursor;
    private final List<String> actions = new ArrayList<>();
    private String head = "";

    AlterTableGrammar(Grammar grammar) {
        this.grammar = grammar;
        this.cursor = grammar.cursor;
    }

    Statement alter(int from) {
        cursor.requireWord("table");
        boolean ifExists = cursor.tryWords("if", "exists");
        int name = cursor.at;
        TableName table = grammar.from.relation();
        grammar.tables.start(table.name(), grammar.relations.isTemporary(table));
        head =
                "ALTER TABLE "
                        + (ifExists ? "IF EXISTS " : "")
                        + grammar.edits.render(name, cursor.at).strip()
                        + ' ';
        if (cursor.tryWord("rename")) {
            rename();
        } else if (cursor.tryWords("set", "schema")) {
            throw cursor.error(SqlState.FEATURE_NOT_SUPPORTED, "SET SCHEMA is not supported");
        } else if (cursor.isWord("replica")) {
            return new PublicationGrammar(grammar).replicaIdentity(from, ifExists, table);
        } else if (cursor.isWord("enable") || cursor.isWord("disable")) {
            Statement triggers = grammar.triggers.enable(from, table);
            if (triggers != null) {
                return triggers;
            }
            action();
        } else {
            do {
                action();
            } while (cursor.tryPunctuation(","));
        }
        if (actions.isEmpty()) {
            return new Statement.Nothing(
                    grammar.source(from, cursor.at), grammar.tokens.starts[from], "ALTER TABLE");
        }
        return grammar.commands.build(
                from, Kind.DDL, "ALTER TABLE", Shape.Fixed.all(actions), List.of());
    }

    private void emit(String action) {
        actions.add(head + action);
    }

    private void rename() {
        if (cursor.tryWord("to")) {
            emit("RENAME TO " + Identifier.quote(cursor.columnId()));
            return;
        }
        boolean constraint = cursor.tryWord("constraint");
        if (!constraint) {
            cursor.tryWord("column");
        }
        String old = Identifier.quote(cursor.columnId());
        cursor.requireWord("to");
        String name = Identifier.quote(cursor.columnId());
        emit(
                constraint
                        ? "RENAME CONSTRAINT " + old + " TO " + name
                        : "ALTER COLUMN " + old + " RENAME TO " + name);
    }

    private void action() {
        if (cursor.tryWord("add")) {
            add();
        } else if (cursor.tryWord("drop")) {
            drop();
        } else if (cursor.tryWord("alter")) {
            cursor.tryWord("column");
            alterColumn("ALTER COLUMN " + Identifier.quote(cursor.columnId()) + ' ');
        } else if (cursor.tryWords("owner", "to")) {
            cursor.nonReservedWord();
        } else if (isStorage()) {
            storage();
        } else if (cursor.isWord("enable")
                || cursor.isWord("disable")
                || cursor.isWord("inherit")
                || cursor.isWord("no")
                || cursor.isWord("set")
                || cursor.isWord("reset")
                || cursor.isWord("validate")
                || cursor.isWord("replica")
                || cursor.isWord("attach")
                || cursor.isWord("detach")
                || cursor.isWord("cluster")
                || cursor.isWord("force")) {
            throw cursor.error(
                    SqlState.FEATURE_NOT_SUPPORTED,
                    "ALTER TABLE … "
                            + cursor.text().toUpperCase(Locale.ROOT)
                            + " is not supported");
        } else {
            throw cursor.syntaxError();
        }
    }

    /** What says how rows are stored, or is true of every constraint here. */
    private boolean isStorage() {
        return cursor.isWord("validate")
                || cursor.isWord("cluster")
                || (cursor.isWord("reset") && cursor.isPunctuationAhead(1, "("))
                || (cursor.isWord("set")
                        && (cursor.isPunctuationAhead(1, "(")
                                || cursor.isWordAhead(1, "logged")
                                || cursor.isWordAhead(1, "unlogged")
                                || (cursor.isWordAhead(1, "without")
                                        && cursor.isWordAhead(2, "cluster"))));
    }

    private void storage() {
        if (cursor.tryWord("validate")) {
            cursor.requireWord("constraint");
            cursor.columnId();
            return;
        }
        if (cursor.tryWord("cluster")) {
            cursor.requireWord("on");
            cursor.columnId();
            return;
        }
        cursor.at++;
        if (cursor.isPunctuation("(")) {
            grammar.tables.skipParentheses();
        } else if (cursor.tryWord("without")) {
            cursor.requireWord("cluster");
        } else {
            cursor.at++;
        }
    }

    private void add() {
        if (cursor.isWord("constraint")
                || cursor.isWord("primary")
                || cursor.isWord("unique")
                || cursor.isWord("check")
                || cursor.isWord("foreign")) {
            grammar.tables.constraint();
            for (String column : grammar.tables.primaryColumns) {
                // PostgreSQL makes the columns of a primary key NOT NULL, the engine wants them so.
                emit("ALTER COLUMN " + Identifier.quote(column) + " SET NOT NULL");
            }
            grammar.tables.primaryColumns.clear();
        } else {
            cursor.tryWord("column");
            boolean ifNotExists = cursor.tryWord("if");
            if (ifNotExists) {
                cursor.requireWord("not");
                cursor.requireWord("exists");
            }
            emit("ADD COLUMN " + (ifNotExists ? "IF NOT EXISTS " : "") + grammar.tables.column());
        }
        for (String constraint : grammar.tables.takeConstraints()) {
            emit("ADD " + constraint);
        }
    }

    private void drop() {
        boolean constraint = cursor.tryWord("constraint");
        if (!constraint) {
            cursor.tryWord("column");
        }
        boolean ifExists = cursor.tryWords("if", "exists");
        String name = Identifier.quote(cursor.columnId());
        boolean cascade = cursor.tryWord("cascade");
        if (!cascade) {
            cursor.tryWord("restrict");
        }
        String kind = constraint ? "DROP CONSTRAINT " : "DROP COLUMN ";
        emit(
                kind
                        + (ifExists ? "IF EXISTS " : "")
                        + name
                        + (constraint && cascade ? " CASCADE" : ""));
    }

    private void alterColumn(String column) {
        if (cursor.tryWord("drop")) {
            if (cursor.tryWord("default")) {
                emit(column + "DROP DEFAULT");
            } else if (cursor.tryWord("identity")) {
                cursor.tryWords("if", "exists");
                emit(column + "DROP IDENTITY");
            } else {
                cursor.requireWord("not");
                cursor.requireWord("null");
                emit(column + "DROP NOT NULL");
            }
            return;
        }
        if (cursor.isWord("add")) {
            throw cursor.error(SqlState.FEATURE_NOT_SUPPORTED, "ADD GENERATED is not supported");
        }
        if (cursor.tryWord("type")) {
            type(column);
            return;
        }
        cursor.requireWord("set");
        if (cursor.tryWord("data")) {
            cursor.requireWord("type");
            type(column);
        } else if (cursor.tryWord("default")) {
            Expression value = grammar.calls.columnDefault(grammar.expressions::expression);
            emit(column + "SET DEFAULT " + grammar.edits.render(value.from(), value.to()));
        } else if (cursor.tryWord("not")) {
            cursor.requireWord("null");
            emit(column + "SET NOT NULL");
        } else if (cursor.tryWord("storage") || cursor.tryWord("compression")) {
            cursor.label();
        } else if (cursor.tryWord("statistics")) {
            cursor.tryPunctuation("-");
            if (cursor.kind() != Token.INTEGER) {
                throw cursor.syntaxError();
            }
            cursor.at++;
        } else if (cursor.isPunctuation("(")) {
            grammar.tables.skipParentheses();
        } else {
            throw cursor.error(
                    SqlState.FEATURE_NOT_SUPPORTED,
                    "ALTER COLUMN … SET of storage or statistics is not supported");
        }
    }

    private void type(String column) {
        SqlType type = grammar.types.type();
        String using = "";
        if (cursor.tryWord("using")) {
            Expression value = grammar.expressions.expression();
            using = " USING " + grammar.edits.render(value.from(), value.to());
        }
        emit(column + "SET DATA TYPE " + type.engine() + using);
    }
}
