package io.heliosdb.replication;

import io.heliosdb.pg.Lsn;

import java.time.Duration;

/**
 * The one reader of a slot, through its plugin: messages of what was committed, in the order of
 * commits. Closing it lets the next reader have the slot. Confined to one thread, but for {@link
 * #confirm} and {@link #wake}.
 */
public final class SlotReader implements AutoCloseable {
    private final SlotCursor cursor;
    private final OutputPlugin plugin;

    SlotReader(SlotCursor cursor, OutputPlugin plugin) {
        this.cursor = cursor;
        this.plugin = plugin;
    }

    /**
     * The slot that it reads from.
     *
     * @return the slot
     */
    public ReplicationSlot slot() {
        return cursor.slot();
    }

    /**
     * Whether the messages of its plugin are no text.
     *
     * @return whether they are bytes
     */
    public boolean isBinary() {
        return plugin.isBinary();
    }

    /**
     * Passes on the next transaction, if there is one on disk; one of which nothing is published
     * gives no messages.
     *
     * @param out takes its messages
     * @return whether there was one
     * @throws io.heliosdb.pg.PgException 55000 where the slot is lost, 42704 for a publication that
     *     does not exist
     */
    public boolean next(ChangeSink out) {
        var transaction = cursor.next();
        if (transaction == null) {
            return false;
        }
        plugin.write(transaction, out);
        return true;
    }

    /**
     * Waits until there is a next transaction, or until it is woken.
     *
     * @param timeout how long
     * @return whether there is one
     * @throws InterruptedException where the thread is interrupted while it waits
     * @throws io.heliosdb.pg.PgException FATAL 57P02 where the log has failed
     */
    public boolean await(Duration timeout) throws InterruptedException {
        return cursor.await(timeout);
    }

    /** Ends a wait, or the next one where there is none now. Any thread. */
    public void wake() {
        cursor.wake();
    }

    /** Passes on the next transaction if it is on disk already, and begins before a position. */
    boolean nextBefore(Lsn limit, ChangeRows out) {
        var transaction = cursor.nextBefore(limit);
        if (transaction == null) {
            return false;
        }
        out.transaction(transaction.xid());
        plugin.write(transaction, out);
        return true;
    }

    /**
     * How far it has read.
     *
     * @return the position of the next record
     */
    public Lsn position() {
        return cursor.position();
    }

    /**
     * The consumer has everything before a position. Any thread.
     *
     * @param position an end position, at most {@link #position}
     */
    public void confirm(Lsn position) {
        cursor.confirm(position);
    }

    @Override
    public void close() {
        try {
            plugin.close();
        } finally {
            cursor.close();
        }
    }
}
