package io.heliosdb.engine;

import io.heliosdb.pg.Oid;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.type.PgType;

import org.h2.value.TypeInfo;
import org.h2.value.Value;
import org.h2.value.ValueJson;
import org.h2.value.ValueNumeric;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * PostgreSQL's numeric in the store's terms.
 *
 * <p>The store has two types for it. DECFLOAT has NaN and the infinities, but strips the zeros of
 * each value, so that 9.50 is lost. NUMERIC keeps the scale that a value has through {@code +},
 * {@code -}, {@code *} and the disk, and by PostgreSQL's rules, but gives each value the scale of
 * its column or cast. So numeric is NUMERIC here, in a mode that never adds zeros: without a
 * modifier the column's scale is one that no value reaches. A column with a modifier gets its zeros
 * in {@link #assigned}, and a cast in {@link #fitted}. The values that are no numbers stand as
 * numbers beyond every other, in PostgreSQL's order, so that they are stored, compared and sorted
 * as any; arithmetic that leads past the largest number is refused when it is read.
 *
 * @see <a href="https://www.postgresql.org/docs/15/datatype-numeric.html#DATATYPE-NUMERIC-DECIMAL">
 *     PostgreSQL: arbitrary precision numbers</a>
 */
final class Numerics {
    /** The type of a numeric without a modifier. */
    static final TypeInfo UNBOUNDED = TypeInfo.TYPE_NUMERIC_FLOATING_POINT;

    static final int WHOLE_DIGITS_MAX = 20_000;

    private static final int PRECISION_MAX = 1_000;
    private static final int SCALE_MAX = 1_000;

    /** PostgreSQL computes quotients to at least as many significant digits. */
    private static final int QUOTIENT_DIGITS_MIN = 16;

    /** PostgreSQL keeps numbers in digits of base 10,000. */
    private static final int DIGITS = 4;

    private static final ValueNumeric INFINITY = beyond(2);
    private static final ValueNumeric MINUS_INFINITY = (ValueNumeric) INFINITY.negate();
    private static final ValueNumeric NAN = beyond(3);

    private Numerics() {}

    private static ValueNumeric beyond(int digits) {
        return ValueNumeric.get(BigInteger.TEN.pow(WHOLE_DIGITS_MAX + digits - 1));
    }

    /** Whether a type is numeric without a modifier. */
    static boolean isUnbounded(TypeInfo type) {
        return type.getPrecision() > PRECISION_MAX;
    }

    /** A number as {@code pg.type} has it; a Double for what is none. */
    static Object toJava(Value value) {
        BigDecimal number = value.getBigDecimal();
        if (number.precision() - number.scale() <= WHOLE_DIGITS_MAX) {
            return number;
        }
        return special(number);
    }

    private static Double special(BigDecimal number) {
        if (number.compareTo(NAN.getBigDecimal()) == 0) {
            return Double.NaN;
        }
        if (number.compareTo(INFINITY.getBigDecimal()) == 0) {
            return Double.POSITIVE_INFINITY;
        }
        if (number.compareTo(MINUS_INFINITY.getBigDecimal()) == 0) {
            return Double.NEGATIVE_INFINITY;
        }
        throw overflow();
    }

    /** A number that {@code pg.type} has read. */
    static Value of(Object number) {
        return switch (number) {
            case BigDecimal decimal -> {
                if (decimal.precision() - decimal.scale() > WHOLE_DIGITS_MAX) {
                    throw overflow();
                }
                yield ValueNumeric.getAnyScale(decimal);
            }
            case Double special when special.isNaN() -> NAN;
            case Double special -> special > 0 ? INFINITY : MINUS_INFINITY;
            default -> throw new IllegalStateException("numeric as " + number.getClass());
        };
    }

    /** Any value as numeric, as a cast of it would be. */
    static Value cast(Value value) {
        return switch (value.getValueType()) {
            case Value.NULL, Value.NUMERIC -> value;
            case Value.TINYINT, Value.SMALLINT, Value.INTEGER, Value.BIGINT ->
                    ValueNumeric.get(BigInteger.valueOf(value.getLong()));
            case Value.REAL -> ofReal(value.getFloat(), 6);
            case Value.DOUBLE, Value.DECFLOAT -> ofReal(value.getDouble(), 15);
            case Value.CHAR, Value.VARCHAR, Value.CLOB, Value.VARCHAR_IGNORECASE, Value.JSON ->
                    of(PgType.of(Oid.NUMERIC).decodeText(text(value)));
            default ->
                    throw new PgException(
                            new SqlState("42846"),
                            "cannot cast type " + Types.name(value.getType()) + " to numeric");
        };
    }

    private static String text(Value value) {
        return value instanceof ValueJson json
                ? Values.text(json)
                : String.valueOf(value.getString());
    }

    /** PostgreSQL takes as many digits of a floating-point number as it is sure of. */
    private static Value ofReal(double real, int digits) {
        if (!Double.isFinite(real)) {
            return of(real);
        }
        BigDecimal number =
                new BigDecimal(real)
                        .round(new MathContext(digits, RoundingMode.HALF_EVEN))
                        .stripTrailingZeros();
        return ValueNumeric.getAnyScale(number.signum() == 0 ? BigDecimal.ZERO : number);
    }

    /** A value as numeric with a modifier. */
    static Value fitted(Value value, int precision, int scale) {
        Value number = cast(value);
        if (number.getValueType() == Value.NULL) {
            return number;
        }
        if (toJava(number) instanceof Double special) {
            if (special.isNaN()) {
                return number;
            }
            throw fieldOverflow(
                    "A field with precision "
                            + precision
                            + ", scale "
                            + scale
                            + " cannot hold an infinite value.");
        }
        BigDecimal decimal = number.getBigDecimal().setScale(scale, RoundingMode.HALF_UP);
        if (decimal.precision() > precision && decimal.signum() != 0) {
            int whole = precision - scale;
            throw fieldOverflow(
                    "A field with precision "
                            + precision
                            + ", scale "
                            + scale
                            + " must round to an absolute value less than "
                            + (whole == 0 ? "1" : "10^" + whole)
                            + ".");
        }
        return ValueNumeric.get(decimal);
    }

    /** A value as a numeric column takes it. */
    static Value assigned(Value value, TypeInfo type) {
        return isUnbounded(type)
                ? cast(value)
                : fitted(value, (int) type.getPrecision(), type.getScale());
    }

    /** A sum of two numerics. */
    static Value sum(Value left, Value right) {
        if (toJava(left) instanceof Double || toJava(right) instanceof Double) {
            return of(real(left) + real(right));
        }
        return left.add(right);
    }

    /** What is no number as itself, and zero for any number. */
    private static double real(Value value) {
        return toJava(value) instanceof Double special ? special : 0;
    }

    /** A quotient of two numerics. */
    static Value quotient(Value dividend, Value divisor) {
        if (toJava(dividend) instanceof Double || toJava(divisor) instanceof Double) {
            return specialQuotient(toJava(dividend), toJava(divisor));
        }
        BigDecimal by = divisor.getBigDecimal();
        if (by.signum() == 0) {
            throw divisionByZero();
        }
        BigDecimal number = dividend.getBigDecimal();
        return ValueNumeric.get(number.divide(by, quotientScale(number, by), RoundingMode.HALF_UP));
    }

    private static Value specialQuotient(Object dividend, Object divisor) {
        if (divisor instanceof Double by) {
            boolean isZero = !by.isNaN() && dividend instanceof BigDecimal;
            return isZero ? ValueNumeric.ZERO : NAN;
        }
        int sign = ((BigDecimal) divisor).signum();
        Double special = (Double) dividend;
        if (special.isNaN()) {
            return NAN;
        }
        if (sign == 0) {
            throw divisionByZero();
        }
        return of(special * sign);
    }

    /** The digits after the point of a quotient, as PostgreSQL's select_div_scale has them. */
    private static int quotientScale(BigDecimal dividend, BigDecimal divisor) {
        int weight = weight(dividend) - weight(divisor);
        if (firstDigit(dividend) <= firstDigit(divisor)) {
            weight--;
        }
        int scale = QUOTIENT_DIGITS_MIN - weight * DIGITS;
        scale = Math.max(scale, Math.max(dividend.scale(), divisor.scale()));
        return Math.clamp(scale, 0, SCALE_MAX);
    }

    private static int weight(BigDecimal number) {
        return number.signum() == 0
                ? 0
                : Math.floorDiv(number.precision() - number.scale() - 1, DIGITS);
    }

    private static int firstDigit(BigDecimal number) {
        return number.abs().movePointLeft(DIGITS * weight(number)).intValue();
    }

    private static PgException divisionByZero() {
        return new PgException(SqlState.DIVISION_BY_ZERO, "division by zero");
    }

    private static PgException overflow() {
        return new PgException(
                SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "value overflows numeric format");
    }

    private static PgException fieldOverflow(String detail) {
        return new PgException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "numeric field overflow")
                .withDetail(detail);
    }
}
