package io.heliosdb.engine;

import io.heliosdb.engine.Description.Formula;
import io.heliosdb.pg.Identifier;
import io.heliosdb.pg.Oid;

import org.h2.expression.ArrayElementReference;
import org.h2.expression.BinaryOperation;
import org.h2.expression.ConcatenationOperation;
import org.h2.expression.DomainValueExpression;
import org.h2.expression.Expression;
import org.h2.expression.ExpressionColumn;
import org.h2.expression.SearchedCase;
import org.h2.expression.UnaryOperation;
import org.h2.expression.ValueExpression;
import org.h2.expression.condition.BetweenPredicate;
import org.h2.expression.condition.CompareLike;
import org.h2.expression.condition.Comparison;
import org.h2.expression.condition.ConditionAndOr;
import org.h2.expression.condition.ConditionAndOrN;
import org.h2.expression.condition.ConditionInConstantSet;
import org.h2.expression.condition.ConditionInList;
import org.h2.expression.condition.ConditionNot;
import org.h2.expression.condition.NullPredicate;
import org.h2.expression.function.CastSpecification;
import org.h2.expression.function.CurrentDateTimeValueFunction;
import org.h2.expression.function.NamedExpression;
import org.h2.util.HasSQL;
import org.h2.value.TypeInfo;
import org.h2.value.Value;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Prints an expression of the store in PostgreSQL's words, with the casts that PostgreSQL shows.
 * What has no counterpart is printed as the store does.
 *
 * @see <a href="https://www.postgresql.org/docs/15/functions-info.html">PostgreSQL: pg_get_expr</a>
 */
final class ExpressionText {
    private static final String PREFIX = "helios_";

    private final boolean isPretty;

    private ExpressionText(boolean isPretty) {
        this.isPretty = isPretty;
    }

    /**
     * Prints an expression.
     *
     * @param expression the expression
     * @param target the type of what it is assigned to
     */
    static Formula of(Expression expression, TypeInfo target) {
        return new Formula(
                new ExpressionText(false).print(expression, target, true),
                new ExpressionText(true).print(expression, target, true));
    }

    /** Prints an expression that is to be of a type; inside another one with its parentheses. */
    private String print(Expression expression, TypeInfo target, boolean isTop) {
        return switch (expression) {
            case ValueExpression constant -> constant(constant.getValue(null), target, isTop);
            case ExpressionColumn column ->
                    converted(name(column.getColumnName(null, 0)), column.getType(), target);
            case DomainValueExpression ignored -> "VALUE";
            case CastSpecification cast -> cast(cast);
            case ConditionAndOr both -> logic(both, isTop);
            case ConditionAndOrN all -> logic(all, isTop);
            case ConditionNot not ->
                    wrapped(
                            "NOT " + print(not.getSubexpression(0), TypeInfo.TYPE_BOOLEAN, false),
                            isTop);
            case NullPredicate predicate -> nullTest(predicate, isTop);
            case BetweenPredicate between -> between(between, isTop);
            case ConditionInList in -> in(in, isTop);
            case ConditionInConstantSet in -> in(in, isTop);
            case CompareLike like -> like(like, isTop);
            case Comparison comparison -> binary(comparison, isTop);
            case BinaryOperation operation -> binary(operation, isTop);
            case ConcatenationOperation operation -> concatenation(operation, isTop);
            case UnaryOperation minus ->
                    wrapped("- " + print(minus.getSubexpression(0), target, false), isTop);
            case SearchedCase searched -> searchedCase(searched, target);
            case CurrentDateTimeValueFunction now -> now(now);
            case ArrayElementReference element ->
                    print(element.getSubexpression(0), target, false)
                            + '['
                            + print(element.getSubexpression(1), TypeInfo.TYPE_INTEGER, true)
                            + ']';
            case NamedExpression function -> function((Expression) function, function.getName());
            default -> expression.getSQL(HasSQL.DEFAULT_SQL_FLAGS);
        };
    }

    private static String wrapped(String text, boolean isTop, boolean isPretty) {
        return isTop && isPretty ? text : '(' + text + ')';
    }

    private String wrapped(String text, boolean isTop) {
        return wrapped(text, isTop, isPretty);
    }

    private static String name(String name) {
        return Identifier.quoteWhereNeeded(name);
    }

    // ---- constants

    private String constant(Value value, TypeInfo target, boolean isTop) {
        TypeInfo type = target.getValueType() == Value.UNKNOWN ? value.getType() : target;
        if (value.getValueType() == Value.NULL) {
            return target.getValueType() == Value.UNKNOWN ? "NULL" : "NULL::" + typeName(type);
        }
        return switch (value.getValueType()) {
            case Value.BOOLEAN -> value.getBoolean() ? "true" : "false";
            case Value.TINYINT,
                    Value.SMALLINT,
                    Value.INTEGER,
                    Value.BIGINT,
                    Value.NUMERIC,
                    Value.DECFLOAT ->
                    number(value, type, isTop);
            default -> quoted(value.getString()) + "::" + typeName(type);
        };
    }

    private String number(Value value, TypeInfo type, boolean isTop) {
        String digits = value.getString();
        boolean isWhole = digits.indexOf('.') < 0;
        String own = isWhole ? (fitsInt(value) ? "integer" : "bigint") : "numeric";
        if (digits.startsWith("-")) {
            return '\'' + digits + "'::" + own;
        }
        String wanted = Types.name(type);
        boolean isConverted =
                !isTop
                        && !wanted.equals(own)
                        && (wanted.equals("numeric")
                                || wanted.equals("double precision")
                                || wanted.equals("real"))
                        && !(wanted.equals("numeric") && !isWhole);
        if (!isConverted) {
            return digits;
        }
        return (isPretty ? digits : '(' + digits + ')') + "::" + wanted;
    }

    private static boolean fitsInt(Value value) {
        return value.getValueType() != Value.BIGINT || value.getLong() == (int) value.getLong();
    }

    private static String quoted(String text) {
        String escaped = text.replace("'", "''");
        return escaped.indexOf('\\') >= 0
                ? "E'" + escaped.replace("\\", "\\\\") + '\''
                : '\'' + escaped + '\'';
    }

    private static String typeName(TypeInfo type) {
        return switch (Types.oid(type)) {
            case Oid.VARCHAR -> "character varying";
            case Oid.BPCHAR -> "bpchar";
            case Oid.JSONB -> "jsonb";
            default -> Types.name(type);
        };
    }

    /** A column of limited text is text to every operator. */
    private String converted(String text, TypeInfo type, TypeInfo target) {
        if (Types.oid(type) == Oid.VARCHAR
                && target.getValueType() == Value.VARCHAR
                && Types.oid(target) == Oid.TEXT) {
            return (isPretty ? text : '(' + text + ')') + "::text";
        }
        return text;
    }

    private String cast(CastSpecification cast) {
        Expression operand = cast.getSubexpression(0);
        TypeInfo type = cast.getType();
        if (operand instanceof ValueExpression constant
                && constant.getType().getValueType() == Value.VARCHAR) {
            return quoted(constant.getValue(null).getString()) + "::" + typeName(type);
        }
        String inner = print(operand, TypeInfo.TYPE_UNKNOWN, false);
        boolean isBare = isPretty || inner.startsWith("(");
        return (isBare ? inner : '(' + inner + ')') + "::" + typeName(type);
    }

    // ---- conditions

    private String logic(Expression condition, boolean isTop) {
        var parts = new ArrayList<String>();
        int count = condition.getSubexpressionCount();
        String word = operator(condition);
        for (int i = 0; i < count; i++) {
            Expression part = condition.getSubexpression(i);
            // PostgreSQL keeps a chain of one word flat.
            if (isLogic(part) && operator(part).equals(word)) {
                String inner = logic(part, true);
                parts.add(isPretty ? inner : inner.substring(1, inner.length() - 1));
            } else if (isPretty && !isLogic(part)) {
                parts.add(print(part, TypeInfo.TYPE_BOOLEAN, true));
            } else {
                parts.add(print(part, TypeInfo.TYPE_BOOLEAN, false));
            }
        }
        return wrapped(String.join(' ' + word + ' ', parts), isTop);
    }

    private static boolean isLogic(Expression expression) {
        return expression instanceof ConditionAndOr || expression instanceof ConditionAndOrN;
    }

    /** The store's word between the first two operands; it does not tell otherwise. */
    private static String operator(Expression expression) {
        String left = sql(expression.getSubexpression(0));
        String right = sql(expression.getSubexpression(1));
        String whole = unenclosed(expression);
        int from = whole.startsWith("(" + left + ")") ? left.length() + 2 : left.length();
        int to = whole.indexOf(right, from);
        String between = whole.substring(from, to < 0 ? whole.length() : to);
        return between.replace("(", "").strip();
    }

    private static String sql(Expression expression) {
        return unenclosed(expression);
    }

    private static String unenclosed(Expression expression) {
        return expression
                .getUnenclosedSQL(new StringBuilder(), HasSQL.DEFAULT_SQL_FLAGS)
                .toString();
    }

    private String nullTest(NullPredicate predicate, boolean isTop) {
        boolean isNot = unenclosed(predicate).endsWith("IS NOT NULL");
        return wrapped(
                print(predicate.getSubexpression(0), TypeInfo.TYPE_UNKNOWN, false)
                        + (isNot ? " IS NOT NULL" : " IS NULL"),
                isTop);
    }

    private String between(BetweenPredicate between, boolean isTop) {
        Expression value = between.getSubexpression(0);
        TypeInfo type = operandType(value);
        String text = print(value, type, false);
        String low = text + " >= " + print(between.getSubexpression(1), type, false);
        String high = text + " <= " + print(between.getSubexpression(2), type, false);
        return isPretty
                ? wrapped(low + " AND " + high, isTop)
                : "((" + low + ") AND (" + high + "))";
    }

    private String in(Expression in, boolean isTop) {
        Expression value = in.getSubexpression(0);
        TypeInfo own = value.getType();
        boolean isLimited = Types.oid(own) == Oid.VARCHAR;
        var items = new ArrayList<String>();
        for (int i = 1; i < in.getSubexpressionCount(); i++) {
            items.add(print(in.getSubexpression(i), own, false));
        }
        String array = "ARRAY[" + String.join(", ", items) + ']';
        if (isLimited) {
            array = (isPretty ? array : '(' + array + ')') + "::text[]";
            if (!isPretty) {
                array = '(' + array + ')';
            }
        }
        return wrapped(print(value, operandType(value), false) + " = ANY (" + array + ')', isTop);
    }

    private String like(CompareLike like, boolean isTop) {
        String whole = unenclosed(like);
        String word = whole.contains(" ILIKE ") ? "~~*" : whole.contains(" REGEXP ") ? "~" : "~~";
        return wrapped(
                print(like.getSubexpression(0), TypeInfo.TYPE_VARCHAR, false)
                        + ' '
                        + word
                        + ' '
                        + print(like.getSubexpression(1), TypeInfo.TYPE_VARCHAR, false),
                isTop);
    }

    // ---- operators

    private String binary(Expression operation, boolean isTop) {
        Expression left = operation.getSubexpression(0);
        Expression right = operation.getSubexpression(1);
        TypeInfo type = left instanceof ValueExpression ? operandType(right) : operandType(left);
        return wrapped(
                print(left, type, false)
                        + ' '
                        + operator(operation)
                        + ' '
                        + print(right, type, false),
                isTop);
    }

    private String concatenation(ConcatenationOperation operation, boolean isTop) {
        var parts = new ArrayList<String>();
        for (int i = 0; i < operation.getSubexpressionCount(); i++) {
            parts.add(print(operation.getSubexpression(i), TypeInfo.TYPE_VARCHAR, false));
        }
        String text = parts.getFirst();
        for (int i = 1; i < parts.size(); i++) {
            boolean isLast = i == parts.size() - 1;
            text = wrapped(text + " || " + parts.get(i), isLast && isTop);
        }
        return text;
    }

    /** The type that operators work with: that of limited text is text. */
    private static TypeInfo operandType(Expression expression) {
        TypeInfo type = expression.getType();
        return type.getValueType() == Value.VARCHAR ? TypeInfo.TYPE_VARCHAR : type;
    }

    private String searchedCase(SearchedCase searched, TypeInfo target) {
        var text = new StringBuilder("CASE");
        int count = searched.getSubexpressionCount();
        int i = 0;
        for (; i + 1 < count; i += 2) {
            text.append("\n    WHEN ")
                    .append(print(searched.getSubexpression(i), TypeInfo.TYPE_BOOLEAN, true))
                    .append(" THEN ")
                    .append(print(searched.getSubexpression(i + 1), target, true));
        }
        text.append("\n    ELSE ");
        text.append(i < count ? print(searched.getSubexpression(i), target, true) : "NULL");
        return text.append("\nEND").toString();
    }

    // ---- functions

    /** With a precision it was written as {@code now()}. */
    private static String now(CurrentDateTimeValueFunction function) {
        String text = unenclosed(function);
        return text.equals("CURRENT_TIMESTAMP(6)") ? "now()" : text;
    }

    private String function(Expression call, String storeName) {
        String name = storeName.toLowerCase(Locale.ROOT);
        if (name.startsWith(PREFIX)) {
            name = name.substring(PREFIX.length());
        }
        List<String> arguments = new ArrayList<>();
        for (int i = 0; i < call.getSubexpressionCount(); i++) {
            Expression argument = call.getSubexpression(i);
            arguments.add(print(argument, operandType(argument), true));
        }
        String text = String.join(", ", arguments);
        return switch (name) {
            case "coalesce", "greatest", "least", "nullif" ->
                    name.toUpperCase(Locale.ROOT) + '(' + text + ')';
            case "json", "jsonb" -> text.replaceFirst("::text$", "::" + name);
            case "char_length" -> "length(" + text + ')';
            default -> name(name) + '(' + text + ')';
        };
    }
}
