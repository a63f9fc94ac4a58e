package io.heliosdb.sql;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads what follows the arguments of CREATE FUNCTION, in any order. */
final class RoutineOptions {
    private final Grammar grammar;
    private final Cursor cursor;
    private final Tokens tokens;
    private final int from;
    private final Set<String> given = new HashSet<>();
    private final Map<String, String> settings = new LinkedHashMap<>();

    private Optional<String> language = Optional.empty();
    private Optional<String> body = Optional.empty();
    private int bodyOffset;
    private boolean isEscaped;
    private char volatility = 'v';
    private char parallel = 'u';
    private boolean isStrict;
    private boolean isSecurityDefiner;
    private boolean isLeakproof;
    private Optional<Double> cost = Optional.empty();
    private Optional<Double> rows = Optional.empty();

    RoutineOptions(Grammar grammar, int from) {
        this.grammar = grammar;
        this.cursor = grammar.cursor;
        this.tokens = grammar.tokens;
        this.from = from;
    }

    void read() {
        while (!cursor.atEnd() && !cursor.isPunctuation(";") && option()) {}
    }

    private boolean option() {
        if (cursor.kind() != Token.WORD) {
            return false;
        }
        int at = cursor.at;
        switch (cursor.text()) {
            case "as" -> {
                once(at, "as");
                cursor.at++;
                as();
            }
            case "language" -> {
                once(at, "language");
                cursor.at++;
                language = Optional.of(grammar.routines.languageName());
            }
            case "immutable", "stable", "volatile" -> {
                once(at, "volatility");
                volatility = tokens.texts[cursor.at++].charAt(0);
            }
            case "not" -> {
                if (!cursor.isWordAhead(1, "leakproof")) {
                    return false;
                }
                once(at, "leakproof");
                cursor.at += 2;
            }
            case "leakproof" -> {
                once(at, "leakproof");
                cursor.at++;
                isLeakproof = true;
            }
            case "strict" -> {
                once(at, "strict");
                cursor.at++;
                isStrict = true;
            }
            case "called", "returns" -> nullInput(at);
            case "external", "security" -> security(at);
            case "parallel" -> parallel(at);
            case "cost" -> {
                once(at, "cost");
                cursor.at++;
                cost = Optional.of(number("COST"));
            }
            case "rows" -> {
                once(at, "rows");
                cursor.at++;
                rows = Optional.of(number("ROWS"));
            }
            case "set" -> setting();
            case "reset" -> {
                cursor.at++;
                cursor.columnId();
            }
            case "window", "transform", "support" ->
                    throw cursor.error(
                            SqlState.FEATURE_NOT_SUPPORTED,
                            tokens.texts[at].toUpperCase(Locale.ROOT)
                                    + " is not supported for routines");
            case "begin" -> atomic(at);
            case "return" -> result(at);
            default -> {
                return false;
            }
        }
        return true;
    }

    private void once(int at, String option) {
        if (!given.add(option)) {
            throw tokens.error(at, SqlState.SYNTAX_ERROR, "conflicting or redundant options");
        }
    }

    private void as() {
        int token = cursor.at;
        body = Optional.of(cursor.string());
        bodyOffset = grammar.routines.bodyStart(token) - tokens.starts[from];
        isEscaped = grammar.routines.isEscaped(token);
        if (cursor.tryPunctuation(",")) {
            cursor.string();
            throw RoutineGrammar.invalid(
                    "only one AS item needed for language \"" + language.orElse("sql") + '"');
        }
    }

    private void nullInput(int at) {
        once(at, "strict");
        boolean isCalled = cursor.isWord("called");
        cursor.at++;
        if (isCalled) {
            cursor.requireWord("on");
        } else {
            cursor.requireWord("null");
            cursor.requireWord("on");
        }
        cursor.requireWord("null");
        cursor.requireWord("input");
        isStrict = !isCalled;
    }

    private void security(int at) {
        once(at, "security");
        cursor.tryWord("external");
        cursor.requireWord("security");
        isSecurityDefiner = cursor.tryWord("definer");
        if (!isSecurityDefiner) {
            cursor.requireWord("invoker");
        }
    }

    private void parallel(int at) {
        once(at, "parallel");
        cursor.at++;
        String word = cursor.columnId();
        parallel =
                switch (word) {
                    case "safe" -> 's';
                    case "restricted" -> 'r';
                    case "unsafe" -> 'u';
                    default ->
                            throw new PgException(
                                    SqlState.SYNTAX_ERROR,
                                    "parameter \"parallel\" must be SAFE, RESTRICTED, or UNSAFE");
                };
    }

    private double number(String option) {
        if (cursor.kind() != Token.INTEGER && cursor.kind() != Token.NUMBER) {
            throw cursor.syntaxError();
        }
        double value = Double.parseDouble(tokens.texts[cursor.at++]);
        if (value <= 0) {
            throw new PgException(SqlState.INVALID_PARAMETER_VALUE, option + " must be positive");
        }
        return value;
    }

    private void setting() {
        Statement statement = grammar.settings.set();
        if (statement instanceof Statement.Set set && !set.local()) {
            settings.put(set.name(), String.join(", ", set.values()));
        } else {
            throw new PgException(
                    SqlState.FEATURE_NOT_SUPPORTED,
                    "only SET of one setting is supported for routines");
        }
    }

    /** BEGIN ATOMIC statements END: the statements are kept as they are written. */
    private void atomic(int at) {
        once(at, "as");
        cursor.at++;
        cursor.requireWord("atomic");
        int start = cursor.at;
        int end = start;
        while (!cursor.isWord("end")) {
            grammar.commands.statement();
            cursor.requirePunctuation(";");
            end = cursor.at;
        }
        cursor.at++;
        inline(start, end, grammar.source(start, end));
    }

    /** RETURN expression. */
    private void result(int at) {
        once(at, "as");
        cursor.at++;
        int start = cursor.at;
        grammar.push();
        try {
            grammar.expressions.expression();
        } finally {
            grammar.pop();
        }
        inline(start, cursor.at, "SELECT " + grammar.source(start, cursor.at));
    }

    private void inline(int start, int end, String text) {
        assert end >= start;
        body = Optional.of(text);
        bodyOffset = tokens.starts[start] - tokens.starts[from];
        if (language.isEmpty()) {
            language = Optional.of("sql");
        }
    }

    void requireComplete(boolean isProcedure) {
        if (language.isEmpty()) {
            throw RoutineGrammar.invalid("no language specified");
        }
        String name = language.get();
        if (!name.equals("sql") && !name.equals("plpgsql")) {
            throw new PgException(
                    SqlState.UNDEFINED_OBJECT, "language \"" + name + "\" does not exist");
        }
        if (body.isEmpty()) {
            throw RoutineGrammar.invalid("no function body specified");
        }
        if (isProcedure && isStrict) {
            throw RoutineGrammar.invalid("invalid attribute in procedure definition");
        }
    }

    RoutineDefinition define(
            TableName name,
            boolean isProcedure,
            boolean orReplace,
            List<RoutineParameter> parameters,
            RoutineType returns,
            boolean returnsSet) {
        return new RoutineDefinition(
                grammar.source(from, cursor.at),
                isProcedure,
                orReplace,
                name,
                parameters,
                returns,
                returnsSet,
                language.orElse("sql"),
                body.orElse(""),
                bodyOffset,
                isEscaped,
                volatility,
                isStrict,
                isSecurityDefiner,
                isLeakproof,
                parallel,
                cost,
                rows,
                settings);
    }
}
