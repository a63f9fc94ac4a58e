package io.heliosdb.engine;

import io.heliosdb.pg.Column;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.type.PgType;

import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.h2.result.ResultInterface;
import org.h2.result.SimpleResult;
import org.h2.util.IntervalUtils;
import org.h2.value.TypeInfo;
import org.h2.value.Value;
import org.h2.value.ValueInterval;
import org.jspecify.annotations.Nullable;

import java.math.BigInteger;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;

/** What functions written in Java need to work with the store's values. */
public final class FunctionValues {
    private FunctionValues() {}

    /**
     * The store's session that calls a function.
     *
     * @param connection the function's first argument
     * @return the session
     */
    public static SessionLocal session(Connection connection) {
        return (SessionLocal) ((JdbcConnection) connection).getSession();
    }

    /**
     * A value as {@code pg.type} represents it.
     *
     * @param value the value
     * @param connection the caller's
     * @return null for NULL
     */
    public static @Nullable Object toJava(Value value, Connection connection) {
        return Values.toJava(value, session(connection));
    }

    /**
     * What {@code pg.type} represents so, as a value.
     *
     * @param object a value of {@code pg.type}, or null
     * @param connection the caller's
     * @return NULL for null
     */
    public static Value toValue(@Nullable Object object, Connection connection) {
        return Values.toValue(object, Value.UNKNOWN, session(connection));
    }

    /**
     * The type of a value.
     *
     * @param value the value
     * @return its oid
     */
    public static int oid(Value value) {
        return Types.computedOid(value.getType());
    }

    /**
     * A value as PostgreSQL prints it.
     *
     * @param value the value
     * @param connection the caller's
     * @return null for NULL
     */
    public static @Nullable String text(Value value, Connection connection) {
        int kind = value.getValueType();
        if (kind == Value.VARCHAR || kind == Value.CHAR) {
            return value.getString();
        }
        Object object = toJava(value, connection);
        return object == null || object instanceof String
                ? (String) object
                : PgType.of(oid(value)).toText(object);
    }

    /**
     * A JSON value that keeps its text.
     *
     * @param text the text, which is not checked
     * @return the value
     */
    public static Value json(String text) {
        return Values.uncheckedJson(text);
    }

    /**
     * A JSON value that keeps its text.
     *
     * @param text the text
     * @return the value
     * @throws PgException 22P02 for what is not JSON
     */
    public static Value checkedJson(String text) {
        return Values.json(text);
    }

    /**
     * A value as jsonb.
     *
     * @param value a text or a json
     * @return its normal form
     * @throws PgException 22P02 for what is not JSON
     */
    public static Value jsonb(Value value) {
        return Values.json(value, true);
    }

    /**
     * A value cast to numeric.
     *
     * @param value any value
     * @return NULL for NULL
     * @throws PgException 22P02, 22003, 42846
     */
    public static Value numeric(Value value) {
        return Numerics.cast(value);
    }

    /**
     * A value cast to numeric with a modifier.
     *
     * @param value any value
     * @param precision how many digits it may have
     * @param scale how many digits it has after the point
     * @return NULL for NULL
     * @throws PgException 22P02, 22003, 42846
     */
    public static Value numeric(Value value, int precision, int scale) {
        return Numerics.fitted(value, precision, scale);
    }

    /**
     * A quotient of numerics.
     *
     * @param dividend a numeric
     * @param divisor a numeric
     * @return with PostgreSQL's number of digits
     * @throws PgException 22012, 22003
     */
    public static Value quotient(Value dividend, Value divisor) {
        return Numerics.quotient(dividend, divisor);
    }

    /**
     * Whether a numeric is NaN or infinite.
     *
     * @param value a numeric
     * @return whether it is no number
     */
    public static boolean isSpecial(Value value) {
        return Numerics.toJava(value) instanceof Double;
    }

    /**
     * The error for an operator between values that it does not take.
     *
     * @param left the left operand
     * @param operator the operator
     * @param right the right operand
     * @return 42883 in PostgreSQL's words
     */
    public static PgException undefinedOperator(Value left, String operator, Value right) {
        return new PgException(
                        SqlState.UNDEFINED_FUNCTION,
                        "operator does not exist: "
                                + Types.name(left.getType())
                                + ' '
                                + operator
                                + ' '
                                + Types.name(right.getType()))
                .withHint(
                        "No operator matches the given name and argument types. You might need to"
                                + " add explicit type casts.");
    }

    /**
     * A sum of numerics.
     *
     * @param left a numeric
     * @param right a numeric
     * @return the sum, also of what are no numbers
     */
    public static Value sum(Value left, Value right) {
        return Numerics.sum(left, right);
    }

    /**
     * Whether values of a kind are intervals.
     *
     * @param kind the store's number of a type
     * @return whether they are
     */
    public static boolean isInterval(int kind) {
        return Types.isInterval(kind);
    }

    /**
     * A part of an interval.
     *
     * @param interval an interval
     * @param by into how many parts
     * @return one of them
     */
    public static Value divided(Value interval, long by) {
        return IntervalUtils.intervalFromAbsolute(
                ((ValueInterval) interval).getQualifier(),
                IntervalUtils.intervalToAbsolute((ValueInterval) interval)
                        .divide(BigInteger.valueOf(by)));
    }

    /**
     * The error for a call with arguments of types that no function of that name takes.
     *
     * @param name the function's name
     * @param kinds the store's numbers of the types
     * @return 42883 in PostgreSQL's words
     */
    public static PgException undefinedFunction(String name, int[] kinds) {
        List<String> types = new ArrayList<>();
        for (int kind : kinds) {
            types.add(Types.name(TypeInfo.getTypeInfo(kind)));
        }
        return SyntaxErrors.undefinedFunction(name, String.join(", ", types));
    }

    /**
     * The error for a call with arguments that no function of that name takes.
     *
     * @param name the function's name
     * @param arguments the arguments
     * @return 42883 in PostgreSQL's words
     */
    public static PgException undefinedFunction(String name, Value... arguments) {
        List<String> types = new ArrayList<>();
        for (Value argument : arguments) {
            int kind = argument.getValueType();
            types.add(
                    kind == Value.VARCHAR || kind == Value.CHAR
                            ? "unknown"
                            : Types.name(argument.getType()));
        }
        return SyntaxErrors.undefinedFunction(name, String.join(", ", types));
    }

    /**
     * A value for the store.
     *
     * @param value as {@code pg.type} represents it
     * @param oid its type
     * @param connection the caller's
     * @return the value
     */
    public static Value value(@Nullable Object value, int oid, Connection connection) {
        int target = Types.info(oid).getValueType();
        return Values.toValue(value, target, session(connection));
    }

    /**
     * The result of a function that gives rows.
     *
     * @param columns the columns
     * @param rows their values, as {@code pg.type} represents them
     * @param connection the caller's
     * @return the result
     */
    public static ResultInterface rows(
            List<Column> columns, List<@Nullable Object[]> rows, Connection connection) {
        var result = new SimpleResult();
        for (Column column : columns) {
            result.addColumn(column.name(), Types.info(column.typeOid()));
        }
        for (var row : rows) {
            var values = new Value[columns.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = value(row[i], columns.get(i).typeOid(), connection);
            }
            result.addRow(values);
        }
        return result;
    }
}
