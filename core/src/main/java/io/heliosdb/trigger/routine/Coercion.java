package io.heliosdb.trigger.routine;

import io.heliosdb.pg.Oid;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.type.PgArray;
import io.heliosdb.pg.type.PgType;
import io.heliosdb.pg.type.TextStyle;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;

/**
 * Turns a value of one type into one of another, as an assignment does.
 *
 * @see <a href="https://www.postgresql.org/docs/15/typeconv-query.html">PostgreSQL: type conversion
 *     of assigned values</a>
 */
final class Coercion {
    private static final SqlState OUT_OF_RANGE = SqlState.NUMERIC_VALUE_OUT_OF_RANGE;

    private Coercion() {}

    /**
     * Converts a value.
     *
     * @param value as {@code pg.type} represents it
     * @param from its type
     * @param to the type it is to have; an oid of no base type leaves it as it is
     * @param style how the session writes values
     */
    static @Nullable Object assign(@Nullable Object value, int from, int to, TextStyle style) {
        if (value == null || from == to) {
            return value;
        }
        return switch (to) {
            case Oid.INT2 -> (short) whole(value, style, Short.MIN_VALUE, Short.MAX_VALUE, to);
            case Oid.INT4 -> (int) whole(value, style, Integer.MIN_VALUE, Integer.MAX_VALUE, to);
            case Oid.INT8 -> whole(value, style, Long.MIN_VALUE, Long.MAX_VALUE, to);
            case Oid.NUMERIC -> decimal(value, style);
            case Oid.FLOAT4 ->
                    value instanceof Number number
                            ? (Object) number.floatValue()
                            : parse(value, to, style);
            case Oid.FLOAT8 ->
                    value instanceof Number number
                            ? (Object) number.doubleValue()
                            : parse(value, to, style);
            case Oid.TEXT, Oid.VARCHAR, Oid.BPCHAR, Oid.NAME, Oid.JSON, Oid.JSONB ->
                    value instanceof String text ? text : PgType.of(from).toText(value, style);
            case Oid.TIMESTAMP ->
                    value instanceof LocalDate date
                            ? date.atStartOfDay()
                            : value instanceof OffsetDateTime time
                                    ? time.atZoneSameInstant(style.timeZone()).toLocalDateTime()
                                    : parse(value, to, style);
            case Oid.TIMESTAMPTZ ->
                    value instanceof LocalDate date
                            ? date.atStartOfDay(style.timeZone()).toOffsetDateTime()
                            : value instanceof LocalDateTime time
                                    ? time.atZone(style.timeZone()).toOffsetDateTime()
                                    : parse(value, to, style);
            case Oid.DATE ->
                    value instanceof LocalDateTime time
                            ? time.toLocalDate()
                            : value instanceof OffsetDateTime time
                                    ? time.atZoneSameInstant(style.timeZone()).toLocalDate()
                                    : parse(value, to, style);
            case Oid.BOOL, Oid.BYTEA, Oid.UUID, Oid.TIME, Oid.TIMETZ, Oid.INTERVAL ->
                    parse(value, to, style);
            default -> array(value, to, style);
        };
    }

    private static long whole(Object value, TextStyle style, long least, long most, int to) {
        BigDecimal number = (BigDecimal) decimal(value, style);
        BigDecimal rounded = number.setScale(0, RoundingMode.HALF_UP);
        if (rounded.compareTo(BigDecimal.valueOf(least)) < 0
                || rounded.compareTo(BigDecimal.valueOf(most)) > 0) {
            throw new PgException(OUT_OF_RANGE, PgType.of(to).displayName() + " out of range");
        }
        return rounded.longValueExact();
    }

    private static Object decimal(Object value, TextStyle style) {
        return switch (value) {
            case BigDecimal number -> number;
            case Double number -> new BigDecimal(number.toString());
            case Float number -> new BigDecimal(number.toString());
            case Number number -> BigDecimal.valueOf(number.longValue());
            default -> {
                Object parsed = parse(value, Oid.NUMERIC, style);
                yield parsed instanceof BigDecimal ? parsed : new BigDecimal(parsed.toString());
            }
        };
    }

    private static Object parse(Object value, int to, TextStyle style) {
        return value instanceof String text ? PgType.of(to).decodeText(text, style) : value;
    }

    private static Object array(Object value, int to, TextStyle style) {
        var element = PgType.of(to).elementType();
        if (element.isEmpty()) {
            return value;
        }
        if (value instanceof PgArray array && array.dimensions().length <= 1) {
            var elements = new ArrayList<@Nullable Object>();
            for (var each : array.elements()) {
                elements.add(assign(each, array.elementOid(), element.get().oid(), style));
            }
            return PgArray.of(element.get().oid(), elements);
        }
        return parse(value, to, style);
    }
}
