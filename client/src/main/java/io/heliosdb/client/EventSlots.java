package io.heliosdb.client;

import io.heliosdb.pg.Lsn;
import io.heliosdb.pg.SqlState;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * The slots of one database's events. A slot that is a copy of the history's begins where that
 * stands and is there at once, while a new one waits for the end of every transaction that runs.
 *
 * @param schema their names
 */
record EventSlots(EventSchema schema) {
    private static final long FREE_WITHIN_NANOS = Duration.ofSeconds(10).toNanos();
    private static final long LOOK_NANOS = Duration.ofMillis(5).toNanos();

    /**
     * A slot as it is.
     *
     * @param confirmed where its reader goes on
     * @param isLost whether the server gave up what it held
     * @param activePid who reads it; 0 for nobody
     */
    record State(Lsn confirmed, boolean isLost, int activePid) {}

    Optional<State> state(Connection connection, String slot) throws SQLException {
        return SqlRow.first(
                        connection,
                        "SELECT confirmed_flush_lsn, wal_status, coalesce(active_pid, 0) FROM"
                                + " pg_replication_slots WHERE slot_name = ?",
                        slot)
                .map(row ->
                        new State(
                                Lsn.parse(row.text(0)),
                                row.text(1).equals("lost"),
                                Integer.parseInt(row.text(2))));
    }

    /** Begins to hold back the history; one that is held already stays, one that is lost begins. */
    void createHistory(Connection connection) throws SQLException {
        var slot = schema.historySlot();
        var state = state(connection, slot);
        if (state.isPresent() && !state.get().isLost()) {
            return;
        }
        if (state.isPresent()) {
            drop(connection, slot);
        }
        create(connection, slot, false);
    }

    /**
     * Copies the history's slot.
     *
     * @return where it begins; empty where there is no history
     */
    Optional<Lsn> copyHistory(Connection connection, String slot, boolean isTemporary)
            throws SQLException {
        var history = state(connection, schema.historySlot());
        if (history.isEmpty() || history.get().isLost()) {
            return Optional.empty();
        }
        try {
            SqlRow.first(
                    connection,
                    "SELECT pg_copy_logical_replication_slot(?, ?, ?)",
                    schema.historySlot(),
                    slot,
                    isTemporary);
        } catch (SQLException e) {
            if (is(e, SqlState.UNDEFINED_OBJECT)
                    || is(e, SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE)) {
                return Optional.empty();
            }
            throw e;
        }
        return state(connection, slot).map(State::confirmed);
    }

    /** Makes a slot that begins now; waits for the end of the transactions that run. */
    Lsn create(Connection connection, String slot, boolean isTemporary) throws SQLException {
        try {
            var row =
                    SqlRow.first(
                            connection,
                            "SELECT lsn FROM pg_create_logical_replication_slot(?, 'pgoutput', ?)",
                            slot,
                            isTemporary);
            return Lsn.parse(row.orElseThrow().text(0));
        } catch (SQLException e) {
            var state = state(connection, slot);
            if (is(e, SqlState.DUPLICATE_OBJECT) && state.isPresent()) {
                return state.get().confirmed(); // Somebody else was faster.
            }
            throw e;
        }
    }

    /** Makes a consumer's slot, which begins now, where there is none. */
    void createConsumer(Connection connection, String consumer) throws SQLException {
        var slot = schema.consumerSlot(consumer);
        if (state(connection, slot).isPresent()) {
            return;
        }
        try {
            if (copyHistory(connection, slot, false).isPresent()) {
                advance(connection, slot);
            } else {
                create(connection, slot, false);
            }
        } catch (SQLException e) {
            if (!is(e, SqlState.DUPLICATE_OBJECT) && !is(e, SqlState.OBJECT_IN_USE)) {
                throw e;
            }
        }
    }

    /** Passes over what is committed. */
    private void advance(Connection connection, String slot) throws SQLException {
        var now = SqlRow.first(connection, "SELECT pg_current_wal_insert_lsn()").orElseThrow();
        // A slot goes no further than the disk, which commits that do not wait reach later.
        while (SqlRow.first(
                        connection,
                        "SELECT 1 WHERE pg_current_wal_flush_lsn() >= ?::pg_lsn",
                        now.text(0))
                .isEmpty()) {
            LockSupport.parkNanos(this, LOOK_NANOS);
        }
        SqlRow.first(
                connection, "SELECT pg_replication_slot_advance(?, ?::pg_lsn)", slot, now.text(0));
    }

    /** Ends who reads a slot, and waits until it is free. */
    void free(Connection connection, String slot) throws SQLException {
        long deadline = System.nanoTime() + FREE_WITHIN_NANOS;
        while (true) {
            var state = state(connection, slot);
            if (state.isEmpty() || state.get().activePid() == 0) {
                return;
            }
            if (System.nanoTime() > deadline) {
                throw new SQLException(
                        "replication slot \"" + slot + "\" stays in use",
                        SqlState.OBJECT_IN_USE.code());
            }
            SqlRow.first(connection, "SELECT pg_terminate_backend(?)", state.get().activePid());
            LockSupport.parkNanos(this, LOOK_NANOS);
        }
    }

    /** Drops a slot, away from whoever reads it. */
    void drop(Connection connection, String slot) throws SQLException {
        long deadline = System.nanoTime() + FREE_WITHIN_NANOS;
        while (true) {
            free(connection, slot);
            try {
                SqlRow.first(connection, "SELECT pg_drop_replication_slot(?)", slot);
                return;
            } catch (SQLException e) {
                // Its reader has come back between the two.
                if (!is(e, SqlState.OBJECT_IN_USE) || System.nanoTime() > deadline) {
                    throw e;
                }
            }
        }
    }

    /** Lets go of the history beyond a number of bytes. */
    void trimHistory(Connection connection, long bytes) throws SQLException {
        try {
            SqlRow.first(
                    connection,
                    "SELECT pg_replication_slot_advance(slot_name, pg_current_wal_flush_lsn() -"
                            + " ?::numeric) FROM pg_replication_slots WHERE slot_name = ? AND NOT"
                            + " active AND wal_status <> 'lost' AND pg_current_wal_flush_lsn() -"
                            + " '0/0'::pg_lsn > ? AND confirmed_flush_lsn <"
                            + " pg_current_wal_flush_lsn() - ?::numeric",
                    bytes,
                    schema.historySlot(),
                    bytes,
                    bytes);
        } catch (SQLException e) {
            // Another source of this database does the same just now.
            if (!is(e, SqlState.OBJECT_IN_USE)) {
                throw e;
            }
        }
    }

    static boolean is(SQLException e, SqlState state) {
        return state.code().equals(e.getSQLState());
    }
}
