package io.heliosdb.sql;

import io.heliosdb.pg.Oid;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.type.PgType;
import io.heliosdb.sql.Expression.Form;
import io.heliosdb.sql.Facts.Place;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;

/**
 * Casts in the engine's words. Constants are converted here where the engine would read them
 * differently.
 *
 * @see <a
 *     href="https://www.postgresql.org/docs/15/sql-expressions.html#SQL-SYNTAX-TYPE-CASTS">PostgreSQL:
 *     type casts</a>
 */
final class Casts {
    private Casts() {}

    /** Rewrites {@code operand::type}; {@code mark} is the token between them. */
    static Expression cast(
            Grammar grammar,
            Expression operand,
            int from,
            int mark,
            int typeFrom,
            int to,
            SqlType type) {
        Edits edits = grammar.edits;
        if (operand.is(Form.PARAMETER)) {
            var place = isText(type) ? Place.TEXT : Place.CAST;
            grammar.facts.declare(operand.from(), place, type.oid());
        }
        String moment =
                operand.is(Form.STRING) ? moment(grammar.tokens.texts[operand.from()], type) : null;
        if (moment != null) {
            edits.fix(from, to, moment);
        } else if (operand.is(Form.STRING) && isConstant(type)) {
            String text = grammar.tokens.texts[operand.from()];
            edits.fix(from, to, constant(grammar.tokens, operand.from(), text, type));
        } else if (hasFunction(type) && !isSameInterval(operand, type)) {
            edits.before(from, opening(type));
            edits.remove(mark, to);
            edits.replace(mark, closing(type));
        } else {
            if ((isText(type) || type.oid() == Oid.NAME) && isReg(operand)) {
                edits.wrap(
                        operand.from(),
                        operand.to(),
                        "helios_" + operand.type().name() + "_text(",
                        ")");
            } else if (isText(type) && !isWritten(operand)) {
                text(edits, operand);
            }
            edits.before(from, "CAST(");
            edits.replace(mark, "AS");
            edits.after(to - 1, ")");
        }
        assert typeFrom > mark;
        return result(operand, from, to, type);
    }

    /** The result of a cast: a column keeps its name, anything else is called after the type. */
    static Expression result(Expression operand, int from, int to, SqlType type) {
        boolean named = operand.strength() > 1;
        return new Expression(
                from, to, Form.OTHER, named ? operand.label() : type.name(), named ? 2 : 1, type);
    }

    /**
     * The function that reads a text as json: the engine's own cast would make a JSON string of it.
     */
    static String json(SqlType type) {
        return type.oid() == Oid.JSONB ? "helios_jsonb" : "helios_json";
    }

    static boolean isText(SqlType type) {
        boolean text =
                type.oid() == Oid.TEXT || type.oid() == Oid.VARCHAR || type.oid() == Oid.BPCHAR;
        return text && !type.isArray();
    }

    /** Whether an expression is text already. */
    private static boolean isWritten(Expression operand) {
        return operand.is(Form.STRING)
                || operand.is(Form.PARAMETER)
                || operand.is(Form.NULL)
                || (operand.type() != null && isText(operand.type()));
    }

    private static boolean isReg(Expression operand) {
        SqlType type = operand.type();
        return type != null && Oid.isReg(type.oid()) && !type.isArray();
    }

    /** Has a value printed as PostgreSQL prints it. */
    static void text(Edits edits, Expression operand) {
        edits.wrap(operand.from(), operand.to(), "helios_text(", ")");
    }

    /** An interval stays one, of months or of days. */
    private static boolean isSameInterval(Expression operand, SqlType type) {
        return type.oid() == Oid.INTERVAL
                && operand.type() != null
                && operand.type().oid() == Oid.INTERVAL;
    }

    /** Whether the engine's own cast would not do what PostgreSQL's does. */
    private static boolean hasFunction(SqlType type) {
        return !type.isArray()
                && (type.isJson()
                        || type.oid() == Oid.NUMERIC
                        || type.oid() == Oid.INTERVAL
                        || Oid.isReg(type.oid()));
    }

    /** What stands before an expression that is cast, without the blank before the operand. */
    static String opening(SqlType type) {
        if (!hasFunction(type)) {
            return "CAST(";
        }
        if (type.isJson()) {
            return json(type) + '(';
        }
        if (Oid.isReg(type.oid())) {
            return "helios_" + type.name() + '(';
        }
        if (type.oid() == Oid.INTERVAL) {
            return "CAST(helios_interval(";
        }
        return type.modifier() < 0 ? "helios_numeric(" : "CAST(helios_numeric(";
    }

    /** What stands after an expression that is cast. */
    static String closing(SqlType type) {
        if (type.oid() == Oid.INTERVAL) {
            return ") AS " + type.engine() + ')';
        }
        if (!hasFunction(type)) {
            return " AS " + type.engine() + ')';
        }
        return type.oid() == Oid.NUMERIC && type.modifier() >= 0
                ? ", " + type.precision() + ", " + type.scale() + ") AS " + type.engine() + ')'
                : ")";
    }

    /** Whether the engine reads constants of a type otherwise than PostgreSQL. */
    static boolean isConstant(SqlType type) {
        return type.isArray()
                || type.isJson()
                || type.oid() == Oid.BOOL
                || type.oid() == Oid.BYTEA
                || type.oid() == Oid.INTERVAL;
    }

    /** A constant of a type whose texts the engine reads otherwise than PostgreSQL. */
    static String constant(Tokens tokens, int token, String text, SqlType type) {
        if (type.isArray()) {
            return ArrayText.toEngine(tokens, token, text, type);
        }
        return switch (type.oid()) {
            case Oid.JSON, Oid.JSONB -> json(type) + '(' + Edits.string(text) + ')';
            case Oid.BOOL -> bool(tokens, token, text);
            case Oid.BYTEA -> "X'" + bytes(tokens, token, text) + '\'';
            case Oid.INTERVAL -> IntervalText.toEngine(tokens, token, text);
            default -> throw new IllegalStateException("no constant of type " + type);
        };
    }

    /**
     * The expression that a word for a moment stands for; null for any other text.
     *
     * @see <a
     *     href="https://www.postgresql.org/docs/15/datatype-datetime.html#DATATYPE-DATETIME-SPECIAL-VALUES">PostgreSQL:
     *     special values</a>
     */
    static @Nullable String moment(String text, SqlType type) {
        boolean isDate = type.oid() == Oid.DATE;
        boolean isMoment = isDate || type.oid() == Oid.TIMESTAMP || type.oid() == Oid.TIMESTAMPTZ;
        if (!isMoment || type.isArray()) {
            return null;
        }
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "epoch" -> "CAST('1970-01-01 00:00:00+00' AS " + type.engine() + ')';
            case "now" ->
                    isDate ? "CURRENT_DATE" : "CAST(CURRENT_TIMESTAMP(6) AS " + type.engine() + ')';
            case "today" -> "CAST(CURRENT_DATE AS " + type.engine() + ')';
            case "tomorrow" -> "CAST(CURRENT_DATE + 1 AS " + type.engine() + ')';
            case "yesterday" -> "CAST(CURRENT_DATE - 1 AS " + type.engine() + ')';
            default -> null;
        };
    }

    /**
     * Every prefix of a word that tells it from the others is one, in any case.
     *
     * @see <a href="https://www.postgresql.org/docs/15/datatype-boolean.html">PostgreSQL: Boolean
     *     type</a>
     */
    static String bool(Tokens tokens, int token, String text) {
        String word = text.strip().toLowerCase(Locale.ROOT);
        if (!word.isEmpty()) {
            if ("true".startsWith(word)
                    || "yes".startsWith(word)
                    || word.equals("on")
                    || word.equals("1")) {
                return "TRUE";
            }
            if ("false".startsWith(word)
                    || "no".startsWith(word)
                    || word.equals("of")
                    || word.equals("off")
                    || word.equals("0")) {
                return "FALSE";
            }
        }
        throw tokens.error(
                token,
                SqlState.INVALID_TEXT_REPRESENTATION,
                "invalid input syntax for type boolean: \"" + text + '"');
    }

    /** The bytes of a bytea constant in hexadecimal digits. */
    static String bytes(Tokens tokens, int token, String text) {
        if (text.startsWith("\\x")) {
            var digits = new StringBuilder();
            for (int i = 2; i < text.length(); i++) {
                char c = text.charAt(i);
                if (c < 0x80 && Character.digit(c, 16) >= 0) {
                    digits.append(c);
                } else if (!Scanner.isBlank(c)) {
                    throw tokens.error(
                            token,
                            SqlState.INVALID_PARAMETER_VALUE,
                            "invalid hexadecimal digit: \"" + c + '"');
                }
            }
            if (digits.length() % 2 != 0) {
                throw tokens.error(
                        token,
                        SqlState.INVALID_PARAMETER_VALUE,
                        "invalid hexadecimal data: odd number of digits");
            }
            return digits.toString();
        }
        return escapedBytes(tokens, token, text);
    }

    private static String escapedBytes(Tokens tokens, int token, String text) {
        byte[] raw = text.getBytes(StandardCharsets.UTF_8);
        var hex = new StringBuilder();
        for (int i = 0; i < raw.length; i++) {
            int value = raw[i] & 0xff;
            if (value == '\\') {
                if (i + 1 < raw.length && raw[i + 1] == '\\') {
                    i++;
                } else if (i + 3 < raw.length
                        && isOctal(raw[i + 1])
                        && raw[i + 1] < '4'
                        && isOctal(raw[i + 2])
                        && isOctal(raw[i + 3])) {
                    value = (raw[i + 1] - '0') << 6 | (raw[i + 2] - '0') << 3 | (raw[i + 3] - '0');
                    i += 3;
                } else {
                    throw tokens.error(
                            token,
                            SqlState.INVALID_TEXT_REPRESENTATION,
                            "invalid input syntax for type bytea");
                }
            }
            HexFormat.of().toHexDigits(hex, (byte) value);
        }
        return hex.toString();
    }

    private static boolean isOctal(byte b) {
        return b >= '0' && b <= '7';
    }

    /** Refuses a constant that is none of a type where it is written, as numbers and uuids are. */
    static void requireValue(String text, SqlType type) {
        switch (type.oid()) {
            case Oid.INT2, Oid.INT4, Oid.INT8, Oid.NUMERIC, Oid.UUID ->
                    PgType.of(type.oid()).decodeText(text);
            default -> {}
        }
    }
}
