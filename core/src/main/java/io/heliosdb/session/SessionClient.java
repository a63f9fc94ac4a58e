package io.heliosdb.session;

import io.heliosdb.pg.Report;

/**
 * What a session tells its client beside results. Called on the thread that runs the session's statement, never under a
 * lock.
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
}
