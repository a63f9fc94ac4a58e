package io.heliosdb.engine.function;

import io.heliosdb.engine.FunctionValues;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.h2.value.Value;
import org.jspecify.annotations.Nullable;

import java.sql.Connection;

/**
 * One call of {@code format}: a text with values in the places of {@code %[position$][flags][width]
 * type}.
 *
 * @see <a href="https://www.postgresql.org/docs/15/functions-string.html#FUNCTIONS-STRING-FORMAT">
 *     PostgreSQL: format</a>
 */
public final class FormatFunction {
    /** A place is not filled with more blanks than this. */
    private static final int WIDTH_MAX = 10_000_000;

    private final Connection connection;
    private final String text;
    private final Value[] values;
    private final StringBuilder out = new StringBuilder();
    private int at;
    private int next = 1;

    private FormatFunction(Connection connection, String text, Value... values) {
        this.connection = connection;
        this.text = text;
        this.values = values;
    }

    /**
     * A text with values in the places of {@code %s}, {@code %I} and {@code %L}.
     *
     * @param connection the caller's
     * @param values the text and the values
     * @return null where the text is NULL
     * @throws PgException 22023 for what is no place, or has no value; 22004 for an identifier that
     *     is NULL
     */
    public static @Nullable String format(Connection connection, Value... values) {
        String text = values.length == 0 ? null : values[0].getString();
        return text == null ? null : new FormatFunction(connection, text, values).run();
    }

    private String run() {
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c != '%') {
                out.append(c);
            } else if (peek() == '%') {
                at++;
                out.append('%');
            } else {
                place();
            }
        }
        return out.toString();
    }

    private char peek() {
        if (at >= text.length()) {
            throw new PgException(
                            SqlState.INVALID_PARAMETER_VALUE,
                            "unterminated format() type specifier")
                    .withHint("For a single \"%\" use \"%%\".");
        }
        return text.charAt(at);
    }

    private void place() {
        int begun = at;
        int position = number();
        if (position < 0 || peek() != '$') {
            at = begun;
            position = -1;
        } else {
            at++;
            if (position == 0) {
                throw invalid("format specifies argument 0, but arguments are numbered from 1");
            }
        }
        boolean isLeft = false;
        while (peek() == '-') {
            isLeft = true;
            at++;
        }
        int width = width();
        char kind = peek();
        if ("sIL".indexOf(kind) < 0) {
            throw invalid("unrecognized format() type specifier \"" + kind + '"')
                    .withHint("For a single \"%\" use \"%%\".");
        }
        at++;
        if (position >= 0) {
            next = position;
        }
        String shown = formatted(kind, take());
        pad(shown, Math.abs(width), isLeft || width < 0);
    }

    /** Digits; -1 where there is none. */
    private int number() {
        int begun = at;
        long number = 0;
        while (Character.isDigit(peek())) {
            number = number * 10 + (text.charAt(at++) - '0');
            if (number > Integer.MAX_VALUE) {
                throw new PgException(
                        SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "number is out of range");
            }
        }
        return at == begun ? -1 : (int) number;
    }

    /** Digits, or a star for the next value, or one at a position; 0 where nothing is said. */
    private int width() {
        if (peek() != '*') {
            return bounded(Math.max(number(), 0));
        }
        at++;
        int position = number();
        if (position >= 0) {
            if (peek() != '$') {
                throw invalid("width argument position must be ended by \"$\"");
            }
            at++;
            if (position == 0) {
                throw invalid("format specifies argument 0, but arguments are numbered from 1");
            }
            next = position;
        }
        Value value = take();
        return value.getValueType() == Value.NULL ? 0 : bounded(value.getInt());
    }

    private static int bounded(int width) {
        if (Math.abs((long) width) > WIDTH_MAX) {
            throw new PgException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "number is out of range");
        }
        return width;
    }

    private Value take() {
        if (next >= values.length) {
            throw invalid("too few arguments for format()");
        }
        return values[next++];
    }

    private String formatted(char kind, Value value) {
        if (kind == 'L') {
            return CharacterFunctions.quoteNullable(connection, value);
        }
        String shown = FunctionValues.text(value, connection);
        if (kind == 'I' && shown == null) {
            throw new PgException(
                    new SqlState("22004"), "null values cannot be formatted as an SQL identifier");
        }
        String known = shown == null ? "" : shown;
        return kind == 'I' ? String.valueOf(TextFunctions.quoteIdent(known)) : known;
    }

    private void pad(String shown, int width, boolean isLeft) {
        String blanks = " ".repeat(Math.max(width - shown.codePointCount(0, shown.length()), 0));
        out.append(isLeft ? shown + blanks : blanks + shown);
    }

    private static PgException invalid(String message) {
        return new PgException(SqlState.INVALID_PARAMETER_VALUE, message);
    }
}
