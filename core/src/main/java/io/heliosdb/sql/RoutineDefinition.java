package io.heliosdb.sql;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What CREATE FUNCTION or CREATE PROCEDURE says.
 *
 * @param source the whole statement
 * @param isProcedure whether it is a procedure
 * @param orReplace whether an existing one of the same arguments is replaced
 * @param name its name
 * @param parameters its parameters in order, the columns of RETURNS TABLE at their end
 * @param returns what it returns: {@code record} for several columns, {@code void} for a procedure
 *     without any
 * @param returnsSet whether it returns any number of rows
 * @param language {@code sql} or {@code plpgsql}
 * @param body its statements as text
 * @param bodyOffset where the text of the body starts in the source, from 0
 * @param isEscaped whether the body is written as a constant whose quotes are doubled, so that a
 *     place in it is not simply one in the source
 * @param volatility {@code v}, {@code s} or {@code i}, as in pg_proc
 * @param isStrict whether a NULL argument makes NULL of the result without a call
 * @param isSecurityDefiner whether it acts as its owner
 * @param isLeakproof whether it says so
 * @param parallel {@code u}, {@code s} or {@code r}, as in pg_proc
 * @param cost its COST, where one is given
 * @param rows its ROWS, where they are given
 * @param settings what SET gives settings while it runs
 * @see <a href="https://www.postgresql.org/docs/15/sql-createfunction.html">PostgreSQL: CREATE
 *     FUNCTION</a>
 */
public record RoutineDefinition(
        String source,
        boolean isProcedure,
        boolean orReplace,
        TableName name,
        List<RoutineParameter> parameters,
        RoutineType returns,
        boolean returnsSet,
        String language,
        String body,
        int bodyOffset,
        boolean isEscaped,
        char volatility,
        boolean isStrict,
        boolean isSecurityDefiner,
        boolean isLeakproof,
        char parallel,
        Optional<Double> cost,
        Optional<Double> rows,
        Map<String, String> settings) {

    /** Copies the collections. */
    public RoutineDefinition {
        parameters = List.copyOf(parameters);
        settings = Map.copyOf(settings);
    }

    /**
     * The parameters that a call gives values to.
     *
     * @return in order
     */
    public List<RoutineParameter> inputs() {
        return parameters.stream().filter(RoutineParameter::isInput).toList();
    }

    /**
     * The columns of the result, where it is more than a value.
     *
     * @return in order
     */
    public List<RoutineParameter> outputs() {
        return parameters.stream().filter(RoutineParameter::isOutput).toList();
    }

    /**
     * What tells it from others of its name.
     *
     * @return such as {@code (integer, text)}
     */
    public String signature() {
        return name.name()
                + inputs().stream()
                        .map(parameter -> parameter.type().display())
                        .collect(java.util.stream.Collectors.joining(", ", "(", ")"));
    }

    /**
     * The same with other options given later, as ALTER FUNCTION does.
     *
     * @param options as they are written
     * @return the definition, whose source is that of a CREATE statement with all of them
     */
    public RoutineDefinition altered(String options) {
        var parsed = new SqlParser().parseSingle(withoutGiven(options) + ' ' + options);
        if (!(parsed instanceof Statement.CreateRoutine create)) {
            throw new IllegalStateException("no CREATE statement: " + parsed.source());
        }
        return create.definition();
    }

    /** The CREATE statement with only those options that are not given anew. */
    private String withoutGiven(String options) {
        var given = Scanner.scan(options);
        var words = new java.util.HashSet<String>();
        for (int i = 0; i < given.count; i++) {
            words.add(given.texts[i]);
        }
        boolean hasVolatility =
                words.contains("immutable")
                        || words.contains("stable")
                        || words.contains("volatile");
        boolean hasStrict = words.contains("strict") || words.contains("input");
        var text = new StringBuilder("CREATE OR REPLACE ");
        text.append(isProcedure ? "PROCEDURE " : "FUNCTION ").append(head());
        text.append(" LANGUAGE ").append(language);
        if (!hasVolatility && !isProcedure) {
            text.append(volatility == 'i' ? " IMMUTABLE" : volatility == 's' ? " STABLE" : "");
        }
        text.append(isStrict && !hasStrict ? " STRICT" : "");
        text.append(isSecurityDefiner && !words.contains("security") ? " SECURITY DEFINER" : "");
        settings.forEach((name, value) ->
                text.append(" SET ").append(name).append(" TO ").append(Edits.string(value)));
        return text.append(" AS ").append(Edits.string(body)).toString();
    }

    private String head() {
        var tokens = Scanner.scan(source);
        int depth = 0;
        int start = -1;
        for (int i = 0; i < tokens.count; i++) {
            boolean isName = start < 0 && tokens.texts[i].matches("function|procedure");
            if (isName) {
                start = tokens.starts[i + 1];
            }
            depth += tokens.texts[i].equals("(") ? 1 : tokens.texts[i].equals(")") ? -1 : 0;
            boolean isOption =
                    start >= 0
                            && depth == 0
                            && tokens.kinds[i] == Token.WORD
                            && isOption(tokens, i);
            if (isOption) {
                return source.substring(start, tokens.starts[i]);
            }
        }
        throw new IllegalStateException("a routine without options: " + source);
    }

    private static boolean isOption(Tokens tokens, int i) {
        return switch (tokens.texts[i]) {
            case "as",
                    "language",
                    "immutable",
                    "stable",
                    "volatile",
                    "strict",
                    "called",
                    "security",
                    "external",
                    "parallel",
                    "cost",
                    "rows",
                    "set",
                    "leakproof",
                    "not",
                    "begin",
                    "return" ->
                    true;
            case "returns" ->
                    tokens.texts[i + 1].equals("null") && tokens.texts[i + 2].equals("on");
            default -> false;
        };
    }

    /**
     * The same for types that stand for any, which are known in a call.
     *
     * @param actual gives the type of a call
     * @return the definition
     */
    public RoutineDefinition resolved(java.util.function.UnaryOperator<RoutineType> actual) {
        var replaced =
                parameters.stream()
                        .map(each ->
                                each.type().isPolymorphic()
                                        ? new RoutineParameter(
                                                each.mode(),
                                                each.name(),
                                                actual.apply(each.type()),
                                                each.defaultText(),
                                                each.defaultSql())
                                        : each)
                        .toList();
        return new RoutineDefinition(
                source,
                isProcedure,
                orReplace,
                name,
                replaced,
                returns.isPolymorphic() ? actual.apply(returns) : returns,
                returnsSet,
                language,
                body,
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

    /**
     * A place in the body as one in the source.
     *
     * @param inBody a number of characters of the body, from 1
     * @return the position in the source, in characters from 1
     */
    public int position(int inBody) {
        int at = bodyOffset;
        int end = Math.min(inBody - 1, body.length());
        for (int i = 0, taken = 0; taken < end && at < source.length(); i++) {
            char c = body.charAt(taken);
            at += isEscaped && (c == '\'' || c == '\\') && isDoubled(at) ? 2 : 1;
            taken++;
            assert i < body.length();
        }
        return source.codePointCount(0, Math.min(at, source.length())) + 1;
    }

    private boolean isDoubled(int at) {
        return at + 1 < source.length() && source.charAt(at) == source.charAt(at + 1);
    }
}
