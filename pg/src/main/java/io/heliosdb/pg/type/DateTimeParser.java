package io.heliosdb.pg.type;

import io.heliosdb.pg.PgException;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;

/**
 * Reads a date, a time or both in the forms PostgreSQL takes: the text falls into fields by the
 * kind of their characters, and each field fills what is still open of year, month, day, time and
 * zone, in the order of DateStyle where they do not tell by themselves. Made for one text.
 *
 * @see <a href="https://www.postgresql.org/docs/15/datetime-input-rules.html">PostgreSQL: date/time
 *     input interpretation</a>
 */
final class DateTimeParser {
    private static final List<String> WEEKDAYS =
            List.of(
                    "monday",
                    "tuesday",
                    "wednesday",
                    "thursday",
                    "friday",
                    "saturday",
                    "sunday",
                    "tues",
                    "wednes",
                    "weds",
                    "thur",
                    "thurs");

    /** The count of days from 4714-11-24 BC to 1970. */
    private static final long JULIAN_1970 = 2_440_588L;

    private final String text;
    private final TextStyle style;
    private final DateTimeRefusal refusal;
    private final DateFields date;
    private final boolean isTimeOnly;
    private int at;

    private long timeMicros = -1;
    private @Nullable ZoneId zone;
    private String half = "";
    private String special = "";

    DateTimeParser(String text, String typeName, TextStyle style) {
        this.text = text;
        this.style = style;
        refusal = new DateTimeRefusal(text, typeName);
        date = new DateFields(style.dateOrder(), refusal);
        isTimeOnly = typeName.equals("time") || typeName.equals("time with time zone");
    }

    LocalDate date() {
        parse();
        return switch (special) {
            case "infinity" -> LocalDate.MAX;
            case "-infinity" -> LocalDate.MIN;
            case "epoch" -> LocalDate.EPOCH;
            case "now" -> today();
            default -> inDateRange(date.resolved(), refusal);
        };
    }

    long timestampMicros() {
        parse();
        return switch (special) {
            case "infinity" -> Long.MAX_VALUE;
            case "-infinity" -> Long.MIN_VALUE;
            case "epoch" -> Moment.micros(LocalDateTime.of(1970, 1, 1, 0, 0));
            case "now" -> Moment.micros(LocalDateTime.now(style.timeZone()));
            default -> combined(date.resolved());
        };
    }

    long timestampTzMicros() {
        parse();
        return switch (special) {
            case "infinity" -> Long.MAX_VALUE;
            case "-infinity" -> Long.MIN_VALUE;
            case "epoch" -> Moment.micros(0, 0);
            case "now" -> {
                var now = Instant.now();
                yield Moment.micros(now.getEpochSecond(), now.getNano());
            }
            default -> zoned(date.resolved());
        };
    }

    long timeMicros() {
        parse();
        return requiredTime();
    }

    OffsetTime timeTz() {
        parse();
        long micros = requiredTime();
        var in = zone == null ? style.timeZone() : zone;
        if (in instanceof ZoneOffset offset) {
            return OffsetTime.of(Moment.time(micros), offset);
        }
        var on = date.isEmpty() ? LocalDate.now(in) : date.resolved();
        var offset = TimeZones.offsetOf(on.atTime(Moment.time(micros)), in);
        return OffsetTime.of(Moment.time(micros), offset);
    }

    private long requiredTime() {
        if (special.equals("now")) {
            return Moment.micros(LocalDateTime.now(style.timeZone()).toLocalTime());
        }
        if (timeMicros < 0 || !special.isEmpty()) {
            throw refusal.syntax();
        }
        return timeMicros;
    }

    private long combined(LocalDate day) {
        long days = day.toEpochDay() - Moment.DAYS_1970_TO_2000;
        try {
            long micros =
                    Math.addExact(
                            Math.multiplyExact(days, Moment.MICROS_PER_DAY),
                            Math.max(timeMicros, 0));
            Moment.timestamp(micros);
            return micros;
        } catch (ArithmeticException | PgException e) {
            throw Refusal.because(refusal.outOfRange("timestamp"), e);
        }
    }

    private long zoned(LocalDate day) {
        long local = combined(day);
        var in = zone == null ? style.timeZone() : zone;
        var offset = TimeZones.offsetOf(Moment.timestamp(local), in);
        long micros = local - offset.getTotalSeconds() * Moment.MICROS_PER_SECOND;
        try {
            Moment.timestamp(micros);
        } catch (PgException e) {
            throw Refusal.because(refusal.outOfRange("timestamp"), e);
        }
        return micros;
    }

    private static LocalDate inDateRange(LocalDate day, DateTimeRefusal refusal) {
        try {
            Moment.days(day);
            return day;
        } catch (PgException e) {
            throw Refusal.because(refusal.outOfRange("date"), e);
        }
    }

    private LocalDate today() {
        return LocalDate.now(style.timeZone());
    }

    private void parse() {
        int fields = 0;
        while (skipBlanks()) {
            char c = text.charAt(at);
            if (isDigit(c)) {
                startsWithDigit();
            } else if (isLetter(c)) {
                startsWithLetter();
            } else if (c == '+' || c == '-') {
                startsWithSign();
            } else {
                throw refusal.syntax();
            }
            if (++fields > 25) {
                throw refusal.syntax();
            }
        }
        if (fields == 0) {
            throw refusal.syntax();
        }
        applyHalf();
    }

    private void applyHalf() {
        if (half.isEmpty()) {
            return;
        }
        long hour = 3600 * Moment.MICROS_PER_SECOND;
        if (timeMicros < 0 || timeMicros >= 13 * hour) {
            throw timeMicros < 0 ? refusal.syntax() : refusal.fieldRange();
        }
        boolean isNoonHour = timeMicros >= 12 * hour;
        if (half.equals("pm") && !isNoonHour) {
            timeMicros += 12 * hour;
        } else if (half.equals("am") && isNoonHour) {
            timeMicros -= 12 * hour;
        }
    }

    private boolean skipBlanks() {
        while (at < text.length() && (Blank.is(text.charAt(at)) || text.charAt(at) == ',')) {
            at++;
        }
        return at < text.length();
    }

    private void startsWithDigit() {
        int from = at;
        skipDigits();
        char next = peek();
        if (next == ':') {
            at = from;
            time();
        } else if (next == '-' || next == '/' || next == '.') {
            delimited(from, next);
        } else {
            number(text.substring(from, at));
        }
    }

    private void delimited(int from, char mark) {
        int mark2 = at;
        while (at < text.length()
                && (isDigit(peek())
                        || peek() == mark
                        || (isLetter(peek()) && afterMark(mark) && !isTimeMark()))) {
            at++;
        }
        var field = text.substring(from, at);
        boolean isRun = isTimeOnly && mark2 - from == 6;
        if (date.isComplete() || isRun) {
            if (mark == '-') {
                // A run of digits and an offset, as in 20011225T040506-07.
                numberField(text.substring(from, mark2), "");
                at = mark2;
                startsWithSign();
            } else {
                number(field);
            }
            return;
        }
        if (mark == '.' && field.indexOf('.') == field.lastIndexOf('.') && mark2 - from > 2) {
            number(field);
            return;
        }
        dateField(field);
    }

    /** Whether the letters at hand began right after a mark, which makes them a month's name. */
    private boolean afterMark(char mark) {
        int back = at - 1;
        while (isLetter(text.charAt(back))) {
            back--;
        }
        return text.charAt(back) == mark;
    }

    private boolean isTimeMark() {
        return (peek() == 'T' || peek() == 't')
                && at + 1 < text.length()
                && isDigit(text.charAt(at + 1));
    }

    private void dateField(String field) {
        var parts = field.split("[-/.]", -1);
        if (parts.length < 2 || parts.length > 3) {
            throw refusal.syntax();
        }
        for (var part : parts) {
            if (!part.isEmpty() && isLetter(part.charAt(0))) {
                date.setMonth(part.toLowerCase(Locale.ROOT));
            }
        }
        for (var part : parts) {
            if (part.isEmpty()) {
                throw refusal.syntax();
            }
            if (!isLetter(part.charAt(0))) {
                dateNumber(part);
            }
        }
    }

    private void number(String field) {
        int point = field.indexOf('.');
        var digits = point < 0 ? field : field.substring(0, point);
        if (point >= 0 && date.isEmpty() && timeMicros < 0 && digits.length() < 6) {
            date.setDayOfYear(digits, field.substring(point + 1));
        } else if (point >= 0 || digits.length() >= 6 || (isTimeOnly && digits.length() == 4)) {
            numberField(digits, point < 0 ? "" : field.substring(point));
        } else {
            dateNumber(digits);
        }
    }

    private void dateNumber(String digits) {
        if (date.isComplete()) {
            numberField(digits, "");
        } else {
            date.setNext(digits);
        }
    }

    /** A date or a time without anything between its parts. */
    private void numberField(String digits, String fraction) {
        int length = digits.length();
        if (!date.isComplete() && !isTimeOnly && fraction.isEmpty() && length >= 6) {
            date.setRun(digits);
        } else if (timeMicros < 0 && (length == 6 || length == 4)) {
            int seconds = length == 6 ? Integer.parseInt(digits.substring(4)) : 0;
            setTime(
                    Integer.parseInt(digits.substring(0, 2)),
                    Integer.parseInt(digits.substring(2, 4)),
                    seconds,
                    fractionMicros(fraction));
        } else {
            throw refusal.syntax();
        }
    }

    private void time() {
        if (timeMicros >= 0) {
            throw refusal.syntax();
        }
        int hour = digits();
        expect(':');
        int minute = digits();
        int second = 0;
        long fraction = 0;
        if (peek() == ':') {
            at++;
            second = digits();
            int from = at;
            if (peek() == '.') {
                at++;
                skipDigits();
                fraction = fractionMicros(text.substring(from, at));
            }
        }
        if (peek() == ':' || peek() == '.') {
            throw refusal.syntax();
        }
        setTime(hour, minute, second, fraction);
    }

    private void setTime(int hour, int minute, int second, long fraction) {
        long micros = ((hour * 60L + minute) * 60 + second) * Moment.MICROS_PER_SECOND + fraction;
        if (hour > 24 || minute > 59 || second > 60 || micros > Moment.MICROS_PER_DAY) {
            throw refusal.fieldRange();
        }
        timeMicros = micros;
    }

    /** The microseconds of a point and the digits after it, if any. */
    private long fractionMicros(String fraction) {
        if (fraction.length() < 2) {
            return 0;
        }
        if (!fraction.substring(1).chars().allMatch(c -> isDigit((char) c))) {
            throw refusal.syntax();
        }
        return (long) Math.rint(Double.parseDouble('0' + fraction) * Moment.MICROS_PER_SECOND);
    }

    private int digits() {
        int from = at;
        skipDigits();
        // PostgreSQL reads nothing as zero, as in 04:05: without seconds.
        return from == at ? 0 : refusal.bounded(text.substring(from, at), 0, Integer.MAX_VALUE);
    }

    private void expect(char c) {
        if (peek() != c) {
            throw refusal.syntax();
        }
        at++;
    }

    private void startsWithLetter() {
        int from = at;
        while (at < text.length() && isLetter(peek())) {
            at++;
        }
        var word = text.substring(from, at).toLowerCase(Locale.ROOT);
        char next = peek();
        if ((next == '-' || next == '/' || next == '.')
                && DateFields.monthOf(word) != 0
                && !date.isComplete()) {
            while (at < text.length() && (isDigit(peek()) || peek() == next)) {
                at++;
            }
            dateField(text.substring(from, at));
        } else if (next == '/' || next == '_' || (next == '-' && !word.equals("t"))) {
            while (at < text.length() && " \t\n,".indexOf(peek()) < 0) {
                at++;
            }
            zone(text.substring(from, at));
        } else {
            word(word);
        }
    }

    private void word(String word) {
        if (DateFields.monthOf(word) != 0 && !date.hasTextMonth()) {
            date.setMonth(word);
            return;
        }
        switch (word) {
            case "t", "at", "on" -> {
                if (word.equals("t") && !date.isComplete() && timeMicros >= 0) {
                    throw refusal.syntax();
                }
            }
            case "am", "pm" -> half = word;
            case "bc" -> date.setBeforeChrist(true);
            case "ad" -> date.setBeforeChrist(false);
            case "j", "julian", "jd" -> date.set(LocalDate.ofEpochDay(digits() - JULIAN_1970));
            case "infinity" -> special("infinity");
            case "epoch" -> special("epoch");
            case "now" -> special("now");
            case "today" -> setDay(today());
            case "tomorrow" -> setDay(today().plusDays(1));
            case "yesterday" -> setDay(today().minusDays(1));
            case "allballs" -> {
                timeMicros = 0;
                zone = ZoneOffset.UTC;
            }
            default -> {
                if (!isWeekday(word)) {
                    zone(word);
                }
            }
        }
    }

    private void special(String word) {
        if (!special.isEmpty()) {
            throw refusal.syntax();
        }
        special = word;
    }

    private static boolean isWeekday(String word) {
        for (var weekday : WEEKDAYS) {
            if (word.equals(weekday)
                    || (weekday.length() > 5 && word.equals(weekday.substring(0, 3)))) {
                return true;
            }
        }
        return false;
    }

    private void setDay(LocalDate day) {
        date.set(day);
        timeMicros = Math.max(timeMicros, 0);
    }

    private void zone(String name) {
        if ((zone != null && !(zone instanceof ZoneOffset)) || name.isEmpty()) {
            throw refusal.syntax();
        }
        zone = TimeZones.byName(name).orElseThrow(() -> refusal.unknownZone(name));
    }

    private void startsWithSign() {
        boolean negative = peek() == '-';
        at++;
        if (isLetter(peek())) {
            int from = at;
            while (at < text.length() && isLetter(peek())) {
                at++;
            }
            var word = text.substring(from, at).toLowerCase(Locale.ROOT);
            if (!negative || !word.equals("infinity")) {
                throw refusal.syntax();
            }
            special("-infinity");
            return;
        }
        if (!isDigit(peek())) {
            throw refusal.syntax();
        }
        int seconds = offsetSeconds();
        zone = ZoneOffset.ofTotalSeconds(negative ? -seconds : seconds);
    }

    /** hh, hhmm, hh:mm or hh:mm:ss. */
    private int offsetSeconds() {
        int from = at;
        int hours = digits();
        int length = at - from;
        int minutes = 0;
        int seconds = 0;
        if (peek() == ':') {
            at++;
            minutes = digits();
            if (peek() == ':') {
                at++;
                seconds = digits();
            }
        } else if (length > 2) {
            minutes = hours % 100;
            hours = hours / 100;
        }
        if (hours > 15 || minutes > 59 || seconds > 59) {
            throw refusal.displacement();
        }
        return (hours * 60 + minutes) * 60 + seconds;
    }

    private void skipDigits() {
        while (at < text.length() && isDigit(peek())) {
            at++;
        }
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : '\0';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
}
