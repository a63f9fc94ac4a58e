package io.heliosdb.engine.function;

import io.heliosdb.engine.EngineSession;
import io.heliosdb.engine.FunctionValues;

import org.h2.tools.SimpleResultSet;
import org.h2.value.Value;
import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Types;

/**
 * The functions of LISTEN and NOTIFY.
 *
 * @see <a href="https://www.postgresql.org/docs/15/sql-notify.html">PostgreSQL: NOTIFY</a>
 */
public final class NotifyFunctions {
    private NotifyFunctions() {}

    /**
     * Sends a notification when the transaction commits.
     *
     * @param connection the caller's
     * @param channel the channel, literally
     * @param payload the payload; NULL is an empty one
     * @return void, which is an empty text
     */
    public static String pgNotify(Connection connection, Value channel, Value payload) {
        if (!isText(channel) || !isText(payload)) {
            throw FunctionValues.undefinedFunction("pg_notify", channel, payload);
        }
        EngineSession.of(connection).services().notify(text(channel), text(payload));
        return "";
    }

    /**
     * Publishes an event when the transaction commits: a notification, under the name that a
     * PostgreSQL has for it which is prepared for events.
     *
     * @param connection the caller's
     * @param channel the channel, literally
     * @param payload the payload; NULL is an empty one
     * @return void, which is an empty text
     */
    public static String publish(Connection connection, Value channel, Value payload) {
        if (!isText(channel) || !isText(payload)) {
            throw FunctionValues.undefinedFunction("heliosdb_publish", channel, payload);
        }
        EngineSession.of(connection).services().notify(text(channel), text(payload));
        return "";
    }

    /**
     * Sends a notification when the transaction commits, as the bodies of SQLite's triggers write
     * it: {@code NOTIFY(channel, payload)} takes values of any type, above all what json_object
     * gives.
     *
     * @param connection the caller's
     * @param channel the channel, literally
     * @param payload the payload; NULL is an empty one
     * @return void, which is an empty text
     */
    public static String notifyAny(Connection connection, Value channel, Value payload) {
        EngineSession.of(connection).services().notify(text(channel), text(payload));
        return "";
    }

    /**
     * The channels that the session listens to.
     *
     * @param connection the caller's
     * @return one row for each, in order of registration
     */
    public static ResultSet listeningChannels(Connection connection) {
        var rows = new SimpleResultSet();
        rows.addColumn("pg_listening_channels", Types.VARCHAR, Integer.MAX_VALUE, 0);
        for (String channel : EngineSession.of(connection).services().listeningChannels()) {
            rows.addRow(channel);
        }
        return rows;
    }

    /**
     * How full the notification queue is.
     *
     * @param connection the caller's
     * @return 0 to 1
     */
    public static double queueUsage(Connection connection) {
        return EngineSession.of(connection).services().queueUsage();
    }

    /** What PostgreSQL takes, and json, which SQLite's json_object gives and knows as text only. */
    private static boolean isText(Value value) {
        return switch (value.getValueType()) {
            case Value.NULL, Value.CHAR, Value.VARCHAR, Value.CLOB, Value.VARCHAR_IGNORECASE ->
                    true;
            case Value.JSON -> true;
            default -> false;
        };
    }

    private static @Nullable String text(Value value) {
        return value.getString();
    }
}
