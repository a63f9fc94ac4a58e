package io.heliosdb.trigger.plpgsql;

import io.heliosdb.pg.Oid;
import io.heliosdb.pg.PgException;
import io.heliosdb.sql.EmbeddedSql;
import io.heliosdb.sql.Statement;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;

/**
 * Takes the pieces of SQL out of a body: what stands up to a word or sign that ends it, outside of
 * all parentheses. Each is checked for its syntax at once; an error has its position in the body.
 */
final class SqlReader {
    private static final String SELECT = "SELECT ";

    private final BodyCursor cursor;
    private int count;

    SqlReader(BodyCursor cursor) {
        this.cursor = cursor;
    }

    /** How many pieces there are. */
    int count() {
        return count;
    }

    /** An expression up to one of some words or signs, which is the current token afterwards. */
    Sql expression(Scope scope, String... ends) {
        int from = cursor.at;
        skipTo(true, ends);
        if (cursor.at == from) {
            throw cursor.near("missing expression", cursor.at);
        }
        return expression(scope, from, cursor.at);
    }

    /** A query or statement up to a sign or word. */
    Sql statement(Scope scope, String... ends) {
        int from = cursor.at;
        skipTo(false, ends);
        if (cursor.at == from) {
            throw cursor.near("missing SQL statement", cursor.at);
        }
        return statement(scope, from, cursor.at);
    }

    Sql expression(Scope scope, int from, int to) {
        String text = cursor.between(from, to);
        return new Sql(
                count++,
                text,
                parse(SELECT + text, scope, from, SELECT.length()),
                scope,
                to == from + 1 ? constant(from) : null,
                true,
                row(scope, from, to));
    }

    /** An expression that the body does not write itself. */
    Sql generated(Scope scope, String text, int from) {
        return new Sql(
                count++, text, parse(SELECT + text, scope, from, 0), scope, null, true, null);
    }

    Sql statement(Scope scope, int from, int to) {
        return statement(scope, cursor.between(from, to), from);
    }

    Sql statement(Scope scope, String text, int from) {
        return new Sql(count++, text, parse(text, scope, from, 0), scope, null, false, null);
    }

    /** PERFORM: a query that says PERFORM for SELECT. */
    Sql perform(Scope scope, int from, int to) {
        String text = SELECT + cursor.between(from, to);
        return new Sql(
                count++, text, parse(text, scope, from, SELECT.length()), scope, null, false, null);
    }

    /** The columns of {@code ROW(…)} and {@code (…, …)}; null for any other expression. */
    private @Nullable Sql row(Scope scope, int from, int to) {
        int open = cursor.isWord(from, "row") ? from + 1 : from;
        if (!cursor.is(open, "(") || !cursor.is(to - 1, ")") || to - open < 3) {
            return null;
        }
        int depth = 0;
        boolean hasComma = open > from;
        for (int i = open; i < to; i++) {
            if (cursor.is(i, "(")) {
                depth++;
            } else if (cursor.is(i, ")") && --depth == 0 && i < to - 1) {
                return null;
            }
            hasComma |= depth == 1 && cursor.is(i, ",");
        }
        return hasComma && !cursor.isWord(open + 1, "select")
                ? perform(scope, open + 1, to - 1)
                : null;
    }

    private EmbeddedSql parse(String text, Scope scope, int from, int added) {
        try {
            var sql = EmbeddedSql.parse(text, name -> isRow(scope, name));
            if (sql.statement() instanceof Statement.Empty) {
                throw cursor.near("missing expression", from);
            }
            return sql;
        } catch (PgException e) {
            int position = e.report().position();
            if (position == 0) {
                throw e;
            }
            int start = cursor.source.codePointCount(0, cursor.tokens.start(from));
            throw e.withPosition(Math.max(position - added, 1) + start);
        }
    }

    private static boolean isRow(Scope scope, String name) {
        var found = scope.find(List.of(name));
        return found != null && found.variable().isRow();
    }

    private Sql.@Nullable Constant constant(int token) {
        String text = cursor.tokens.text(token);
        return switch (cursor.tokens.kind(token)) {
            case INTEGER -> new Sql.Constant(Integer.valueOf(text), Oid.INT4);
            case STRING -> new Sql.Constant(text, Oid.UNKNOWN);
            case WORD ->
                    switch (text) {
                        case "true" -> new Sql.Constant(true, Oid.BOOL);
                        case "false" -> new Sql.Constant(false, Oid.BOOL);
                        case "null" -> new Sql.Constant(null, Oid.UNKNOWN);
                        default -> null;
                    };
            default -> null;
        };
    }

    /** Goes to the first of some words or signs outside of parentheses. */
    void skipTo(boolean isExpression, String... ends) {
        int depth = 0;
        for (; ; cursor.at++) {
            if (depth == 0 && isOneOf(cursor.at, ends)) {
                return;
            }
            if (cursor.atEnd() || cursor.is(";")) {
                throw unended(isExpression, depth, ends[0]);
            }
            if (cursor.is("(") || cursor.is("[")) {
                depth++;
            } else if (cursor.is(")") || cursor.is("]")) {
                depth--;
                if (depth < 0) {
                    throw cursor.near("mismatched parentheses", cursor.at);
                }
            }
        }
    }

    private PgException unended(boolean isExpression, int depth, String end) {
        if (depth != 0) {
            return cursor.near("mismatched parentheses", cursor.at);
        }
        if (cursor.atEnd()) {
            return isExpression
                    ? cursor.syntaxError()
                    : cursor.near("unexpected end of function definition", cursor.at);
        }
        return cursor.error(
                cursor.at,
                "missing \""
                        + end.toUpperCase(Locale.ROOT)
                        + "\" at end of SQL "
                        + (isExpression ? "expression" : "statement"));
    }

    private boolean isOneOf(int token, String... ends) {
        for (String end : ends) {
            boolean isWord = Character.isLetter(end.charAt(0));
            if (isWord ? cursor.isWord(token, end) : cursor.is(token, end)) {
                return true;
            }
        }
        return false;
    }
}
