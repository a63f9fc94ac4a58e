package io.heliosdb.engine;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What does not parse, and calls of functions that do not exist. */
final class SyntaxErrors {
    private static final String MARK = "[*]";
    private static final Pattern TOKEN =
            Pattern.compile(
                    "\\s*(\"(?:[^\"]|\"\")*\"|'(?:[^']|'')*'|[\\p{L}_][\\p{L}\\p{N}_$]*|[\\d.]+|\\S)");
    private static final Pattern INTEGER = Pattern.compile("[+-]?\\d+");
    private static final Pattern NUMBER = Pattern.compile("[+-]?\\d*\\.?\\d+(?:[eE][+-]?\\d+)?");
    private static final int INTEGER_DIGITS_MAX = 9;

    private SyntaxErrors() {}

    /**
     * A syntax error at the place that the store marks.
     *
     * @param marked the statement with the mark in it
     */
    static PgException translate(String marked) {
        int at = marked.indexOf(MARK);
        if (at < 0) {
            return new PgException(SqlState.SYNTAX_ERROR, "syntax error");
        }
        String rest = marked.substring(at + MARK.length());
        Matcher token = TOKEN.matcher(rest);
        if (!token.lookingAt()) {
            return new PgException(SqlState.SYNTAX_ERROR, "syntax error at end of input")
                    .withPosition(at + 1);
        }
        String near = token.group(1);
        String words =
                near.equals("'") || near.equals("\"")
                        ? "unterminated quoted "
                                + (near.equals("'") ? "string" : "identifier")
                                + " at or near \""
                                + rest.substring(token.start(1))
                                + "\""
                        : "syntax error at or near \"" + near + "\"";
        return new PgException(SqlState.SYNTAX_ERROR, words).withPosition(at + token.start(1) + 1);
    }

    /**
     * A call of a function that does not exist, or not with these arguments.
     *
     * @param function its name, perhaps with more after it
     * @param sql the statement
     */
    static PgException unknownFunction(String function, String sql) {
        int blank = function.indexOf(' ');
        String name = blank < 0 ? function : function.substring(0, blank);
        name = name.toLowerCase(Locale.ROOT);
        var call =
                Pattern.compile(
                                "(?<![\\p{L}\\p{N}_$])\"?" + Pattern.quote(name) + "\"?\\s*\\(",
                                Pattern.CASE_INSENSITIVE)
                        .matcher(sql);
        String arguments = "";
        int position = 0;
        if (call.find()) {
            arguments = types(arguments(sql, call.end()));
            position = call.start() + 1;
        }
        return undefinedFunction(name, arguments).withPosition(position);
    }

    static PgException undefinedFunction(String name, String argumentTypes) {
        String shown = name.startsWith("helios_") ? name.substring("helios_".length()) : name;
        return new PgException(
                        SqlState.UNDEFINED_FUNCTION,
                        "function " + shown + "(" + argumentTypes + ") does not exist")
                .withHint(
                        "No function matches the given name and argument types. You might need to"
                                + " add explicit type casts.");
    }

    private static String types(List<String> arguments) {
        var types = new ArrayList<String>();
        for (String argument : arguments) {
            types.add(type(argument));
        }
        return String.join(", ", types);
    }

    /** The type of an argument that is a literal; others are not known here. */
    private static String type(String argument) {
        if (INTEGER.matcher(argument).matches()) {
            return argument.length() > INTEGER_DIGITS_MAX ? "bigint" : "integer";
        }
        if (NUMBER.matcher(argument).matches()) {
            return "numeric";
        }
        String lower = argument.toLowerCase(Locale.ROOT);
        return lower.equals("true") || lower.equals("false") ? "boolean" : "unknown";
    }

    /** Splits a list of arguments at its own commas. */
    private static List<String> arguments(String sql, int from) {
        var arguments = new ArrayList<String>();
        int depth = 0;
        int start = from;
        char quote = 0;
        for (int i = from; i < sql.length(); i++) {
            char c = sql.charAt(i);
            if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '\'' || c == '"') {
                quote = c;
            } else if (c == '(' || c == '[') {
                depth++;
            } else if (c == ',' && depth == 0) {
                arguments.add(sql.substring(start, i).strip());
                start = i + 1;
            } else if ((c == ')' || c == ']') && depth-- == 0) {
                String last = sql.substring(start, i).strip();
                if (!last.isEmpty()) {
                    arguments.add(last);
                }
                return arguments;
            }
        }
        return arguments;
    }
}
