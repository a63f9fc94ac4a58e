package io.heliosdb.engine.function;

import io.heliosdb.engine.FunctionValues;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.h2.value.Value;
import org.h2.value.ValueNull;
import org.h2.value.ValueNumeric;
import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;

/**
 * Functions of numbers that the store lacks, and those that make dates of numbers.
 *
 * @see <a href="https://www.postgresql.org/docs/15/functions-math.html">PostgreSQL: mathematical
 *     functions</a>
 */
public final class ArithmeticFunctions {
    private static final int FACTORIAL_MAX = 32_177;

    private ArithmeticFunctions() {}

    private static @Nullable BigDecimal number(Value value) {
        Value number = FunctionValues.numeric(value);
        return number.getValueType() == Value.NULL ? null : number.getBigDecimal();
    }

    /**
     * A quotient without its fraction.
     *
     * @param dividend a number
     * @param divisor a number
     * @return NULL for NULL
     * @throws PgException 22012
     */
    public static Value quotient(Value dividend, Value divisor) {
        BigDecimal number = number(dividend);
        BigDecimal by = number(divisor);
        if (number == null || by == null) {
            return ValueNull.INSTANCE;
        }
        if (by.signum() == 0) {
            throw new PgException(SqlState.DIVISION_BY_ZERO, "division by zero");
        }
        return ValueNumeric.getAnyScale(
                number.divideToIntegralValue(by).setScale(0, RoundingMode.DOWN));
    }

    /**
     * The third root.
     *
     * @param number a number
     * @return null for NULL
     */
    public static @Nullable Double cubeRoot(@Nullable Double number) {
        return number == null ? null : (Double) Math.cbrt(number);
    }

    /**
     * The greatest common divisor.
     *
     * @param left a number
     * @param right a number
     * @return null for NULL
     */
    public static @Nullable Integer commonDivisor(@Nullable Integer left, @Nullable Integer right) {
        return left == null || right == null
                ? null
                : (Integer) BigInteger.valueOf(left).gcd(BigInteger.valueOf(right)).intValueExact();
    }

    /**
     * The least common multiple.
     *
     * @param left a number
     * @param right a number
     * @return null for NULL
     * @throws PgException 22003
     */
    public static @Nullable Integer commonMultiple(
            @Nullable Integer left, @Nullable Integer right) {
        if (left == null || right == null) {
            return null;
        }
        if (left == 0 || right == 0) {
            return 0;
        }
        var divisor = BigInteger.valueOf(left).gcd(BigInteger.valueOf(right));
        var multiple =
                BigInteger.valueOf(left).divide(divisor).multiply(BigInteger.valueOf(right)).abs();
        if (multiple.bitLength() > 31) {
            throw new PgException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "integer out of range");
        }
        return multiple.intValue();
    }

    /**
     * The product of the numbers from 1.
     *
     * @param number the last of them
     * @return NULL for NULL
     * @throws PgException 22003
     */
    public static Value factorial(Value number) {
        if (number.getValueType() == Value.NULL) {
            return number;
        }
        long last = number.getLong();
        if (last < 0 || last > FACTORIAL_MAX) {
            throw new PgException(
                    SqlState.NUMERIC_VALUE_OUT_OF_RANGE,
                    last < 0
                            ? "factorial of a negative number is undefined"
                            : "value overflows numeric format");
        }
        BigInteger product = BigInteger.ONE;
        for (long i = 2; i <= last; i++) {
            product = product.multiply(BigInteger.valueOf(i));
        }
        return ValueNumeric.get(product);
    }

    /**
     * How many digits a number has after the point.
     *
     * @param value a number
     * @return null for NULL
     */
    public static @Nullable Integer scale(Value value) {
        BigDecimal number = number(value);
        return number == null ? null : (Integer) Math.max(number.scale(), 0);
    }

    /**
     * How many digits a number needs after the point.
     *
     * @param value a number
     * @return null for NULL
     */
    public static @Nullable Integer minScale(Value value) {
        BigDecimal number = number(value);
        return number == null ? null : (Integer) Math.max(number.stripTrailingZeros().scale(), 0);
    }

    /**
     * A number without the zeros at its end.
     *
     * @param value a number
     * @return NULL for NULL
     */
    public static Value trimScale(Value value) {
        BigDecimal number = number(value);
        if (number == null) {
            return ValueNull.INSTANCE;
        }
        BigDecimal trimmed = number.stripTrailingZeros();
        return ValueNumeric.get(trimmed.scale() < 0 ? trimmed.setScale(0) : trimmed);
    }

    /**
     * In which of equal parts of a range a number lies.
     *
     * @param number the number
     * @param low where the range begins
     * @param high where it ends
     * @param count how many parts it has
     * @return 0 below the range, and one more than the parts above it; null for NULL
     * @throws PgException 2201G
     */
    public static @Nullable Integer bucket(
            @Nullable Double number,
            @Nullable Double low,
            @Nullable Double high,
            @Nullable Integer count) {
        if (number == null || low == null || high == null || count == null) {
            return null;
        }
        if (count <= 0 || low.equals(high)) {
            throw new PgException(
                    new SqlState("2201G"),
                    count <= 0
                            ? "count must be greater than zero"
                            : "lower bound cannot equal upper bound");
        }
        double part = (number - low) / (high - low);
        return part < 0 ? 0 : part >= 1 ? count + 1 : (int) (part * count) + 1;
    }

    /**
     * How many of some values are NULL.
     *
     * @param values the values
     * @return the number
     */
    public static int nulls(Value... values) {
        int nulls = 0;
        for (Value value : values) {
            nulls += value.getValueType() == Value.NULL ? 1 : 0;
        }
        return nulls;
    }

    /**
     * How many of some values are not NULL.
     *
     * @param values the values
     * @return the number
     */
    public static int nonNulls(Value... values) {
        return values.length - nulls(values);
    }

    /**
     * A date.
     *
     * @param year its year
     * @param month from 1
     * @param day from 1
     * @return null for NULL
     * @throws PgException 22008
     */
    public static @Nullable LocalDate date(
            @Nullable Integer year, @Nullable Integer month, @Nullable Integer day) {
        if (year == null || month == null || day == null) {
            return null;
        }
        try {
            return LocalDate.of(year < 0 ? year + 1 : year, month, day);
        } catch (DateTimeException e) {
            throw new PgException(
                    new SqlState("22008"),
                    "date field value out of range: %d-%02d-%02d".formatted(year, month, day));
        }
    }

    /**
     * A time of day.
     *
     * @param hour from 0
     * @param minute from 0
     * @param second with its fraction
     * @return null for NULL
     * @throws PgException 22008
     */
    public static @Nullable LocalTime time(
            @Nullable Integer hour, @Nullable Integer minute, @Nullable Double second) {
        if (hour == null || minute == null || second == null) {
            return null;
        }
        try {
            long micros = Math.round(second * 1_000_000);
            return LocalTime.of(
                    hour,
                    minute,
                    Math.toIntExact(micros / 1_000_000),
                    Math.toIntExact(micros % 1_000_000) * 1_000);
        } catch (DateTimeException e) {
            throw new PgException(
                    new SqlState("22008"),
                    "time field value out of range: " + hour + ':' + minute + ':' + second);
        }
    }

    /**
     * A date with a time of day.
     *
     * @param year its year
     * @param month from 1
     * @param day from 1
     * @param hour from 0
     * @param minute from 0
     * @param second with its fraction
     * @return null for NULL
     * @throws PgException 22008
     */
    public static @Nullable LocalDateTime timestamp(
            @Nullable Integer year,
            @Nullable Integer month,
            @Nullable Integer day,
            @Nullable Integer hour,
            @Nullable Integer minute,
            @Nullable Double second) {
        LocalDate date = date(year, month, day);
        LocalTime time = time(hour, minute, second);
        return date == null || time == null ? null : date.atTime(time);
    }
}
