package io.heliosdb.engine;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.Report;
import io.heliosdb.pg.Severity;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.type.Json;
import io.heliosdb.pg.type.PgArray;
import io.heliosdb.pg.type.PgInterval;

import org.h2.api.IntervalQualifier;
import org.h2.engine.CastDataProvider;
import org.h2.util.IntervalUtils;
import org.h2.util.JSR310Utils;
import org.h2.value.TypeInfo;
import org.h2.value.Value;
import org.h2.value.ValueArray;
import org.h2.value.ValueBigint;
import org.h2.value.ValueBoolean;
import org.h2.value.ValueDouble;
import org.h2.value.ValueInteger;
import org.h2.value.ValueInterval;
import org.h2.value.ValueJson;
import org.h2.value.ValueNull;
import org.h2.value.ValueReal;
import org.h2.value.ValueSmallint;
import org.h2.value.ValueUuid;
import org.h2.value.ValueVarbinary;
import org.h2.value.ValueVarchar;
import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.util.Arrays;
import java.util.UUID;

/** Carries values over the border between the store and {@code pg.type}'s Java objects. */
final class Values {
    private static final long NANOS_PER_MICRO = 1_000;
    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final long SECONDS_PER_DAY = 86_400;
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private Values() {}

    static @Nullable Object toJava(Value value, CastDataProvider provider) {
        int type = value.getValueType();
        return switch (type) {
            case Value.NULL -> null;
            case Value.BOOLEAN -> value.getBoolean();
            case Value.TINYINT, Value.SMALLINT -> value.getShort();
            case Value.INTEGER -> value.getInt();
            case Value.BIGINT -> value.getLong();
            case Value.NUMERIC -> Numerics.toJava(value);
            case Value.REAL -> value.getFloat();
            case Value.DOUBLE, Value.DECFLOAT -> value.getDouble();
            case Value.BINARY, Value.VARBINARY, Value.BLOB, Value.JAVA_OBJECT -> value.getBytes();
            case Value.DATE -> toDate(value, provider);
            case Value.TIME -> JSR310Utils.valueToLocalTime(value, provider);
            case Value.TIME_TZ -> JSR310Utils.valueToOffsetTime(value, provider);
            case Value.TIMESTAMP -> JSR310Utils.valueToLocalDateTime(value, provider);
            case Value.TIMESTAMP_TZ -> JSR310Utils.valueToOffsetDateTime(value, provider);
            case Value.UUID -> ((ValueUuid) value).getUuid();
            case Value.JSON -> text((ValueJson) value);
            case Value.ARRAY -> toArray((ValueArray) value, provider);
            default ->
                    Types.isInterval(type) ? toInterval((ValueInterval) value) : value.getString();
        };
    }

    /** Functions of the store make days that no calendar has. */
    private static Object toDate(Value value, CastDataProvider provider) {
        try {
            return JSR310Utils.valueToLocalDate(value, provider);
        } catch (DateTimeException e) {
            throw new PgException(
                    Report.of(
                            Severity.ERROR,
                            new SqlState("22008"),
                            "date/time field value out of range: \"%s\""
                                    .formatted(value.getString())),
                    e);
        }
    }

    static @Nullable Object[] toJava(Value[] row, int columns, CastDataProvider provider) {
        var values = new @Nullable Object[columns];
        for (int i = 0; i < columns; i++) {
            Value value = row[i];
            values[i] = value == null ? null : toJava(value, provider);
        }
        return values;
    }

    /**
     * Turns a Java object into a value. A text stays a text, since the store converts it where it
     * is used, but for JSON, which it would take for a JSON string.
     *
     * @param target the type it is used as; {@link Value#UNKNOWN} where that is not known
     */
    static Value toValue(@Nullable Object object, int target, CastDataProvider provider) {
        return switch (object) {
            case null -> ValueNull.INSTANCE;
            case String text ->
                    target == Value.JSON ? json(text) : ValueVarchar.get(text, provider);
            case Integer number -> ValueInteger.get(number);
            case Long number -> ValueBigint.get(number);
            case Boolean bool -> ValueBoolean.get(bool);
            case BigDecimal number -> Numerics.of(number);
            case Double number ->
                    target == Value.NUMERIC && !Double.isFinite(number)
                            ? Numerics.of(number)
                            : ValueDouble.get(number);
            case Float number -> ValueReal.get(number);
            case Short number -> ValueSmallint.get(number);
            case byte[] bytes -> ValueVarbinary.get(bytes);
            case UUID uuid -> ValueUuid.get(uuid);
            case LocalDate date -> JSR310Utils.localDateToValue(date);
            case LocalTime time -> JSR310Utils.localTimeToValue(time);
            case OffsetTime time -> JSR310Utils.offsetTimeToValue(time);
            case LocalDateTime time -> JSR310Utils.localDateTimeToValue(time);
            case OffsetDateTime time -> JSR310Utils.offsetDateTimeToValue(time);
            case PgInterval interval -> toValue(interval);
            case PgArray array -> toValue(array, provider);
            default ->
                    throw new IllegalStateException(
                            "a value of " + object.getClass() + " reached the store");
        };
    }

    /** A JSON value that keeps its text as it was written, as PostgreSQL's json does. */
    static Value json(String text) {
        return uncheckedJson(Json.valid(text));
    }

    /** A json or a text as json, or in jsonb's normal form. */
    static Value json(Value value, boolean isJsonb) {
        if (value instanceof ValueJson json) {
            return isJsonb ? uncheckedJson(Json.normalized(text(json))) : json;
        }
        String text = String.valueOf(value.getString());
        return isJsonb ? uncheckedJson(Json.normalized(text)) : json(text);
    }

    static String text(ValueJson json) {
        return new String(json.getBytesNoCopy(), StandardCharsets.UTF_8);
    }

    static Value uncheckedJson(String text) {
        return ValueJson.getInternal(text.getBytes(StandardCharsets.UTF_8));
    }

    private static PgArray toArray(ValueArray array, CastDataProvider provider) {
        Value[] list = array.getList();
        return PgArray.of(
                Types.computedOid(array.getComponentType()),
                Arrays.asList(toJava(list, list.length, provider)));
    }

    private static Value toValue(PgArray array, CastDataProvider provider) {
        if (array.dimensions().length > 1) {
            throw new PgException(
                    SqlState.FEATURE_NOT_SUPPORTED,
                    "arrays of more than one dimension are not supported");
        }
        var list = new Value[array.elements().size()];
        for (int i = 0; i < list.length; i++) {
            list[i] = toValue(array.elements().get(i), Value.UNKNOWN, provider);
        }
        return list.length == 0
                ? ValueArray.get(TypeInfo.TYPE_VARCHAR, list, provider)
                : ValueArray.get(list, provider);
    }

    private static PgInterval toInterval(ValueInterval value) {
        IntervalQualifier qualifier = value.getQualifier();
        if (qualifier.isYearMonth()) {
            var months = IntervalUtils.intervalToAbsolute(value);
            return new PgInterval(months.intValueExact(), 0, 0);
        }
        long nanos = IntervalUtils.intervalToAbsolute(value).longValueExact();
        long days = nanos / (SECONDS_PER_DAY * NANOS_PER_SECOND);
        long rest = nanos % (SECONDS_PER_DAY * NANOS_PER_SECOND);
        return new PgInterval(0, Math.toIntExact(days), rest / NANOS_PER_MICRO);
    }

    private static Value toValue(PgInterval interval) {
        long seconds = interval.days() * SECONDS_PER_DAY;
        if (interval.months() != 0) {
            if (seconds != 0 || interval.micros() != 0) {
                throw new PgException(
                        SqlState.FEATURE_NOT_SUPPORTED,
                        "intervals of both months and days or seconds are not supported");
            }
            return IntervalUtils.intervalFromAbsolute(
                    IntervalQualifier.YEAR_TO_MONTH, BigInteger.valueOf(interval.months()));
        }
        var nanos =
                BigInteger.valueOf(seconds)
                        .multiply(BigInteger.valueOf(MICROS_PER_SECOND))
                        .add(BigInteger.valueOf(interval.micros()))
                        .multiply(BigInteger.valueOf(NANOS_PER_MICRO));
        return IntervalUtils.intervalFromAbsolute(IntervalQualifier.DAY_TO_SECOND, nanos);
    }
}
