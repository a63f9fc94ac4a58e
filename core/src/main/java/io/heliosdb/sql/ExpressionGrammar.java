package io.heliosdb.sql;

import io.heliosdb.pg.SqlState;
import io.heliosdb.sql.Expression.Form;
import io.heliosdb.sql.Facts.Place;

import java.util.Locale;

/**
 * Reads expressions by PostgreSQL's precedence.
 *
 * @see <a
 *     href="https://www.postgresql.org/docs/15/sql-syntax-lexical.html#SQL-PRECEDENCE">PostgreSQL:
 *     operator precedence</a>
 */
final class ExpressionGrammar {
    private static final int OR = 1;
    private static final int AND = 2;
    private static final int NOT = 3;
    private static final int IS = 4;
    private static final int COMPARISON = 5;
    private static final int MATCH = 6;
    private static final int OPERATOR = 7;
    private static final int SUM = 8;
    private static final int PRODUCT = 9;
    private static final int POWER = 10;
    private static final int AT = 11;
    private static final int COLLATE = 12;
    private static final int SIGN = 13;

    /** An operator written OPERATOR(schema.op), or one after NOT. */
    private static final int NONE = -1;

    private final Grammar grammar;
    private final Cursor cursor;
    private final Tokens tokens;

    /** How many expressions stand around what is read. */
    private int depth;

    ExpressionGrammar(Grammar grammar) {
        this.grammar = grammar;
        this.cursor = grammar.cursor;
        this.tokens = grammar.tokens;
    }

    int depth() {
        return depth;
    }

    /** An expression (a_expr). */
    Expression expression() {
        return expression(OR, false);
    }

    /** An expression that may not hold AND, IN, LIKE and the like outside parentheses (b_expr). */
    Expression restricted() {
        return expression(OR, true);
    }

    /** An expression whose type the place of a parameter decides. */
    Expression expression(Place place) {
        Expression expression = expression();
        if (expression.is(Form.PARAMETER)) {
            grammar.facts.place(expression.from(), place);
        }
        return expression;
    }

    private Expression expression(int lowest, boolean restricted) {
        cursor.enter();
        depth++;
        Expression left = prefix(restricted);
        int closed = Integer.MAX_VALUE;
        while (true) {
            int precedence = precedence(restricted);
            if (precedence == NONE || precedence < lowest) {
                break;
            }
            if (precedence >= closed && isNonAssociative(precedence)) {
                throw cursor.syntaxError();
            }
            left = infix(left, precedence, restricted);
            closed = isNonAssociative(precedence) ? precedence : Integer.MAX_VALUE;
        }
        depth--;
        cursor.leave();
        return left;
    }

    private static boolean isNonAssociative(int precedence) {
        return precedence >= IS && precedence <= MATCH;
    }

    private Expression prefix(boolean restricted) {
        int from = cursor.at;
        if (!restricted && cursor.tryWord("not")) {
            Expression operand = expression(NOT, false);
            return Expression.other(from, operand.to());
        }
        if (cursor.kind() == Token.OPERATOR) {
            boolean sign = cursor.isPunctuation("+") || cursor.isPunctuation("-");
            String operator = cursor.text();
            if (!sign && operatorPrecedence(operator) != OPERATOR) {
                throw cursor.syntaxError();
            }
            cursor.at++;
            Expression operand = expression(sign ? SIGN : OPERATOR + 1, restricted);
            if (!sign) {
                Operators.prefix(grammar, from, operator, operand);
            }
            return new Expression(
                    from,
                    operand.to(),
                    sign && operand.is(Form.NUMBER) ? Form.NUMBER : Form.OTHER,
                    Expression.NO_LABEL,
                    0,
                    sign ? operand.type() : null);
        }
        return postfix(grammar.terms.term(), restricted);
    }

    /** Casts and subscripts, which bind tighter than anything. */
    private Expression postfix(Expression term, boolean restricted) {
        Expression left = term;
        while (cursor.isPunctuation("::")) {
            int mark = cursor.at++;
            int typeFrom = cursor.at;
            SqlType type = grammar.types.type();
            left = Casts.cast(grammar, left, left.from(), mark, typeFrom, cursor.at, type);
        }
        assert restricted || left.to() == cursor.at;
        return left;
    }

    private int precedence(boolean restricted) {
        return switch (cursor.kind()) {
            case OPERATOR -> operatorPrecedence(cursor.text());
            // After a term it is jsonb's operator and no parameter.
            case QUESTION -> OPERATOR;
            case WORD -> wordPrecedence(cursor.text(), restricted);
            default -> NONE;
        };
    }

    private static int operatorPrecedence(String operator) {
        return switch (operator) {
            case "<", ">", "=", "<=", ">=", "<>" -> COMPARISON;
            case "+", "-" -> SUM;
            case "*", "/", "%" -> PRODUCT;
            case "^" -> POWER;
            default -> OPERATOR;
        };
    }

    private int wordPrecedence(String word, boolean restricted) {
        return switch (word) {
            case "is" -> restricted && !isRestrictedIs() ? NONE : IS;
            case "operator" -> cursor.isPunctuationAhead(1, "(") ? OPERATOR : NONE;
            default -> restricted ? NONE : fullPrecedence(word);
        };
    }

    private boolean isRestrictedIs() {
        int next = cursor.isWordAhead(1, "not") ? 2 : 1;
        return cursor.isWordAhead(next, "distinct") || cursor.isWordAhead(next, "document");
    }

    private int fullPrecedence(String word) {
        return switch (word) {
            case "or" -> OR;
            case "and" -> AND;
            case "isnull", "notnull" -> IS;
            case "between", "in", "like", "ilike", "similar", "overlaps", "regexp", "glob" ->
                    isMatch(0) ? MATCH : NONE;
            case "not" -> isMatch(1) ? MATCH : NONE;
            case "at" -> cursor.isWordAhead(1, "time") ? AT : NONE;
            case "collate" -> COLLATE;
            default -> NONE;
        };
    }

    private boolean isMatch(int ahead) {
        String word =
                cursor.tokens.kinds[cursor.at + ahead] == Token.WORD
                        ? tokens.texts[cursor.at + ahead]
                        : "";
        return switch (word) {
            case "between", "in", "like", "ilike" -> true;
            case "similar" -> cursor.isWordAhead(ahead + 1, "to");
            case "overlaps" -> ahead == 0;
            default -> false;
        };
    }

    private Expression infix(Expression left, int precedence, boolean restricted) {
        return switch (precedence) {
            case IS -> is(left);
            case COMPARISON -> comparison(left, restricted);
            case MATCH -> match(left);
            case OPERATOR -> operator(left, restricted);
            case POWER -> power(left, restricted);
            case AT -> atTimeZone(left);
            case COLLATE -> collate(left);
            default -> plain(left, precedence, restricted);
        };
    }

    private Expression plain(Expression left, int precedence, boolean restricted) {
        int mark = cursor.at++;
        Expression right = expression(precedence + 1, restricted);
        SqlType type =
                Arithmetic.infer(grammar.facts, grammar.resolved(left), grammar.resolved(right));
        String operator = tokens.texts[mark];
        SqlType time =
                Arithmetic.inferTime(
                        grammar, grammar.resolved(left), mark, grammar.resolved(right));
        if (time != null) {
            return Expression.typed(left.from(), right.to(), time);
        }
        if (operator.equals("-") && Operators.isJson(left)) {
            Operators.jsonb(grammar, "helios_jsonb_minus", left, mark, right);
            return Expression.typed(left.from(), right.to(), SqlType.named("jsonb"));
        }
        if (operator.equals("-") && left.is(Form.COLUMN)) {
            grammar.facts.jsonChanges.add(
                    new Facts.JsonChange("helios_jsonb_minus", left, mark, right));
        }
        boolean divides = operator.equals("/") || operator.equals("%");
        if (divides && !Arithmetic.isInteger(left, right)) {
            grammar.edits.compute(
                    left.from(),
                    left.to(),
                    mark,
                    right.from(),
                    right.to(),
                    operator.equals("/") ? "helios_quotient" : "helios_remainder",
                    operator.equals("/") ? " / " : " + ");
        }
        return new Expression(left.from(), right.to(), Form.OTHER, Expression.NO_LABEL, 0, type);
    }

    private Expression power(Expression left, boolean restricted) {
        int mark = cursor.at++;
        Expression right = expression(POWER + 1, restricted);
        grammar.edits.before(left.from(), "POWER(");
        grammar.edits.replace(mark, ",");
        grammar.edits.after(right.to() - 1, ")");
        return Expression.other(left.from(), right.to());
    }

    private Expression comparison(Expression left, boolean restricted) {
        int mark = cursor.at++;
        if (!restricted && isQuantifier()) {
            return quantified(left);
        }
        Expression right = expression(COMPARISON + 1, restricted);
        if (right.is(Form.STRING) && left.is(Form.COLUMN) && isOidArray(left)) {
            SqlType oids = SqlType.named("oid").array();
            String text = tokens.texts[right.from()];
            String array = Casts.constant(tokens, right.from(), text, oids);
            grammar.edits.fix(right.from(), right.to(), array);
        }
        compared(left, right, mark);
        return new Expression(
                left.from(), right.to(), Form.OTHER, Expression.NO_LABEL, 0, SqlType.BOOL);
    }

    /** The one array of the catalogs that clients compare with a constant. */
    private boolean isOidArray(Expression column) {
        return tokens.texts[column.to() - 1].equals("polroles");
    }

    private void compared(Expression left, Expression right, int mark) {
        if (left.is(Form.PARAMETER) && !right.is(Form.PARAMETER)) {
            grammar.facts.place(left.from(), Place.COMPARISON);
        }
        if (right.is(Form.PARAMETER) && !left.is(Form.PARAMETER)) {
            grammar.facts.place(right.from(), Place.COMPARISON);
        }
        grammar.facts.like(left, right);
        grammar.facts.like(right, left);
        Operators.requireComparable(grammar, left, right, mark);
        if (left.is(Form.COLUMN) && isFlag(right)) {
            grammar.facts.flagComparisons.add(
                    new Facts.FlagComparison(left.from(), left.to(), right.from()));
        } else if (right.is(Form.COLUMN) && isFlag(left)) {
            grammar.facts.flagComparisons.add(
                    new Facts.FlagComparison(right.from(), right.to(), left.from()));
        }
        assert mark >= left.to();
    }

    private boolean isFlag(Expression expression) {
        return expression.is(Form.NUMBER)
                && expression.to() - expression.from() == 1
                && (tokens.texts[expression.from()].equals("0")
                        || tokens.texts[expression.from()].equals("1"));
    }

    private boolean isQuantifier() {
        return cursor.isWord("any") || cursor.isWord("some") || cursor.isWord("all");
    }

    private Expression quantified(Expression left) {
        cursor.at++;
        cursor.requirePunctuation("(");
        if (grammar.queries.startsQuery()) {
            grammar.queries.query();
        } else {
            Expression array = expression(Place.COMPARISON);
            if (array.is(Form.PARAMETER)) {
                grammar.facts.typings.add(
                        new Facts.Typing(grammar.facts.number(array.from()), left, true));
            }
            SqlType element = grammar.resolved(left).type();
            if (array.is(Form.STRING) && element != null && !element.isArray()) {
                Operators.constant(grammar, array, element.array());
            }
        }
        cursor.requirePunctuation(")");
        return truth(left.from(), cursor.at);
    }

    private static Expression truth(int from, int to) {
        return Expression.typed(from, to, SqlType.BOOL);
    }

    private Expression is(Expression left) {
        int mark = cursor.at;
        if (cursor.tryWord("isnull")) {
            grammar.edits.replace(mark, "IS NULL");
            return Expression.other(left.from(), cursor.at);
        }
        if (cursor.tryWord("notnull")) {
            grammar.edits.replace(mark, "IS NOT NULL");
            return Expression.other(left.from(), cursor.at);
        }
        cursor.at++;
        cursor.tryWord("not");
        if (cursor.tryWord("null")
                || cursor.tryWord("true")
                || cursor.tryWord("false")
                || cursor.tryWord("unknown")) {
            return new Expression(
                    left.from(), cursor.at, Form.OTHER, Expression.NO_LABEL, 0, SqlType.BOOL);
        }
        if (cursor.tryWord("distinct")) {
            cursor.requireWord("from");
            Expression right = expression(IS + 1, false);
            compared(left, right, mark);
            return Expression.other(left.from(), right.to());
        }
        if (cursor.isWord("document") || cursor.isWord("normalized") || isNormalForm()) {
            throw cursor.error(
                    SqlState.FEATURE_NOT_SUPPORTED,
                    "IS " + tokens.raw(cursor.at).toUpperCase(Locale.ROOT) + " is not supported");
        }
        throw cursor.syntaxError();
    }

    private boolean isNormalForm() {
        return (cursor.isWord("nfc")
                        || cursor.isWord("nfd")
                        || cursor.isWord("nfkc")
                        || cursor.isWord("nfkd"))
                && cursor.isWordAhead(1, "normalized");
    }

    private Expression match(Expression left) {
        cursor.tryWord("not");
        String word = cursor.text();
        int mark = cursor.at++;
        return switch (word) {
            case "between" -> between(left);
            case "in" -> in(left);
            case "overlaps" -> {
                Expression right = expression(MATCH + 1, false);
                // Each is a row of two.
                grammar.edits.replace(left.from(), "helios_periods(");
                grammar.edits.replace(left.to() - 1, ",");
                grammar.edits.remove(mark, mark + 1);
                grammar.edits.replace(right.from(), "");
                yield Expression.named(left.from(), right.to(), "overlaps").withType(SqlType.BOOL);
            }
            case "similar" -> {
                cursor.requireWord("to");
                boolean isNot = mark > left.to();
                Expression right = pattern(left);
                grammar.edits.before(left.from(), (isNot ? "NOT " : "") + "helios_similar(");
                grammar.edits.remove(left.to(), mark + 2);
                grammar.edits.replace(mark, ",");
                grammar.edits.after(right.to() - 1, ")");
                yield truth(left.from(), right.to());
            }
            default -> {
                if (isQuantifier()) {
                    yield quantified(left);
                }
                yield truth(left.from(), pattern(left).to());
            }
        };
    }

    private Expression pattern(Expression left) {
        Expression right = expression(MATCH + 1, false);
        compared(left, right, left.to());
        if (cursor.tryWord("escape")) {
            return expression(MATCH + 1, false);
        }
        return right;
    }

    private Expression between(Expression left) {
        if (!cursor.tryWord("symmetric")) {
            cursor.tryWord("asymmetric");
        }
        Expression low = expression(MATCH + 1, true);
        compared(left, low, left.to());
        cursor.requireWord("and");
        Expression high = expression(MATCH + 1, false);
        compared(left, high, left.to());
        return truth(left.from(), high.to());
    }

    private Expression in(Expression left) {
        cursor.requirePunctuation("(");
        if (grammar.queries.startsQuery()) {
            grammar.queries.query();
        } else {
            do {
                Expression element = expression(Place.COMPARISON);
                grammar.facts.like(element, left);
                grammar.facts.like(left, element);
            } while (cursor.tryPunctuation(","));
        }
        cursor.requirePunctuation(")");
        return truth(left.from(), cursor.at);
    }

    private Expression operator(Expression left, boolean restricted) {
        int mark = cursor.at;
        String operator = cursor.text();
        if (cursor.kind() == Token.WORD) {
            operator = qualifiedOperator(mark);
        } else {
            operator = cursor.kind() == Token.QUESTION ? "?" : operator;
            cursor.at++;
        }
        if (!restricted && isQuantifier()) {
            return quantified(left);
        }
        Expression right = expression(OPERATOR + 1, restricted);
        return Operators.infix(grammar, left, mark, operator, right);
    }

    /** OPERATOR(pg_catalog.=). */
    private String qualifiedOperator(int mark) {
        cursor.at += 2;
        while (cursor.isColumnId() && cursor.isPunctuationAhead(1, ".")) {
            cursor.at += 2;
        }
        if (cursor.kind() != Token.OPERATOR) {
            throw cursor.syntaxError();
        }
        String operator = tokens.texts[cursor.at++];
        cursor.requirePunctuation(")");
        grammar.edits.fix(mark, cursor.at, operator);
        return operator;
    }

    private Expression atTimeZone(Expression left) {
        cursor.at += 2;
        cursor.requireWord("zone");
        int mark = cursor.at - 3;
        Expression right = expression(AT + 1, false);
        return grammar.calls.zoned(left, mark, right);
    }

    private Expression collate(Expression left) {
        int mark = cursor.at++;
        do {
            cursor.label();
        } while (cursor.tryPunctuation("."));
        // Every text of the engine compares by code point, as the C collation does.
        grammar.edits.remove(mark, cursor.at);
        return left.spanning(left.from(), cursor.at);
    }
}
