package io.heliosdb.sql;

import io.heliosdb.pg.Oid;
import io.heliosdb.sql.Expression.Form;
import io.heliosdb.sql.Facts.Place;

import org.jspecify.annotations.Nullable;

/**
 * The types of sums, differences, products and quotients, as far as the statement says those of the
 * operands.
 *
 * @see <a href="https://www.postgresql.org/docs/15/typeconv-oper.html">PostgreSQL: operator type
 *     resolution</a>
 */
final class Arithmetic {
    private Arithmetic() {}

    /**
     * Gives a parameter the type of the other operand, if that is a number.
     *
     * @return the type of the result where it is known
     */
    static @Nullable SqlType infer(Facts facts, Expression left, Expression right) {
        declare(facts, left, right);
        declare(facts, right, left);
        SqlType first = left.is(Form.PARAMETER) ? right.type() : left.type();
        SqlType second = right.is(Form.PARAMETER) ? left.type() : right.type();
        if (first == null || second == null) {
            return null;
        }
        int rank = Math.max(rank(first), rank(second));
        boolean numbers = rank(first) > 0 && rank(second) > 0;
        return numbers ? (rank(first) == rank ? plain(first) : plain(second)) : null;
    }

    private static void declare(Facts facts, Expression parameter, Expression other) {
        SqlType type = other.type();
        if (parameter.is(Form.PARAMETER) && type != null && rank(type) > 0) {
            facts.declare(parameter.from(), Place.EXPRESSION, type.oid());
        } else if (other.is(Form.COLUMN)) {
            facts.like(parameter, other);
        }
    }

    /**
     * Differences of dates are days, and a date with an interval is a timestamp.
     *
     * @return the type of the result; null where it is none of these
     */
    static @Nullable SqlType inferTime(
            Grammar grammar, Expression left, int mark, Expression right) {
        String operator = grammar.tokens.texts[mark];
        int first = left.type() == null ? 0 : left.type().oid();
        int second = right.type() == null ? 0 : right.type().oid();
        boolean isDifference = operator.equals("-");
        boolean isMoment = first == Oid.TIMESTAMP || first == Oid.TIMESTAMPTZ || first == Oid.DATE;
        if (isDifference && isMoment && right.is(Form.PARAMETER) && first != Oid.DATE) {
            grammar.facts.declare(right.from(), Place.EXPRESSION, first);
            return SqlType.named("interval");
        }
        if (isDifference && first == Oid.DATE && second == Oid.DATE) {
            grammar.edits.before(left.from(), "helios_days(");
            grammar.edits.replace(mark, ",");
            grammar.edits.after(right.to() - 1, ")");
            return SqlType.INT4;
        }
        boolean isSum = isDifference || operator.equals("+");
        if (isSum && first == Oid.DATE && second == Oid.INTERVAL) {
            grammar.edits.wrap(left.from(), left.to(), "CAST(", " AS TIMESTAMP(6))");
            return SqlType.named("timestamp");
        }
        return null;
    }

    /** Whether both are integers, of which the engine has PostgreSQL's quotient. */
    static boolean isInteger(Expression left, Expression right) {
        return isInteger(left.type()) && isInteger(right.type());
    }

    private static boolean isInteger(@Nullable SqlType type) {
        return type != null && rank(type) > 0 && rank(type) < 4;
    }

    private static SqlType plain(SqlType type) {
        SqlType plain = SqlType.named(type.name());
        return plain == null ? type : plain;
    }

    private static int rank(SqlType type) {
        return switch (type.oid()) {
            case Oid.INT2 -> 1;
            case Oid.INT4 -> 2;
            case Oid.INT8 -> 3;
            case Oid.NUMERIC -> 4;
            case Oid.FLOAT4 -> 5;
            case Oid.FLOAT8 -> 6;
            default -> 0;
        };
    }
}
