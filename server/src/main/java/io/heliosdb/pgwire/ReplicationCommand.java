package io.heliosdb.pgwire;

import io.heliosdb.pg.Lsn;

import java.util.Map;
import java.util.Optional;

/**
 * A command of a replication connection that is no SQL.
 *
 * @see <a href="https://www.postgresql.org/docs/15/protocol-replication.html">PostgreSQL: streaming
 *     replication protocol</a>
 */
sealed interface ReplicationCommand {
    /** IDENTIFY_SYSTEM. */
    record IdentifySystem() implements ReplicationCommand {}

    /** What CREATE_REPLICATION_SLOT does about the rows that are there already. */
    enum Snapshot {
        /** Nothing. */
        NOTHING,
        /** The transaction of this connection sees them. */
        USE,
        /** Another connection may see them. */
        EXPORT
    }

    /**
     * CREATE_REPLICATION_SLOT … LOGICAL.
     *
     * @param slot its name
     * @param isTemporary whether it goes with the connection
     * @param plugin what its changes look like
     * @param snapshot what it does about the rows that are there; nothing where it does not say
     */
    record CreateSlot(String slot, boolean isTemporary, String plugin, Optional<Snapshot> snapshot)
            implements ReplicationCommand {}

    /**
     * DROP_REPLICATION_SLOT.
     *
     * @param slot its name
     */
    record DropSlot(String slot) implements ReplicationCommand {}

    /**
     * START_REPLICATION … LOGICAL.
     *
     * @param slot its name
     * @param from where to begin
     * @param options those of the plugin
     */
    record Start(String slot, Lsn from, Map<String, String> options)
            implements ReplicationCommand {}
}
