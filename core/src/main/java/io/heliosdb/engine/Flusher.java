package io.heliosdb.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import io.heliosdb.log.Joining;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Makes commits durable in groups: whoever waits is served by the first store-and-fsync that begins
 * after the call, and all that wait at that moment share it. One platform thread, begun with the
 * first wait, asleep while nobody waits. The first failure is the last: every waiter then and every
 * later one gets it.
 */
final class Flusher {
    /** Writes and fsyncs what is committed. */
    interface Target {
        void flush();
    }

    private final Target target;
    private final String name;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition wanted = lock.newCondition();
    private final Condition done = lock.newCondition();

    /** How many waits there have been. */
    @GuardedBy("lock")
    private long requested;

    /** The waits up to this one are served. */
    @GuardedBy("lock")
    private long served;

    @GuardedBy("lock")
    private @Nullable Thread thread;

    /** Written under the lock, read without it. */
    private volatile @Nullable RuntimeException failure;

    @GuardedBy("lock")
    private boolean closed;

    Flusher(Target target, String name) {
        this.target = target;
        this.name = name;
    }

    /** Returns when what was committed before the call is on disk; an interrupt does not end it. */
    void awaitDurable() {
        lock.lock();
        try {
            requireOpen();
            long mine = ++requested;
            startThread();
            wanted.signal();
            while (served < mine) {
                done.awaitUninterruptibly();
                if (failure != null) {
                    throw unknownOutcome(failure);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Has what was committed before the call written soon; nobody waits for it. */
    void flushSoon() {
        lock.lock();
        try {
            requireOpen();
            requested++;
            startThread();
            wanted.signal();
        } finally {
            lock.unlock();
        }
    }

    /** What ended the flusher, if anything did; asked by every statement, so without the lock. */
    @Nullable RuntimeException failure() {
        return failure;
    }

    /** Serves those who wait, then ends the thread and waits for its end. */
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

    static PgException unknownOutcome(RuntimeException cause) {
        var fatal = PgException.fatal(SqlState.CRASH_SHUTDOWN, "commit outcome unknown");
        fatal = fatal.withDetail("The database could not be written: " + cause.getMessage());
        return new PgException(fatal.report(), cause);
    }

    @GuardedBy("lock")
    private void requireOpen() {
        if (failure != null) {
            throw unknownOutcome(failure);
        }
        if (closed) {
            throw PgException.fatal(
                    SqlState.CANNOT_CONNECT_NOW, "the database system is shutting down");
        }
    }

    @GuardedBy("lock")
    private void startThread() {
        if (thread == null) {
            thread = Thread.ofPlatform().name(name).daemon().start(this::run);
        }
    }

    private void run() {
        long upTo = next();
        while (upTo >= 0) {
            RuntimeException failed = null;
            try {
                target.flush();
            } catch (RuntimeException e) {
                failed = e;
            } catch (Error e) {
                failed = new IllegalStateException(e);
            }
            if (!finish(upTo, failed)) {
                return;
            }
            upTo = next();
        }
    }

    /** Waits for work; -1 ends the thread. */
    private long next() {
        lock.lock();
        try {
            while (requested == served && !closed) {
                wanted.awaitUninterruptibly();
            }
            return requested == served ? -1 : requested;
        } finally {
            lock.unlock();
        }
    }

    private boolean finish(long upTo, @Nullable RuntimeException failed) {
        lock.lock();
        try {
            failure = failed;
            if (failed == null) {
                served = upTo;
            }
            done.signalAll();
            return failed == null;
        } finally {
            lock.unlock();
        }
    }
}
