package io.heliosdb.sql;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import java.math.BigDecimal;
import java.util.Locale;

/**
 * An interval constant such as {@code '1 day 02:03:04.5'} in the engine's words. The engine keeps
 * months and seconds in two types, so that one constant cannot hold both.
 *
 * @see <a
 *     href="https://www.postgresql.org/docs/15/datatype-datetime.html#DATATYPE-INTERVAL-INPUT">PostgreSQL:
 *     interval input</a>
 */
final class IntervalText {
    private static final BigDecimal MICROS = BigDecimal.valueOf(1_000_000);

    private final Tokens tokens;
    private final int token;
    private final String text;
    private BigDecimal months = BigDecimal.ZERO;
    private BigDecimal seconds = BigDecimal.ZERO;

    private IntervalText(Tokens tokens, int token, String text) {
        this.tokens = tokens;
        this.token = token;
        this.text = text;
    }

    /** The constant as an expression of one of the engine's interval types. */
    static String toEngine(Tokens tokens, int token, String text) {
        var reader = new IntervalText(tokens, token, text);
        reader.read();
        return reader.render();
    }

    private void read() {
        String[] words = text.strip().toLowerCase(Locale.ROOT).split("\\s+", -1);
        boolean any = false;
        int i = 0;
        while (i < words.length) {
            String word = words[i];
            if (word.equals("ago") && i == words.length - 1 && any) {
                months = months.negate();
                seconds = seconds.negate();
                return;
            }
            if (word.indexOf(':') > 0) {
                clock(word);
                i++;
            } else {
                int letters = firstLetter(word);
                if (letters > 0 && letters < word.length()) {
                    quantity(word.substring(0, letters), word.substring(letters));
                    i++;
                } else if (i + 1 < words.length && words[i + 1].indexOf(':') < 0) {
                    quantity(word, words[i + 1]);
                    i += 2;
                } else {
                    quantity(word, i + 1 < words.length ? "day" : "second");
                    i++;
                }
            }
            any = true;
        }
    }

    private static int firstLetter(String word) {
        for (int i = 0; i < word.length(); i++) {
            if (Character.isLetter(word.charAt(i))) {
                return i;
            }
        }
        return word.length();
    }

    private void clock(String word) {
        boolean negative = word.startsWith("-");
        String[] parts =
                (negative || word.startsWith("+") ? word.substring(1) : word).split(":", -1);
        if (parts.length > 3) {
            throw invalid();
        }
        BigDecimal total =
                number(parts[0])
                        .multiply(BigDecimal.valueOf(3600))
                        .add(number(parts[1]).multiply(BigDecimal.valueOf(60)));
        if (parts.length == 3) {
            total = total.add(number(parts[2]));
        }
        seconds = negative ? seconds.subtract(total) : seconds.add(total);
    }

    private void quantity(String amount, String unit) {
        BigDecimal value = number(amount);
        switch (unit) {
            case "microsecond", "microseconds", "us", "usec", "usecs" ->
                    addSeconds(value, new BigDecimal("0.000001"));
            case "millisecond", "milliseconds", "ms", "msec", "msecs" ->
                    addSeconds(value, new BigDecimal("0.001"));
            case "second", "seconds", "sec", "secs", "s" -> addSeconds(value, BigDecimal.ONE);
            case "minute", "minutes", "min", "mins", "m" ->
                    addSeconds(value, BigDecimal.valueOf(60));
            case "hour", "hours", "hr", "hrs", "h" -> addSeconds(value, BigDecimal.valueOf(3600));
            case "day", "days", "d" -> addSeconds(value, BigDecimal.valueOf(86_400));
            case "week", "weeks", "w" -> addSeconds(value, BigDecimal.valueOf(604_800));
            case "month", "months", "mon", "mons" -> months = months.add(value);
            case "year", "years", "yr", "yrs", "y" ->
                    months = months.add(value.multiply(BigDecimal.valueOf(12)));
            default -> throw invalid();
        }
    }

    private void addSeconds(BigDecimal value, BigDecimal unit) {
        seconds = seconds.add(value.multiply(unit));
    }

    private BigDecimal number(String digits) {
        if (digits.length() > 24 || digits.indexOf('e') >= 0) {
            throw invalid();
        }
        try {
            return new BigDecimal(digits);
        } catch (NumberFormatException e) {
            throw invalid();
        }
    }

    private String render() {
        if (months.signum() != 0) {
            if (seconds.signum() != 0 || months.stripTrailingZeros().scale() > 0) {
                throw tokens.error(
                        token,
                        SqlState.FEATURE_NOT_SUPPORTED,
                        "an interval of both months and days or hours is not supported");
            }
            return "INTERVAL '" + bounded(months).toBigInteger() + "' MONTH";
        }
        BigDecimal micros = seconds.multiply(MICROS);
        long total = bounded(micros).longValue();
        long magnitude = Math.abs(total);
        long day = magnitude / 86_400_000_000L;
        long rest = magnitude % 86_400_000_000L;
        return String.format(
                Locale.ROOT,
                "INTERVAL %s'%d %02d:%02d:%02d.%06d' DAY TO SECOND",
                total < 0 ? "-" : "",
                day,
                rest / 3_600_000_000L,
                rest / 60_000_000L % 60,
                rest / 1_000_000L % 60,
                rest % 1_000_000L);
    }

    private BigDecimal bounded(BigDecimal value) {
        if (value.abs().compareTo(BigDecimal.valueOf(1_000_000_000_000_000_000L)) > 0) {
            throw tokens.error(
                    token,
                    new SqlState("22008"),
                    "interval field value out of range: \"" + text + '"');
        }
        return value;
    }

    private PgException invalid() {
        return tokens.error(
                token,
                new SqlState("22007"),
                "invalid input syntax for type interval: \"" + text + '"');
    }
}
