package io.heliosdb.session;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.Report;
import io.heliosdb.pg.type.Encoding;

/**
 * What a session tells its client beside results. Notices and settings come on the thread that runs
 * the session's statement; nothing is called under a lock.
 */
public interface SessionClient {
    /**
     * A notice or a warning, in the order of the statements that caused it.
     *
     * @param report its fields
     */
    void notice(Report report);

    /**
     * A setting that clients are told of has changed.
     *
     * @param name the setting
     * @param value its new value
     */
    void parameterChanged(String name, String value);

    /**
     * The session speaks another encoding from now on, in the middle of a statement too. Who does
     * not pass on bytes has nothing to do.
     *
     * @param encoding what {@code client_encoding} says
     */
    default void encodingChanged(Encoding encoding) {}

    /**
     * Whether it takes what comes on the channels that the session listens to. For one that does
     * not, nothing is kept.
     *
     * @return true unless there is no way to it
     */
    default boolean takesDeliveries() {
        return true;
    }

    /**
     * The session has been ended from outside: by an administrator, a time limit or the instance's
     * end. Called once, on any thread; the client reports the reason and closes its connection.
     *
     * @param reason a FATAL error
     */
    void terminated(PgException reason);
}
