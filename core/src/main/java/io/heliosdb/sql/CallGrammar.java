package io.heliosdb.sql;

import io.heliosdb.pg.Identifier;
import io.heliosdb.pg.Oid;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.sql.Expression.Form;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.function.Supplier;

/**
 * Reads function calls.
 *
 * @see <a
 *     href="https://www.postgresql.org/docs/15/sql-expressions.html#SQL-EXPRESSIONS-FUNCTION-CALLS">PostgreSQL:
 *     function calls</a>
 */
final class CallGrammar {
    private static final String NO_FUNCTION_HINT =
            "No function matches the given name and argument types. You might need to add explicit"
                    + " type casts.";

    private static final List<SqlType> LOCAL_OR_MOMENT =
            List.of(SqlType.of(Oid.TIMESTAMP), SqlType.of(Oid.TIMESTAMPTZ));

    private static final List<String> INTERVAL_PARTS =
            List.of("years", "months", "weeks", "days", "hours", "mins", "secs");

    private final Grammar grammar;
    private final Cursor cursor;
    private final Tokens tokens;
    private final Edits edits;
    private final KeywordCalls keywords;
    private final RoutineCalls calls;

    /** Whether the default of a column is read. */
    private boolean isColumnDefault;

    CallGrammar(Grammar grammar) {
        this.grammar = grammar;
        this.cursor = grammar.cursor;
        this.tokens = grammar.tokens;
        this.edits = grammar.edits;
        this.keywords = new KeywordCalls(grammar);
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

    /** The default of a column. */
    Expression columnDefault(Supplier<Expression> expression) {
        isColumnDefault = true;
        try {
            return expression.get();
        } finally {
            isColumnDefault = false;
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
        if (builtIn && name.equals("make_interval")) {
            edits.remove(from, last);
            return makeInterval(from, last, given);
        }
        requirePositional(given);
        boolean isNotText =
                name.equals("pg_notify") && arguments.stream().anyMatch(this::isNotText);
        if (ArraySets.isFunction(name) && !arguments.isEmpty()) {
            grammar.facts.arguments.put(from, arguments);
            Expression set =
                    arguments.size() > 1
                            ? null
                            : grammar.queries
                                    .sets()
                                    .item(from, cursor.at, name, arguments.getFirst());
            if (set != null) {
                return set;
            }
            if (name.equals("_pg_expandarray")) {
                return new Expression(from, cursor.at, Form.SET_RETURNING, name, 2, null);
            }
        }
        if (builtIn && name.equals("pg_typeof") && arguments.size() == 1) {
            String type = typeName(arguments.getFirst());
            if (type != null) {
                edits.fix(from, cursor.at, "helios_regtype(" + Edits.string(type) + ')');
                return Expression.named(from, cursor.at, name).withType(SqlType.of(Oid.REGTYPE));
            }
        }
        boolean isNumberForText =
                builtIn
                        && !arguments.isEmpty()
                        && arguments.getFirst().is(Form.NUMBER)
                        && FunctionNames.takesNoNumber(name);
        if (isNumberForText || isNotText || FunctionNames.isRefused(name)) {
            throw noFunction(from, name, arguments);
        }
        if (builtIn) {
            edits.remove(from, last);
            builtIn(name, last, open, close, arguments);
        } else {
            qualified(from, last, name, arguments);
        }
        boolean bare = after();
        if (builtIn && bare && FunctionNames.isWindowOnly(name)) {
            throw tokens.error(
                    from,
                    SqlState.WRONG_OBJECT_TYPE,
                    "window function " + name + " requires an OVER clause");
        }
        if (builtIn && name.equals("percentile_cont")) {
            edits.wrap(last, cursor.at, "CAST(", " AS DOUBLE PRECISION)");
        }
        if (builtIn && FunctionNames.isJsonAggregate(name)) {
            aggregate(from, last, name, arguments);
        }
        if (builtIn && RowJson.isFunction(name) && arguments.size() == 1) {
            grammar.facts.rowCalls.add(new Facts.RowCall(name, last, arguments.getFirst()));
        }
        boolean rows = builtIn && bare && FunctionNames.isSetReturning(name);
        Expression elements =
                rows ? grammar.queries.sets().elements(from, last, cursor.at, name) : null;
        if (elements != null) {
            return elements.withType(FunctionTypes.of(name));
        }
        return new Expression(
                from,
                cursor.at,
                rows ? Form.SET_RETURNING : Form.OTHER,
                name,
                2,
                builtIn ? type(name, arguments) : FunctionTypes.of(name));
    }

    /** PostgreSQL's name for the type of an expression; null where the statement does not say. */
    private @Nullable String typeName(Expression argument) {
        if (argument.is(Form.STRING) || argument.is(Form.NULL)) {
            return "unknown";
        }
        SqlType type = grammar.resolved(argument).type();
        if (type == null || type.oid() == 0) {
            return null;
        }
        return type.isUsers() ? Integer.toString(type.oid()) : Operators.displayName(type);
    }

    /** JSON of a group: the engine's array_agg has its order, its filter and its window. */
    private void aggregate(int from, int last, String name, List<Expression> arguments) {
        boolean isObject = name.endsWith("_object_agg");
        if (arguments.size() != (isObject ? 2 : 1)) {
            throw noFunction(from, name, arguments);
        }
        if (isObject) {
            edits.wrap(arguments.get(0).from(), arguments.get(1).to(), "ROW(", ")");
        }
        edits.replace(last, "helios_" + name + "(ARRAY_AGG");
        edits.after(cursor.at - 1, ")");
    }

    /** The type of a call, which may be that of its first argument. */
    private @Nullable SqlType type(String name, List<Expression> arguments) {
        SqlType type = FunctionTypes.of(name);
        if (type != null || arguments.isEmpty()) {
            return type;
        }
        SqlType first = grammar.resolved(arguments.getFirst()).type();
        if (first == null) {
            return null;
        }
        return switch (name) {
            case "min", "max" -> first.oid() == Oid.VARCHAR ? SqlType.TEXT : first;
            case "lag", "lead", "first_value", "last_value", "nth_value" -> first;
            case "array_agg" -> first.isArray() || first.isUsers() ? null : first.array();
            case "timezone" ->
                    arguments.size() == 2
                            ? LOCAL_OR_MOMENT.get(isLocal(arguments.get(1)) ? 1 : 0)
                            : null;
            default -> null;
        };
    }

    /** The parts of an interval, by place or by name; those that are missing are 0. */
    private Expression makeInterval(int from, int last, CallArguments given) {
        int close = cursor.at - 1;
        var parts = new Expression[INTERVAL_PARTS.size()];
        for (int i = 0; i < given.list.size(); i++) {
            CallArguments.Argument argument = given.list.get(i);
            int part = argument.name() == null ? i : INTERVAL_PARTS.indexOf(argument.name());
            if (argument.isVariadic() || part < 0 || part >= parts.length || parts[part] != null) {
                throw noFunction(from, "make_interval", given.values());
            }
            parts[part] = argument.value();
            edits.remove(argument.from(), argument.value().from());
            if (argument.value().to() < close) {
                edits.remove(argument.value().to(), argument.value().to() + 1);
            }
        }
        edits.replace(last, "helios_make_interval");
        var before = new StringBuilder();
        for (int i = 0; i < parts.length; i++) {
            before.append(i == 0 ? "" : ", ");
            Expression part = parts[i];
            if (part == null) {
                before.append('0');
            } else {
                edits.move(part.from(), part.to(), "", last + 1, before.toString(), "");
                before.setLength(0);
            }
        }
        edits.replace(close, before.append(')').toString());
        return new Expression(
                from, cursor.at, Form.OTHER, "make_interval", 2, SqlType.of(Oid.INTERVAL));
    }

    /** A type that is no text to PostgreSQL; what SQLite's json_object gives is for NOTIFY. */
    private boolean isNotText(Expression argument) {
        SqlType type = grammar.resolved(argument).type();
        if (type == null || argument.is(Form.STRING) || argument.is(Form.NULL)) {
            return false;
        }
        return switch (type.oid()) {
            case 0, Oid.TEXT, Oid.VARCHAR, Oid.BPCHAR, Oid.NAME, Oid.UNKNOWN -> false;
            default -> !argument.label().equals("json_object");
        };
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
            case "nextval", "currval" -> {
                if (arguments.size() == 1) {
                    sequence(name, last, arguments.getFirst());
                    return;
                }
            }
            case "array_fill" -> {
                if (arguments.size() == 2) {
                    Expression element = arguments.getFirst();
                    String copy = edits.copyOf(element.from(), element.to());
                    edits.replace(last, "helios_array_fill");
                    edits.before(last, "COALESCE(");
                    edits.after(close, ", ARRAY[" + copy + "])");
                    return;
                }
            }
            case "array_prepend" -> {
                if (arguments.size() == 2) {
                    Expression array = arguments.get(1);
                    edits.replace(last, "helios_array_prepend");
                    edits.typeOf(last, close + 1, array.from(), array.to());
                    return;
                }
            }
            case "generate_series" -> {
                String series = series(arguments);
                if (series != null) {
                    edits.replace(last, series);
                    return;
                }
            }
            case "timezone", "date_bin" -> {
                if (arguments.size() == (name.equals("timezone") ? 2 : 3)) {
                    boolean isLocal = isLocal(arguments.get(1));
                    String zoned = isLocal ? "helios_moment_in" : "helios_local_in";
                    String bin = isLocal ? "helios_bin" : "helios_bin_moment";
                    edits.replace(last, name.equals("timezone") ? zoned : bin);
                    return;
                }
            }
            case "date" -> {
                if (arguments.size() == 1) {
                    edits.replace(last, "CAST");
                    edits.before(close, " AS DATE");
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
                    String field = keywords.field(arguments.getFirst().from());
                    edits.replace(last, "EXTRACT");
                    edits.replace(arguments.getFirst().from(), field);
                    edits.replace(arguments.getFirst().to(), "FROM");
                    edits.before(last, "CAST(");
                    edits.after(
                            close,
                            keywords.fraction(field, arguments.get(1)) + " AS DOUBLE PRECISION)");
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
     * A value of a sequence, which is found by its name when it is asked for; in a column's default
     * the engine is to know the sequence.
     */
    private void sequence(String name, int last, Expression sequence) {
        boolean isConstant = tokens.kinds[sequence.from()] == Token.STRING;
        if (!isColumnDefault || !isConstant) {
            String copy = edits.copyOf(sequence.from(), sequence.to());
            String schema = name.equals("nextval") ? "to_move" : "schema";
            edits.replace(last + 1, "(helios_sequence_" + schema + '(');
            edits.after(sequence.to(), ", helios_sequence_name(" + copy + "))");
        } else if (sequence.to() > sequence.from() + 1) {
            edits.fix(sequence.from(), sequence.to(), Edits.string(tokens.texts[sequence.from()]));
        }
    }

    /** {@code AT TIME ZONE}, which is {@code timezone(zone, time)}. */
    Expression zoned(Expression time, int mark, Expression zone) {
        boolean isLocal = isLocal(time);
        edits.before(time.from(), isLocal ? "helios_moment(" : "helios_local(");
        edits.replace(mark, ",");
        edits.remove(mark + 1, mark + 3);
        edits.after(zone.to() - 1, ")");
        return Expression.named(time.from(), zone.to(), "timezone")
                .withType(LOCAL_OR_MOMENT.get(isLocal ? 1 : 0));
    }

    /** Whether a time has no zone. */
    private boolean isLocal(Expression time) {
        SqlType type = grammar.resolved(time).type();
        return type != null && type.oid() == Oid.TIMESTAMP;
    }

    /** The function for a series of moments or numerics; null for one of integers. */
    private @Nullable String series(List<Expression> arguments) {
        for (Expression argument : arguments) {
            SqlType type = grammar.resolved(argument).type();
            int oid = type == null ? 0 : type.oid();
            switch (oid) {
                case Oid.TIMESTAMP -> {
                    return "helios_series_timestamp";
                }
                case Oid.DATE, Oid.TIMESTAMPTZ -> {
                    return "helios_series_timestamptz";
                }
                case Oid.NUMERIC -> {
                    return "helios_series_numeric";
                }
                default -> {}
            }
        }
        return null;
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

    /** A function whose name is a key word, or null where the word is none of them. */
    @Nullable Expression keywordCall(int from, String word) {
        return keywords.call(from, word);
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
        Expression value = isWholeRow() ? wholeRow() : grammar.expressions.expression();
        if (mustBeNamed && name == null) {
            throw tokens.error(
                    value.from(),
                    SqlState.SYNTAX_ERROR,
                    "positional argument cannot follow named argument");
        }
        return new CallArguments.Argument(from, name, isVariadic, value);
    }

    private boolean isWholeRow() {
        return cursor.isColumnId()
                && cursor.isPunctuationAhead(1, ".")
                && tokens.texts[cursor.at + 2].equals("*");
    }

    /** {@code t.*} as an argument is the row {@code t}. */
    private Expression wholeRow() {
        int name = cursor.at;
        grammar.terms.name(name);
        edits.remove(name + 1, name + 3);
        cursor.at += 3;
        return new Expression(name, name + 1, Form.COLUMN, tokens.texts[name], 2, null);
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
}
