package io.heliosdb.pg.type;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Floating-point numbers as PostgreSQL prints and reads them: the shortest digits that read back
 * the same, plain from 1e-4 up to as many digits as the type holds for sure, else with an exponent
 * of at least two digits.
 */
final class FloatText {
    private static final int FLOAT8_DIGITS = 15;
    private static final int FLOAT4_DIGITS = 6;
    private static final Pattern NUMBER =
            Pattern.compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?");

    private FloatText() {}

    static void put(double value, int extraDigits, ByteSink out) {
        if (!putSpecial(value, out)) {
            if (extraDigits > 0) {
                putDigits(shortest(value), FLOAT8_DIGITS, out);
            } else {
                int digits = Math.max(FLOAT8_DIGITS + extraDigits, 1);
                putDigits(rounded(value, digits), digits, out);
            }
        }
    }

    static void put(float value, int extraDigits, ByteSink out) {
        if (!putSpecial(value, out)) {
            if (extraDigits > 0) {
                putDigits(shortest(value), FLOAT4_DIGITS, out);
            } else {
                int digits = Math.max(FLOAT4_DIGITS + extraDigits, 1);
                putDigits(rounded(value, digits), digits, out);
            }
        }
    }

    /** Writes what has no digits, and the sign of what has. */
    private static boolean putSpecial(double value, ByteSink out) {
        if (Double.isNaN(value)) {
            out.putUtf8("NaN");
            return true;
        }
        if (value < 0 || (value == 0 && 1 / value < 0)) {
            out.putByte('-');
        }
        if (Double.isInfinite(value)) {
            out.putUtf8("Infinity");
            return true;
        }
        if (value == 0) {
            out.putByte('0');
            return true;
        }
        return false;
    }

    /** Its lower neighbour is nearer than its upper one, which Java's digits do not make use of. */
    private static boolean isPowerOfTwo(double positive) {
        return (Double.doubleToLongBits(positive) & 0xF_FFFF_FFFF_FFFFL) == 0;
    }

    /**
     * The fewest digits strictly nearer to this number than to any other. Java's shortest may have
     * one digit too many, since it prints two at least, or lie halfway to the next number.
     */
    private static BigDecimal shortest(double value) {
        double positive = Math.abs(value);
        var digits = new BigDecimal(Double.toString(positive)).stripTrailingZeros();
        if (digits.precision() == 2 || (digits.precision() > 2 && isPowerOfTwo(positive))) {
            var fewer =
                    digits.round(new MathContext(digits.precision() - 1, RoundingMode.HALF_EVEN));
            if (fewer.doubleValue() == positive) {
                digits = fewer;
            }
        }
        // Below this a number halfway between two has more digits than are ever printed.
        if (positive < 0x1p53) {
            return digits;
        }
        var exact = new BigDecimal(positive);
        if (!isHalfway(digits, exact, Math.nextUp(positive), Math.nextDown(positive))) {
            return digits;
        }
        int precision = digits.precision();
        var longer = digits;
        while (longer.compareTo(digits) == 0 || longer.doubleValue() != positive) {
            longer = rounded(positive, ++precision);
        }
        return longer;
    }

    private static BigDecimal shortest(float value) {
        float positive = Math.abs(value);
        var digits = new BigDecimal(Float.toString(positive)).stripTrailingZeros();
        if (digits.precision() == 2) {
            var one = digits.round(new MathContext(1, RoundingMode.HALF_EVEN));
            if (one.floatValue() == positive) {
                digits = one;
            }
        }
        if (positive < 0x1p22f) {
            return digits;
        }
        var exact = new BigDecimal(positive);
        if (!isHalfway(digits, exact, Math.nextUp(positive), Math.nextDown(positive))) {
            return digits;
        }
        int precision = digits.precision();
        var longer = digits;
        while (longer.compareTo(digits) == 0 || longer.floatValue() != positive) {
            longer = rounded(positive, ++precision);
        }
        return longer;
    }

    /** Whether digits lie in the middle between a number and its neighbour on their side. */
    private static boolean isHalfway(BigDecimal digits, BigDecimal exact, double up, double down) {
        double next = digits.compareTo(exact) > 0 ? up : down;
        return !Double.isInfinite(next)
                && digits.subtract(exact)
                                .multiply(BigDecimal.TWO)
                                .compareTo(new BigDecimal(next).subtract(exact))
                        == 0;
    }

    private static BigDecimal rounded(double value, int digits) {
        return new BigDecimal(Math.abs(value))
                .round(new MathContext(digits, RoundingMode.HALF_EVEN))
                .stripTrailingZeros();
    }

    private static void putDigits(BigDecimal value, int plainDigits, ByteSink out) {
        var digits = value.unscaledValue().toString();
        int exponent = digits.length() - 1 - value.scale();
        if (exponent < -4 || exponent >= plainDigits) {
            putScientific(digits, exponent, out);
        } else if (exponent < 0) {
            out.putUtf8("0.");
            putZeros(-exponent - 1, out);
            out.putUtf8(digits);
        } else if (digits.length() <= exponent + 1) {
            out.putUtf8(digits);
            putZeros(exponent + 1 - digits.length(), out);
        } else {
            out.putUtf8(digits.substring(0, exponent + 1));
            out.putByte('.');
            out.putUtf8(digits.substring(exponent + 1));
        }
    }

    private static void putScientific(String digits, int exponent, ByteSink out) {
        out.putByte(digits.charAt(0));
        if (digits.length() > 1) {
            out.putByte('.');
            out.putUtf8(digits.substring(1));
        }
        out.putByte('e');
        out.putByte(exponent < 0 ? '-' : '+');
        out.putDigits(Math.abs(exponent), 2);
    }

    private static void putZeros(int count, ByteSink out) {
        for (int i = 0; i < count; i++) {
            out.putByte('0');
        }
    }

    static double parseDouble(String text, String typeName) {
        var number = Blank.strip(text);
        if (!NUMBER.matcher(number).matches()) {
            return special(number, text, typeName);
        }
        double value = Double.parseDouble(number);
        if (Double.isInfinite(value) || (value == 0 && hasDigit(number))) {
            throw outOfRange(number, typeName);
        }
        return value;
    }

    static float parseFloat(String text) {
        var number = Blank.strip(text);
        if (!NUMBER.matcher(number).matches()) {
            return (float) special(number, text, "real");
        }
        float value = Float.parseFloat(number);
        if (Float.isInfinite(value) || (value == 0 && hasDigit(number))) {
            throw outOfRange(number, "real");
        }
        return value;
    }

    private static double special(String word, String text, String typeName) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "nan" -> Double.NaN;
            case "infinity", "+infinity", "inf", "+inf" -> Double.POSITIVE_INFINITY;
            case "-infinity", "-inf" -> Double.NEGATIVE_INFINITY;
            default -> throw Refusal.syntax(typeName, text);
        };
    }

    /** Whether the mantissa is not zero, so that a value of zero is an underflow. */
    private static boolean hasDigit(String number) {
        for (int i = 0; i < number.length(); i++) {
            char c = number.charAt(i);
            if (c == 'e' || c == 'E') {
                return false;
            }
            if (c >= '1' && c <= '9') {
                return true;
            }
        }
        return false;
    }

    private static PgException outOfRange(String number, String typeName) {
        return new PgException(
                SqlState.NUMERIC_VALUE_OUT_OF_RANGE,
                '"' + number + "\" is out of range for type " + typeName);
    }
}
