package io.heliosdb.engine.function;

import org.jspecify.annotations.Nullable;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A moment as SQLite's date functions read and change it: in UTC, without leap seconds.
 *
 * @see <a href="https://www.sqlite.org/lang_datefunc.html">SQLite: date and time functions</a>
 */
final class SqliteTime {
    private static final double JULIAN_EPOCH = 2_440_587.5;
    private static final double SECONDS_PER_DAY = 86_400;
    private static final double JULIAN_DAY_MAX = 5_373_484.5;
    private static final int NANOS_PER_MILLI = 1_000_000;

    private static final Pattern STAMP =
            Pattern.compile(
                    "(\\d{4}-\\d\\d-\\d\\d)(?:[ T]+(\\d\\d:\\d\\d(?::\\d\\d(?:\\.\\d+)?)?))?"
                            + "\\s*(Z|[+-]\\d\\d:\\d\\d)?");
    private static final Pattern CLOCK =
            Pattern.compile("(\\d\\d:\\d\\d(?::\\d\\d(?:\\.\\d+)?)?)\\s*(Z|[+-]\\d\\d:\\d\\d)?");
    private static final Pattern SHIFT =
            Pattern.compile("([+-]?\\d+(?:\\.\\d+)?)\\s+(second|minute|hour|day|month|year)s?");
    private static final Pattern WEEKDAY = Pattern.compile("weekday\\s+([0-6])");

    private final LocalDateTime moment;

    /** The number that was given, until a modifier says what it counts. */
    private final double number;

    private SqliteTime(LocalDateTime moment, double number) {
        this.moment = moment;
        this.number = number;
    }

    static SqliteTime of(LocalDateTime moment) {
        return new SqliteTime(moment, Double.NaN);
    }

    static SqliteTime of(OffsetDateTime moment) {
        return of(moment.atZoneSameInstant(ZoneOffset.UTC).toLocalDateTime());
    }

    /** A number is a Julian day until the modifier {@code unixepoch} follows. */
    static @Nullable SqliteTime of(double julianDay) {
        if (!(julianDay >= 0 && julianDay < JULIAN_DAY_MAX)) {
            return Double.isFinite(julianDay) ? new SqliteTime(LocalDateTime.MIN, julianDay) : null;
        }
        return new SqliteTime(ofJulianDay(julianDay), julianDay);
    }

    static @Nullable SqliteTime parse(String text) {
        String stripped = text.strip();
        Matcher stamp = STAMP.matcher(stripped);
        try {
            if (stamp.matches()) {
                var date = LocalDate.parse(stamp.group(1));
                var time = stamp.group(2) == null ? LocalTime.MIN : LocalTime.parse(stamp.group(2));
                return of(toUtc(date.atTime(time), stamp.group(3)));
            }
            Matcher clock = CLOCK.matcher(stripped);
            if (clock.matches()) {
                var date = LocalDate.of(2000, 1, 1);
                return of(toUtc(date.atTime(LocalTime.parse(clock.group(1))), clock.group(2)));
            }
            return of(Double.parseDouble(stripped));
        } catch (DateTimeException | NumberFormatException e) {
            return null; // SQLite answers NULL for what it cannot read.
        }
    }

    /** Applies a modifier; null where it is none. */
    @Nullable SqliteTime modify(String modifier, ZoneId zone) {
        String word = modifier.strip().toLowerCase(Locale.ROOT);
        return switch (word) {
            case "unixepoch" -> Double.isNaN(number) ? null : ofEpoch(number);
            case "julianday" -> Double.isNaN(number) ? null : of(number);
            case "auto" -> Double.isNaN(number) || isJulianDay() ? this : ofEpoch(number);
            case "subsec", "subsecond" -> this;
            default -> isReadable() ? changed(word, zone) : null;
        };
    }

    /** Whether the number that was given can be read as it is. */
    boolean isReadable() {
        return !moment.equals(LocalDateTime.MIN);
    }

    LocalDateTime moment() {
        return moment;
    }

    double julianDay() {
        return epochSeconds() / SECONDS_PER_DAY + JULIAN_EPOCH;
    }

    private double epochSeconds() {
        return moment.toInstant(ZoneOffset.UTC).toEpochMilli() / 1e3;
    }

    private boolean isJulianDay() {
        return number >= 0 && number < JULIAN_DAY_MAX;
    }

    private @Nullable SqliteTime changed(String word, ZoneId zone) {
        return switch (word) {
            case "start of day" -> of(moment.truncatedTo(ChronoUnit.DAYS));
            case "start of month" -> of(moment.truncatedTo(ChronoUnit.DAYS).withDayOfMonth(1));
            case "start of year" -> of(moment.truncatedTo(ChronoUnit.DAYS).withDayOfYear(1));
            case "localtime" ->
                    of(moment.atOffset(ZoneOffset.UTC).atZoneSameInstant(zone).toLocalDateTime());
            case "utc" -> of(moment.atZone(zone).toOffsetDateTime());
            default -> shifted(word);
        };
    }

    private @Nullable SqliteTime shifted(String word) {
        Matcher weekday = WEEKDAY.matcher(word);
        if (weekday.matches()) {
            int wanted = Integer.parseInt(weekday.group(1));
            int now = moment.getDayOfWeek().getValue() % DayOfWeek.values().length;
            return of(moment.plusDays(Math.floorMod(wanted - now, DayOfWeek.values().length)));
        }
        Matcher shift = SHIFT.matcher(word);
        if (!shift.matches()) {
            return null;
        }
        double amount = Double.parseDouble(shift.group(1));
        return switch (shift.group(2)) {
            case "second" -> plusSeconds(amount);
            case "minute" -> plusSeconds(amount * 60);
            case "hour" -> plusSeconds(amount * 3600);
            case "day" -> plusSeconds(amount * SECONDS_PER_DAY);
            case "month" -> plusMonths((long) amount);
            default -> plusMonths(((long) amount) * 12);
        };
    }

    private SqliteTime plusSeconds(double seconds) {
        return of(moment.plus(Duration.ofMillis(Math.round(seconds * 1000))));
    }

    /** The day beyond a month's end runs over into the next, as SQLite has it. */
    private SqliteTime plusMonths(long months) {
        var first = moment.withDayOfMonth(1).plusMonths(months);
        return of(first.plusDays(moment.getDayOfMonth() - 1L));
    }

    private static SqliteTime ofEpoch(double seconds) {
        long millis = Math.round(seconds * 1000);
        return of(
                LocalDateTime.ofEpochSecond(
                        Math.floorDiv(millis, 1000L),
                        Math.floorMod(millis, 1000) * NANOS_PER_MILLI,
                        ZoneOffset.UTC));
    }

    private static LocalDateTime ofJulianDay(double day) {
        return ofEpoch((day - JULIAN_EPOCH) * SECONDS_PER_DAY).moment;
    }

    private static LocalDateTime toUtc(LocalDateTime local, @Nullable String offset) {
        if (offset == null || offset.equals("Z")) {
            return local;
        }
        return local.atOffset(ZoneOffset.of(offset))
                .withOffsetSameInstant(ZoneOffset.UTC)
                .toLocalDateTime();
    }
}
