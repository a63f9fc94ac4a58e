package io.heliosdb.replication;

import io.heliosdb.engine.EngineSession;
import io.heliosdb.log.Log;
import io.heliosdb.log.LogReader;
import io.heliosdb.log.LogRecord;
import io.heliosdb.pg.Lsn;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongPredicate;

/**
 * The one reader of a slot: reads what was committed from its place on, in the order of commits,
 * and never what a crash could take back or what is not visible yet. Closing it lets the next
 * reader have the slot. Confined to one thread, but for {@link #confirm}.
 */
public final class SlotReader implements AutoCloseable {
    private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(20);

    private final Log log;
    private final ReplicationSlot slot;
    private final LongPredicate isVisible;
    private final EngineSession session;
    private final LogReader reader;
    private final LogicalDecoder decoder;
    private final OutputPlugin plugin;
    private boolean isClosed;

    SlotReader(
            Log log,
            ReplicationSlot slot,
            LongPredicate isVisible,
            EngineSession session,
            OutputPlugin plugin,
            Lsn from) {
        this.log = log;
        this.slot = slot;
        this.isVisible = isVisible;
        this.session = session;
        this.plugin = plugin;
        decoder = new LogicalDecoder(session);
        reader = log.reader(from);
    }

    /**
     * The slot that it reads from.
     *
     * @return the slot
     */
    public ReplicationSlot slot() {
        return slot;
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
        slot.requireKept();
        var record = reader.next().orElse(null);
        if (record == null) {
            return false;
        }
        awaitVisible(record);
        plugin.write(decoder.decode(record), out);
        return true;
    }

    /**
     * Waits until there is a next transaction.
     *
     * @param timeout how long
     * @return whether there is one
     * @throws InterruptedException where the thread is interrupted while it waits
     * @throws io.heliosdb.pg.PgException FATAL 57P02 where the log has failed
     */
    public boolean await(Duration timeout) throws InterruptedException {
        return reader.await(timeout);
    }

    /** Passes on the next transaction if it is on disk already, and begins before a position. */
    boolean nextBefore(Lsn limit, ChangeRows out) {
        slot.requireKept();
        var record = reader.next(limit).orElse(null);
        if (record == null) {
            return false;
        }
        awaitVisible(record);
        out.transaction(record.entry().xid());
        plugin.write(decoder.decode(record), out);
        return true;
    }

    /** What is on disk is visible some microseconds later. */
    private void awaitVisible(LogRecord record) {
        while (!isVisible.test(record.lsn().value())) {
            log.requireSound();
            LockSupport.parkNanos(this, PAUSE_NANOS);
        }
    }

    /**
     * How far it has read.
     *
     * @return the position of the next record
     */
    public Lsn position() {
        return reader.position();
    }

    /**
     * The consumer has everything before a position. Any thread.
     *
     * @param position an end position, at most {@link #position}
     */
    public void confirm(Lsn position) {
        slot.confirm(position);
    }

    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        try {
            plugin.close();
            reader.close();
        } finally {
            session.close();
            slot.release();
        }
    }
}
