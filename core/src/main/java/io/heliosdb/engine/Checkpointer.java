package io.heliosdb.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import io.heliosdb.log.Joining;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Decides when a checkpoint is due: when the log has grown by so much, or so long after the first
 * change since the last one. One platform thread, begun with the first change and asleep without a
 * time to wake up while nothing has changed.
 */
final class Checkpointer {
    private static final long TRY_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long TRY_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(15);

    private static final long ROOM_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** After so many tries in vain those who come later are kept waiting. */
    private static final int POLITE_TRIES = 4;

    private final EngineLog log;
    private final long bytes;
    private final long timeoutNanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition wanted = lock.newCondition();

    @GuardedBy("lock")
    private @Nullable Thread thread;

    @GuardedBy("lock")
    private boolean closed;

    @GuardedBy("lock")
    private boolean isDue;

    /** Whether the one that is due is so because the time is over; of the thread. */
    private boolean isTimed;

    /** When the first change since the last checkpoint was seen; written under the lock. */
    @GuardedBy("lock")
    private long dirtySinceNanos;

    /** Whether something has changed since the last checkpoint; written under the lock. */
    private volatile boolean isDirty;

    Checkpointer(EngineLog log, long bytes, Duration timeout) {
        this.log = log;
        this.bytes = bytes;
        timeoutNanos = timeout.toNanos();
    }

    /** Something was logged; so much since the last checkpoint. */
    void grown(long since) {
        if (isDirty && since < bytes) {
            return;
        }
        lock.lock();
        try {
            if (!isDirty) {
                isDirty = true;
                dirtySinceNanos = System.nanoTime();
                wanted.signal();
            }
            if (since >= bytes && !isDue) {
                isDue = true;
                wanted.signal();
            }
            if (thread == null && !closed) {
                thread =
                        Thread.ofPlatform().name("heliosdb-checkpointer").daemon().start(this::run);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Tries until it is done; the store's statements step aside after a while. */
    void checkpointNow(boolean isTimed) {
        long patience = TRY_NANOS;
        int tries = 0;
        try {
            while (!log.tryCheckpoint(patience, isTimed)) {
                patience = Math.min(patience * 2, TRY_NANOS_MAX);
                if (++tries == POLITE_TRIES) {
                    log.latch().want();
                }
                LockSupport.parkNanos(this, PAUSE_NANOS);
            }
        } finally {
            if (tries >= POLITE_TRIES) {
                log.latch().unwant();
            }
        }
    }

    /** Ends the thread and waits for its end. */
    void close() {
        Thread running;
        lock.lock();
        try {
            closed = true;
            running = thread;
            wanted.signal();
        } finally {
            lock.unlock();
        }
        if (running != null) {
            Joining.uninterruptibly(running);
        }
    }

    private void run() {
        while (awaitDue()) {
            try {
                log.room().require();
                log.compact();
                checkpointNow(isTimed);
                log.tryCheckpointAgain(TRY_NANOS);
            } catch (RuntimeException e) {
                if (!DiskRoom.isRefusal(e)) {
                    log.failed(e);
                    return;
                }
                awaitRoom();
            }
        }
    }

    /** The disk is full: it is looked at again after a while. */
    private void awaitRoom() {
        lock.lock();
        try {
            isDue = true;
            isDirty = true;
            long left = ROOM_NANOS;
            while (!closed && left > 0) {
                left = wanted.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            // The thread is this class's own; an early look does no harm.
        } finally {
            lock.unlock();
        }
    }

    /** Waits until one is due; false ends the thread. */
    private boolean awaitDue() {
        lock.lock();
        try {
            isTimed = false;
            while (!closed && !isDue) {
                long left = dirtySinceNanos + timeoutNanos - System.nanoTime();
                if (!isDirty || timeoutNanos == 0) {
                    wanted.awaitUninterruptibly();
                } else if (left > 0) {
                    wanted.awaitNanos(left);
                } else {
                    isDue = true;
                    isTimed = true;
                }
            }
            isDue = false;
            isDirty = false;
            return !closed;
        } catch (InterruptedException e) {
            // The thread is this class's own; an early checkpoint does no harm.
            return true;
        } finally {
            lock.unlock();
        }
    }
}
