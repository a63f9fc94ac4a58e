package io.heliosdb.sql;

import io.heliosdb.pg.Identifier;
import io.heliosdb.pg.Oid;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.sql.Expression.Form;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reads function calls, and the functions that have a grammar of their own.
 *
 * @see <a
 *     href="https://www.postgresql.org/docs/15/sql-expressions.html#SQL-EXPRESSIONS-FUNCTION-CALLS">PostgreSQL:
 *     function calls</a>
 */
final class CallGrammar {
    private static final String NO_FUNCTION_HINT =
            "No function matches the given name and argument types. You might need to add explicit"
                    + " type casts.";

    /** Roles are settings of the session; the engine has one user for all. */
    private static final String SESSION_USER = "current_setting('session_authorization')";

    private static final String CURRENT_USER =
            "COALESCE(NULLIF(current_setting('role'), 'none'), " + SESSION_USER + ')';

    private final Grammar grammar;
    private final Cursor cursor;
    private final Tokens tokens;
    private final Edits edits;
    private final RoutineCalls calls;

    CallGrammar(Grammar grammar) {
        this.grammar = grammar;
        this.cursor = grammar.cursor;
        this.tokens = grammar.tokens;
        this.edits = grammar.edits;
        this.calls = new RoutineCalls(grammar);
    }

    /** What the engine's own functions do not have. */
    private void requirePositional(CallArguments given) {
        for (var argument : given.list) {
            if (argument.name() != null || argument.isVariadic()) {
                throw tokens.error(
                        argument.from(),
                        SqlState.FEATURE_NOT_SUPPORTED,
                        argument.isVariadic()
                                ? "VARIADIC arguments are not supported"
                                : "named arguments are not supported");
            }
        }
    }

    /** Whether a call in FROM is one of a user's routine. */
    boolean isRoutine(int from, int last) {
        return !calls.candidates(from, last).isEmpty();
    }

    /** A call of a user's routine in FROM; the cursor stands on its name. */
    RoutineCalls.Resolved routine(int from, int last) {
        cursor.at = last + 1;
        CallArguments given = callArguments();
        return calls.resolve(from, last, given, calls.candidates(from, last));
    }

    RoutineCalls routineCalls() {
        return calls;
    }

    /** A call by name; the name's tokens are given and the cursor still stands on the first. */
    Expression call(int from, int last) {
        String name = Identifier.truncate(tokens.texts[last]);
        boolean builtIn =
                last == from || (last == from + 2 && tokens.texts[from].equals("pg_catalog"));
        cursor.at = last + 1;
        int open = cursor.at;
        CallArguments given = callArguments();
        List<Expression> arguments = given.values();
        int close = cursor.at - 1;
        for (int i = 0; i < arguments.size(); i++) {
            Expression argument = arguments.get(i);
            int oid = FunctionTypes.argument(name, i);
            if (builtIn && oid != 0 && argument.is(Form.PARAMETER)) {
                grammar.facts.declare(argument.from(), Facts.Place.EXPRESSION, oid);
            }
        }
        List<RoutineSignature> routines = calls.candidates(from, last);
        if (!routines.isEmpty()) {
            return calls.value(calls.resolve(from, last, given, routines));
        }
        requirePositional(given);
        boolean notifiesJson =
                name.equals("pg_notify") && arguments.stream().anyMatch(CallGrammar::isPlainJson);
        if (notifiesJson || FunctionNames.isRefused(name.toLowerCase(Locale.ROOT))) {
            throw noFunction(from, name, arguments);
        }
        if (builtIn) {
            edits.remove(from, last);
            builtIn(name, last, open, close, arguments);
        } else {
            qualified(from, last, name, arguments);
        }
        boolean bare = after();
        boolean rows = builtIn && bare && FunctionNames.isSetReturning(name);
        return new Expression(
                from,
                cursor.at,
                rows ? Form.SET_RETURNING : Form.OTHER,
                name,
                2,
                FunctionTypes.of(name));
    }

    /** A json that PostgreSQL has too; what SQLite's json_object gives is for NOTIFY. */
    private static boolean isPlainJson(Expression argument) {
        SqlType type = argument.type();
        return type != null && type.isJson() && !argument.label().equals("json_object");
    }

    private void qualified(int from, int last, String name, List<Expression> arguments) {
        String schema = tokens.texts[from];
        grammar.from.requireSchema(from, schema);
        if (schema.equals("information_schema") || last > from + 2) {
            throw noFunction(from, schema + '.' + name, arguments);
        }
        grammar.terms.name(from);
        grammar.terms.name(last);
    }

    private void builtIn(String name, int last, int open, int close, List<Expression> arguments) {
        String engine = FunctionNames.engineName(name);
        switch (name) {
            case "now", "transaction_timestamp", "statement_timestamp" -> {
                if (arguments.isEmpty()) {
                    edits.fix(last, close + 1, "CURRENT_TIMESTAMP(6)");
                    return;
                }
            }
            case "array_length" -> {
                if (arguments.size() == 2 && arguments.get(1).to() == close) {
                    edits.replace(last, "NULLIF(CARDINALITY");
                    edits.remove(arguments.get(0).to(), close);
                    edits.after(close, ", 0)");
                    return;
                }
            }
            case "to_timestamp" -> {
                if (arguments.size() == 1) {
                    edits.replace(last, "helios_epoch");
                    return;
                }
            }
            case "date_trunc" -> {
                Expression unit = arguments.isEmpty() ? null : arguments.getFirst();
                if (unit != null
                        && unit.is(Form.STRING)
                        && tokens.texts[unit.from()].equalsIgnoreCase("week")) {
                    // PostgreSQL's weeks begin on Monday.
                    edits.replace(unit.from(), "'iso_week'");
                }
            }
            case "mod" -> {
                if (arguments.size() == 2) {
                    Expression first = arguments.get(0);
                    Expression second = arguments.get(1);
                    edits.remove(last, open + 1);
                    edits.remove(close, close + 1);
                    edits.compute(
                            first.from(),
                            first.to(),
                            first.to(),
                            second.from(),
                            second.to(),
                            "helios_remainder",
                            " + ");
                    return;
                }
            }
            case "date_part" -> {
                if (arguments.size() == 2 && arguments.getFirst().is(Form.STRING)) {
                    String field = field(arguments.getFirst().from());
                    edits.replace(last, "EXTRACT");
                    edits.replace(arguments.getFirst().from(), field);
                    edits.replace(arguments.getFirst().to(), "FROM");
                    edits.before(last, "CAST(");
                    edits.after(close, fraction(field, arguments.get(1)) + " AS DOUBLE PRECISION)");
                    return;
                }
            }
            default -> {}
        }
        if (FunctionNames.hasTypeOfFirst(name) && !arguments.isEmpty()) {
            Expression first = arguments.getFirst();
            edits.replace(last, "helios_" + name);
            edits.typeOf(last, close + 1, first.from(), first.to());
        } else if (engine.equals(name) && !isBareFunction(name)) {
            edits.replace(last, Identifier.quote(name));
        } else {
            edits.replace(last, engine);
        }
        assert open == last + 1;
    }

    /**
     * Names that the engine reads as functions only when they are not quoted, or that need no
     * quotes.
     */
    private static boolean isBareFunction(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (!(c >= 'a' && c <= 'z') && c != '_' && (i == 0 || c < '0' || c > '9')) {
                return false;
            }
        }
        return !name.isEmpty();
    }

    private String field(int token) {
        String field = tokens.texts[token].toLowerCase(Locale.ROOT);
        for (int i = 0; i < field.length(); i++) {
            if (field.charAt(i) < 'a' || field.charAt(i) > 'z') {
                throw tokens.error(
                        token,
                        SqlState.INVALID_PARAMETER_VALUE,
                        "unit \""
                                + tokens.texts[token]
                                + "\" not recognized for type timestamp with time zone");
            }
        }
        return field;
    }

    private PgException noFunction(int token, String name, List<Expression> arguments) {
        var text = new StringBuilder("function ").append(name).append('(');
        for (int i = 0; i < arguments.size(); i++) {
            text.append(i == 0 ? "" : ", ").append(Operators.type(arguments.get(i)));
        }
        return tokens.error(
                        token,
                        SqlState.UNDEFINED_FUNCTION,
                        text.append(") does not exist").toString())
                .withHint(NO_FUNCTION_HINT);
    }

    /** Arguments in their parentheses; none for a star. */
    CallArguments callArguments() {
        cursor.enter();
        cursor.requirePunctuation("(");
        var arguments = new CallArguments(tokens);
        if (cursor.isPunctuation("*") && cursor.isPunctuationAhead(1, ")")) {
            cursor.at += 2;
            cursor.leave();
            return arguments;
        }
        if (!cursor.isPunctuation(")")) {
            if (!cursor.tryWord("all")) {
                cursor.tryWord("distinct");
            }
            do {
                arguments.list.add(argument(arguments.hasNames()));
            } while (cursor.tryPunctuation(","));
            grammar.tails.orderBy();
        }
        cursor.requirePunctuation(")");
        cursor.leave();
        return arguments;
    }

    private CallArguments.Argument argument(boolean mustBeNamed) {
        int from = cursor.at;
        boolean isVariadic = cursor.tryWord("variadic");
        String name = null;
        if (cursor.isTypeFunctionName(cursor.at)
                && (cursor.isPunctuationAhead(1, "=>") || cursor.isPunctuationAhead(1, ":="))) {
            name = cursor.label();
            cursor.at++;
        }
        Expression value = grammar.expressions.expression();
        if (mustBeNamed && name == null) {
            throw tokens.error(
                    value.from(),
                    SqlState.SYNTAX_ERROR,
                    "positional argument cannot follow named argument");
        }
        return new CallArguments.Argument(from, name, isVariadic, value);
    }

    /** WITHIN GROUP, FILTER and OVER; true where none of them follows. */
    private boolean after() {
        int start = cursor.at;
        if (cursor.isWord("within") && cursor.isWordAhead(1, "group")) {
            cursor.at += 2;
            cursor.requirePunctuation("(");
            if (!cursor.isWord("order")) {
                throw cursor.syntaxError();
            }
            grammar.tails.orderBy();
            cursor.requirePunctuation(")");
        }
        if (cursor.isWord("filter") && cursor.isPunctuationAhead(1, "(")) {
            cursor.at += 2;
            cursor.requireWord("where");
            grammar.expressions.expression();
            cursor.requirePunctuation(")");
        }
        if (cursor.tryWord("over")) {
            if (cursor.isPunctuation("(")) {
                grammar.tails.windowSpecification();
            } else {
                grammar.terms.name(cursor.at);
                cursor.columnId();
            }
        }
        return cursor.at == start;
    }

    // ---- functions with a grammar of their own (func_expr_common_subexpr)

    /** A function whose name is a key word, or null where the word is none of them. */
    @Nullable Expression keywordCall(int from, String word) {
        boolean open = cursor.isPunctuationAhead(1, "(");
        return switch (word) {
            case "current_date" -> value(from, word, SqlType.named("date"));
            case "current_timestamp" -> precise(from, word, "CURRENT_TIMESTAMP", "timestamptz");
            case "current_time" -> precise(from, word, "CURRENT_TIME", "timetz");
            case "localtime" -> precise(from, word, "LOCALTIME", "time");
            case "localtimestamp" -> precise(from, word, "LOCALTIMESTAMP", "timestamp");
            case "current_user", "session_user", "current_role", "user" -> {
                edits.replace(from, word.equals("session_user") ? SESSION_USER : CURRENT_USER);
                yield value(from, word, SqlType.named("name"));
            }
            case "current_catalog" -> {
                edits.replace(from, "current_database()");
                yield value(from, word, SqlType.named("name"));
            }
            case "current_schema" -> {
                Expression schema = value(from, word, SqlType.named("name"));
                if (open) {
                    cursor.at++;
                    cursor.requirePunctuation(")");
                    edits.remove(from + 1, cursor.at);
                }
                yield schema.spanning(from, cursor.at);
            }
            case "cast" -> cast(from);
            default -> open ? openCall(from, word) : null;
        };
    }

    private @Nullable Expression openCall(int from, String word) {
        return switch (word) {
            case "coalesce", "greatest", "least" -> {
                cursor.at += 2;
                List<Expression> list = list();
                grammar.facts.alike(list);
                yield new Expression(from, cursor.at, Form.OTHER, word, 2, common(list));
            }
            case "nullif" -> {
                cursor.at += 2;
                Expression left = grammar.expressions.expression();
                cursor.requirePunctuation(",");
                Expression right = grammar.expressions.expression();
                cursor.requirePunctuation(")");
                grammar.facts.alike(List.of(left, right));
                yield new Expression(from, cursor.at, Form.OTHER, word, 2, left.type());
            }
            case "grouping" -> {
                cursor.at += 2;
                list();
                yield Expression.named(from, cursor.at, word);
            }
            case "extract" -> extract(from);
            case "position" -> position(from);
            case "substring" -> substring(from);
            case "overlay" -> overlay(from);
            case "trim" -> trim(from);
            case "normalize",
                    "treat",
                    "xmlconcat",
                    "xmlelement",
                    "xmlexists",
                    "xmlforest",
                    "xmlparse",
                    "xmlpi",
                    "xmlroot",
                    "xmlserialize" ->
                    throw cursor.error(
                            SqlState.FEATURE_NOT_SUPPORTED, word + "() is not supported");
            default -> null;
        };
    }

    private Expression value(int from, String label, @Nullable SqlType type) {
        cursor.at = from + 1;
        return new Expression(from, cursor.at, Form.CONSTANT, label, 2, type);
    }

    private Expression precise(int from, String label, String engine, String type) {
        cursor.at = from + 1;
        int precision = 6;
        if (cursor.tryPunctuation("(")) {
            if (cursor.kind() != Token.INTEGER) {
                throw cursor.syntaxError();
            }
            precision = Math.min(Integer.parseInt(tokens.texts[cursor.at++]), 6);
            cursor.requirePunctuation(")");
        }
        edits.fix(from, cursor.at, engine + '(' + precision + ')');
        return new Expression(from, cursor.at, Form.CONSTANT, label, 2, SqlType.named(type));
    }

    private List<Expression> list() {
        var list = new ArrayList<Expression>();
        do {
            list.add(grammar.expressions.expression());
        } while (cursor.tryPunctuation(","));
        cursor.requirePunctuation(")");
        return list;
    }

    /** The one type that all have whose type is known; null where they differ. */
    private static @Nullable SqlType common(List<Expression> list) {
        SqlType common = null;
        for (Expression expression : list) {
            SqlType type = expression.type();
            boolean open = expression.is(Form.PARAMETER) || expression.is(Form.NULL);
            if (open || expression.is(Form.STRING)) {
                continue;
            }
            if (type == null || (common != null && common.oid() != type.oid())) {
                return null;
            }
            common = type;
        }
        return common;
    }

    private Expression cast(int from) {
        cursor.at++;
        cursor.requirePunctuation("(");
        Expression operand = grammar.expressions.expression();
        int mark = cursor.at;
        cursor.requireWord("as");
        int typeFrom = cursor.at;
        SqlType type = grammar.types.type();
        int typeTo = cursor.at;
        cursor.requirePunctuation(")");
        Casts.cast(grammar, operand, operand.from(), mark, typeFrom, typeTo, type);
        edits.remove(from, from + 1);
        return Casts.result(operand, from, cursor.at, type);
    }

    private Expression extract(int from) {
        cursor.at += 2;
        int field = cursor.at;
        if (cursor.kind() == Token.STRING) {
            edits.replace(field, field(field));
            cursor.at++;
        } else {
            cursor.label();
        }
        cursor.requireWord("from");
        Expression source = grammar.expressions.expression();
        cursor.requirePunctuation(")");
        String word = tokens.texts[field].toLowerCase(Locale.ROOT);
        edits.before(from, "helios_numeric(");
        edits.after(cursor.at - 1, fraction(word, source) + digits(word) + ')');
        return new Expression(from, cursor.at, Form.OTHER, "extract", 2, SqlType.named("numeric"));
    }

    /** The engine's seconds are whole. */
    private String fraction(String field, Expression source) {
        return field.startsWith("second")
                ? " + EXTRACT(MICROSECOND FROM "
                        + edits.copyOf(source.from(), source.to())
                        + ") * 0.000001"
                : "";
    }

    private static String digits(String field) {
        return field.startsWith("second") || field.equals("epoch") ? ", 40, 6" : "";
    }

    private Expression position(int from) {
        cursor.at += 2;
        edits.replace(from, "helios_position");
        text(grammar.expressions.restricted());
        edits.replace(cursor.at, ",");
        cursor.requireWord("in");
        text(grammar.expressions.restricted());
        cursor.requirePunctuation(")");
        return new Expression(from, cursor.at, Form.OTHER, "position", 2, SqlType.INT4);
    }

    private Expression substring(int from) {
        cursor.at += 2;
        edits.replace(from, "helios_substring");
        text(grammar.expressions.expression());
        if (cursor.isPunctuation(",")) {
            while (cursor.tryPunctuation(",")) {
                number(grammar.expressions.expression());
            }
        } else {
            boolean start = cursor.isWord("from");
            if (start) {
                edits.replace(cursor.at++, ",");
                number(grammar.expressions.expression());
            }
            if (cursor.isWord("for")) {
                edits.replace(cursor.at++, start ? "," : ", 1,");
                number(grammar.expressions.expression());
            }
        }
        cursor.requirePunctuation(")");
        return new Expression(from, cursor.at, Form.OTHER, "substring", 2, SqlType.TEXT);
    }

    private void text(Expression argument) {
        declare(argument, Oid.TEXT);
    }

    private void number(Expression argument) {
        declare(argument, Oid.INT4);
    }

    private void declare(Expression argument, int oid) {
        if (argument.is(Form.PARAMETER)) {
            grammar.facts.declare(argument.from(), Facts.Place.EXPRESSION, oid);
        }
    }

    private Expression overlay(int from) {
        cursor.at += 2;
        edits.replace(from, "helios_overlay");
        text(grammar.expressions.expression());
        edits.replace(cursor.at, ",");
        cursor.requireWord("placing");
        text(grammar.expressions.expression());
        edits.replace(cursor.at, ",");
        cursor.requireWord("from");
        number(grammar.expressions.expression());
        if (cursor.isWord("for")) {
            edits.replace(cursor.at++, ",");
            number(grammar.expressions.expression());
        }
        cursor.requirePunctuation(")");
        return new Expression(from, cursor.at, Form.OTHER, "overlay", 2, SqlType.TEXT);
    }

    private Expression trim(int from) {
        cursor.at += 2;
        String label =
                cursor.isWord("leading") ? "ltrim" : cursor.isWord("trailing") ? "rtrim" : "btrim";
        boolean side =
                cursor.tryWord("leading") || cursor.tryWord("trailing") || cursor.tryWord("both");
        if (!cursor.isWord("from")) {
            grammar.expressions.expression();
        }
        if (cursor.tryWord("from")) {
            grammar.expressions.expression();
        } else if (cursor.isPunctuation(",")) {
            // TRIM(text, characters) is PostgreSQL's own form, as in BTRIM.
            edits.replace(from, side ? label.toUpperCase(Locale.ROOT) : "BTRIM");
            if (side) {
                edits.remove(from + 2, from + 3);
            }
            while (cursor.tryPunctuation(",")) {
                grammar.expressions.expression();
            }
        }
        cursor.requirePunctuation(")");
        return new Expression(from, cursor.at, Form.OTHER, label, 2, SqlType.TEXT);
    }
}
