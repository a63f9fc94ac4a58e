package io.heliosdb.cli;

import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

import java.io.PrintWriter;
import java.sql.SQLException;

/** Prints an error or a notice as psql does, with the place in the statement and the hint. */
final class StatementError {
    private StatementError() {}

    static void print(SQLException error, String sql, PrintWriter out) {
        var server = error instanceof PSQLException psql ? psql.getServerErrorMessage() : null;
        if (server == null) {
            out.println("ERROR:  " + error.getMessage());
        } else {
            print(server, sql, out);
        }
    }

    static void print(ServerErrorMessage server, String sql, PrintWriter out) {
        String code =
                "00000".equals(server.getSQLState()) ? "" : "  (" + server.getSQLState() + ")";
        out.println(server.getSeverity() + ":  " + server.getMessage() + code);
        printPlace(sql, server.getPosition(), out);
        printField("DETAIL", server.getDetail(), out);
        printField("HINT", server.getHint(), out);
        if (!"NOTICE".equals(server.getSeverity())) {
            printField("CONTEXT", server.getWhere(), out);
        }
    }

    private static void printField(String name, @Nullable String text, PrintWriter out) {
        if (text != null) {
            out.println(name + ":  " + text);
        }
    }

    /**
     * The line of the statement with a caret below the place; the position counts characters from
     * 1.
     */
    private static void printPlace(String sql, int position, PrintWriter out) {
        if (position < 1 || position > sql.codePointCount(0, sql.length()) + 1) {
            return;
        }
        int at = sql.offsetByCodePoints(0, position - 1);
        int begin = sql.lastIndexOf('\n', at - 1) + 1;
        int end = sql.indexOf('\n', at);
        String line =
                sql.substring(begin, end < 0 ? sql.length() : end)
                        .replace('\t', ' ')
                        .replace('\r', ' ');
        String head =
                "LINE "
                        + (1 + sql.substring(0, begin).chars().filter(c -> c == '\n').count())
                        + ": ";
        out.println(head + line);
        out.println(" ".repeat(head.length() + sql.codePointCount(begin, at)) + "^");
    }
}
