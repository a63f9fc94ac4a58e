package io.heliosdb.engine.function;

import io.heliosdb.engine.EngineSession;

import org.jspecify.annotations.Nullable;

import java.sql.Connection;

/** The functions of LISTEN and NOTIFY. */
public final class NotifyFunctions {
    private NotifyFunctions() {}

    /**
     * Sends a notification when the transaction commits.
     *
     * @param connection the caller's
     * @param channel the channel, literally
     * @param payload the payload; null is an empty one
     * @return void, which is an empty text
     */
    public static String pgNotify(
            Connection connection, @Nullable String channel, @Nullable String payload) {
        EngineSession.of(connection).services().notify(channel, payload);
        return "";
    }
}
