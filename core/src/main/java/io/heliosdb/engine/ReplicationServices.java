package io.heliosdb.engine;

import io.heliosdb.pg.Lsn;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the functions of replication ask of the session that runs them. Called in its thread. */
public interface ReplicationServices {
    /**
     * A slot and a position.
     *
     * @param name the slot's name
     * @param lsn a position of the log
     */
    record SlotPosition(String name, Lsn lsn) {}

    /**
     * What to read from a slot.
     *
     * @param slot the slot
     * @param upTo where to stop; nothing for where the log ends now
     * @param changesMax stops at the end of the transaction with this many changes; nothing for all
     * @param options those of the plugin
     * @param consumes whether it is read for good
     * @param isBinary whether the caller takes bytes
     */
    record Reading(
            String slot,
            Optional<Lsn> upTo,
            Optional<Integer> changesMax,
            Map<String, String> options,
            boolean consumes,
            boolean isBinary) {}

    /**
     * Makes a slot.
     *
     * @param name its name
     * @param plugin what its changes look like
     * @param isTemporary whether it goes with the session
     * @return where its reader begins
     */
    SlotPosition createSlot(String name, String plugin, boolean isTemporary);

    /**
     * Drops a slot.
     *
     * @param name its name
     */
    void dropSlot(String name);

    /**
     * Moves a slot on.
     *
     * @param name its name
     * @param upTo where to
     * @return where it is now
     */
    SlotPosition advanceSlot(String name, Lsn upTo);

    /**
     * Reads changes.
     *
     * @param reading from where and how
     * @return a row each: position, transaction, and the message as text or bytes
     */
    List<@Nullable Object[]> changes(Reading reading);

    /**
     * Writes a message into the log.
     *
     * @param isTransactional whether with the transaction, or at once
     * @param prefix who it is for
     * @param content what it says
     * @return where it is, or where the log ends for one that waits for its commit
     */
    Lsn emitMessage(boolean isTransactional, String prefix, byte[] content);
}
