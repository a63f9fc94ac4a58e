package io.heliosdb.engine.function;

import io.heliosdb.engine.EngineSession;

import org.jspecify.annotations.Nullable;

import java.sql.Connection;

/** What a statement can ask of the session it runs in. */
public final class SessionFunctions {
    private SessionFunctions() {}

    /**
     * The session's process id.
     *
     * @param connection the caller's
     * @return a positive number
     */
    public static int backendPid(Connection connection) {
        return EngineSession.of(connection).services().backendPid();
    }

    /**
     * Waits.
     *
     * @param connection the caller's
     * @param seconds how long
     * @return void; null for null
     */
    public static @Nullable String sleep(Connection connection, @Nullable Double seconds) {
        if (seconds == null) {
            return null;
        }
        EngineSession.of(connection).sleep(seconds);
        return "";
    }
}
