package io.heliosdb.trigger.plpgsql;

import io.heliosdb.pg.Oid;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.type.PgArray;
import io.heliosdb.pg.type.PgType;
import io.heliosdb.pg.type.TextStyle;
import io.heliosdb.sql.SqlType;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.UUID;

/**
 * Converts a value to the type of the variable that it is assigned to: by PostgreSQL's assignment
 * casts, and where there is none by its text, as PL/pgSQL does.
 *
 * @see <a href="https://www.postgresql.org/docs/15/plpgsql-statements.html">PostgreSQL:
 *     assignment</a>
 */
final class Conversion {
    private static final int HEADER = 4;

    private Conversion() {}

    /**
     * A value in a type.
     *
     * @param oid the value's own type, 0 where only its class tells
     * @throws PgException 22001, 22003, 22P02 …
     */
    static @Nullable Object to(SqlType type, @Nullable Object value, int oid, TextStyle style) {
        if (value == null) {
            return null;
        }
        if (type.isArray()) {
            return array(type, value, style);
        }
        return switch (type.oid()) {
            case Oid.INT2 -> integer(value, Short.MIN_VALUE, Short.MAX_VALUE, "smallint", style);
            case Oid.INT4 -> integer(value, Integer.MIN_VALUE, Integer.MAX_VALUE, "integer", style);
            case Oid.INT8, Oid.OID ->
                    integer(value, Long.MIN_VALUE, Long.MAX_VALUE, "bigint", style);
            case Oid.NUMERIC -> numeric(type, value, style);
            case Oid.FLOAT4 ->
                    value instanceof Number number
                            ? (Object) number.floatValue()
                            : text(type, value, style);
            case Oid.FLOAT8 ->
                    value instanceof Number number
                            ? (Object) number.doubleValue()
                            : text(type, value, style);
            case Oid.TEXT, Oid.NAME -> toText(value, style);
            case Oid.VARCHAR -> limited(type, toText(value, style), "character varying");
            case Oid.BPCHAR -> padded(type, limited(type, toText(value, style), "character"));
            case Oid.BOOL -> value instanceof Boolean ? value : text(type, value, style);
            case Oid.DATE -> date(type, value, style);
            case Oid.TIMESTAMP -> timestamp(type, value, style);
            case Oid.TIMESTAMPTZ -> timestampTz(type, value, style);
            case Oid.TIME -> time(type, value, style);
            case Oid.JSON, Oid.JSONB ->
                    oid == Oid.JSON || oid == Oid.JSONB ? value : text(type, value, style);
            case Oid.UUID -> value instanceof UUID ? value : text(type, value, style);
            case Oid.BYTEA -> value instanceof byte[] ? value : text(type, value, style);
            default -> other(type, value, style);
        };
    }

    /** A value as PostgreSQL's output function writes it. */
    static String toText(Object value, TextStyle style) {
        return switch (value) {
            case String text -> text;
            case Boolean bool -> bool ? "true" : "false";
            case RowValue row -> rowText(row, style);
            default -> PgType.forValue(value).toText(value, style);
        };
    }

    /** As {@link #toText}, but a Boolean as RAISE and rows show it. */
    static String output(Object value, TextStyle style) {
        return value instanceof Boolean bool ? (bool ? "t" : "f") : toText(value, style);
    }

    private static Object text(SqlType type, Object value, TextStyle style) {
        return PgType.of(type.oid()).decodeText(output(value, style), style);
    }

    private static Object other(SqlType type, Object value, TextStyle style) {
        if (type.oid() == 0) {
            throw new PgException(
                    SqlState.UNDEFINED_OBJECT, "type \"" + type.name() + "\" does not exist");
        }
        return PgType.forValue(value).oid() == type.oid() ? value : text(type, value, style);
    }

    // ---- numbers

    private static Object integer(Object value, long min, long max, String name, TextStyle style) {
        return switch (value) {
            case Integer number -> narrow(number, min, max, name);
            case Long number -> narrow(number, min, max, name);
            case Short number -> narrow(number, min, max, name);
            case BigDecimal number ->
                    narrow(number.setScale(0, RoundingMode.HALF_UP).toBigInteger(), min, max, name);
            case Double number -> narrow(Math.rint(number), min, max, name);
            case Float number -> narrow(Math.rint(number), min, max, name);
            case Boolean bool when name.equals("integer") -> throw notA(name, output(bool, style));
            default ->
                    PgType.byName(pgName(name))
                            .orElseThrow()
                            .decodeText(output(value, style), style);
        };
    }

    private static String pgName(String name) {
        return switch (name) {
            case "smallint" -> "int2";
            case "bigint" -> "int8";
            default -> "int4";
        };
    }

    private static PgException notA(String name, String text) {
        return new PgException(
                SqlState.INVALID_TEXT_REPRESENTATION,
                "invalid input syntax for type " + name + ": \"" + text + '"');
    }

    private static Object narrow(long value, long min, long max, String name) {
        if (value < min || value > max) {
            throw outOfRange(name);
        }
        return boxed(value, max);
    }

    private static Object narrow(BigInteger value, long min, long max, String name) {
        if (value.bitLength() > 63) {
            throw outOfRange(name);
        }
        return narrow(value.longValue(), min, max, name);
    }

    private static Object narrow(double value, long min, long max, String name) {
        if (Double.isNaN(value) || value < min || value >= -(double) min) {
            throw outOfRange(name);
        }
        return narrow((long) value, min, max, name);
    }

    private static Object boxed(long value, long max) {
        if (max == Integer.MAX_VALUE) {
            return (int) value;
        }
        if (max == Short.MAX_VALUE) {
            return (short) value;
        }
        return value;
    }

    private static PgException outOfRange(String name) {
        return new PgException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, name + " out of range");
    }

    private static Object numeric(SqlType type, Object value, TextStyle style) {
        Object number =
                switch (value) {
                    case BigDecimal decimal -> decimal;
                    case Double real when Double.isFinite(real) ->
                            new BigDecimal(toText(real, style));
                    case Float real when Float.isFinite(real) ->
                            new BigDecimal(toText(real, style));
                    case Short integer -> BigDecimal.valueOf(integer);
                    case Integer integer -> BigDecimal.valueOf(integer);
                    case Long integer -> BigDecimal.valueOf(integer);
                    default -> text(type, value, style);
                };
        return number instanceof BigDecimal decimal && type.modifier() >= HEADER
                ? scaled(decimal, type.modifier() - HEADER)
                : number;
    }

    private static BigDecimal scaled(BigDecimal value, int modifier) {
        int precision = modifier >> 16 & 0xffff;
        int scale = ((modifier & 0x7ff) ^ 1024) - 1024;
        var rounded = value.setScale(scale, RoundingMode.HALF_UP);
        if (rounded.precision() - rounded.scale() > precision - scale && rounded.signum() != 0) {
            int digits = precision - scale;
            throw new PgException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "numeric field overflow")
                    .withDetail(
                            "A field with precision %d, scale %d must round to an absolute value less than %s."
                                    .formatted(
                                            precision, scale, digits == 0 ? "1" : "10^" + digits));
        }
        return rounded;
    }

    // ---- texts

    private static String limited(SqlType type, String text, String name) {
        int max = type.modifier() - HEADER;
        if (type.modifier() < HEADER || text.codePointCount(0, text.length()) <= max) {
            return text;
        }
        int end = text.offsetByCodePoints(0, max);
        if (text.substring(end).isBlank()) {
            return text.substring(0, end);
        }
        throw new PgException(
                SqlState.STRING_DATA_RIGHT_TRUNCATION,
                "value too long for type " + name + '(' + max + ')');
    }

    private static String padded(SqlType type, String text) {
        int length = type.modifier() - HEADER;
        int missing = length - text.codePointCount(0, text.length());
        return type.modifier() < HEADER || missing <= 0 ? text : text + " ".repeat(missing);
    }

    /** {@code (1,"a b",)}. */
    private static String rowText(RowValue row, TextStyle style) {
        var out = new StringBuilder("(");
        for (int i = 0; i < row.values.length; i++) {
            if (i > 0) {
                out.append(',');
            }
            Object value = row.values[i];
            if (value != null) {
                field(output(value, style), out);
            }
        }
        return out.append(')').toString();
    }

    private static void field(String text, StringBuilder out) {
        boolean needsQuotes = text.isEmpty();
        for (int i = 0; i < text.length() && !needsQuotes; i++) {
            char c = text.charAt(i);
            needsQuotes = c == '"' || c == '\\' || c == '(' || c == ')' || c == ',' || c <= ' ';
        }
        if (needsQuotes) {
            out.append('"').append(text.replace("\\", "\\\\").replace("\"", "\"\"")).append('"');
        } else {
            out.append(text);
        }
    }

    // ---- times

    private static Object date(SqlType type, Object value, TextStyle style) {
        return switch (value) {
            case LocalDate date -> date;
            case LocalDateTime time -> time.toLocalDate();
            case OffsetDateTime time -> time.atZoneSameInstant(style.timeZone()).toLocalDate();
            default -> text(type, value, style);
        };
    }

    private static Object timestamp(SqlType type, Object value, TextStyle style) {
        return switch (value) {
            case LocalDateTime time -> time;
            case LocalDate date -> date.atStartOfDay();
            case OffsetDateTime time -> time.atZoneSameInstant(style.timeZone()).toLocalDateTime();
            default -> text(type, value, style);
        };
    }

    private static Object timestampTz(SqlType type, Object value, TextStyle style) {
        return switch (value) {
            case OffsetDateTime time -> time;
            case LocalDateTime time -> time.atZone(style.timeZone()).toOffsetDateTime();
            case LocalDate date -> date.atStartOfDay(style.timeZone()).toOffsetDateTime();
            default -> text(type, value, style);
        };
    }

    private static Object time(SqlType type, Object value, TextStyle style) {
        return switch (value) {
            case LocalTime time -> time;
            case LocalDateTime time -> time.toLocalTime();
            case OffsetDateTime time -> time.atZoneSameInstant(style.timeZone()).toLocalTime();
            default -> text(type, value, style);
        };
    }

    // ---- arrays

    private static Object array(SqlType type, Object value, TextStyle style) {
        var element = element(type);
        if (!(value instanceof PgArray array)) {
            return PgType.of(type.oid()).decodeText(output(value, style), style);
        }
        var elements = new ArrayList<@Nullable Object>(array.elements().size());
        for (Object each : array.elements()) {
            elements.add(to(element, each, array.elementOid(), style));
        }
        return new PgArray(element.oid(), array.dimensions(), elements);
    }

    /** The type of an array's elements. */
    static SqlType element(SqlType array) {
        var element =
                PgType.of(array.oid())
                        .elementType()
                        .map(type -> SqlType.of(type.oid()))
                        .orElse(null);
        return element == null ? SqlType.TEXT : element.with(array.modifier(), element.engine());
    }
}
