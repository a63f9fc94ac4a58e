package io.heliosdb.session;

/**
 * What a session waits for, in the words of {@code pg_stat_activity}.
 *
 * @param type the column {@code wait_event_type}
 * @param name the column {@code wait_event}
 * @see <a
 *     href="https://www.postgresql.org/docs/15/monitoring-stats.html#WAIT-EVENT-TABLE">PostgreSQL:
 *     wait events</a>
 */
public record WaitEvent(String type, String name) {
    /** For the next command of its client. */
    public static final WaitEvent CLIENT = new WaitEvent("Client", "ClientRead");

    /** For the flush of its commit. */
    public static final WaitEvent FLUSH = new WaitEvent("IO", "WALSync");

    /** For the end of a transaction that holds a row or a key. */
    public static final WaitEvent LOCK = new WaitEvent("Lock", "transactionid");
}
