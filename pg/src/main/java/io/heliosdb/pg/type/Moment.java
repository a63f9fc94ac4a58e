package io.heliosdb.pg.type;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/**
 * Days and microseconds as PostgreSQL counts them, from 2000-01-01. The infinities are the largest
 * and smallest value of the Java class, and of the number.
 */
final class Moment {
    static final long MICROS_PER_SECOND = 1_000_000L;
    static final long MICROS_PER_DAY = 86_400L * MICROS_PER_SECOND;
    static final int DAYS_1970_TO_2000 = 10_957;

    /** 4714-11-24 BC, day 0 of the Julian calendar count. */
    private static final int DATE_MIN = -2_451_545;

    /** 5874898-01-01, exclusive. */
    private static final int DATE_END = 2_147_483_494 - 2_451_545;

    private static final long TIMESTAMP_MIN = -211_813_488_000_000_000L;
    private static final long TIMESTAMP_END = 9_223_371_331_200_000_000L;

    private Moment() {}

    static int days(LocalDate date) {
        if (date.equals(LocalDate.MAX)) {
            return Integer.MAX_VALUE;
        }
        if (date.equals(LocalDate.MIN)) {
            return Integer.MIN_VALUE;
        }
        long days = date.toEpochDay() - DAYS_1970_TO_2000;
        if (days < DATE_MIN || days >= DATE_END) {
            throw outOfRange("date");
        }
        return (int) days;
    }

    static LocalDate date(int days) {
        if (days == Integer.MAX_VALUE) {
            return LocalDate.MAX;
        }
        if (days == Integer.MIN_VALUE) {
            return LocalDate.MIN;
        }
        if (days < DATE_MIN || days >= DATE_END) {
            throw outOfRange("date");
        }
        return LocalDate.ofEpochDay(days + (long) DAYS_1970_TO_2000);
    }

    static long micros(LocalDateTime timestamp) {
        if (timestamp.equals(LocalDateTime.MAX)) {
            return Long.MAX_VALUE;
        }
        if (timestamp.equals(LocalDateTime.MIN)) {
            return Long.MIN_VALUE;
        }
        long days = timestamp.toLocalDate().toEpochDay() - DAYS_1970_TO_2000;
        return bounded(days * MICROS_PER_DAY + micros(timestamp.toLocalTime()));
    }

    static long micros(OffsetDateTime timestamp) {
        if (timestamp.equals(OffsetDateTime.MAX)) {
            return Long.MAX_VALUE;
        }
        if (timestamp.equals(OffsetDateTime.MIN)) {
            return Long.MIN_VALUE;
        }
        return micros(timestamp.toEpochSecond(), timestamp.getNano());
    }

    /** From seconds since 1970; rounded to a microsecond. */
    static long micros(long epochSecond, int nanos) {
        long seconds = epochSecond - DAYS_1970_TO_2000 * 86_400L;
        if (Math.abs(seconds) > Long.MAX_VALUE / MICROS_PER_SECOND - 1) {
            throw outOfRange("timestamp");
        }
        return bounded(seconds * MICROS_PER_SECOND + (nanos + 500) / 1000);
    }

    private static long bounded(long micros) {
        if (micros < TIMESTAMP_MIN || micros >= TIMESTAMP_END) {
            throw outOfRange("timestamp");
        }
        return micros;
    }

    static LocalDateTime timestamp(long micros) {
        if (micros == Long.MAX_VALUE) {
            return LocalDateTime.MAX;
        }
        if (micros == Long.MIN_VALUE) {
            return LocalDateTime.MIN;
        }
        bounded(micros);
        return LocalDateTime.ofEpochSecond(
                Math.floorDiv(micros, MICROS_PER_SECOND) + DAYS_1970_TO_2000 * 86_400L,
                (int) Math.floorMod(micros, MICROS_PER_SECOND) * 1000,
                ZoneOffset.UTC);
    }

    static OffsetDateTime timestampTz(long micros) {
        if (micros == Long.MAX_VALUE) {
            return OffsetDateTime.MAX;
        }
        if (micros == Long.MIN_VALUE) {
            return OffsetDateTime.MIN;
        }
        return timestamp(micros).atOffset(ZoneOffset.UTC);
    }

    /** Microseconds since midnight; {@link LocalTime#MAX} rounds up to 24:00. */
    static long micros(LocalTime time) {
        return (time.toNanoOfDay() + 500) / 1000;
    }

    static LocalTime time(long micros) {
        if (micros < 0 || micros > MICROS_PER_DAY) {
            throw outOfRange("time");
        }
        return micros == MICROS_PER_DAY ? LocalTime.MAX : LocalTime.ofNanoOfDay(micros * 1000);
    }

    static PgException outOfRange(String typeName) {
        return new PgException(SqlState.DATETIME_FIELD_OVERFLOW, typeName + " out of range");
    }
}
