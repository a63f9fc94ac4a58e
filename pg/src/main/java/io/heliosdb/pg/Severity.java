package io.heliosdb.pg;

/**
 * How serious a report is, in PostgreSQL's words; the first three end a statement, a session or the
 * instance.
 */
public enum Severity {
    /** Ends the statement and fails its transaction. */
    ERROR,
    /** Ends the session. */
    FATAL,
    /** Ends every session. */
    PANIC,
    /** A likely problem. */
    WARNING,
    /** Something the user should know. */
    NOTICE,
    /** Something the user asked for. */
    INFO,
    /** Of interest to administrators. */
    LOG,
    /** Of interest to developers. */
    DEBUG
}
