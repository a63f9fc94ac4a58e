package io.heliosdb.engine.function;

import io.heliosdb.engine.FunctionValues;

import org.h2.util.JSR310Utils;
import org.h2.value.Value;
import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.util.Arrays;
import java.util.Locale;

/**
 * SQLite's date functions: a time, then modifiers; NULL for what cannot be read.
 *
 * @see <a href="https://www.sqlite.org/lang_datefunc.html">SQLite: date and time functions</a>
 */
public final class SqliteTimeFunctions {
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("uuuu-MM-dd", Locale.ROOT);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
    private static final int HALF_DAY = 12;

    private SqliteTimeFunctions() {}

    /**
     * A time in a form of its own.
     *
     * @param connection the caller's
     * @param arguments the form with {@code %} and a letter for each part, then time and modifiers
     * @return the text
     */
    public static @Nullable String strftime(Connection connection, Value... arguments) {
        if (arguments.length == 0 || arguments[0].getString() == null) {
            return null;
        }
        var rest = Arrays.copyOfRange(arguments, 1, arguments.length);
        SqliteTime time = read(connection, rest);
        return time == null ? null : format(arguments[0].getString(), time);
    }

    /**
     * A time as {@code YYYY-MM-DD HH:MM:SS}.
     *
     * @param connection the caller's
     * @param arguments time and modifiers
     * @return the text
     */
    public static @Nullable String datetime(Connection connection, Value... arguments) {
        SqliteTime time = read(connection, arguments);
        return time == null ? null : DATE.format(time.moment()) + " " + TIME.format(time.moment());
    }

    /**
     * A time as {@code YYYY-MM-DD}.
     *
     * @param connection the caller's
     * @param arguments time and modifiers
     * @return the text
     */
    public static @Nullable String date(Connection connection, Value... arguments) {
        SqliteTime time = read(connection, arguments);
        return time == null ? null : DATE.format(time.moment());
    }

    /**
     * A time as {@code HH:MM:SS}.
     *
     * @param connection the caller's
     * @param arguments time and modifiers
     * @return the text
     */
    public static @Nullable String time(Connection connection, Value... arguments) {
        SqliteTime time = read(connection, arguments);
        return time == null ? null : TIME.format(time.moment());
    }

    /**
     * A time as the number of days since noon in Greenwich on 24 November 4714 B.C.
     *
     * @param connection the caller's
     * @param arguments time and modifiers
     * @return the number
     */
    public static @Nullable Double julianday(Connection connection, Value... arguments) {
        SqliteTime time = read(connection, arguments);
        return time == null ? null : time.julianDay();
    }

    /**
     * A time as seconds since 1970.
     *
     * @param connection the caller's
     * @param arguments time and modifiers
     * @return the number
     */
    public static @Nullable Long unixepoch(Connection connection, Value... arguments) {
        SqliteTime time = read(connection, arguments);
        return time == null ? null : time.moment().toEpochSecond(ZoneOffset.UTC);
    }

    private static @Nullable SqliteTime read(Connection connection, Value... arguments) {
        SqliteTime time = arguments.length == 0 ? now(connection) : first(connection, arguments[0]);
        var zone = ZoneId.of(FunctionValues.session(connection).currentTimeZone().getId());
        for (int i = 1; i < arguments.length && time != null; i++) {
            String modifier = arguments[i].getString();
            time = modifier == null ? null : time.modify(modifier, zone);
        }
        return time != null && time.isReadable() ? time : null;
    }

    private static @Nullable SqliteTime first(Connection connection, Value value) {
        return switch (FunctionValues.toJava(value, connection)) {
            case null -> null;
            case String text when text.strip().equalsIgnoreCase("now") -> now(connection);
            case String text -> SqliteTime.parse(text);
            case LocalDate date -> SqliteTime.of(date.atStartOfDay());
            case LocalDateTime moment -> SqliteTime.of(moment);
            case OffsetDateTime moment -> SqliteTime.of(moment);
            case Number number -> SqliteTime.of(number.doubleValue());
            case Object other -> SqliteTime.parse(other.toString());
        };
    }

    /** The same for the whole statement. */
    private static SqliteTime now(Connection connection) {
        var session = FunctionValues.session(connection);
        return SqliteTime.of(
                JSR310Utils.valueToOffsetDateTime(session.currentTimestamp(), session));
    }

    private static @Nullable String format(String form, SqliteTime time) {
        var out = new StringBuilder();
        for (int i = 0; i < form.length(); i++) {
            char c = form.charAt(i);
            if (c != '%') {
                out.append(c);
                continue;
            }
            String part = ++i < form.length() ? part(form.charAt(i), time) : null;
            if (part == null) {
                return null;
            }
            out.append(part);
        }
        return out.toString();
    }

    private static @Nullable String part(char letter, SqliteTime time) {
        LocalDateTime moment = time.moment();
        return switch (letter) {
            case 'd' -> two(moment.getDayOfMonth());
            case 'e' -> padded("%2d", moment.getDayOfMonth());
            case 'f' -> padded("%06.3f", moment.getSecond() + moment.getNano() / 1e9);
            case 'F' -> DATE.format(moment);
            case 'G' -> padded("%04d", moment.get(IsoFields.WEEK_BASED_YEAR));
            case 'g' -> two(moment.get(IsoFields.WEEK_BASED_YEAR) % 100);
            case 'H' -> two(moment.getHour());
            case 'I' -> two(moment.get(ChronoField.CLOCK_HOUR_OF_AMPM));
            case 'j' -> padded("%03d", moment.getDayOfYear());
            case 'J' -> Double.toString(time.julianDay());
            case 'k' -> padded("%2d", moment.getHour());
            case 'l' -> padded("%2d", moment.get(ChronoField.CLOCK_HOUR_OF_AMPM));
            case 'm' -> two(moment.getMonthValue());
            case 'M' -> two(moment.getMinute());
            case 'p' -> moment.getHour() < HALF_DAY ? "AM" : "PM";
            case 'P' -> moment.getHour() < HALF_DAY ? "am" : "pm";
            case 'R' -> two(moment.getHour()) + ":" + two(moment.getMinute());
            case 's' -> Long.toString(moment.toEpochSecond(ZoneOffset.UTC));
            case 'S' -> two(moment.getSecond());
            case 'T' -> TIME.format(moment);
            case 'u' -> Integer.toString(moment.getDayOfWeek().getValue());
            case 'U' -> two((moment.getDayOfYear() + 6 - moment.getDayOfWeek().getValue() % 7) / 7);
            case 'V' -> two(moment.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
            case 'w' -> Integer.toString(moment.getDayOfWeek().getValue() % 7);
            case 'W' ->
                    two((moment.getDayOfYear() + 6 - (moment.getDayOfWeek().getValue() - 1)) / 7);
            case 'Y' -> padded("%04d", moment.getYear());
            case '%' -> "%";
            default -> null;
        };
    }

    private static String two(int number) {
        return padded("%02d", number);
    }

    private static String padded(String form, Object number) {
        return String.format(Locale.ROOT, form, number);
    }

    /**
     * How many days lie between two dates, as PostgreSQL's {@code -} tells.
     *
     * @param left a date
     * @param right a date
     * @return null for NULL
     */
    public static @Nullable Integer days(@Nullable LocalDate left, @Nullable LocalDate right) {
        return (left == null || right == null)
                ? null
                : (Integer) Math.toIntExact(ChronoUnit.DAYS.between(right, left));
    }

    /**
     * The moment so many seconds after the beginning of 1970.
     *
     * @param seconds how many
     * @return null for NULL
     */
    public static @Nullable OffsetDateTime ofEpoch(@Nullable Double seconds) {
        if (seconds == null) {
            return null;
        }
        long micros = Math.round(seconds * 1_000_000);
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    }
}
