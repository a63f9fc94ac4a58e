package io.heliosdb.engine.function;

import io.heliosdb.engine.EngineSession;
import io.heliosdb.engine.FunctionValues;
import io.heliosdb.pg.Oid;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.type.PgInterval;
import io.heliosdb.pg.type.PgType;

import org.h2.value.Value;
import org.h2.value.ValueNull;
import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/**
 * Functions of dates, times and intervals that the store lacks.
 *
 * @see <a href="https://www.postgresql.org/docs/15/functions-datetime.html">PostgreSQL: date/time
 *     functions</a>
 */
public final class MomentFunctions {
    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final long NANOS_PER_MICRO = 1_000;

    private MomentFunctions() {}

    /**
     * A text as an interval.
     *
     * @param connection the caller's
     * @param value a text in any of PostgreSQL's forms, or an interval
     * @return NULL for NULL
     * @throws PgException 22007, 22008, 0A000 for months beside days
     */
    public static Value interval(Connection connection, Value value) {
        if (value.getValueType() == Value.NULL || FunctionValues.isInterval(value.getValueType())) {
            return value;
        }
        Object interval =
                PgType.of(Oid.INTERVAL).decodeText(String.valueOf(value.getString()).strip());
        return FunctionValues.toValue(interval, connection);
    }

    /**
     * A moment by its parts, in the session's zone.
     *
     * @param connection the caller's
     * @param year its year
     * @param month from 1
     * @param day from 1
     * @param hour from 0
     * @param minute from 0
     * @param second with its fraction
     * @return null for NULL
     * @throws PgException 22008
     */
    public static @Nullable OffsetDateTime moment(
            Connection connection,
            @Nullable Integer year,
            @Nullable Integer month,
            @Nullable Integer day,
            @Nullable Integer hour,
            @Nullable Integer minute,
            @Nullable Double second) {
        String zone = EngineSession.of(connection).services().setting("timezone", false);
        return moment(year, month, day, hour, minute, second, zone);
    }

    /**
     * A moment by its parts.
     *
     * @param year its year
     * @param month from 1
     * @param day from 1
     * @param hour from 0
     * @param minute from 0
     * @param second with its fraction
     * @param zone the zone's name or offset
     * @return null for NULL
     * @throws PgException 22008, 22023
     */
    public static @Nullable OffsetDateTime moment(
            @Nullable Integer year,
            @Nullable Integer month,
            @Nullable Integer day,
            @Nullable Integer hour,
            @Nullable Integer minute,
            @Nullable Double second,
            @Nullable String zone) {
        LocalDateTime time = ArithmeticFunctions.timestamp(year, month, day, hour, minute, second);
        return time == null || zone == null ? null : time.atZone(zone(zone)).toOffsetDateTime();
    }

    /**
     * What clocks in a zone show at a moment.
     *
     * @param moment the moment
     * @param zone the zone's name or offset
     * @return null for NULL
     * @throws PgException 22023
     */
    public static @Nullable LocalDateTime local(
            @Nullable OffsetDateTime moment, @Nullable String zone) {
        return moment == null || zone == null
                ? null
                : moment.atZoneSameInstant(zone(zone)).toLocalDateTime();
    }

    /**
     * The moment at which clocks in a zone show a time.
     *
     * @param time what they show
     * @param zone the zone's name or offset
     * @return null for NULL
     * @throws PgException 22023
     */
    public static @Nullable OffsetDateTime moment(
            @Nullable LocalDateTime time, @Nullable String zone) {
        return time == null || zone == null ? null : time.atZone(zone(zone)).toOffsetDateTime();
    }

    /**
     * {@link #local} with its arguments the other way round.
     *
     * @param zone the zone's name or offset
     * @param moment the moment
     * @return null for NULL
     */
    public static @Nullable LocalDateTime localIn(
            @Nullable String zone, @Nullable OffsetDateTime moment) {
        return local(moment, zone);
    }

    /**
     * {@link #moment} with its arguments the other way round.
     *
     * @param zone the zone's name or offset
     * @param time what clocks show
     * @return null for NULL
     */
    public static @Nullable OffsetDateTime momentIn(
            @Nullable String zone, @Nullable LocalDateTime time) {
        return moment(time, zone);
    }

    /** An offset is POSIX's here, which counts westward. */
    private static ZoneId zone(String name) {
        String stripped = name.strip();
        try {
            if (!stripped.isEmpty() && "+-".indexOf(stripped.charAt(0)) >= 0) {
                int seconds = -ZoneOffset.of(stripped).getTotalSeconds();
                return ZoneOffset.ofTotalSeconds(seconds);
            }
            return ZoneId.of(stripped, ZoneId.SHORT_IDS);
        } catch (DateTimeException e) {
            return folded(name, stripped);
        }
    }

    private static ZoneId folded(String name, String stripped) {
        for (String known : ZoneId.getAvailableZoneIds()) {
            if (known.equalsIgnoreCase(stripped)) {
                return ZoneId.of(known);
            }
        }
        throw new PgException(
                SqlState.INVALID_PARAMETER_VALUE, "time zone \"" + name + "\" not recognized");
    }

    /**
     * Whether a date, moment or interval is not an infinity, which the store does not have.
     *
     * @param value the value
     * @return null for NULL
     */
    public static @Nullable Boolean isFinite(Value value) {
        return value.getValueType() == Value.NULL ? null : Boolean.TRUE;
    }

    /**
     * The moment at which the period begins that a time lies in.
     *
     * @param connection the caller's
     * @param stride how long periods are
     * @param time the time
     * @param origin where one of them begins
     * @return null for NULL
     * @throws PgException 0A000 for months, 22008 for no time
     */
    public static @Nullable LocalDateTime bin(
            Connection connection,
            Value stride,
            @Nullable LocalDateTime time,
            @Nullable LocalDateTime origin) {
        Object length = FunctionValues.toJava(interval(connection, stride), connection);
        if (!(length instanceof PgInterval interval) || time == null || origin == null) {
            return null;
        }
        if (interval.months() != 0) {
            throw new PgException(
                    SqlState.FEATURE_NOT_SUPPORTED,
                    "timestamps cannot be binned into intervals containing months or years");
        }
        long micros = interval.days() * 86_400L * MICROS_PER_SECOND + interval.micros();
        if (micros <= 0) {
            throw new PgException(new SqlState("22008"), "stride must be greater than zero");
        }
        long since = ChronoUnit.MICROS.between(origin, time);
        return origin.plus(Math.floorDiv(since, micros) * micros, ChronoUnit.MICROS);
    }

    /**
     * The moment at which the period begins that a moment lies in.
     *
     * @param connection the caller's
     * @param stride how long periods are
     * @param time the moment
     * @param origin where one of them begins
     * @return null for NULL
     * @throws PgException 0A000 for months, 22008 for no time
     */
    public static @Nullable OffsetDateTime binMoment(
            Connection connection,
            Value stride,
            @Nullable OffsetDateTime time,
            @Nullable OffsetDateTime origin) {
        LocalDateTime start =
                time == null || origin == null
                        ? null
                        : bin(connection, stride, utc(time), utc(origin));
        return start == null ? null : start.atOffset(ZoneOffset.UTC);
    }

    private static LocalDateTime utc(OffsetDateTime moment) {
        return moment.withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime();
    }

    /**
     * An interval.
     *
     * @param connection the caller's
     * @param years years
     * @param months months
     * @param weeks weeks
     * @param days days
     * @param hours hours
     * @param minutes minutes
     * @param seconds seconds with their fraction
     * @return NULL for NULL
     * @throws PgException 0A000 for months beside days
     */
    public static Value interval(
            Connection connection,
            @Nullable Integer years,
            @Nullable Integer months,
            @Nullable Integer weeks,
            @Nullable Integer days,
            @Nullable Integer hours,
            @Nullable Integer minutes,
            @Nullable Double seconds) {
        if (years == null
                || months == null
                || weeks == null
                || days == null
                || hours == null
                || minutes == null
                || seconds == null) {
            return ValueNull.INSTANCE;
        }
        long micros =
                (hours * 3600L + minutes * 60L) * MICROS_PER_SECOND
                        + Math.round(seconds * MICROS_PER_SECOND);
        return FunctionValues.toValue(
                new PgInterval(years * 12 + months, weeks * 7 + days, micros), connection);
    }

    /**
     * Whether two periods overlap.
     *
     * @param connection the caller's
     * @param from where the first begins
     * @param to where it ends, or how long it is
     * @param otherFrom where the second begins
     * @param otherTo where it ends, or how long it is
     * @return null where NULL leaves it open
     */
    public static @Nullable Boolean overlaps(
            Connection connection, Value from, Value to, Value otherFrom, Value otherTo) {
        LocalDateTime a = time(FunctionValues.toJava(from, connection));
        LocalDateTime c = time(FunctionValues.toJava(otherFrom, connection));
        LocalDateTime b = end(a, FunctionValues.toJava(to, connection));
        LocalDateTime d = end(c, FunctionValues.toJava(otherTo, connection));
        if (a == null || b == null || c == null || d == null) {
            return null;
        }
        LocalDateTime first = a.isBefore(b) ? a : b;
        LocalDateTime firstEnd = a.isBefore(b) ? b : a;
        LocalDateTime second = c.isBefore(d) ? c : d;
        LocalDateTime secondEnd = c.isBefore(d) ? d : c;
        if (first.equals(second)) {
            return true;
        }
        return first.isBefore(second) ? second.isBefore(firstEnd) : first.isBefore(secondEnd);
    }

    private static @Nullable LocalDateTime time(@Nullable Object value) {
        return switch (value) {
            case LocalDate date -> date.atStartOfDay();
            case LocalTime time -> LocalDate.EPOCH.atTime(time);
            case LocalDateTime time -> time;
            case OffsetDateTime moment -> utc(moment);
            case null, default -> null;
        };
    }

    private static @Nullable LocalDateTime end(
            @Nullable LocalDateTime from, @Nullable Object value) {
        if (from == null || !(value instanceof PgInterval length)) {
            return time(value);
        }
        return from.plusMonths(length.months())
                .plusDays(length.days())
                .plus(Duration.ofNanos(length.micros() * NANOS_PER_MICRO));
    }
}
