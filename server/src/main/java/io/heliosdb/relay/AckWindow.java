package io.heliosdb.relay;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import io.heliosdb.pg.Token;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The events that a peer has been sent and has not acknowledged: at most so many. Whoever sends
 * waits here for room; an acknowledgement covers all that came up to it. Thread-safe.
 */
final class AckWindow {
    private final int max;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    @GuardedBy("lock")
    private final ArrayDeque<Token> open = new ArrayDeque<>();

    @GuardedBy("lock")
    private boolean isClosed;

    AckWindow(int max) {
        this.max = max;
    }

    /**
     * Waits until another event may be sent.
     *
     * @return false where the window is closed
     */
    boolean awaitRoom() throws InterruptedException {
        lock.lock();
        try {
            while (open.size() >= max && !isClosed) {
                changed.await();
            }
            return !isClosed;
        } finally {
            lock.unlock();
        }
    }

    /** How many events may be sent now. */
    int room() {
        lock.lock();
        try {
            return max - open.size();
        } finally {
            lock.unlock();
        }
    }

    /** An event is about to be sent. */
    void sent(Token token) {
        lock.lock();
        try {
            open.add(token);
        } finally {
            lock.unlock();
        }
    }

    /**
     * The peer has worked on everything up to a token.
     *
     * @return the last event that this covers; null where it covers none that was open
     */
    @Nullable Token acknowledge(Token token) {
        lock.lock();
        try {
            Token last = null;
            while (!open.isEmpty() && isUpTo(open.getFirst(), token)) {
                last = open.removeFirst();
            }
            if (last != null) {
                changed.signalAll();
            }
            return last;
        } finally {
            lock.unlock();
        }
    }

    /** How many events wait for their acknowledgement. */
    int unacknowledged() {
        lock.lock();
        try {
            return open.size();
        } finally {
            lock.unlock();
        }
    }

    /** Lets go of who waits. */
    void close() {
        lock.lock();
        try {
            isClosed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Tokens of one subscription come in the order of their places. */
    private static boolean isUpTo(Token sent, Token token) {
        int order = sent.lsn().compareTo(token.lsn());
        return order < 0 || (order == 0 && sent.ordinal() <= token.ordinal());
    }
}
