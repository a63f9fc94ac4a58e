package io.heliosdb.engine;

import io.heliosdb.pg.Column;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.Report;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** What SQL functions need of the session that runs them. Called in the thread of the statement. */
public interface SessionServices extends SessionObjects {
    /**
     * Sends a notification when the transaction commits.
     *
     * @param channel the channel, literally; null is an empty name
     * @param payload the payload; null is an empty one
     * @throws PgException 22023 for a name or payload that is not allowed
     */
    void notify(@Nullable String channel, @Nullable String payload);

    /**
     * The channels that the session listens to.
     *
     * @return in order of registration
     */
    List<String> listeningChannels();

    /**
     * Listens from the commit of the transaction on, also to what was committed before.
     *
     * @param channel a channel; {@code *} and what ends in {@code .*} is a wildcard
     * @param since a token, an interval, or a time; null for from now on
     * @return null where nothing is missing, else the gap as a JSON object
     * @throws PgException 22023 for a name that is not allowed, 22007 for a since that is none,
     *     55000 where no history is kept
     */
    default @Nullable String listen(String channel, @Nullable String since) {
        throw new IllegalStateException("nobody listens here: " + channel);
    }

    /**
     * From where the session's listening would go on.
     *
     * @return a token
     * @throws PgException 55000 where no history is kept
     */
    default String lastToken() {
        throw new IllegalStateException("nobody listens here");
    }

    /**
     * How full the notification queue is.
     *
     * @return 0 to 1
     */
    double queueUsage();

    /**
     * The session's process id.
     *
     * @return a positive number
     */
    int backendPid();

    /**
     * Cancels what a session runs, or ends it.
     *
     * @param pid the session's process id
     * @param ends whether the session ends
     * @return whether there is such a session
     */
    boolean signal(int pid, boolean ends);

    /**
     * The session's role.
     *
     * @return its name
     */
    String user();

    /**
     * The database that the session is connected to.
     *
     * @return its name
     */
    String database();

    /**
     * The value of a setting.
     *
     * @param name its name
     * @param missingOk whether an unknown name is null
     * @return its value as text; null for an unknown one
     * @throws PgException 42704 for an unknown name
     */
    @Nullable String setting(String name, boolean missingOk);

    /**
     * Changes a setting.
     *
     * @param name its name
     * @param value its new value; null resets it
     * @param local whether for the transaction only
     * @return the new value
     * @throws PgException for a name or value that is not allowed
     */
    String set(String name, @Nullable String value, boolean local);

    /**
     * Sends a notice to the client.
     *
     * @param report what to say
     */
    void notice(Report report);

    /**
     * Takes an advisory lock.
     *
     * @param key its number
     * @param isPair whether that is two numbers of 32 bits
     * @param isShared whether others may have it too who share it
     * @param isLocal whether it ends with the transaction
     * @param waits whether to wait for those who have it
     * @return whether it is taken
     * @throws PgException 40P01, 55P03, 57014
     */
    default boolean lockAdvisory(
            long key, boolean isPair, boolean isShared, boolean isLocal, boolean waits) {
        throw new IllegalStateException("no advisory locks here");
    }

    /**
     * Gives back an advisory lock of the session.
     *
     * @param key its number
     * @param isPair whether that is two numbers of 32 bits
     * @param isShared whether it was taken as a shared one
     * @return whether the session had it
     */
    default boolean unlockAdvisory(long key, boolean isPair, boolean isShared) {
        return false;
    }

    /** Gives back all advisory locks of the session. */
    default void unlockAdvisory() {}

    /**
     * How many triggers fire, each inside another.
     *
     * @return 0 outside of triggers
     */
    default int triggerDepth() {
        return 0;
    }

    /**
     * Publications, slots and messages.
     *
     * @return of the session
     */
    default ReplicationServices replication() {
        throw new IllegalStateException("no replication here");
    }

    /**
     * Calls a user's function for one value.
     *
     * @param spec which one, as the rewritten call says it
     * @param arguments its arguments, as {@code pg.type} represents them
     * @param oids their types
     * @return its value
     * @throws PgException 42883 and what the function raises
     */
    default TypedValue call(String spec, @Nullable Object[] arguments, int[] oids) {
        throw new IllegalStateException("no routines here: " + spec);
    }

    /**
     * Calls a user's function for rows.
     *
     * @param spec which one, as the rewritten call says it
     * @param columns the columns that the caller expects
     * @param arguments its arguments, as {@code pg.type} represents them
     * @param oids their types
     * @return the rows
     * @throws PgException 42883, 42804 and what the function raises
     */
    default List<@Nullable Object[]> rows(
            String spec, List<Column> columns, @Nullable Object[] arguments, int[] oids) {
        throw new IllegalStateException("no routines here: " + spec);
    }
}
