package io.heliosdb.engine.function;

import io.heliosdb.engine.EngineSession;
import io.heliosdb.engine.FunctionValues;

import org.h2.util.JSR310Utils;
import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.time.OffsetDateTime;
import java.time.ZoneId;

/**
 * What a statement can ask of the session it runs in.
 *
 * @see <a href="https://www.postgresql.org/docs/15/functions-info.html">PostgreSQL: system
 *     information functions</a>
 */
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
     * Cancels what a session runs.
     *
     * @param connection the caller's
     * @param pid the session's process id
     * @return whether there is such a session
     */
    public static boolean cancelBackend(Connection connection, int pid) {
        return EngineSession.of(connection).services().signal(pid, false);
    }

    /**
     * Ends a session.
     *
     * @param connection the caller's
     * @param pid the session's process id
     * @return whether there is such a session
     */
    public static boolean terminateBackend(Connection connection, int pid) {
        return EngineSession.of(connection).services().signal(pid, true);
    }

    /**
     * Waits; a cancel ends it.
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

    /**
     * Who we are, beginning as PostgreSQL does, since clients read the number there.
     *
     * @param connection the caller's
     * @return one line
     */
    public static String version(Connection connection) {
        String number = EngineSession.of(connection).services().setting("server_version", true);
        return "PostgreSQL " + (number == null ? "15.0" : number) + " on " + machine();
    }

    /**
     * The value of a setting.
     *
     * @param connection the caller's
     * @param name its name
     * @return its value
     */
    public static @Nullable String currentSetting(Connection connection, @Nullable String name) {
        return name == null ? null : EngineSession.of(connection).services().setting(name, false);
    }

    /**
     * The value of a setting.
     *
     * @param connection the caller's
     * @param name its name
     * @param missingOk whether an unknown name is null
     * @return its value
     */
    public static @Nullable String currentSetting(
            Connection connection, @Nullable String name, @Nullable Boolean missingOk) {
        if (name == null || missingOk == null) {
            return null;
        }
        return EngineSession.of(connection).services().setting(name, missingOk);
    }

    /**
     * Changes a setting.
     *
     * @param connection the caller's
     * @param name its name
     * @param value its new value; null resets it
     * @param isLocal whether for the transaction only
     * @return the new value
     */
    public static String setConfig(
            Connection connection, String name, @Nullable String value, boolean isLocal) {
        return EngineSession.of(connection).services().set(name, value, isLocal);
    }

    /**
     * The encoding that the client speaks.
     *
     * @param connection the caller's
     * @return its name
     */
    public static @Nullable String clientEncoding(Connection connection) {
        return EngineSession.of(connection).services().setting("client_encoding", false);
    }

    /**
     * The database that the session is connected to.
     *
     * @param connection the caller's
     * @return its name
     */
    public static String currentDatabase(Connection connection) {
        return EngineSession.of(connection).services().database();
    }

    /**
     * The number of the transaction.
     *
     * @param connection the caller's
     * @return grows with each transaction since the start
     */
    public static long txidCurrent(Connection connection) {
        return FunctionValues.session(connection).getTransaction().getSequenceNum();
    }

    /**
     * Gives back the session's advisory locks.
     *
     * @param connection the caller's
     * @return void, which is an empty text
     */
    public static String advisoryUnlockAll(Connection connection) {
        EngineSession.of(connection).services().unlockAdvisory();
        return "";
    }

    /**
     * Whether this is a standby.
     *
     * @return false
     */
    public static boolean isInRecovery() {
        return false;
    }

    /**
     * When the transaction began.
     *
     * @param connection the caller's
     * @return the same in the whole transaction
     */
    public static OffsetDateTime now(Connection connection) {
        var session = FunctionValues.session(connection);
        return JSR310Utils.valueToOffsetDateTime(session.currentTimestamp(), session);
    }

    /**
     * The time now.
     *
     * @param connection the caller's
     * @return another one each time
     */
    public static OffsetDateTime clockTimestamp(Connection connection) {
        String zone = FunctionValues.session(connection).currentTimeZone().getId();
        return OffsetDateTime.now(ZoneId.of(zone));
    }

    private static String machine() {
        return System.getProperty("os.arch") + ", Java " + Runtime.version().feature();
    }

    /**
     * How many triggers fire, each inside another.
     *
     * @param connection the caller's
     * @return 0 outside of triggers
     */
    public static int triggerDepth(Connection connection) {
        return EngineSession.of(connection).services().triggerDepth();
    }
}
