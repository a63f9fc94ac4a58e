package io.heliosdb;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import io.heliosdb.pg.Lsn;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.replication.RowReader;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The committed row changes of publications, in the order of commits, from a replication slot of
 * this database. What is not acknowledged is told again by the next stream of the slot: each change
 * comes at least once, and never twice in one stream.
 *
 * <p>Nothing is read ahead but the transaction that is being told: who stands still holds no memory
 * and slows no commit, only the log is kept, up to {@code max_slot_wal_keep_size}. Safe for use by
 * many threads; changes are taken by one at a time.
 *
 * {@snippet :
 * try (var changes = db.changes("billing").withSnapshot().from("orders_pub")) {
 *     while (true) {
 *         switch (changes.next()) {
 *             case Change.Existing(var _, var table, var row) -> load(row);
 *             case Change.Insert(var _, var table, var row) -> load(row);
 *             case Change.Update(var _, var table, var old, var row) -> load(row);
 *             case Change.Delete(var _, var table, var old) -> remove(old);
 *             case Change.ExistingEnd(var lsn) -> changes.ack(lsn);
 *             case Change.Commit(var _, var end, var _) -> changes.ack(end);
 *             case Change.Begin _, Change.Truncate _, Change.Message _ -> {}
 *         }
 *     }
 * }
 * }
 */
public final class ChangeStream implements AutoCloseable {
    private static final Duration LONG = Duration.ofDays(1);

    private final RowReader reader;
    private final String slot;
    private final Consumer<ChangeStream> onClose;
    private final ReentrantLock taking = new ReentrantLock();
    private final AtomicBoolean isPublished = new AtomicBoolean();
    private volatile boolean isClosing;

    /** What its subscriber's thread waits for beside changes ends with this. */
    private volatile Runnable atEnd = () -> {};

    @GuardedBy("taking")
    private final ChangeRows changes;

    @GuardedBy("taking")
    private boolean isClosed;

    /** Up to here all was told; written by who takes. */
    private volatile Lsn told = Lsn.ZERO;

    /** Up to here all was acknowledged; only grows. */
    private volatile Lsn acknowledged = Lsn.ZERO;

    ChangeStream(RowReader reader, String slot, Consumer<ChangeStream> onClose) {
        this.reader = reader;
        this.slot = slot;
        this.onClose = onClose;
        changes = new ChangeRows(reader.position());
    }

    /**
     * The next change, however long it takes.
     *
     * @return the change
     * @throws InterruptedException where the thread is interrupted while it waits
     * @throws PgException as {@link #next(Duration)}
     */
    public Change next() throws InterruptedException {
        while (true) {
            var change = next(LONG);
            if (change.isPresent()) {
                return change.get();
            }
        }
    }

    /**
     * The next change if it comes in time.
     *
     * @param timeout how long to wait; zero or less does not wait
     * @return empty where none came in time
     * @throws InterruptedException where the thread is interrupted while it waits
     * @throws PgException 08003 once the stream is closed, 55000 where the slot is lost, 42704
     *     where a publication has been dropped, 57P02 where the database has failed
     */
    public Optional<Change> next(Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        taking.lockInterruptibly();
        try {
            while (true) {
                var change = poll();
                long left = deadline - System.nanoTime();
                if (change != null || left <= 0) {
                    return Optional.ofNullable(change);
                }
                reader.await(Duration.ofNanos(left));
            }
        } finally {
            taking.unlock();
        }
    }

    @GuardedBy("taking")
    private @Nullable Change poll() {
        requireOpen();
        while (changes.isEmpty()) {
            if (!reader.next(changes)) {
                passOver();
                return null;
            }
            requireOpen();
        }
        var change = changes.poll();
        if (change instanceof Change.Commit commit) {
            told = commit.end();
        } else if (change instanceof Change.ExistingEnd end) {
            told = end.lsn();
        }
        return change;
    }

    /** What is not published need not be kept while all that is has been acknowledged. */
    @GuardedBy("taking")
    private void passOver() {
        if (acknowledged.value() != 0 && acknowledged.equals(told)) {
            reader.confirm(reader.position());
        }
    }

    @GuardedBy("taking")
    private void requireOpen() {
        if (isClosing || isClosed) {
            throw new PgException(
                    SqlState.CONNECTION_DOES_NOT_EXIST, "the change stream is closed");
        }
    }

    /**
     * Says that all before a position is done: the slot does not tell it again. It counts at once
     * and is on disk within about a second, or when the stream is closed.
     *
     * @param lsn the {@code end} of a {@link Change.Commit}, or the place of {@link
     *     Change.ExistingEnd}, of this stream
     * @throws PgException 22023 for a position beyond what was told
     */
    public void ack(Lsn lsn) {
        if (lsn.compareTo(told) > 0) {
            throw new PgException(
                    SqlState.INVALID_PARAMETER_VALUE,
                    "cannot acknowledge %s: changes up to %s have been told".formatted(lsn, told));
        }
        if (lsn.value() != 0) {
            reader.confirm(lsn);
            acknowledged = lsn.compareTo(acknowledged) > 0 ? lsn : acknowledged;
        }
    }

    /**
     * Up to where all is acknowledged, also by earlier streams of the slot.
     *
     * @return {@code confirmed_flush_lsn}
     */
    public Lsn acknowledged() {
        return reader.confirmed();
    }

    /**
     * The slot that it reads.
     *
     * @return its name
     */
    public String slot() {
        return slot;
    }

    /**
     * The changes for one subscriber, who gets no more than it asks for, on a virtual thread. The
     * stream is closed when the subscriber cancels; what ends the stream is an error to it, and
     * closing the stream completes it.
     *
     * @return for one subscriber; a second one is refused with IllegalStateException
     */
    public Flow.Publisher<Change> publisher() {
        return new ChangePublisher(this, isPublished);
    }

    void atEnd(Runnable what) {
        atEnd = what;
    }

    boolean isClosing() {
        return isClosing;
    }

    /** Ends it; who waits for a change gets 08003. Once is enough. */
    @Override
    public void close() {
        isClosing = true;
        reader.wake();
        atEnd.run();
        taking.lock();
        try {
            if (!isClosed) {
                isClosed = true;
                reader.close();
                onClose.accept(this);
            }
        } finally {
            taking.unlock();
        }
    }
}
