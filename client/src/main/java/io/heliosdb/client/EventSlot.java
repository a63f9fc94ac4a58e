package io.heliosdb.client;

import io.heliosdb.pg.Delivery.Gap;
import io.heliosdb.pg.Lsn;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.Token;

import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/** How the slot of each connection of a stream of events comes to be. Used by one thread. */
sealed interface EventSlot {
    /**
     * Where a connection begins.
     *
     * @param start what is streamed
     * @param place behind this event
     * @param gap what is missing before it
     */
    record Begin(ReplicationLink.Start start, Token place, Optional<Gap> gap) {}

    /**
     * Finds or makes the slot.
     *
     * @param connection the new one
     * @param place what was read already; null at first
     */
    Begin begin(Connection connection, @Nullable Token place) throws SQLException;

    /** Whether a reader that has read before goes on after this. */
    boolean isFinal(SQLException e);

    /** Whether the server keeps what is not acknowledged. */
    boolean isKept();

    /** The connection's process on the server. */
    private static int pid(Connection connection) throws SQLException {
        return connection.unwrap(PGConnection.class).getBackendPID();
    }

    /** Where reading goes on from a place if everything from a position on is there. */
    private static Begin from(String slot, long history, Token place, Lsn first) {
        if (place.timeline() == history && place.lsn().value() + 1 >= first.value()) {
            return new Begin(new ReplicationLink.Start(slot, place.lsn()), place, Optional.empty());
        }
        var at = EventSchema.before(history, first);
        boolean isForeign = place.timeline() != history;
        var gap = new Gap(isForeign ? first : place.lsn(), first, -1, isForeign);
        return new Begin(new ReplicationLink.Start(slot, first), at, Optional.of(gap));
    }

    /**
     * A copy of the history's slot for each connection; it is gone with it.
     *
     * @param slots of the database
     * @param start strictly after this; null for now
     */
    record Temporary(EventSlots slots, @Nullable Token start) implements EventSlot {
        @Override
        public Begin begin(Connection connection, @Nullable Token place) throws SQLException {
            var slot = slots.schema().temporarySlot(pid(connection));
            long history = slots.schema().history(connection);
            var known = place == null ? start : place;
            var first = slots.copyHistory(connection, slot, true);
            if (first.isEmpty()) {
                var now = slots.create(connection, slot, true);
                return from(
                        slot,
                        history,
                        known == null ? EventSchema.before(history, now) : known,
                        now);
            }
            if (known == null) {
                var now = SqlRow.first(connection, "SELECT pg_current_wal_insert_lsn()");
                known = EventSchema.before(history, Lsn.parse(now.orElseThrow().text(0)));
            }
            return from(slot, history, known, first.get());
        }

        @Override
        public boolean isFinal(SQLException e) {
            return false;
        }

        @Override
        public boolean isKept() {
            return false;
        }
    }

    /** A consumer's slot, which its newest reader has. */
    final class Permanent implements EventSlot {
        private final EventSlots slots;
        private final String consumer;

        /** Who has read it for us last; 0 for nobody yet. */
        private int ownPid;

        Permanent(EventSlots slots, String consumer) {
            this.slots = slots;
            this.consumer = consumer;
        }

        @Override
        public Begin begin(Connection connection, @Nullable Token place) throws SQLException {
            var slot = slots.schema().consumerSlot(consumer);
            long history = slots.schema().history(connection);
            if (ownPid == 0) {
                slots.createConsumer(connection, consumer);
            }
            var state = slots.state(connection, slot);
            if (state.isEmpty()) {
                throw new SQLException(
                        "consumer \"" + consumer + "\" does not exist",
                        SqlState.UNDEFINED_OBJECT.code());
            }
            Lsn first = state.get().confirmed();
            var known = place == null ? EventSchema.before(history, first) : place;
            if (state.get().isLost()) {
                slots.drop(connection, slot);
                var kept = slots.copyHistory(connection, slot, false);
                first = kept.isPresent() ? kept.get() : slots.create(connection, slot, false);
            } else if (place != null && place.timeline() == history) {
                first = Lsn.ZERO; // It holds what is not acknowledged.
            }
            take(connection, slot, state.get().activePid());
            ownPid = pid(connection);
            return from(slot, history, known, first);
        }

        private void take(Connection connection, String slot, int activePid) throws SQLException {
            // A connection of ours that broke may be thought alive by the server.
            if (activePid != 0 && ownPid != 0 && activePid != ownPid) {
                throw new SQLException(
                        "another reader goes on as consumer \"" + consumer + '"',
                        SqlState.OBJECT_IN_USE.code());
            }
            slots.free(connection, slot);
        }

        @Override
        public boolean isFinal(SQLException e) {
            return EventSlots.is(e, SqlState.OBJECT_IN_USE)
                    || EventSlots.is(e, SqlState.UNDEFINED_OBJECT);
        }

        @Override
        public boolean isKept() {
            return true;
        }
    }
}
