package io.heliosdb.client;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.Report;
import io.heliosdb.pg.Severity;
import io.heliosdb.pg.SqlState;

import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

import java.sql.SQLException;
import java.util.Arrays;

/** The driver's errors in the words of {@code pg}. */
final class ClientErrors {
    private ClientErrors() {}

    /** The same error with its fields, the driver's exception as its cause. */
    static PgException of(SQLException e) {
        ServerErrorMessage said =
                e instanceof PSQLException thrown ? thrown.getServerErrorMessage() : null;
        if (said == null) {
            var report =
                    Report.of(
                            Severity.ERROR,
                            stateOf(e.getSQLState()),
                            String.valueOf(e.getMessage()));
            return new PgException(report, e);
        }
        return new PgException(
                new Report(
                        severityOf(said.getSeverity()),
                        stateOf(said.getSQLState()),
                        String.valueOf(said.getMessage()),
                        said.getDetail(),
                        said.getHint(),
                        said.getPosition(),
                        said.getWhere(),
                        null,
                        null),
                e);
    }

    static PgException closed() {
        return new PgException(SqlState.CONNECTION_DOES_NOT_EXIST, "this listener has been closed");
    }

    static PgException interrupted() {
        return new PgException(SqlState.QUERY_CANCELED, "canceling statement due to user request");
    }

    /** Whether the connection, rather than a statement, failed. */
    static boolean endsConnection(SQLException e) {
        var state = e.getSQLState();
        return state == null || state.startsWith("08") || state.startsWith("57P");
    }

    private static SqlState stateOf(@Nullable String code) {
        return code == null || code.length() != 5
                ? SqlState.CONNECTION_FAILURE
                : new SqlState(code);
    }

    /** A server may send the word in its own language; an error it is in any case. */
    private static Severity severityOf(@Nullable String word) {
        return Arrays.stream(Severity.values())
                .filter(s -> s.name().equals(word))
                .findFirst()
                .orElse(Severity.ERROR);
    }
}
