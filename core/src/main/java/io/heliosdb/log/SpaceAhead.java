package io.heliosdb.log;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.Report;
import io.heliosdb.pg.Severity;
import io.heliosdb.pg.SqlState;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Sees to it that there is space on disk before a record gets its place. What a record will take is
 * reserved first; when less than half a segment would be left behind it, another segment is made,
 * by a thread that lives as long as there is something to make. Where that fails the commit is
 * refused, and nothing of it has happened.
 */
final class SpaceAhead {
    private final Segments segments;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** Everything up to here is promised to records. */
    @GuardedBy("lock")
    private long promised;

    /** The thread that makes segments, while there is one. */
    @GuardedBy("lock")
    private @Nullable Thread maker;

    @GuardedBy("lock")
    private @Nullable IOException failure;

    SpaceAhead(Segments segments, long position) {
        this.segments = segments;
        promised = position;
    }

    /**
     * Promises space, and waits for it where it has to be made.
     *
     * @throws PgException 53100 where the disk is full, 58030 where it fails
     */
    void reserve(long bytes) {
        lock.lock();
        try {
            promised += bytes;
            failure = maker == null ? null : failure;
            while (isShort()) {
                if (failure != null) {
                    promised -= bytes;
                    throw refusal(failure);
                }
                makeMore();
                if (!isTooShort()) {
                    return;
                }
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /** A reservation that is not used. */
    void giveBack(long bytes) {
        lock.lock();
        try {
            promised -= bytes;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the end of the thread that makes segments. */
    void close() {
        Thread running;
        lock.lock();
        try {
            running = maker;
        } finally {
            lock.unlock();
        }
        if (running != null) {
            Joining.uninterruptibly(running);
        }
    }

    /** Less than a segment and a half is left: the last one has begun and is half full, or will. */
    @GuardedBy("lock")
    private boolean isShort() {
        long ahead = segments.allocatedEnd() - promised;
        return ahead < segments.segmentBytes();
    }

    @GuardedBy("lock")
    private boolean isTooShort() {
        return segments.allocatedEnd() - promised < segments.segmentBytes() / 2;
    }

    @GuardedBy("lock")
    private void makeMore() {
        if (maker == null) {
            maker = Thread.ofPlatform().name("heliosdb-log-space").daemon().start(this::make);
        }
    }

    private void make() {
        while (true) {
            IOException failed = null;
            try {
                segments.allocate(0);
            } catch (IOException e) {
                failed = e;
            }
            lock.lock();
            try {
                failure = failed;
                boolean isEnough = failed != null || !isShort();
                if (isEnough) {
                    maker = null;
                }
                changed.signalAll();
                if (isEnough) {
                    return;
                }
            } finally {
                lock.unlock();
            }
        }
    }

    private static PgException refusal(IOException cause) {
        boolean isFull = String.valueOf(cause.getMessage()).contains("No space left");
        var report =
                Report.of(
                        Severity.ERROR,
                        isFull ? SqlState.DISK_FULL : SqlState.IO_ERROR,
                        "could not extend the log: " + cause.getMessage());
        var error = new PgException(report, cause);
        return isFull ? error.withHint("Free disk space and try again.") : error;
    }
}
