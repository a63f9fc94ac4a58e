package io.heliosdb.engine.function;

import io.heliosdb.engine.FunctionValues;

import org.h2.api.Aggregate;
import org.h2.value.Value;
import org.h2.value.ValueBigint;
import org.h2.value.ValueDouble;
import org.h2.value.ValueNull;
import org.h2.value.ValueReal;
import org.h2.value.ValueToObjectConverter;
import org.jspecify.annotations.Nullable;

import java.sql.Connection;

/**
 * Adds up values as PostgreSQL's sum and avg do, which differ from the store's in the types of
 * their results and in the digits of an average. Confined to one group of one statement.
 *
 * @see <a href="https://www.postgresql.org/docs/15/functions-aggregate.html">PostgreSQL: aggregate
 *     functions</a>
 */
public abstract sealed class Total implements Aggregate {
    /** The number of values that are not NULL. */
    long count;

    private final String name;
    private int kind;

    /** The sum so far; NULL before the first value. */
    Value sum = ValueNull.INSTANCE;

    Total(String name) {
        this.name = name;
    }

    @Override
    public void init(Connection connection) {}

    @Override
    public int getInternalType(int[] types) {
        int kind = types.length == 1 ? sumType(types[0]) : Value.UNKNOWN;
        if (kind == Value.UNKNOWN) {
            throw FunctionValues.undefinedFunction(name, types);
        }
        return resultType(kind, types[0]);
    }

    /** The type of the result. */
    abstract int resultType(int sumType, int type);

    @Override
    public void add(@Nullable Object given) {
        if (given == null) {
            return;
        }
        Value value = ValueToObjectConverter.objectToValue(null, given, Value.UNKNOWN);
        count++;
        if (count == 1) {
            kind = sumType(value.getValueType());
            sum = converted(value);
        } else {
            sum = kind == Value.NUMERIC ? numeric(value) : sum.add(converted(value));
        }
    }

    private Value numeric(Value value) {
        return FunctionValues.sum(sum, FunctionValues.numeric(value));
    }

    private Value converted(Value value) {
        return switch (kind) {
            case Value.BIGINT -> ValueBigint.get(value.getLong());
            case Value.NUMERIC -> FunctionValues.numeric(value);
            case Value.REAL -> ValueReal.get(value.getFloat());
            case Value.DOUBLE -> ValueDouble.get(value.getDouble());
            default -> value;
        };
    }

    private static int sumType(int type) {
        return switch (type) {
            case Value.TINYINT, Value.SMALLINT, Value.INTEGER -> Value.BIGINT;
            case Value.BIGINT, Value.NUMERIC -> Value.NUMERIC;
            case Value.REAL -> Value.REAL;
            case Value.DOUBLE, Value.DECFLOAT -> Value.DOUBLE;
            default -> FunctionValues.isInterval(type) ? type : Value.UNKNOWN;
        };
    }

    /** The aggregate sum. */
    public static final class Sum extends Total {
        /** For the store. */
        public Sum() {
            super("sum");
        }

        @Override
        int resultType(int sumType, int type) {
            return sumType;
        }

        @Override
        public Object getResult() {
            return sum;
        }
    }

    /** The aggregate avg. */
    public static final class Average extends Total {
        /** For the store. */
        public Average() {
            super("avg");
        }

        @Override
        int resultType(int sumType, int type) {
            return switch (sumType) {
                case Value.BIGINT -> Value.NUMERIC;
                case Value.REAL -> Value.DOUBLE;
                default -> sumType;
            };
        }

        @Override
        public Object getResult() {
            if (count == 0) {
                return sum;
            }
            return switch (sum.getValueType()) {
                case Value.BIGINT, Value.NUMERIC ->
                        FunctionValues.quotient(
                                FunctionValues.numeric(sum),
                                FunctionValues.numeric(ValueBigint.get(count)));
                case Value.REAL, Value.DOUBLE -> ValueDouble.get(sum.getDouble() / count);
                default -> FunctionValues.divided(sum, count);
            };
        }
    }
}
