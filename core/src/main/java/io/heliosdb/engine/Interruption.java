package io.heliosdb.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.h2.engine.SessionLocal;
import org.jspecify.annotations.Nullable;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Ends what a session is running, from any thread.
 *
 * <p>The store looks at its cancel flag between rows, but not while it waits for the transaction
 * that holds a row: that wait ends early only when its thread is interrupted. So a cancel sets the
 * flag and, for as long as the statement runs, interrupts its thread whenever the session is
 * blocked by another. An interrupt of the application must not end a store's file nor be lost: it
 * is taken from the thread when a statement begins and given back when it ends. What is left in the
 * thread then is the application's, unless a cancel put it there and no wait has used it up.
 */
final class Interruption {
    private static final long NUDGE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long NUDGE_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(20);

    private final SessionLocal session;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition woken = lock.newCondition();

    @GuardedBy("lock")
    private @Nullable Thread runner;

    @GuardedBy("lock")
    private int depth;

    @GuardedBy("lock")
    private long statement;

    @GuardedBy("lock")
    private boolean cancelled;

    @GuardedBy("lock")
    private boolean nudged;

    @GuardedBy("lock")
    private boolean applicationInterrupt;

    Interruption(SessionLocal session) {
        this.session = session;
    }

    /** Whether the session's commit waits for the disk; written by the session's thread. */
    private volatile boolean isFlushing;

    boolean isFlushing() {
        return isFlushing;
    }

    void flushing(boolean begins) {
        isFlushing = begins;
    }

    /** A statement begins, perhaps inside another of the same session. */
    void enter() {
        lock.lock();
        try {
            if (depth++ > 0) {
                return;
            }
            statement++;
            runner = Thread.currentThread();
            cancelled = false;
            nudged = false;
            applicationInterrupt = Thread.interrupted();
        } finally {
            lock.unlock();
        }
    }

    /** The statement that began last has ended. */
    void exit() {
        lock.lock();
        try {
            if (--depth > 0) {
                return;
            }
            runner = null;
            if (cancelled) {
                session.setQueryTimeout(0); // clears the cancel flag that nothing has looked at
            }
            nudged = nudged && Thread.interrupted(); // Ours, which no wait has used up.
            if (applicationInterrupt) {
                Thread.currentThread().interrupt();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends the statement that runs now, if any; returns at once. */
    void cancel() {
        lock.lock();
        try {
            if (depth == 0 || cancelled) {
                return;
            }
            cancelled = true;
            session.cancel();
            woken.signalAll();
            long target = statement;
            Thread.ofVirtual().name("heliosdb-cancel").start(() -> nudgeUntilEnded(target));
        } finally {
            lock.unlock();
        }
    }

    boolean isCancelled() {
        lock.lock();
        try {
            return cancelled;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the thread of the statement waits for something. */
    boolean isRunnerAsleep() {
        lock.lock();
        try {
            return runner != null
                    && switch (runner.getState()) {
                        case WAITING, TIMED_WAITING, BLOCKED -> true;
                        default -> false;
                    };
        } finally {
            lock.unlock();
        }
    }

    /**
     * A wait for another transaction ended early or late; says which.
     *
     * @param timedOut whether the time that a wait may take is over
     * @return what to throw
     */
    PgException waitEnded(boolean timedOut) {
        lock.lock();
        try {
            if (cancelled) {
                nudged = false;
                return cancellation();
            }
            if (timedOut) {
                return new PgException(
                        SqlState.LOCK_NOT_AVAILABLE, "canceling statement due to lock timeout");
            }
            applicationInterrupt = true;
            return cancellation();
        } finally {
            lock.unlock();
        }
    }

    /** Waits as long as asked; a cancel or an interrupt ends it with 57014. */
    void sleep(long nanos) {
        lock.lock();
        try {
            long left = nanos;
            while (left > 0) {
                if (cancelled) {
                    throw cancellation();
                }
                left = woken.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            if (!cancelled) {
                applicationInterrupt = true;
            }
            throw cancellation();
        } finally {
            lock.unlock();
        }
    }

    static PgException cancellation() {
        return new PgException(SqlState.QUERY_CANCELED, "canceling statement due to user request");
    }

    private void nudgeUntilEnded(long target) {
        long pause = NUDGE_NANOS;
        while (nudge(target)) {
            LockSupport.parkNanos(this, pause);
            pause = Math.min(pause * 2, NUDGE_NANOS_MAX);
        }
    }

    /** Returns whether the statement still runs. */
    private boolean nudge(long target) {
        lock.lock();
        try {
            if (depth == 0 || statement != target || runner == null) {
                return false;
            }
            if (session.getBlockingSessionId() != 0 && !runner.isInterrupted()) {
                nudged = true;
                runner.interrupt();
            }
            return true;
        } finally {
            lock.unlock();
        }
    }
}
