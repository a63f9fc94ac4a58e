package io.heliosdb.pg.type;

import io.heliosdb.pg.type.TextStyle.DateOrder;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** Prints dates and times in the four styles of PostgreSQL's DateStyle. */
final class DateText {
    private static final String[] MONTHS = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
    };
    private static final String[] WEEKDAYS = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

    private DateText() {}

    static void putDate(LocalDate date, TextStyle style, ByteSink out) {
        switch (style.dateStyle()) {
            case ISO -> putIso(date, out);
            case SQL -> putDayMonth(date, style, '/', out);
            case GERMAN -> putGerman(date, out);
            case POSTGRES -> putDayMonth(date, style, '-', out);
        }
        putEra(date, out);
    }

    private static void putIso(LocalDate date, ByteSink out) {
        out.putDigits(year(date), 4);
        out.putByte('-');
        out.putDigits(date.getMonthValue(), 2);
        out.putByte('-');
        out.putDigits(date.getDayOfMonth(), 2);
    }

    private static void putGerman(LocalDate date, ByteSink out) {
        out.putDigits(date.getDayOfMonth(), 2);
        out.putByte('.');
        out.putDigits(date.getMonthValue(), 2);
        out.putByte('.');
        out.putDigits(year(date), 4);
    }

    private static void putDayMonth(LocalDate date, TextStyle style, char mark, ByteSink out) {
        boolean dayFirst = style.dateOrder() == DateOrder.DMY;
        out.putDigits(dayFirst ? date.getDayOfMonth() : date.getMonthValue(), 2);
        out.putByte(mark);
        out.putDigits(dayFirst ? date.getMonthValue() : date.getDayOfMonth(), 2);
        out.putByte(mark);
        out.putDigits(year(date), 4);
    }

    /** The year 0 of Java is 1 BC. */
    private static int year(LocalDate date) {
        return date.getYear() > 0 ? date.getYear() : 1 - date.getYear();
    }

    private static void putEra(LocalDate date, ByteSink out) {
        if (date.getYear() <= 0) {
            out.putUtf8(" BC");
        }
    }

    /**
     * Prints a moment.
     *
     * @param micros since 2000-01-01, in UTC where the zone is printed too, not infinite
     */
    static void putTimestamp(long micros, boolean hasZone, TextStyle style, ByteSink out) {
        var offset = hasZone ? offset(micros, style.timeZone()) : ZoneOffset.UTC;
        long local = micros + offset.getTotalSeconds() * Moment.MICROS_PER_SECOND;
        var date =
                LocalDate.ofEpochDay(
                        Math.floorDiv(local, Moment.MICROS_PER_DAY) + Moment.DAYS_1970_TO_2000);
        long time = Math.floorMod(local, Moment.MICROS_PER_DAY);
        switch (style.dateStyle()) {
            case ISO -> putIso(date, out);
            case SQL -> putDayMonth(date, style, '/', out);
            case GERMAN -> putGerman(date, out);
            case POSTGRES -> putWeekday(date, style, out);
        }
        out.putByte(' ');
        putTime(time, out);
        if (style.dateStyle() == TextStyle.DateStyle.POSTGRES) {
            out.putByte(' ');
            out.putDigits(year(date), 4);
        }
        if (hasZone) {
            putZone(micros, offset, style, out);
        }
        putEra(date, out);
    }

    private static void putWeekday(LocalDate date, TextStyle style, ByteSink out) {
        out.putUtf8(WEEKDAYS[date.getDayOfWeek().getValue() - 1]);
        out.putByte(' ');
        if (style.dateOrder() == DateOrder.DMY) {
            out.putDigits(date.getDayOfMonth(), 2);
            out.putByte(' ');
        }
        out.putUtf8(MONTHS[date.getMonthValue() - 1]);
        if (style.dateOrder() != DateOrder.DMY) {
            out.putByte(' ');
            out.putDigits(date.getDayOfMonth(), 2);
        }
    }

    private static ZoneOffset offset(long micros, ZoneId zone) {
        return zone instanceof ZoneOffset fixed
                ? fixed
                : zone.getRules().getOffset(instant(micros));
    }

    private static Instant instant(long micros) {
        return Instant.ofEpochSecond(
                Math.floorDiv(micros, Moment.MICROS_PER_SECOND)
                        + Moment.DAYS_1970_TO_2000 * 86_400L);
    }

    /** ISO prints the offset, the other styles an abbreviation where the zone has one. */
    private static void putZone(long micros, ZoneOffset offset, TextStyle style, ByteSink out) {
        if (style.dateStyle() == TextStyle.DateStyle.ISO) {
            putOffset(offset, out);
            return;
        }
        out.putByte(' ');
        if (style.timeZone() instanceof ZoneOffset && offset.getTotalSeconds() != 0) {
            putOffset(offset, out);
        } else {
            out.putUtf8(TimeZones.abbreviation(style.timeZone(), instant(micros)));
        }
    }

    /** Hours, and minutes and seconds where they are not zero. */
    static void putOffset(ZoneOffset offset, ByteSink out) {
        int seconds = offset.getTotalSeconds();
        out.putByte(seconds < 0 ? '-' : '+');
        seconds = Math.abs(seconds);
        out.putDigits(seconds / 3600, 2);
        if (seconds % 3600 != 0) {
            out.putByte(':');
            out.putDigits(seconds / 60 % 60, 2);
        }
        if (seconds % 60 != 0) {
            out.putByte(':');
            out.putDigits(seconds % 60, 2);
        }
    }

    /**
     * Prints a time of day.
     *
     * @param micros since midnight
     */
    static void putTime(long micros, ByteSink out) {
        long seconds = micros / Moment.MICROS_PER_SECOND;
        out.putDigits(seconds / 3600, 2);
        out.putByte(':');
        out.putDigits(seconds / 60 % 60, 2);
        out.putByte(':');
        out.putDigits(seconds % 60, 2);
        putFraction((int) (micros % Moment.MICROS_PER_SECOND), out);
    }

    /** Up to six digits without the zeros at their end; nothing at all for none. */
    static void putFraction(int micros, ByteSink out) {
        if (micros == 0) {
            return;
        }
        int digits = 6;
        int rest = micros;
        while (rest % 10 == 0) {
            rest /= 10;
            digits--;
        }
        out.putByte('.');
        out.putDigits(rest, digits);
    }
}
