package io.heliosdb.engine.function;

import io.heliosdb.engine.FunctionValues;

import org.h2.value.Value;
import org.h2.value.ValueDouble;
import org.h2.value.ValueInteger;
import org.h2.value.ValueNull;
import org.h2.value.ValueNumeric;
import org.h2.value.ValueReal;
import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Numbers by PostgreSQL's rules, where the store has others.
 *
 * @see <a href="https://www.postgresql.org/docs/15/functions-math.html">PostgreSQL: mathematical
 *     functions</a>
 */
public final class NumericFunctions {
    private NumericFunctions() {}

    /**
     * A cast to numeric.
     *
     * @param value any value
     * @return NULL for NULL
     */
    public static Value numeric(Value value) {
        return FunctionValues.numeric(value);
    }

    /**
     * A cast to numeric with a modifier.
     *
     * @param value any value
     * @param precision how many digits it may have
     * @param scale how many digits it has after the point
     * @return NULL for NULL
     */
    public static Value numeric(Value value, int precision, int scale) {
        return FunctionValues.numeric(value, precision, scale);
    }

    /**
     * A quotient: of integers without its fraction, of numerics with as many digits as PostgreSQL
     * gives it.
     *
     * @param dividend a value
     * @param divisor a value
     * @return NULL where one is NULL or no number, so that the store's own division has its turn
     */
    public static Value quotient(Value dividend, Value divisor) {
        int left = kind(dividend);
        int right = kind(divisor);
        int kind = Math.max(left, right);
        if (left == 0 || right == 0) {
            return ValueNull.INSTANCE;
        }
        return switch (kind) {
            case Value.DOUBLE, Value.REAL -> {
                boolean real = left == Value.REAL && right == Value.REAL;
                Value by = real ? divisor : ValueDouble.get(divisor.getDouble());
                Value number = real ? dividend : ValueDouble.get(dividend.getDouble());
                yield number.divide(by, by.getType());
            }
            case Value.NUMERIC ->
                    FunctionValues.quotient(
                            FunctionValues.numeric(dividend), FunctionValues.numeric(divisor));
            case Value.BIGINT -> {
                Value by = divisor.convertToBigint(null);
                yield dividend.convertToBigint(null).divide(by, by.getType());
            }
            default -> {
                Value by = divisor.convertToInt(null);
                yield dividend.convertToInt(null).divide(by, by.getType());
            }
        };
    }

    /** The kind of a number, higher for one that takes the other into its kind; 0 for none. */
    private static int kind(Value value) {
        return switch (value.getValueType()) {
            case Value.TINYINT, Value.SMALLINT -> Value.SMALLINT;
            case Value.INTEGER -> Value.INTEGER;
            case Value.BIGINT -> Value.BIGINT;
            case Value.NUMERIC -> Value.NUMERIC;
            case Value.REAL -> Value.REAL;
            case Value.DOUBLE, Value.DECFLOAT -> Value.DOUBLE;
            default -> 0;
        };
    }

    /**
     * A remainder, with the sign of the dividend.
     *
     * @param dividend a value
     * @param divisor a value
     * @return NULL where one is NULL or no number
     */
    public static Value remainder(Value dividend, Value divisor) {
        int kind = Math.max(kind(dividend), kind(divisor));
        if (kind(dividend) == 0 || kind(divisor) == 0) {
            return ValueNull.INSTANCE;
        }
        return switch (kind) {
            case Value.NUMERIC ->
                    FunctionValues.numeric(dividend).modulus(FunctionValues.numeric(divisor));
            case Value.BIGINT ->
                    dividend.convertToBigint(null).modulus(divisor.convertToBigint(null));
            case Value.DOUBLE, Value.REAL ->
                    throw FunctionValues.undefinedOperator(dividend, "%", divisor);
            default -> dividend.convertToInt(null).modulus(divisor.convertToInt(null));
        };
    }

    /**
     * The nearest whole number: of numerics the one away from zero where two are equally near, of
     * others the even one.
     *
     * @param value a number
     * @return NULL for NULL
     */
    public static Value round(Value value) {
        return switch (kind(value)) {
            case Value.NUMERIC -> scaled(value, 0, RoundingMode.HALF_UP);
            case Value.DOUBLE -> ValueDouble.get(Math.rint(value.getDouble()));
            case Value.REAL -> ValueReal.get((float) Math.rint(value.getFloat()));
            default -> value;
        };
    }

    /**
     * A numeric rounded.
     *
     * @param value a number
     * @param digits how many digits to keep after the point
     * @return NULL for NULL
     */
    public static Value round(Value value, @Nullable Integer digits) {
        return scaled(value, digits, RoundingMode.HALF_UP);
    }

    /**
     * A number without its fraction.
     *
     * @param value a number
     * @return NULL for NULL
     */
    public static Value trunc(Value value) {
        return switch (kind(value)) {
            case Value.NUMERIC -> scaled(value, 0, RoundingMode.DOWN);
            case Value.DOUBLE, Value.REAL -> {
                double real = value.getDouble();
                yield ValueDouble.get(real < 0 ? Math.ceil(real) : Math.floor(real));
            }
            default -> value;
        };
    }

    /**
     * A numeric cut off.
     *
     * @param value a number
     * @param digits how many digits to keep after the point
     * @return NULL for NULL
     */
    public static Value trunc(Value value, @Nullable Integer digits) {
        return scaled(value, digits, RoundingMode.DOWN);
    }

    /**
     * -1, 0 or 1.
     *
     * @param value a number
     * @return NULL for NULL
     */
    public static Value sign(Value value) {
        return kind(value) == 0 ? ValueNull.INSTANCE : ValueInteger.get(value.getSignum());
    }

    private static Value scaled(Value value, @Nullable Integer digits, RoundingMode mode) {
        Value number = FunctionValues.numeric(value);
        if (number.getValueType() == Value.NULL || digits == null) {
            return ValueNull.INSTANCE;
        }
        if (FunctionValues.isSpecial(number)) {
            return number;
        }
        BigDecimal rounded = number.getBigDecimal().setScale(Math.clamp(digits, -2000, 2000), mode);
        return ValueNumeric.getAnyScale(rounded);
    }
}
