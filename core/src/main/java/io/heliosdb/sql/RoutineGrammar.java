package io.heliosdb.sql;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.sql.RoutineParameter.Mode;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads CREATE, ALTER and DROP of functions and procedures, DO and CALL.
 *
 * @see <a href="https://www.postgresql.org/docs/15/sql-createfunction.html">PostgreSQL: CREATE
 *     FUNCTION</a>
 */
final class RoutineGrammar {
    private final Grammar grammar;
    private final Cursor cursor;
    private final Tokens tokens;

    RoutineGrammar(Grammar grammar) {
        this.grammar = grammar;
        this.cursor = grammar.cursor;
        this.tokens = grammar.tokens;
    }

    /** After CREATE [OR REPLACE], at FUNCTION or PROCEDURE. */
    Statement create(int from, boolean orReplace) {
        boolean isProcedure = cursor.isWord("procedure");
        cursor.at++;
        TableName name = name();
        List<RoutineParameter> parameters = parameters();
        @Nullable RoutineType returns = null;
        boolean returnsSet = false;
        int returnsAt = cursor.at;
        if (!isProcedure && cursor.tryWord("returns")) {
            if (cursor.tryWord("table")) {
                parameters.addAll(columns());
                returnsSet = true;
                returns = outputType(parameters, false).orElseThrow();
            } else {
                returnsSet = cursor.tryWord("setof");
                returnsAt = cursor.at;
                returns = type();
            }
        }
        var options = new RoutineOptions(grammar, from);
        options.read();
        requireNames(parameters);
        RoutineType result = result(isProcedure, parameters, returns, returnsAt);
        options.requireComplete(isProcedure);
        var definition =
                options.define(name, isProcedure, orReplace, parameters, result, returnsSet);
        requireTriggerWithoutArguments(definition);
        return new Statement.CreateRoutine(definition.source(), tokens.starts[from], definition);
    }

    private TableName name() {
        int at = cursor.at;
        if (!cursor.isColumnId() && !cursor.isTypeFunctionName(at)) {
            throw cursor.syntaxError();
        }
        String first = cursor.label();
        if (!cursor.tryPunctuation(".")) {
            return new TableName(Optional.empty(), first);
        }
        grammar.from.requireSchema(at, first);
        String second = cursor.label();
        if (cursor.tryPunctuation(".")) {
            return new TableName(Optional.of(second), cursor.label());
        }
        return new TableName(Optional.of(first), second);
    }

    // ---- parameters

    private List<RoutineParameter> parameters() {
        cursor.requirePunctuation("(");
        var parameters = new ArrayList<RoutineParameter>();
        if (!cursor.isPunctuation(")")) {
            do {
                parameters.add(parameter());
            } while (cursor.tryPunctuation(","));
        }
        cursor.requirePunctuation(")");
        return parameters;
    }

    private RoutineParameter parameter() {
        Mode mode = mode();
        Optional<String> name = Optional.empty();
        if (mode == Mode.IN && isNameBeforeMode()) {
            name = Optional.of(cursor.label());
            mode = mode();
        } else if (startsType(cursor.at + 1)
                && (cursor.isTypeFunctionName(cursor.at) || cursor.isColumnId())) {
            name = Optional.of(cursor.label());
        }
        RoutineType type = type();
        Optional<String> defaultText = Optional.empty();
        Optional<String> defaultSql = Optional.empty();
        if (cursor.tryWord("default") || cursor.tryPunctuation("=")) {
            int start = cursor.at;
            grammar.push();
            try {
                grammar.expressions.expression();
            } finally {
                grammar.pop();
            }
            defaultText = Optional.of(grammar.source(start, cursor.at));
            defaultSql = Optional.of(grammar.edits.render(start, cursor.at));
        }
        return new RoutineParameter(mode, name, type, defaultText, defaultSql);
    }

    private Mode mode() {
        if (cursor.isWord("in")) {
            cursor.at++;
            return cursor.tryWord("out") ? Mode.INOUT : Mode.IN;
        }
        if (cursor.isWord("variadic")) {
            cursor.at++;
            return Mode.VARIADIC;
        }
        if ((cursor.isWord("out") || cursor.isWord("inout")) && startsType(cursor.at + 1)) {
            return tokens.texts[cursor.at++].equals("out") ? Mode.OUT : Mode.INOUT;
        }
        return Mode.IN;
    }

    /** PostgreSQL takes the name before the mode, too. */
    private boolean isNameBeforeMode() {
        int next = cursor.at + 1;
        return cursor.isColumnId()
                && tokens.kinds[next] == Token.WORD
                && switch (tokens.texts[next]) {
                    case "in", "variadic" -> true;
                    case "out", "inout" -> startsType(next + 1);
                    default -> false;
                };
    }

    /** Whether a token can begin a type; then the word before it is a name. */
    private boolean startsType(int token) {
        if (tokens.kinds[token] == Token.QUOTED_NAME) {
            return true;
        }
        if (tokens.kinds[token] != Token.WORD) {
            return false;
        }
        boolean isSecondWord =
                switch (tokens.texts[token]) {
                    case "precision" -> tokens.texts[token - 1].equals("double");
                    case "varying" -> true;
                    case "with", "without", "default", "array" -> true;
                    default -> false;
                };
        return !isSecondWord && (cursor.isTypeFunctionName(token) || isTypeWord(token));
    }

    private boolean isTypeWord(int token) {
        Keyword.Kind kind = Keyword.kind(tokens.texts[token]);
        return kind == Keyword.Kind.COLUMN_NAME && !tokens.texts[token].equals("out");
    }

    private List<RoutineParameter> columns() {
        cursor.requirePunctuation("(");
        var columns = new ArrayList<RoutineParameter>();
        do {
            String name = cursor.label();
            columns.add(
                    new RoutineParameter(
                            Mode.TABLE,
                            Optional.of(name),
                            type(),
                            Optional.empty(),
                            Optional.empty()));
        } while (cursor.tryPunctuation(","));
        cursor.requirePunctuation(")");
        return columns;
    }

    /** A type, pseudo types and {@code column%TYPE} among them. */
    RoutineType type() {
        int at = cursor.at;
        if (cursor.kind() == Token.WORD) {
            Optional<RoutineType> pseudo = RoutineType.pseudo(cursor.text());
            if (pseudo.isPresent()) {
                cursor.at++;
                return pseudo.get();
            }
        }
        Optional<String> schema =
                cursor.isColumnId() && cursor.isPunctuationAhead(1, ".")
                        ? Optional.of(tokens.texts[at])
                        : Optional.empty();
        SqlType type = grammar.types.type();
        if (cursor.isPunctuation("%")) {
            cursor.at++;
            cursor.requireWord("type");
            throw tokens.error(
                    at,
                    SqlState.FEATURE_NOT_SUPPORTED,
                    "%TYPE is not supported in the declaration of a routine");
        }
        RoutineType result = RoutineType.of(type);
        return type.oid() == 0 && schema.isPresent()
                ? new RoutineType(result.name(), schema, 0, -1, result.engine(), result.isArray())
                : result;
    }

    // ---- what must hold

    private void requireNames(List<RoutineParameter> parameters) {
        var inputs = new HashSet<String>();
        boolean mustDefault = false;
        for (RoutineParameter parameter : parameters) {
            if (parameter.name().isPresent() && !inputs.add(parameter.name().get())) {
                throw invalid(
                        "parameter name \"" + parameter.name().get() + "\" used more than once");
            }
            if (parameter.isInput()) {
                if (mustDefault
                        && parameter.defaultText().isEmpty()
                        && parameter.mode() != Mode.VARIADIC) {
                    throw invalid(
                            "input parameters after one with a default value must also have"
                                    + " defaults");
                }
                mustDefault |= parameter.defaultText().isPresent();
            } else if (parameter.defaultText().isPresent()) {
                throw invalid("only input parameters can have default values");
            }
        }
        for (int i = 0; i + 1 < parameters.size(); i++) {
            if (parameters.get(i).mode() == Mode.VARIADIC && parameters.get(i + 1).isInput()) {
                throw invalid("VARIADIC parameter must be the last input parameter");
            }
        }
    }

    private RoutineType result(
            boolean isProcedure,
            List<RoutineParameter> parameters,
            @Nullable RoutineType returns,
            int returnsAt) {
        Optional<RoutineType> outputs = outputType(parameters, isProcedure);
        if (returns == null) {
            if (outputs.isEmpty() && !isProcedure) {
                throw invalid("function result type must be specified");
            }
            return outputs.orElse(RoutineType.VOID_TYPE);
        }
        if (outputs.isPresent() && !outputs.get().display().equals(returns.display())) {
            assert returnsAt > 0;
            throw invalid(
                    "function result type must be "
                            + outputs.get().display()
                            + " because of OUT parameters");
        }
        return returns;
    }

    /** The type of what the output parameters make together. */
    private static Optional<RoutineType> outputType(
            List<RoutineParameter> parameters, boolean isProcedure) {
        var outputs = parameters.stream().filter(RoutineParameter::isOutput).toList();
        if (outputs.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                outputs.size() == 1 && !isProcedure
                        ? outputs.getFirst().type()
                        : RoutineType.RECORD_TYPE);
    }

    private static void requireTriggerWithoutArguments(RoutineDefinition definition) {
        if (definition.returns().oid() != RoutineType.TRIGGER) {
            return;
        }
        if (definition.language().equals("sql")) {
            throw invalid("SQL functions cannot return type trigger");
        }
        if (!definition.parameters().isEmpty()) {
            throw invalid("trigger functions cannot have declared arguments")
                    .withHint(
                            "The arguments of the trigger can be accessed through TG_NARGS and"
                                    + " TG_ARGV instead.")
                    .withWhere(
                            "compilation of PL/pgSQL function \""
                                    + definition.name().name()
                                    + "\" near line 1");
        }
    }

    static PgException invalid(String message) {
        return new PgException(new SqlState("42P13"), message);
    }

    // ---- DROP, ALTER

    /** After DROP, at FUNCTION, PROCEDURE or ROUTINE. */
    Statement drop(int from) {
        String kind = tokens.texts[cursor.at++];
        boolean ifExists = cursor.tryWords("if", "exists");
        var names = new ArrayList<RoutineName>();
        do {
            names.add(routineName());
        } while (cursor.tryPunctuation(","));
        boolean isCascade = cursor.tryWord("cascade");
        if (!isCascade) {
            cursor.tryWord("restrict");
        }
        return new Statement.DropRoutine(
                grammar.source(from, cursor.at),
                tokens.starts[from],
                kind.toUpperCase(Locale.ROOT),
                ifExists,
                names,
                isCascade);
    }

    private RoutineName routineName() {
        TableName name = name();
        if (!cursor.isPunctuation("(")) {
            return new RoutineName(name, Optional.empty());
        }
        var types =
                parameters().stream()
                        .filter(RoutineParameter::isInput)
                        .map(RoutineParameter::type)
                        .toList();
        return new RoutineName(name, Optional.of(types));
    }

    /** After ALTER, at FUNCTION, PROCEDURE or ROUTINE. */
    Statement alter(int from) {
        String kind = tokens.texts[cursor.at++].toUpperCase(Locale.ROOT);
        RoutineName name = routineName();
        RoutineAlteration change;
        if (cursor.tryWords("rename", "to")) {
            change = new RoutineAlteration.Rename(cursor.columnId());
        } else if (cursor.tryWords("owner", "to")) {
            change = new RoutineAlteration.Owner(cursor.nonReservedWord());
        } else if (cursor.tryWords("set", "schema")) {
            int at = cursor.at;
            String schema = cursor.columnId();
            grammar.from.requireSchema(at, schema);
            change = new RoutineAlteration.Move(schema);
        } else {
            int start = cursor.at;
            var options = new RoutineOptions(grammar, from);
            options.read();
            if (cursor.at == start) {
                throw cursor.syntaxError();
            }
            change = new RoutineAlteration.Options(grammar.source(start, cursor.at));
            cursor.tryWord("restrict");
        }
        return new Statement.AlterRoutine(
                grammar.source(from, cursor.at), tokens.starts[from], kind, name, change);
    }

    // ---- DO, CALL

    /** At DO. */
    Statement anonymous(int from) {
        cursor.at++;
        String language = "plpgsql";
        int body = -1;
        while (cursor.kind() == Token.STRING || cursor.isWord("language")) {
            if (cursor.tryWord("language")) {
                language = languageName();
            } else {
                if (body >= 0) {
                    throw cursor.error(SqlState.SYNTAX_ERROR, "conflicting or redundant options");
                }
                body = cursor.at++;
            }
        }
        if (body < 0) {
            if (cursor.at > from + 1) {
                throw new PgException(SqlState.SYNTAX_ERROR, "no inline code specified");
            }
            throw cursor.syntaxError();
        }
        return new Statement.Do(
                grammar.source(from, cursor.at),
                tokens.starts[from],
                language,
                tokens.texts[body],
                bodyStart(body) - tokens.starts[from]);
    }

    String languageName() {
        if (cursor.kind() == Token.STRING) {
            return tokens.texts[cursor.at++].toLowerCase(Locale.ROOT);
        }
        return cursor.nonReservedWord();
    }

    /** Where the text of a string constant starts. */
    int bodyStart(int token) {
        int start = tokens.starts[token];
        String sql = tokens.sql;
        if (sql.charAt(start) == '$') {
            return sql.indexOf('$', start + 1) + 1;
        }
        return sql.indexOf('\'', start) + 1;
    }

    boolean isEscaped(int token) {
        return tokens.sql.charAt(tokens.starts[token]) != '$';
    }

    /** At CALL: the arguments are read as the select list of a query. */
    Statement call(int from) {
        cursor.at++;
        int at = cursor.at;
        TableName name = name();
        if (!cursor.isPunctuation("(")) {
            throw cursor.syntaxError();
        }
        grammar.push();
        try {
            CallArguments arguments = grammar.calls.callArguments();
            return new Statement.Call(
                    grammar.source(from, cursor.at),
                    tokens.starts[from],
                    name,
                    tokens.starts[at] - tokens.starts[from],
                    arguments.texts(),
                    arguments.names(),
                    arguments.types(grammar.columnTypes));
        } finally {
            grammar.pop();
        }
    }
}
