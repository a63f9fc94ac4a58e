package io.heliosdb.pg.type;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * numeric: plain digits; binary is {@code int16 digits, int16 weight, int16 sign, int16 scale} and
 * the digits in base 10,000, most significant first. What is no number is a Double.
 */
final class NumericCodec implements Codec {
    private static final int SCALE_MAX = 16383;
    private static final int WHOLE_DIGITS_MAX = 131_072;
    private static final int NEGATIVE = 0x4000;
    private static final int NAN = 0xC000;
    private static final int POSITIVE_INFINITY = 0xD000;
    private static final int NEGATIVE_INFINITY = 0xF000;
    private static final BigInteger BASE = BigInteger.valueOf(10_000);
    private static final Pattern NUMBER =
            Pattern.compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?");

    @Override
    public void encodeText(Object value, TextStyle style, ByteSink out) {
        switch (number(value)) {
            case BigDecimal decimal -> putPlain(decimal, out);
            case Double special -> FloatText.put(special, 1, out);
            default -> throw Refusal.javaClass("numeric", value);
        }
    }

    private static void putPlain(BigDecimal decimal, ByteSink out) {
        if (decimal.scale() == 0 && decimal.precision() <= 18) {
            out.putDecimal(decimal.longValue());
        } else {
            out.putUtf8(decimal.toPlainString());
        }
    }

    /** The value as a BigDecimal, or as the Double that is not a number. */
    private static Object number(Object value) {
        return switch (value) {
            case BigDecimal decimal -> decimal;
            case BigInteger big -> new BigDecimal(big);
            case Double real -> Double.isFinite(real) ? ofReal(real.toString()) : real;
            case Float real ->
                    Float.isFinite(real) ? ofReal(real.toString()) : (Object) real.doubleValue();
            case Number whole -> BigDecimal.valueOf(whole.longValue());
            case CharSequence text -> parse(text.toString());
            default -> throw Refusal.javaClass("numeric", value);
        };
    }

    private static BigDecimal ofReal(String text) {
        var decimal = new BigDecimal(text).stripTrailingZeros();
        return decimal.scale() < 0 ? decimal.setScale(0) : decimal;
    }

    @Override
    public Object decodeText(String text, TextStyle style) {
        return parse(text);
    }

    private static Object parse(String text) {
        var number = Blank.strip(text);
        if (!NUMBER.matcher(number).matches()) {
            return special(number, text);
        }
        int exponent = Math.max(number.indexOf('e'), number.indexOf('E'));
        // Java's own limit on the exponent is far beyond ours; its exception says nothing.
        if (exponent > 0 && number.length() - exponent > 11) {
            throw overflow();
        }
        BigDecimal decimal;
        try {
            decimal = new BigDecimal(number);
        } catch (NumberFormatException e) {
            throw Refusal.because(overflow(), e);
        }
        return bounded(decimal);
    }

    private static BigDecimal bounded(BigDecimal decimal) {
        if (decimal.signum() == 0 && decimal.scale() < 0) {
            return BigDecimal.ZERO;
        }
        long wholeDigits = (long) decimal.precision() - decimal.scale();
        if (decimal.scale() > SCALE_MAX || wholeDigits > WHOLE_DIGITS_MAX) {
            throw overflow();
        }
        return decimal.scale() < 0 ? decimal.setScale(0) : decimal;
    }

    private static Object special(String word, String text) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "nan" -> Double.NaN;
            case "infinity", "+infinity", "inf", "+inf" -> Double.POSITIVE_INFINITY;
            case "-infinity", "-inf" -> Double.NEGATIVE_INFINITY;
            default -> throw Refusal.syntax("numeric", text);
        };
    }

    private static PgException overflow() {
        return new PgException(
                SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "value overflows numeric format");
    }

    @Override
    public void encodeBinary(Object value, ByteSink out) {
        switch (number(value)) {
            case BigDecimal decimal -> putDigits(bounded(decimal), out);
            case Double special -> putSpecial(special, out);
            default -> throw Refusal.javaClass("numeric", value);
        }
    }

    private static void putSpecial(double special, ByteSink out) {
        int sign =
                Double.isNaN(special) ? NAN : special > 0 ? POSITIVE_INFINITY : NEGATIVE_INFINITY;
        putHeader(0, 0, sign, special > 0 || special < 0 ? 0x20 : 0, out);
    }

    private static void putHeader(int digits, int weight, int sign, int scale, ByteSink out) {
        out.putShort(digits);
        out.putShort(weight);
        out.putShort(sign);
        out.putShort(scale);
    }

    private static void putDigits(BigDecimal decimal, ByteSink out) {
        int scale = decimal.scale();
        int sign = decimal.signum() < 0 ? NEGATIVE : 0;
        // The point falls between two digits of base 10,000 once the scale is a multiple of four.
        int groupsAfterPoint = (scale + 3) / 4;
        var digits = base10000(decimal.unscaledValue().abs(), groupsAfterPoint * 4 - scale);
        int first = 0;
        while (first < digits.length && digits[first] == 0) {
            first++;
        }
        int last = digits.length;
        while (last > first && digits[last - 1] == 0) {
            last--;
        }
        int weight = last == first ? 0 : digits.length - first - groupsAfterPoint - 1;
        putHeader(last - first, weight, sign, scale, out);
        for (int i = first; i < last; i++) {
            out.putShort(digits[i]);
        }
    }

    private static short[] base10000(BigInteger unscaled, int zeros) {
        var text = unscaled.signum() == 0 ? "" : unscaled + "0".repeat(zeros);
        var digits = new short[(text.length() + 3) / 4];
        for (int i = digits.length - 1, end = text.length(); i >= 0; i--, end -= 4) {
            digits[i] = Short.parseShort(text.substring(Math.max(end - 4, 0), end));
        }
        return digits;
    }

    @Override
    public Object decodeBinary(ByteBuffer in) {
        int count = in.getShort() & 0xffff;
        int weight = in.getShort();
        int sign = in.getShort() & 0xffff;
        if (sign != 0
                && sign != NEGATIVE
                && sign != NAN
                && sign != POSITIVE_INFINITY
                && sign != NEGATIVE_INFINITY) {
            throw Refusal.binary("invalid sign in external \"numeric\" value");
        }
        int scale = in.getShort() & 0xffff;
        if (scale > SCALE_MAX) {
            throw Refusal.binary("invalid scale in external \"numeric\" value");
        }
        var unscaled = digits(count, in);
        return switch (sign) {
            case NAN -> Double.NaN;
            case POSITIVE_INFINITY -> Double.POSITIVE_INFINITY;
            case NEGATIVE_INFINITY -> Double.NEGATIVE_INFINITY;
            default -> {
                var value = new BigDecimal(unscaled, (count - 1 - weight) * 4);
                value = value.setScale(scale, RoundingMode.DOWN);
                yield sign == NEGATIVE ? value.negate() : value;
            }
        };
    }

    private static BigInteger digits(int count, ByteBuffer in) {
        if (in.remaining() < count * 2) {
            throw Refusal.truncated();
        }
        if (count <= 4) {
            long value = 0;
            for (int i = 0; i < count; i++) {
                value = value * 10_000 + digit(in);
            }
            return BigInteger.valueOf(value);
        }
        var text = new StringBuilder(count * 4);
        for (int i = 0; i < count; i++) {
            text.append(Integer.toString(10_000 + digit(in)), 1, 5);
        }
        return new BigInteger(text.toString());
    }

    private static int digit(ByteBuffer in) {
        int digit = in.getShort();
        if (digit < 0 || digit >= BASE.intValue()) {
            throw Refusal.binary("invalid digit in external \"numeric\" value");
        }
        return digit;
    }
}
