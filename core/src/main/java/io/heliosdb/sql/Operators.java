package io.heliosdb.sql;

import io.heliosdb.pg.Oid;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.sql.Expression.Form;

/**
 * PostgreSQL's operators in the engine's words.
 *
 * @see <a href="https://www.postgresql.org/docs/15/functions.html">PostgreSQL: functions and
 *     operators</a>
 */
final class Operators {
    private Operators() {}

    /** Rewrites a binary operator of the precedence of all others. */
    static Expression infix(
            Grammar grammar, Expression left, int mark, String operator, Expression right) {
        Edits edits = grammar.edits;
        switch (operator) {
            case "||" -> {
                ArraySets.joined(grammar, left, right);
                if (isJson(left) || isJson(right)) {
                    return jsonb(grammar, "helios_jsonb_concat", left, mark, right);
                }
                if (left.is(Form.COLUMN)) {
                    grammar.facts.jsonChanges.add(
                            new Facts.JsonChange("helios_jsonb_concat", left, mark, right));
                }
                concatenated(grammar, left);
                concatenated(grammar, right);
                boolean text = isText(left) || isText(right);
                return new Expression(
                        left.from(),
                        right.to(),
                        Form.OTHER,
                        Expression.NO_LABEL,
                        0,
                        text ? SqlType.TEXT : null);
            }
            case "=", "<>", "<", ">", "<=", ">=", "+", "-", "*", "/", "%" -> {}
            case "~~" -> edits.replace(mark, "LIKE");
            case "!~~" -> edits.replace(mark, "NOT LIKE");
            case "~~*" -> edits.replace(mark, "ILIKE");
            case "!~~*" -> edits.replace(mark, "NOT ILIKE");
            case "~" -> edits.replace(mark, "REGEXP");
            case "!~" -> edits.replace(mark, "NOT REGEXP");
            case "~*", "!~*" -> {
                edits.wrap(
                        left.from(),
                        left.to(),
                        operator.equals("~*") ? "REGEXP_LIKE(" : "NOT REGEXP_LIKE(",
                        "");
                edits.replace(mark, ",");
                edits.after(right.to() - 1, ", 'i')");
            }
            case "&" -> call(edits, "BITAND", left, mark, right);
            case "|" -> call(edits, "BITOR", left, mark, right);
            case "#" -> call(edits, "BITXOR", left, mark, right);
            case "<<" -> call(edits, "LSHIFT", left, mark, right);
            case ">>" -> call(edits, "RSHIFT", left, mark, right);
            case "==" -> edits.replace(mark, "=");
            case "->" -> {
                call(edits, "helios_json_get", left, mark, right);
                SqlType own = grammar.resolved(left).type();
                SqlType type = own != null && own.isJson() ? own : null;
                return new Expression(
                        left.from(), right.to(), Form.OTHER, Expression.NO_LABEL, 0, type);
            }
            case "->>" -> {
                call(edits, "helios_json_get_text", left, mark, right);
                return Expression.typed(left.from(), right.to(), SqlType.TEXT);
            }
            case "#>" -> {
                boolean isJsonb = left.type() != null && left.type().oid() == Oid.JSONB;
                call(edits, isJsonb ? "helios_jsonb_at" : "helios_json_at", left, mark, right);
                return new Expression(
                        left.from(),
                        right.to(),
                        Form.OTHER,
                        Expression.NO_LABEL,
                        0,
                        isJson(left) ? left.type() : null);
            }
            case "#>>" -> {
                call(edits, "helios_json_text_at", left, mark, right);
                return Expression.typed(left.from(), right.to(), SqlType.TEXT);
            }
            case "#-" -> {
                return jsonb(grammar, "helios_jsonb_without", left, mark, right);
            }
            case "@>", "<@", "&&", "?", "?|", "?&", "^@" -> {
                call(edits, truth(operator), left, mark, right);
                return Expression.typed(left.from(), right.to(), SqlType.BOOL);
            }
            case "@@", "@?", "-|-" ->
                    throw grammar.tokens.error(
                            mark,
                            SqlState.FEATURE_NOT_SUPPORTED,
                            "operator " + operator + " is not supported");
            default -> throw undefined(grammar, mark, operator, left, right);
        }
        return Expression.other(left.from(), right.to());
    }

    /**
     * Has a constant read as what it is compared with, and refuses what PostgreSQL has no operator
     * for. A Boolean and a number are SQLite's.
     */
    static void requireComparable(Grammar grammar, Expression left, Expression right, int mark) {
        if (left.is(Form.STRING) || right.is(Form.STRING)) {
            Expression constant = left.is(Form.STRING) ? left : right;
            SqlType type = grammar.resolved(left.is(Form.STRING) ? right : left).type();
            if (type != null) {
                constant(grammar, constant, type);
            }
            return;
        }
        SqlType first = isOpen(left) ? null : grammar.resolved(left).type();
        SqlType second = isOpen(right) ? null : grammar.resolved(right).type();
        if (first == null || second == null || first.oid() == 0 || second.oid() == 0) {
            return;
        }
        boolean isMixed =
                (first.isArray() || second.isArray())
                        ? first.oid() != second.oid() && !areTexts(first, second)
                        : (isWords(first) && isNumber(second))
                                || (isNumber(first) && isWords(second));
        if (isMixed || (first.oid() == Oid.JSON && second.oid() == Oid.JSON)) {
            throw undefined(
                    grammar,
                    mark,
                    grammar.tokens.texts[mark],
                    left.withType(first),
                    right.withType(second));
        }
    }

    private static boolean isOpen(Expression operand) {
        return operand.is(Form.PARAMETER) || operand.is(Form.NULL);
    }

    private static boolean areTexts(SqlType first, SqlType second) {
        return first.isArray() && second.isArray() && isWords(first) && isWords(second);
    }

    private static boolean isWords(SqlType type) {
        return switch (type.name()) {
            case "text", "varchar", "bpchar", "name" -> true;
            default -> false;
        };
    }

    private static boolean isNumber(SqlType type) {
        return switch (type.oid()) {
            case Oid.INT2, Oid.INT4, Oid.INT8, Oid.NUMERIC, Oid.FLOAT4, Oid.FLOAT8 -> true;
            default -> false;
        };
    }

    /** Reads a constant as one of a type that the engine would not read so. */
    static void constant(Grammar grammar, Expression constant, SqlType type) {
        int token = constant.from();
        String text = grammar.tokens.texts[token];
        String moment = Casts.moment(text, type);
        if (moment != null) {
            grammar.edits.replace(token, moment);
        } else if (constant.to() == token + 1 && Casts.isConstant(type) && type.oid() != Oid.JSON) {
            grammar.edits.replace(token, Casts.constant(grammar.tokens, token, text, type));
        }
    }

    /** 42883 for an operator that is not there for the types of its operands. */
    static PgException undefined(
            Grammar grammar, int mark, String operator, Expression left, Expression right) {
        return grammar.tokens
                .error(
                        mark,
                        SqlState.UNDEFINED_FUNCTION,
                        "operator does not exist: "
                                + type(left)
                                + ' '
                                + operator
                                + ' '
                                + type(right))
                .withHint(
                        "No operator matches the given name and argument types. You might need to"
                                + " add explicit type casts.");
    }

    private static String truth(String operator) {
        return switch (operator) {
            case "@>" -> "helios_contains";
            case "<@" -> "helios_contained";
            case "&&" -> "helios_overlaps";
            case "?" -> "helios_exists";
            case "?|" -> "helios_exists_any";
            case "?&" -> "helios_exists_all";
            default -> "starts_with";
        };
    }

    static boolean isJson(Expression operand) {
        return operand.type() != null && operand.type().isJson();
    }

    /** An operator of jsonb that gives another one. */
    static Expression jsonb(
            Grammar grammar, String function, Expression left, int mark, Expression right) {
        call(grammar.edits, function, left, mark, right);
        return Expression.typed(left.from(), right.to(), SqlType.named("jsonb"));
    }

    private static void concatenated(Grammar grammar, Expression operand) {
        if (operand.is(Form.PARAMETER)) {
            grammar.facts.declare(operand.from(), Facts.Place.EXPRESSION, Oid.TEXT);
        } else if (operand.type() != null && operand.type().oid() == Oid.BOOL) {
            Casts.text(grammar.edits, operand);
        }
    }

    private static boolean isText(Expression operand) {
        SqlType type = operand.type();
        return operand.is(Form.STRING)
                || (type != null && (type.oid() == Oid.TEXT || type.oid() == Oid.VARCHAR));
    }

    /** Rewrites a prefix operator other than a sign. */
    static void prefix(Grammar grammar, int mark, String operator, Expression operand) {
        switch (operator) {
            case "~" -> function(grammar, mark, operand, "BITNOT(");
            case "@" -> function(grammar, mark, operand, "ABS(");
            case "|/" -> function(grammar, mark, operand, "SQRT(");
            default ->
                    throw grammar.tokens
                            .error(
                                    mark,
                                    SqlState.UNDEFINED_FUNCTION,
                                    "operator does not exist: " + operator + ' ' + type(operand))
                            .withHint(
                                    "No operator matches the given name and argument type. You"
                                            + " might need to add an explicit type cast.");
        }
    }

    private static void function(Grammar grammar, int mark, Expression operand, String name) {
        grammar.edits.replace(mark, name);
        grammar.edits.after(operand.to() - 1, ")");
    }

    private static void call(
            Edits edits, String function, Expression left, int mark, Expression right) {
        edits.before(left.from(), function + '(');
        edits.replace(mark, ",");
        edits.after(right.to() - 1, ")");
    }

    /** A type as an error message names it. */
    static String type(Expression expression) {
        if (expression.type() != null) {
            return displayName(expression.type());
        }
        return expression.is(Form.NUMBER) ? "integer" : "unknown";
    }

    static String displayName(SqlType type) {
        String name =
                switch (type.name()) {
                    case "int2" -> "smallint";
                    case "int4" -> "integer";
                    case "int8" -> "bigint";
                    case "float4" -> "real";
                    case "float8" -> "double precision";
                    case "bool" -> "boolean";
                    case "varchar" -> "character varying";
                    case "bpchar" -> "character";
                    case "timestamp" -> "timestamp without time zone";
                    case "timestamptz" -> "timestamp with time zone";
                    case "time" -> "time without time zone";
                    case "timetz" -> "time with time zone";
                    default -> type.name();
                };
        return type.isArray() ? name + "[]" : name;
    }
}
