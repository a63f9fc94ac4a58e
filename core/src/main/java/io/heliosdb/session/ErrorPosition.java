package io.heliosdb.session;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.sql.Statement;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Points an error of the engine into the statement that the client wrote. The engine saw a
 * rewritten text, so its own position means nothing there; the name that the error quotes is looked
 * for instead, as a whole word outside of strings.
 */
final class ErrorPosition {
    private static final Set<SqlState> ABOUT_NAMES =
            Set.of(
                    SqlState.UNDEFINED_TABLE,
                    SqlState.UNDEFINED_COLUMN,
                    SqlState.UNDEFINED_FUNCTION,
                    SqlState.SYNTAX_ERROR);

    private static final Pattern QUALIFIED =
            Pattern.compile("^column \"?(\\w+)\\.\\w+\"? does not");

    private ErrorPosition() {}

    static PgException point(PgException error, Statement statement) {
        if (!ABOUT_NAMES.contains(error.sqlState())) {
            return error.report().position() == 0 ? error : error.withPosition(0);
        }
        int at = find(statement.source(), quoted(error.getMessage()));
        if (at < 0) {
            return error.withPosition(0);
        }
        int characters = statement.source().codePointCount(0, at);
        int position = statement.offset() + characters + 1;
        return missingSource(error, statement.source()).withPosition(position);
    }

    /** A column whose qualifier is the name of no table of the statement. */
    private static PgException missingSource(PgException error, String sql) {
        var column = QUALIFIED.matcher(String.valueOf(error.getMessage()));
        if (!error.sqlState().equals(SqlState.UNDEFINED_COLUMN) || !column.find()) {
            return error;
        }
        String name = column.group(1);
        boolean isNamed =
                Pattern.compile(
                                "(?<![\\w.\"$])\"?"
                                        + Pattern.quote(name)
                                        + "\"?(?![\\w\"$]|\\s*\\.)",
                                Pattern.CASE_INSENSITIVE)
                        .matcher(sql)
                        .find();
        return isNamed
                ? error
                : new PgException(
                        SqlState.UNDEFINED_TABLE,
                        "missing FROM-clause entry for table \"" + name + '"');
    }

    /** The first name in quotes, or the name before the parenthesis of a function. */
    private static String quoted(String message) {
        int from = message.indexOf('"');
        int to = message.indexOf('"', from + 1);
        if (from >= 0 && to > from) {
            return message.substring(from + 1, to);
        }
        int open = message.indexOf('(');
        return message.startsWith("function ") && open > 0
                ? message.substring("function ".length(), open)
                : "";
    }

    private static int find(String sql, String name) {
        if (name.isEmpty()) {
            return -1;
        }
        var text = sql.toLowerCase(Locale.ROOT);
        var wanted = name.toLowerCase(Locale.ROOT);
        boolean isInString = false;
        for (int i = 0; i + wanted.length() <= text.length(); i++) {
            if (text.charAt(i) == '\'') {
                isInString = !isInString;
            }
            if (!isInString
                    && text.startsWith(wanted, i)
                    && isWhole(text, i, i + wanted.length())) {
                return i > 0 && text.charAt(i - 1) == '"' ? i - 1 : i;
            }
        }
        return -1;
    }

    private static boolean isWhole(String text, int from, int to) {
        return (from == 0 || !isPart(text.charAt(from - 1)))
                && (to == text.length() || !isPart(text.charAt(to)));
    }

    private static boolean isPart(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '$';
    }
}
