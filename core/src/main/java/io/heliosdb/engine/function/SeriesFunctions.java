package io.heliosdb.engine.function;

import io.heliosdb.engine.FunctionValues;
import io.heliosdb.pg.Oid;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.type.PgInterval;
import io.heliosdb.pg.type.PgType;

import org.h2.value.Value;
import org.h2.value.ValueInteger;
import org.h2.value.ValueNull;
import org.h2.value.ValueNumeric;
import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.sql.Connection;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;

/**
 * Series of moments and of numerics, as arrays.
 *
 * @see <a href="https://www.postgresql.org/docs/15/functions-srf.html">PostgreSQL: set returning
 *     functions</a>
 */
public final class SeriesFunctions {
    private static final int LENGTH_MAX = 10_000_000;

    private SeriesFunctions() {}

    /**
     * A series of timestamps.
     *
     * @param connection the caller's
     * @param from the first
     * @param to what none goes past
     * @param step an interval
     * @return an array; NULL for NULL
     * @throws PgException 22023 for a step of nothing
     */
    public static Value timestamps(Connection connection, Value from, Value to, Value step) {
        var first = (LocalDateTime) moment(connection, from, Oid.TIMESTAMP);
        var last = (LocalDateTime) moment(connection, to, Oid.TIMESTAMP);
        PgInterval by = interval(connection, step);
        if (first == null || last == null || by == null) {
            return ValueNull.INSTANCE;
        }
        return series(
                connection,
                first,
                at -> at.compareTo(last),
                by,
                at -> at.plus(days(by)).plus(rest(by)));
    }

    /**
     * A series of integers.
     *
     * @param bounds the first, what none goes past, and the step, which is 1 where it is left out
     * @return an array; NULL for NULL
     * @throws PgException 22023 for a step of nothing
     */
    public static Value integers(Value... bounds) {
        for (Value bound : bounds) {
            if (bound.getValueType() == Value.NULL) {
                return ValueNull.INSTANCE;
            }
        }
        long last = bounds[1].getLong();
        long step = bounds.length > 2 ? bounds[2].getLong() : 1;
        if (step == 0) {
            throw new PgException(SqlState.INVALID_PARAMETER_VALUE, "step size cannot equal zero");
        }
        var list = new ArrayList<Value>();
        for (long at = bounds[0].getLong(); step > 0 ? at <= last : at >= last; at += step) {
            list.add(ValueInteger.get(Math.toIntExact(at)));
            requireLength(list.size());
        }
        return ArrayFunctions.of(list);
    }

    /**
     * A series of timestamps with a time zone, by the days and months of the zone of the first.
     *
     * @param connection the caller's
     * @param from the first
     * @param to what none goes past
     * @param step an interval
     * @return an array; NULL for NULL
     * @throws PgException 22023 for a step of nothing
     */
    public static Value instants(Connection connection, Value from, Value to, Value step) {
        var first = (OffsetDateTime) moment(connection, from, Oid.TIMESTAMPTZ);
        var last = (OffsetDateTime) moment(connection, to, Oid.TIMESTAMPTZ);
        PgInterval by = interval(connection, step);
        if (first == null || last == null || by == null) {
            return ValueNull.INSTANCE;
        }
        return series(
                connection,
                first,
                at -> OffsetDateTime.timeLineOrder().compare(at, last),
                by,
                at -> at.plus(days(by)).plus(rest(by)));
    }

    /**
     * A series of numerics, one apart.
     *
     * @param from the first
     * @param to what none goes past
     * @return an array; NULL for NULL
     */
    public static Value numerics(Value from, Value to) {
        return numerics(from, to, FunctionValues.numeric(ValueInteger.get(1)));
    }

    /**
     * A series of numerics.
     *
     * @param from the first
     * @param to what none goes past
     * @param step how far they are apart
     * @return an array; NULL for NULL
     * @throws PgException 22023 for a step of 0
     */
    public static Value numerics(Value from, Value to, Value step) {
        BigDecimal first = FunctionValues.numeric(from).getBigDecimal();
        BigDecimal last = FunctionValues.numeric(to).getBigDecimal();
        BigDecimal by = FunctionValues.numeric(step).getBigDecimal();
        if (first == null || last == null || by == null) {
            return ValueNull.INSTANCE;
        }
        if (by.signum() == 0) {
            throw noStep();
        }
        var list = new ArrayList<Value>();
        BigDecimal at = first;
        while ((at.compareTo(last) * by.signum()) <= 0) {
            list.add(ValueNumeric.getAnyScale(at));
            requireLength(list.size());
            at = at.add(by);
        }
        return ArrayFunctions.of(list);
    }

    private static <T> Value series(
            Connection connection,
            T first,
            ToIntFunction<T> comparedToLast,
            PgInterval by,
            UnaryOperator<T> next) {
        int direction = direction(by);
        var list = new ArrayList<Value>();
        for (T at = first; comparedToLast.applyAsInt(at) * direction <= 0; at = next.apply(at)) {
            list.add(FunctionValues.toValue(at, connection));
            requireLength(list.size());
        }
        return ArrayFunctions.of(list);
    }

    private static Period days(PgInterval interval) {
        return Period.of(0, interval.months(), interval.days());
    }

    private static Duration rest(PgInterval interval) {
        return Duration.of(interval.micros(), ChronoUnit.MICROS);
    }

    private static void requireLength(int length) {
        if (length > LENGTH_MAX) {
            throw new PgException(
                    SqlState.PROGRAM_LIMIT_EXCEEDED,
                    "a series of more than " + LENGTH_MAX + " values is not supported");
        }
    }

    private static PgException noStep() {
        return new PgException(SqlState.INVALID_PARAMETER_VALUE, "step size cannot equal zero");
    }

    private static int direction(PgInterval step) {
        long months = step.months() * 30L + step.days();
        int direction = Long.signum(months * 86_400_000_000L + step.micros());
        if (direction == 0) {
            throw noStep();
        }
        return direction;
    }

    private static @Nullable Object moment(Connection connection, Value value, int oid) {
        Object object = FunctionValues.toJava(value, connection);
        return switch (object) {
            case String text -> PgType.of(oid).decodeText(text);
            case LocalDate date when oid == Oid.TIMESTAMP -> (Object) date.atStartOfDay();
            case LocalDate date -> date.atStartOfDay().atOffset(ZoneOffset.UTC);
            case LocalDateTime time when oid == Oid.TIMESTAMPTZ -> time.atOffset(ZoneOffset.UTC);
            case OffsetDateTime time when oid == Oid.TIMESTAMP -> time.toLocalDateTime();
            case null, default -> object;
        };
    }

    private static @Nullable PgInterval interval(Connection connection, Value value) {
        Object object = FunctionValues.toJava(value, connection);
        return (PgInterval)
                (object instanceof String text ? PgType.of(Oid.INTERVAL).decodeText(text) : object);
    }
}
