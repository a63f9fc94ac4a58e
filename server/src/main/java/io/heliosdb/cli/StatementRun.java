package io.heliosdb.cli;

import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.postgresql.util.PSQLWarning;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** Runs statements one at a time and prints what they answer. Confined to one thread. */
final class StatementRun {
    private final Connection connection;
    private final PrintWriter out;
    private final PrintWriter err;

    StatementRun(Connection connection, PrintWriter out, PrintWriter err) {
        this.connection = connection;
        this.out = out;
        this.err = err;
    }

    /** Runs one statement; false where it failed, which has been printed. */
    boolean run(String sql) throws SQLException {
        boolean succeeded = true;
        try (var statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            boolean hasRows = statement.execute(sql);
            printNotices(statement, sql);
            printResults(statement, hasRows, sql);
        } catch (SQLException error) {
            out.flush();
            StatementError.print(error, sql, err);
            if (connection.isClosed()) {
                throw error;
            }
            succeeded = false;
        }
        printNotifications();
        out.flush();
        return succeeded;
    }

    private void printResults(Statement statement, boolean first, String sql) throws SQLException {
        boolean hasRows = first;
        while (true) {
            if (hasRows) {
                try (var rows = statement.getResultSet()) {
                    ResultTable.print(rows, out);
                }
            } else if (statement.getUpdateCount() >= 0) {
                out.println(tag(sql, statement.getUpdateCount()));
            } else {
                return;
            }
            hasRows = statement.getMoreResults();
        }
    }

    private void printNotices(Statement statement, String sql) throws SQLException {
        for (var warning = statement.getWarnings();
                warning != null;
                warning = warning.getNextWarning()) {
            if (warning instanceof PSQLWarning notice) {
                StatementError.print(notice.getServerErrorMessage(), sql, err);
            } else {
                err.println("WARNING:  " + warning.getMessage());
            }
        }
    }

    /** Prints what has come in the meantime, without waiting. */
    private void printNotifications() throws SQLException {
        for (var notification : connection.unwrap(PGConnection.class).getNotifications()) {
            out.println(text(notification));
        }
    }

    /** A notification in psql's words. */
    static String text(PGNotification notification) {
        String payload = notification.getParameter();
        return "Asynchronous notification \""
                + notification.getName()
                + "\""
                + (payload.isEmpty() ? "" : " with payload \"" + payload + "\"")
                + " received from server process with PID "
                + notification.getPID()
                + ".";
    }

    /**
     * The driver keeps the count of a command tag and drops its word; the statement's own first
     * word stands in for it.
     */
    private static String tag(String sql, int count) {
        String word = StatementWords.first(sql);
        return switch (word) {
            case "INSERT" -> "INSERT 0 " + count;
            case "UPDATE", "DELETE", "MERGE", "COPY" -> word + " " + count;
            case "CREATE", "ALTER", "DROP" -> word + " " + StatementWords.second(sql);
            default -> word;
        };
    }
}
