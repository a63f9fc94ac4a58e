package io.heliosdb.session;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Ends a running statement from outside: a cancel request, a time limit, an administrator. A
 * request that comes while the client has asked for nothing is forgotten, so that it never hits the
 * statement after. One that comes between two steps of what the client has asked for, such as
 * between Parse and Execute, hits the next step. Thread-safe.
 */
final class Cancellation {
    /** Ends what the engine is doing for the session. */
    interface Target {
        void cancel();
    }

    private static final long AGAIN_MILLIS = 5;

    private final Target engine;
    private final Timers timers;
    private final ReentrantLock lock = new ReentrantLock();

    /** The client has asked for something that is not answered yet. */
    @GuardedBy("lock")
    private boolean isAsked;

    @GuardedBy("lock")
    private boolean isRunning;

    /** Counts the statements. */
    @GuardedBy("lock")
    private long statement;

    @GuardedBy("lock")
    private @Nullable PgException reason;

    /** The owner's thread alone writes and reads it. */
    private @Nullable Future<?> timer;

    /** The owner's thread alone writes and reads it. */
    private long timeoutNanos;

    Cancellation(Target engine, Timers timers) {
        this.engine = engine;
        this.timers = timers;
    }

    /** The client asks for something: a query string, or the first message of a batch. */
    void ask() {
        lock.lock();
        try {
            if (!isAsked) {
                isAsked = true;
                reason = null;
            }
        } finally {
            lock.unlock();
        }
    }

    /** What the client asked for is done, or has failed: requests are forgotten from here on. */
    void answer() {
        lock.lock();
        try {
            isAsked = false;
            reason = null;
        } finally {
            lock.unlock();
        }
    }

    /**
     * A statement begins; 0 is no time limit.
     *
     * @throws PgException the reason of a request that came between the last statement and this one
     */
    void begin(long timeoutMillis) {
        lock.lock();
        try {
            throwReason();
            isRunning = true;
            statement++;
        } finally {
            lock.unlock();
        }
        timeoutNanos = TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        if (timeoutMillis > 0) {
            timer =
                    timers.after(
                            timeoutMillis,
                            () ->
                                    cancel(
                                            new PgException(
                                                    SqlState.QUERY_CANCELED,
                                                    "canceling statement due to statement"
                                                            + " timeout")));
        }
    }

    /** The statement is over. */
    void end() {
        var started = timer;
        if (started != null) {
            started.cancel(false);
            timer = null;
        }
        lock.lock();
        try {
            isRunning = false;
        } finally {
            lock.unlock();
        }
    }

    /**
     * When the running statement's time is over, on the clock of {@link System#nanoTime}; none is
     * far away.
     */
    long deadlineNanos() {
        return System.nanoTime() + (timeoutNanos > 0 ? timeoutNanos : Long.MAX_VALUE / 2);
    }

    void cancelByUser() {
        cancel(new PgException(SqlState.QUERY_CANCELED, "canceling statement due to user request"));
    }

    /** Ends what the client has asked for, if anything, with this error. The first one counts. */
    void cancel(PgException why) {
        lock.lock();
        try {
            if (!isAsked || reason != null) {
                return;
            }
            reason = why;
            if (isRunning) {
                reach();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Cancels in the engine, and again until the statement has ended: it may be between two calls
     * into the engine, where a cancel finds nothing to end.
     */
    @GuardedBy("lock")
    private void reach() {
        long target = statement;
        engine.cancel();
        timers.later(AGAIN_MILLIS, () -> reachAgain(target));
    }

    private void reachAgain(long target) {
        lock.lock();
        try {
            // Under the lock, so that it cannot reach past the end of this statement.
            if (isRunning && statement == target) {
                reach();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * The error to report for what the engine threw: the reason of the cancel where there was one.
     */
    PgException explain(PgException thrown) {
        if (!thrown.sqlState().equals(SqlState.QUERY_CANCELED)) {
            return thrown;
        }
        lock.lock();
        try {
            return reason == null ? thrown : reason;
        } finally {
            lock.unlock();
        }
    }

    /** Throws if the running statement is to end; for loops that the engine does not see. */
    void check() {
        lock.lock();
        try {
            throwReason();
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void throwReason() {
        if (reason != null) {
            throw reason;
        }
    }
}
