package io.heliosdb.pg.type;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import java.util.Locale;

/**
 * Reads an interval: numbers with units, a clock time, years and months with a hyphen, or ISO 8601.
 * A fraction of a unit flows into the smaller ones. Made for one text.
 *
 * @see <a href="https://www.postgresql.org/docs/15/datatype-datetime.html">PostgreSQL: interval
 *     input</a>
 */
final class IntervalParser {
    private static final int DAYS_PER_MONTH = 30;

    private final String text;
    private int at;
    private int years;
    private int months;
    private int days;
    private long micros;
    private boolean hasFields;

    IntervalParser(String text) {
        this.text = text;
    }

    PgInterval parse() {
        try {
            skipBlanks();
            if (peek() == 'P') {
                at++;
                iso();
            } else {
                traditional();
            }
            long total = years * 12L + months;
            if (total != (int) total) {
                throw new PgException(SqlState.DATETIME_FIELD_OVERFLOW, "interval out of range");
            }
            return new PgInterval((int) total, days, micros);
        } catch (ArithmeticException e) {
            throw Refusal.because(overflow(), e);
        }
    }

    private void traditional() {
        boolean isAgo = false;
        while (skipBlanks()) {
            char c = peek();
            if (c == '@') {
                at++;
            } else if (isLetter(c)) {
                if (!word().equals("ago") || !hasFields || skipBlanks()) {
                    throw syntax();
                }
                isAgo = true;
            } else {
                field();
            }
        }
        if (!hasFields) {
            throw syntax();
        }
        if (isAgo) {
            years = Math.negateExact(years);
            months = Math.negateExact(months);
            days = Math.negateExact(days);
            micros = Math.negateExact(micros);
        }
    }

    private void field() {
        boolean isNegative = sign();
        int from = at;
        skipDigits();
        if (peek() == ':') {
            at = from;
            clock(isNegative);
        } else if (peek() == '-' && at > from && at + 1 < text.length() && isDigit(next())) {
            yearMonth(from, isNegative);
        } else {
            at = from;
            quantity(isNegative);
        }
        hasFields = true;
    }

    private boolean sign() {
        boolean isNegative = peek() == '-';
        if (isNegative || peek() == '+') {
            at++;
            skipBlanks();
        }
        return isNegative;
    }

    private void yearMonth(int from, boolean isNegative) {
        int whole = Math.toIntExact(number(text.substring(from, at)));
        at++;
        int monthsFrom = at;
        skipDigits();
        long extra = number(text.substring(monthsFrom, at));
        if (extra >= 12) {
            throw overflow();
        }
        years = Math.addExact(years, isNegative ? -whole : whole);
        months = Math.addExact(months, (int) (isNegative ? -extra : extra));
    }

    private void clock(boolean isNegative) {
        long hours = digits();
        at++;
        long minutes = digits();
        long seconds = 0;
        double fraction = 0;
        if (peek() == ':') {
            at++;
            seconds = digits();
            fraction = fraction();
        } else if (peek() == '.') {
            // Minutes and seconds, as in 12:34.5.
            fraction = fraction();
            seconds = minutes;
            minutes = hours;
            hours = 0;
        }
        if (minutes > 59 || seconds > 60 || peek() == ':') {
            throw peek() == ':' ? syntax() : overflow();
        }
        long total = Math.addExact(Math.multiplyExact(hours, 3600), minutes * 60 + seconds);
        total =
                Math.addExact(
                        Math.multiplyExact(total, Moment.MICROS_PER_SECOND), micros(fraction));
        micros = Math.addExact(micros, isNegative ? -total : total);
    }

    private void quantity(boolean isNegative) {
        int from = at;
        skipDigits();
        if (from == at && peek() != '.') {
            throw syntax();
        }
        long whole = from == at ? 0 : number(text.substring(from, at));
        double fraction = fraction();
        if (isNegative) {
            whole = -whole;
            fraction = -fraction;
        }
        skipBlanks();
        if (isLetter(peek())) {
            add(whole, fraction, word());
        } else if (at < text.length() && beginsClock()) {
            add(whole, fraction, "d");
        } else {
            add(whole, fraction, "s");
        }
    }

    /** Whether a clock time follows, which makes the bare number before it days. */
    private boolean beginsClock() {
        int ahead = at;
        if (text.charAt(ahead) == '-' || text.charAt(ahead) == '+') {
            ahead++;
        }
        while (ahead < text.length() && isDigit(text.charAt(ahead))) {
            ahead++;
        }
        return ahead < text.length() && text.charAt(ahead) == ':';
    }

    private void add(long whole, double fraction, String unit) {
        switch (unit) {
            case "us",
                    "usec",
                    "usecs",
                    "usecond",
                    "useconds",
                    "microsecond",
                    "microseconds",
                    "microsecon" ->
                    addMicros(whole, fraction, 1);
            case "ms",
                    "msec",
                    "msecs",
                    "msecond",
                    "mseconds",
                    "millisecond",
                    "milliseconds",
                    "millisecon" ->
                    addMicros(whole, fraction, 1000);
            case "s", "sec", "secs", "second", "seconds" ->
                    addMicros(whole, fraction, Moment.MICROS_PER_SECOND);
            case "m", "min", "mins", "minute", "minutes" ->
                    addMicros(whole, fraction, 60 * Moment.MICROS_PER_SECOND);
            case "h", "hr", "hrs", "hour", "hours" ->
                    addMicros(whole, fraction, 3600 * Moment.MICROS_PER_SECOND);
            case "d", "day", "days" -> addDays(whole, fraction, 1);
            case "w", "week", "weeks" -> addDays(whole, fraction, 7);
            case "mon", "mons", "month", "months" -> {
                months = Math.addExact(months, Math.toIntExact(whole));
                addDays(0, fraction, DAYS_PER_MONTH);
            }
            case "y", "yr", "yrs", "year", "years" -> addYears(whole, fraction, 1);
            case "dec", "decs", "decade", "decades" -> addYears(whole, fraction, 10);
            case "c", "cent", "century", "centuries" -> addYears(whole, fraction, 100);
            case "mil", "mils", "millennium", "millennia" -> addYears(whole, fraction, 1000);
            default -> throw syntax();
        }
    }

    private void addMicros(long whole, double fraction, long scale) {
        micros = Math.addExact(micros, Math.multiplyExact(whole, scale));
        micros = Math.addExact(micros, (long) Math.rint(fraction * scale));
    }

    private void addDays(long whole, double fraction, int scale) {
        days = Math.addExact(days, Math.toIntExact(Math.multiplyExact(whole, scale)));
        double more = fraction * scale;
        int extra = (int) more;
        days = Math.addExact(days, extra);
        addMicros(0, more - extra, Moment.MICROS_PER_DAY);
    }

    private void addYears(long whole, double fraction, int scale) {
        years = Math.addExact(years, Math.toIntExact(Math.multiplyExact(whole, scale)));
        months = Math.addExact(months, (int) Math.rint(fraction * scale * 12));
    }

    private void iso() {
        boolean isTime = false;
        if (at == text.length()) {
            throw syntax();
        }
        while (at < text.length()) {
            if (peek() == 'T' && !isTime) {
                isTime = true;
                at++;
                continue;
            }
            boolean isNegative = sign();
            int from = at;
            skipDigits();
            if (from == at && peek() != '.') {
                throw syntax();
            }
            if (peek() == ':' && isTime) {
                at = from;
                isoClock(isNegative);
            } else if (peek() == '-' && !isTime) {
                at = from;
                isoDate(isNegative);
            } else {
                isoQuantity(from, isNegative, isTime);
            }
        }
    }

    private void isoQuantity(int from, boolean isNegative, boolean isTime) {
        long whole = from == at ? 0 : number(text.substring(from, at));
        double fraction = fraction();
        add(
                isNegative ? -whole : whole,
                isNegative ? -fraction : fraction,
                isoUnit(peek(), isTime));
        at++;
    }

    /** The alternative form, as in P0001-02-03T04:05:06. */
    private void isoDate(boolean isNegative) {
        addYears(isNegative ? -digits() : digits(), 0, 1);
        at++;
        months = Math.addExact(months, Math.toIntExact(signedDigits()));
        if (peek() == '-') {
            at++;
            days = Math.addExact(days, Math.toIntExact(signedDigits()));
        }
        if (at < text.length() && peek() != 'T') {
            throw syntax();
        }
    }

    /** Each part has a sign of its own, unlike in the traditional form. */
    private void isoClock(boolean isNegative) {
        addMicros(isNegative ? -digits() : digits(), 0, 3600 * Moment.MICROS_PER_SECOND);
        at++;
        addMicros(signedDigits(), 0, 60 * Moment.MICROS_PER_SECOND);
        if (peek() == ':') {
            at++;
            boolean isSecondNegative = sign();
            long seconds = digits();
            double fraction = fraction();
            addMicros(
                    isSecondNegative ? -seconds : seconds,
                    isSecondNegative ? -fraction : fraction,
                    Moment.MICROS_PER_SECOND);
        }
        if (at < text.length()) {
            throw syntax();
        }
    }

    private long signedDigits() {
        return sign() ? -digits() : digits();
    }

    private String isoUnit(char letter, boolean isTime) {
        return switch (letter) {
            case 'Y' -> isTime ? unknownUnit() : "y";
            case 'M' -> isTime ? "m" : "mon";
            case 'W' -> isTime ? unknownUnit() : "w";
            case 'D' -> isTime ? unknownUnit() : "d";
            case 'H' -> isTime ? "h" : unknownUnit();
            case 'S' -> isTime ? "s" : unknownUnit();
            default -> unknownUnit();
        };
    }

    private String unknownUnit() {
        throw syntax();
    }

    private long digits() {
        int from = at;
        skipDigits();
        return from == at ? 0 : number(text.substring(from, at));
    }

    private long number(String digits) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            throw Refusal.because(overflow(), e);
        }
    }

    /** What stands after a decimal point, or 0. */
    private double fraction() {
        if (peek() != '.') {
            return 0;
        }
        int from = at;
        at++;
        skipDigits();
        return at - from < 2 ? 0 : Double.parseDouble('0' + text.substring(from, at));
    }

    private static long micros(double fraction) {
        return (long) Math.rint(fraction * Moment.MICROS_PER_SECOND);
    }

    private String word() {
        int from = at;
        while (at < text.length() && isLetter(peek())) {
            at++;
        }
        return text.substring(from, at).toLowerCase(Locale.ROOT);
    }

    private boolean skipBlanks() {
        while (at < text.length() && (Blank.is(peek()) || peek() == ',')) {
            at++;
        }
        return at < text.length();
    }

    private void skipDigits() {
        while (at < text.length() && isDigit(peek())) {
            at++;
        }
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : '\0';
    }

    private char next() {
        return text.charAt(at + 1);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private PgException syntax() {
        return new PgException(
                SqlState.INVALID_DATETIME_FORMAT,
                "invalid input syntax for type interval: \"" + text + '"');
    }

    private PgException overflow() {
        return new PgException(
                SqlState.INTERVAL_FIELD_OVERFLOW,
                "interval field value out of range: \"" + text + '"');
    }
}
