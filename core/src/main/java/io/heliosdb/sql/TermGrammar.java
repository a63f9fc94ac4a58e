package io.heliosdb.sql;

import io.heliosdb.pg.Identifier;
import io.heliosdb.pg.Oid;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.type.PgType;
import io.heliosdb.sql.Expression.Form;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Set;

/**
 * Reads the terms of an expression (c_expr): constants, columns, parameters, CASE, subqueries, rows
 * and arrays.
 */
final class TermGrammar {
    /** Functions by which clients ask yes or no. */
    private static final Set<String> TRUTH_VALUES =
            Set.of("pg_is_in_recovery", "pg_try_advisory_lock", "has_table_privilege");

    private final Grammar grammar;
    private final Cursor cursor;
    private final Tokens tokens;

    TermGrammar(Grammar grammar) {
        this.grammar = grammar;
        this.cursor = grammar.cursor;
        this.tokens = grammar.tokens;
    }

    Expression term() {
        int from = cursor.at;
        return switch (cursor.kind()) {
            case INTEGER -> constant(Form.NUMBER, SqlType.INT4);
            case NUMBER -> number(from, cursor.text());
            case STRING, NATIONAL -> constant(Form.STRING, null);
            case BITS ->
                    throw cursor.error(
                            SqlState.FEATURE_NOT_SUPPORTED, "bit strings are not supported");
            case PARAMETER -> parameter(from, Integer.parseInt(cursor.text()));
            case QUESTION -> {
                // SQLite: one more than the largest number so far.
                int number = grammar.facts.largest() + 1;
                grammar.edits.replace(from, "?" + number);
                yield parameter(from, number);
            }
            case QUOTED_NAME -> named(from);
            case WORD -> word(from, cursor.text());
            case PUNCTUATION -> {
                if (!cursor.isPunctuation("(")) {
                    throw cursor.syntaxError();
                }
                yield indirection(parenthesized(from));
            }
            case OPERATOR, OTHER, END -> throw cursor.syntaxError();
        };
    }

    /** The engine takes a number with an exponent for one without a scale. */
    private Expression number(int from, String digits) {
        if (digits.indexOf('e') >= 0 || digits.indexOf('E') >= 0) {
            String plain = PgType.of(Oid.NUMERIC).toText(PgType.of(Oid.NUMERIC).decodeText(digits));
            grammar.edits.replace(
                    from, plain.indexOf('.') < 0 ? "helios_numeric(" + plain + ')' : plain);
        }
        return constant(Form.NUMBER, numberType(digits));
    }

    private static SqlType numberType(String digits) {
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            if (c == '.' || c == 'e' || c == 'E') {
                return SqlType.named("numeric");
            }
        }
        return digits.length() < 19 ? SqlType.INT8 : SqlType.named("numeric");
    }

    private Expression constant(Form form, @Nullable SqlType type) {
        int from = cursor.at++;
        return new Expression(from, cursor.at, form, Expression.NO_LABEL, 0, type);
    }

    private Expression parameter(int from, int number) {
        cursor.at++;
        grammar.facts.parameter(from, number);
        return indirection(
                new Expression(from, cursor.at, Form.PARAMETER, Expression.NO_LABEL, 0, null));
    }

    private Expression word(int from, String word) {
        switch (word) {
            case "true", "false" -> {
                cursor.at++;
                return new Expression(
                        from, cursor.at, Form.CONSTANT, Expression.NO_LABEL, 0, SqlType.BOOL);
            }
            case "null" -> {
                return constant(Form.NULL, null);
            }
            case "case" -> {
                return caseExpression(from);
            }
            case "exists" -> {
                if (cursor.isPunctuationAhead(1, "(")) {
                    cursor.at++;
                    subquery();
                    return new Expression(from, cursor.at, Form.OTHER, "exists", 2, SqlType.BOOL);
                }
            }
            case "array" -> {
                return array(from);
            }
            case "row" -> {
                if (cursor.isPunctuationAhead(1, "(")) {
                    return row(from);
                }
            }
            case "interval" -> {
                if (cursor.tokens.kinds[from + 1] == Token.STRING
                        || cursor.isPunctuationAhead(1, "(")) {
                    return intervalConstant(from);
                }
            }
            case "default" -> throw cursor.syntaxError();
            default -> {}
        }
        Expression call = grammar.calls.keywordCall(from, word);
        if (call != null) {
            return call;
        }
        Expression typed = typedConstant(from);
        return typed != null ? typed : named(from);
    }

    /** {@code type 'text'} for the types whose names are key words, and double precision. */
    private @Nullable Expression typedConstant(int from) {
        switch (cursor.text()) {
            case "int",
                    "integer",
                    "smallint",
                    "bigint",
                    "real",
                    "float",
                    "double",
                    "decimal",
                    "dec",
                    "numeric",
                    "boolean",
                    "character",
                    "char",
                    "varchar",
                    "national",
                    "nchar",
                    "time",
                    "timestamp" -> {}
            default -> {
                return null;
            }
        }
        if (!typedConstantFollows()) {
            return null;
        }
        SqlType type = grammar.types.simple();
        if (cursor.kind() != Token.STRING) {
            throw cursor.syntaxError();
        }
        return typed(from, cursor.at, type);
    }

    /** Whether a string follows the words and the parentheses of a type. */
    private boolean typedConstantFollows() {
        int i = cursor.at + 1;
        while (tokens.kinds[i] == Token.WORD && isTypeWord(tokens.texts[i])) {
            i++;
        }
        if (tokens.texts[i].equals("(") && tokens.kinds[i] == Token.PUNCTUATION) {
            while (tokens.kinds[i] != Token.END && !tokens.texts[i].equals(")")) {
                i++;
            }
            i++;
        }
        while (i < tokens.count && tokens.kinds[i] == Token.WORD && isTypeWord(tokens.texts[i])) {
            i++;
        }
        return i < tokens.count && tokens.kinds[i] == Token.STRING;
    }

    private static boolean isTypeWord(String word) {
        return switch (word) {
            case "precision", "varying", "character", "char", "with", "without", "time", "zone" ->
                    true;
            default -> false;
        };
    }

    private Expression typed(int from, int constant, SqlType type) {
        cursor.at = constant + 1;
        var text = new Expression(constant, cursor.at, Form.STRING, Expression.NO_LABEL, 0, null);
        String moment = Casts.moment(tokens.texts[constant], type);
        if (moment != null) {
            grammar.edits.fix(from, cursor.at, moment);
        } else if (type.oid() == Oid.NUMERIC && !type.isArray()) {
            grammar.edits.fix(
                    from,
                    cursor.at,
                    Casts.opening(type)
                            + Edits.string(tokens.texts[constant])
                            + Casts.closing(type));
        } else if (type.isJson()
                || type.isArray()
                || type.oid() == Oid.BOOL
                || type.oid() == Oid.BYTEA
                || type.oid() == Oid.INTERVAL) {
            grammar.edits.fix(
                    from,
                    cursor.at,
                    Casts.constant(tokens, constant, tokens.texts[constant], type));
        } else {
            grammar.edits.fix(
                    from,
                    cursor.at,
                    "CAST(" + Edits.string(tokens.texts[constant]) + " AS " + type.engine() + ')');
        }
        return Casts.result(text, from, cursor.at, type);
    }

    private Expression intervalConstant(int from) {
        cursor.at++;
        if (cursor.isPunctuation("(")) {
            cursor.at++;
            if (cursor.kind() != Token.INTEGER) {
                throw cursor.syntaxError();
            }
            cursor.at++;
            cursor.requirePunctuation(")");
        }
        int constant = cursor.at;
        if (cursor.kind() != Token.STRING) {
            throw cursor.syntaxError();
        }
        cursor.at++;
        int fields = cursor.at;
        grammar.types.intervalFields();
        String text = tokens.texts[constant];
        if (cursor.at == fields + 1 && isWholeNumber(text)) {
            text = text + ' ' + tokens.texts[fields];
        }
        grammar.edits.fix(from, cursor.at, IntervalText.toEngine(tokens, constant, text));
        return new Expression(
                from, cursor.at, Form.OTHER, "interval", 1, SqlType.named("interval"));
    }

    private static boolean isWholeNumber(String text) {
        return !text.isBlank()
                && text.chars()
                        .allMatch(c -> (c >= '0' && c <= '9') || c == ' ' || c == '-' || c == '.');
    }

    // ---- names

    /** A column, a function call, or a type before its constant. */
    private Expression named(int from) {
        boolean column = cursor.isColumnId();
        boolean function = cursor.isTypeFunctionName(from);
        if (!column && !function) {
            throw cursor.syntaxError();
        }
        int last = from;
        int next = from + 1;
        while (column && isDotted(next)) {
            last = next + 1;
            next += 2;
        }
        boolean qualified = last > from;
        if (column && isAt(next, ".") && !tokens.texts[next + 1].equals("*")) {
            cursor.at = next + 1;
            throw cursor.syntaxError();
        }
        if (isAt(next, "(") && (function || qualified)) {
            return indirection(grammar.calls.call(from, last));
        }
        if (tokens.kinds[next] == Token.STRING && (function || qualified)) {
            return genericConstant(from, next);
        }
        if (!column) {
            cursor.at = next;
            throw cursor.syntaxError();
        }
        return indirection(column(from, last));
    }

    private boolean isDotted(int token) {
        return isAt(token, ".")
                && (tokens.kinds[token + 1] == Token.WORD
                        || tokens.kinds[token + 1] == Token.QUOTED_NAME);
    }

    private boolean isAt(int token, String punctuation) {
        return tokens.kinds[token] == Token.PUNCTUATION && tokens.texts[token].equals(punctuation);
    }

    private Expression genericConstant(int from, int constant) {
        SqlType type = grammar.types.simple();
        if (cursor.at != constant) {
            throw cursor.syntaxError();
        }
        return typed(from, constant, type);
    }

    private Expression column(int from, int last) {
        cursor.at = last + 1;
        String label = Identifier.truncate(tokens.texts[last]);
        for (int i = from; i <= last; i += 2) {
            name(i);
        }
        if (last == from + 4 && isCatalog(tokens.texts[from])) {
            // The engine knows the tables of the catalogs by no schema.
            grammar.edits.remove(from, from + 2);
        }
        grammar.facts.names.add(new Facts.NameUse(from, cursor.at));
        if (last == from + 2 && isRow(from)) {
            grammar.facts.rowReferences.add(
                    new Facts.RowReference(
                            from, cursor.at, tokens.texts[from].equals("old"), label));
        }
        grammar.facts.columns.add(new Facts.ColumnName(from, cursor.at));
        return new Expression(from, cursor.at, Form.COLUMN, label, 2, null);
    }

    private static boolean isCatalog(String schema) {
        return schema.equals("pg_catalog") || schema.equals("information_schema");
    }

    private boolean isRow(int token) {
        return tokens.texts[token].equals("new") || tokens.texts[token].equals("old");
    }

    /** Has a word stand as a name, whatever the engine would read it as. */
    void name(int token) {
        if (tokens.kinds[token] == Token.WORD) {
            grammar.edits.replace(token, Edits.name(tokens.texts[token]));
        }
    }

    /** {@code [n]}, {@code .field} and {@code .*} after a term. */
    private Expression indirection(Expression term) {
        Expression result = term;
        while (true) {
            if (cursor.isPunctuation("[")) {
                int open = cursor.at++;
                if (!cursor.isPunctuation(":")) {
                    grammar.expressions.expression();
                }
                if (cursor.isPunctuation(":")) {
                    slice(term, open);
                } else {
                    cursor.requirePunctuation("]");
                    ArraySets.element(grammar, result, open, cursor.at - 1);
                }
                result =
                        new Expression(
                                term.from(),
                                cursor.at,
                                Form.OTHER,
                                term.label(),
                                term.strength(),
                                null);
            } else if (cursor.isPunctuation(".")
                    && (!term.is(Form.COLUMN) || isAt(term.from(), "("))) {
                cursor.at++;
                if (cursor.isPunctuation("*")) {
                    throw cursor.error(
                            SqlState.FEATURE_NOT_SUPPORTED,
                            "row expansion via \"*\" is not supported here");
                }
                name(cursor.at);
                result = Expression.named(term.from(), cursor.at + 1, cursor.label());
            } else {
                return result;
            }
        }
    }

    /** {@code [from:to]}; either end may be missing. */
    private void slice(Expression array, int open) {
        int colon = cursor.at++;
        boolean isOpen = cursor.isPunctuation("]");
        if (!isOpen) {
            grammar.expressions.expression();
        }
        int close = cursor.at;
        cursor.requirePunctuation("]");
        String copy = grammar.edits.copyOf(array.from(), open);
        grammar.edits.before(array.from(), "COALESCE(helios_slice(");
        grammar.edits.replace(open, colon == open + 1 ? ", NULL" : ",");
        grammar.edits.replace(colon, isOpen ? ", NULL" : ",");
        grammar.edits.replace(close, ")");
        grammar.edits.after(close, ", " + copy + ')');
    }

    // ---- parentheses

    private Expression parenthesized(int from) {
        if (grammar.queries.opensQuery()) {
            String label = subquery();
            return new Expression(
                    from,
                    cursor.at,
                    Form.SUBQUERY,
                    label,
                    label.equals(Expression.NO_LABEL) ? 0 : 2,
                    null);
        }
        cursor.at++;
        Expression inner = grammar.expressions.expression();
        if (cursor.isPunctuation(",")) {
            while (cursor.tryPunctuation(",")) {
                grammar.expressions.expression();
            }
            cursor.requirePunctuation(")");
            return Expression.named(from, cursor.at, "row");
        }
        cursor.requirePunctuation(")");
        return inner.spanning(from, cursor.at);
    }

    /** A query in parentheses; gives the name of its first column. */
    private String subquery() {
        cursor.requirePunctuation("(");
        if (!grammar.queries.startsQuery()) {
            throw cursor.syntaxError();
        }
        String label = grammar.queries.query().firstLabel();
        cursor.requirePunctuation(")");
        return label;
    }

    private Expression row(int from) {
        cursor.at += 2;
        if (!cursor.isPunctuation(")")) {
            do {
                grammar.expressions.expression();
            } while (cursor.tryPunctuation(","));
        }
        cursor.requirePunctuation(")");
        return Expression.named(from, cursor.at, "row");
    }

    private Expression array(int from) {
        cursor.at++;
        if (cursor.isPunctuation("(")) {
            subquery();
        } else {
            elements();
        }
        return Expression.named(from, cursor.at, "array");
    }

    private void elements() {
        cursor.enter();
        cursor.requirePunctuation("[");
        if (!cursor.isPunctuation("]")) {
            do {
                if (cursor.isPunctuation("[")) {
                    int open = cursor.at;
                    elements();
                    grammar.edits.before(open, "ARRAY");
                } else {
                    grammar.expressions.expression();
                }
            } while (cursor.tryPunctuation(","));
        }
        cursor.requirePunctuation("]");
        cursor.leave();
    }

    private Expression caseExpression(int from) {
        cursor.at++;
        var compared = new ArrayList<Expression>();
        var results = new ArrayList<Expression>();
        boolean isSimple = !cursor.isWord("when");
        if (isSimple) {
            compared.add(grammar.expressions.expression());
        }
        if (!cursor.isWord("when")) {
            throw cursor.syntaxError();
        }
        while (cursor.tryWord("when")) {
            Expression when = grammar.expressions.expression();
            if (isSimple) {
                if (when.is(Form.STRING) && isTruthValue(compared.getFirst())) {
                    grammar.edits.before(when.from(), "CAST(");
                    grammar.edits.after(when.to() - 1, " AS BOOLEAN)");
                }
                compared.add(when);
            } else if (when.is(Form.PARAMETER)) {
                grammar.facts.declare(when.from(), Facts.Place.EXPRESSION, Oid.BOOL);
            }
            cursor.requireWord("then");
            results.add(grammar.expressions.expression());
        }
        String label = "case";
        int strength = 1;
        if (cursor.tryWord("else")) {
            Expression otherwise = grammar.expressions.expression();
            results.add(otherwise);
            if (otherwise.strength() > 1) {
                label = otherwise.label();
                strength = 2;
            }
        }
        cursor.requireWord("end");
        grammar.facts.alike(compared);
        grammar.facts.alike(results);
        return new Expression(from, cursor.at, Form.OTHER, label, strength, null);
    }

    /** The store compares no such value with a string, as {@code WHEN 't'} would have it. */
    private static boolean isTruthValue(Expression value) {
        return SqlType.BOOL.equals(value.type()) || TRUTH_VALUES.contains(value.label());
    }
}
