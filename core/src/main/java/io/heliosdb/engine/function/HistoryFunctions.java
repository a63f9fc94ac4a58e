package io.heliosdb.engine.function;

import io.heliosdb.engine.EngineSession;
import io.heliosdb.engine.FunctionLibrary;
import io.heliosdb.engine.SqlFunction;
import io.heliosdb.pg.Oid;

import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.util.List;

/** Functions that PostgreSQL does not have: listening with wildcards, and to the past. */
public final class HistoryFunctions implements FunctionLibrary {
    private static final List<SqlFunction> ALL =
            List.of(
                    new SqlFunction(
                            "heliosdb_listen",
                            HistoryFunctions.class,
                            "listen",
                            Oid.TEXT,
                            List.of(Oid.TEXT, Oid.TEXT)),
                    new SqlFunction(
                            "heliosdb_last_token",
                            HistoryFunctions.class,
                            "lastToken",
                            Oid.TEXT,
                            List.of()));

    /** For {@link java.util.ServiceLoader}. */
    public HistoryFunctions() {}

    @Override
    public List<SqlFunction> functions() {
        return ALL;
    }

    /**
     * Listens from the commit of the transaction on.
     *
     * @param connection the caller's
     * @param channel a channel; {@code *} and what ends in {@code .*} is a wildcard
     * @return null
     */
    public static @Nullable String listen(Connection connection, @Nullable String channel) {
        return listen(connection, channel, null);
    }

    /**
     * Listens to what was committed since a notification or a time, as of the commit of the
     * transaction.
     *
     * @param connection the caller's
     * @param channel a channel; {@code *} and what ends in {@code .*} is a wildcard
     * @param since a token, an interval such as {@code -1 hour}, or a time; null for from now on
     * @return null where nothing is missing, else the gap as a JSON object
     */
    public static @Nullable String listen(
            Connection connection, @Nullable String channel, @Nullable String since) {
        return EngineSession.of(connection)
                .services()
                .listen(channel == null ? "" : channel, since);
    }

    /**
     * From where the session's listening would go on after everything that was sent to it.
     *
     * @param connection the caller's
     * @return a token
     */
    public static String lastToken(Connection connection) {
        return EngineSession.of(connection).services().lastToken();
    }
}
