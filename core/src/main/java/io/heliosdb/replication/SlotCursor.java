package io.heliosdb.replication;

import io.heliosdb.engine.EngineSession;
import io.heliosdb.log.Log;
import io.heliosdb.log.LogReader;
import io.heliosdb.log.LogRecord;
import io.heliosdb.pg.Lsn;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongPredicate;

/**
 * Where the one reader of a slot stands: gives what was committed from the slot's place on, in the
 * order of commits, and never what a crash could take back or what is not visible yet. Closing it
 * lets the next reader have the slot. Confined to one thread, but for {@link #confirm} and {@link
 * #wake}.
 */
final class SlotCursor implements AutoCloseable {
    private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(20);

    private final Log log;
    private final ReplicationSlot slot;
    private final LongPredicate isVisible;
    private final EngineSession session;
    private final LogReader reader;
    private final LogicalDecoder decoder;
    private boolean isClosed;

    /** The session is closed with it, and the slot released. */
    SlotCursor(
            Log log,
            ReplicationSlot slot,
            LongPredicate isVisible,
            EngineSession session,
            Lsn from) {
        this.log = log;
        this.slot = slot;
        this.isVisible = isVisible;
        this.session = session;
        decoder = new LogicalDecoder(session);
        reader = log.reader(from);
    }

    ReplicationSlot slot() {
        return slot;
    }

    EngineSession session() {
        return session;
    }

    /** The next transaction, or null where there is none on disk. */
    @Nullable DecodedTransaction next() {
        slot.requireKept();
        return decoded(reader.next().orElse(null));
    }

    /** The next transaction, or null where none that begins before a position is on disk. */
    @Nullable DecodedTransaction nextBefore(Lsn limit) {
        slot.requireKept();
        return decoded(reader.next(limit).orElse(null));
    }

    private @Nullable DecodedTransaction decoded(@Nullable LogRecord record) {
        if (record == null) {
            return null;
        }
        // What is on disk is visible some microseconds later.
        while (!isVisible.test(record.lsn().value())) {
            log.requireSound();
            LockSupport.parkNanos(this, PAUSE_NANOS);
        }
        return decoder.decode(record);
    }

    /** Waits until there is a next transaction, or until it is woken. */
    boolean await(Duration timeout) throws InterruptedException {
        return reader.await(timeout);
    }

    /** Ends a wait, or the next one. Any thread. */
    void wake() {
        reader.wake();
    }

    /** The position of the next record. */
    Lsn position() {
        return reader.position();
    }

    /** The consumer has everything before a position. Any thread. */
    void confirm(Lsn position) {
        slot.confirm(position);
    }

    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        try {
            reader.close();
        } finally {
            session.close();
            slot.release();
        }
    }
}
