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
    private static final int REAL = 5;

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
        if (numbers && rank == REAL && rank(first) != rank(second)) {
            // A real beside any other number is computed in double precision.
            return SqlType.named("float8");
        }
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
        if (!isSum || first == 0) {
            return null;
        }
        boolean isTime = isMoment || first == Oid.TIME || first == Oid.TIMETZ;
        if (isTime && right.is(Form.STRING) && first != Oid.DATE) {
            String text = grammar.tokens.texts[right.from()];
            if (isDifference && !isAmount(text)) {
                return null;
            }
            grammar.edits.replace(
                    right.from(), IntervalText.toEngine(grammar.tokens, right.from(), text));
            return left.type();
        }
        if (isTime && second == Oid.INTERVAL) {
            if (first == Oid.DATE) {
                grammar.edits.wrap(left.from(), left.to(), "CAST(", " AS TIMESTAMP(6))");
                return SqlType.named("timestamp");
            }
            return plain(left.type());
        }
        if (isDifference && isMoment && (second == Oid.TIMESTAMP || second == Oid.TIMESTAMPTZ)) {
            return SqlType.named("interval");
        }
        boolean isWhole = isInteger(right.type());
        if (first == Oid.DATE && isWhole) {
            return SqlType.named("date");
        }
        if (first == Oid.DATE && second == Oid.TIME && !isDifference) {
            return SqlType.named("timestamp");
        }
        boolean isSecondTime =
                second == Oid.DATE || second == Oid.TIMESTAMP || second == Oid.TIMESTAMPTZ;
        boolean isRefused =
                (isMoment && (isWhole || second == Oid.NUMERIC))
                        || (isMoment && isSecondTime && !isDifference)
                        || (first == Oid.INTERVAL && isWhole);
        if (isRefused) {
            throw Operators.undefined(grammar, mark, operator, left, right);
        }
        return null;
    }

    /** Whether a text beside a moment is an interval and not another moment. */
    private static boolean isAmount(String text) {
        return text.chars().anyMatch(Character::isLetter) && text.indexOf('T') < 0;
    }

    /** Whether both are integers, of which the engine has PostgreSQL's quotient. */
    static boolean isInteger(Expression left, Expression right) {
        return isInteger(left.type()) && isInteger(right.type());
    }

    static boolean isInteger(@Nullable SqlType type) {
        return type != null && rank(type) > 0 && rank(type) < 4;
    }

    private static @Nullable SqlType plain(@Nullable SqlType type) {
        if (type == null) {
            return null;
        }
        SqlType plain = SqlType.named(type.name());
        return plain == null ? type : plain;
    }

    private static int rank(SqlType type) {
        return switch (type.oid()) {
            case Oid.INT2 -> 1;
            case Oid.INT4 -> 2;
            case Oid.INT8 -> 3;
            case Oid.NUMERIC -> 4;
            case Oid.FLOAT4 -> REAL;
            case Oid.FLOAT8 -> 6;
            default -> 0;
        };
    }
}
