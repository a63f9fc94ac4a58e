package io.heliosdb.pg.type;

import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * The settings of a session that decide how values look as text, and how dates are read.
 *
 * @param timeZone {@code TimeZone}
 * @param dateStyle the first half of {@code DateStyle}
 * @param dateOrder the second half of {@code DateStyle}
 * @param intervalStyle {@code IntervalStyle}
 * @param extraFloatDigits {@code extra_float_digits}, -15 to 3; above 0 is the shortest exact form
 * @param byteaOutput {@code bytea_output}
 * @see <a href="https://www.postgresql.org/docs/15/runtime-config-client.html">PostgreSQL: client
 *     connection defaults</a>
 */
public record TextStyle(
        ZoneId timeZone,
        DateStyle dateStyle,
        DateOrder dateOrder,
        IntervalStyle intervalStyle,
        int extraFloatDigits,
        ByteaOutput byteaOutput) {
    /** PostgreSQL's defaults, in UTC. */
    public static final TextStyle DEFAULT =
            new TextStyle(
                    ZoneOffset.UTC,
                    DateStyle.ISO,
                    DateOrder.MDY,
                    IntervalStyle.POSTGRES,
                    1,
                    ByteaOutput.HEX);

    /** How dates look. */
    public enum DateStyle {
        /** 1997-12-17 07:37:16-08. */
        ISO,
        /** 12/17/1997 07:37:16.00 PST. */
        SQL,
        /** Wed Dec 17 07:37:16 1997 PST. */
        POSTGRES,
        /** 17.12.1997 07:37:16.00 PST. */
        GERMAN
    }

    /**
     * The order in which day, month and year are read and written where the style leaves it open.
     */
    public enum DateOrder {
        /** Month, day, year. */
        MDY,
        /** Day, month, year. */
        DMY,
        /** Year, month, day. */
        YMD
    }

    /** How intervals look. */
    public enum IntervalStyle {
        /** 1 year 2 mons 3 days 04:05:06. */
        POSTGRES,
        /** As POSTGRES with every unit in words and an at sign before them. */
        POSTGRES_VERBOSE,
        /** +1-2 +3 +4:05:06. */
        SQL_STANDARD,
        /** P1Y2M3DT4H5M6S. */
        ISO_8601
    }

    /** How bytes look. */
    public enum ByteaOutput {
        /** \x00ff. */
        HEX,
        /** \000\377. */
        ESCAPE
    }

    /**
     * The same style in another time zone.
     *
     * @param zone the zone
     * @return a copy
     */
    public TextStyle withTimeZone(ZoneId zone) {
        return new TextStyle(
                zone, dateStyle, dateOrder, intervalStyle, extraFloatDigits, byteaOutput);
    }

    /**
     * The same style with another form of dates.
     *
     * @param style how dates look
     * @param order how they are read
     * @return a copy
     */
    public TextStyle withDateStyle(DateStyle style, DateOrder order) {
        return new TextStyle(timeZone, style, order, intervalStyle, extraFloatDigits, byteaOutput);
    }

    /**
     * The same style with another form of intervals.
     *
     * @param style how intervals look
     * @return a copy
     */
    public TextStyle withIntervalStyle(IntervalStyle style) {
        return new TextStyle(timeZone, dateStyle, dateOrder, style, extraFloatDigits, byteaOutput);
    }

    /**
     * The same style with another precision of floating-point numbers.
     *
     * @param digits -15 to 3
     * @return a copy
     */
    public TextStyle withExtraFloatDigits(int digits) {
        return new TextStyle(timeZone, dateStyle, dateOrder, intervalStyle, digits, byteaOutput);
    }

    /**
     * The same style with another form of bytes.
     *
     * @param output how bytes look
     * @return a copy
     */
    public TextStyle withByteaOutput(ByteaOutput output) {
        return new TextStyle(
                timeZone, dateStyle, dateOrder, intervalStyle, extraFloatDigits, output);
    }
}
