package io.heliosdb.client;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import io.heliosdb.pg.Lsn;
import io.heliosdb.pg.Token;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * From acknowledged events to positions of the log: a transaction is done when its last event is,
 * and one without any when all before it are. Remembers the ends of so many transactions; where
 * more are open, their newest count as one. Thread-safe.
 */
final class Acknowledgements {
    private static final int ENDS_MAX = 4096;

    private final ReentrantLock lock = new ReentrantLock();

    /** Transactions that are not done, the oldest first. */
    @GuardedBy("lock")
    private final ArrayDeque<End> ends = new ArrayDeque<>();

    @GuardedBy("lock")
    private @Nullable Token newest;

    @GuardedBy("lock")
    private @Nullable Token acknowledged;

    /** Behind an event everything is read up to a position. */
    private record End(Token event, Lsn position) {}

    /** An event is given to the user. */
    void given(Token event) {
        lock.lock();
        try {
            newest = event;
        } finally {
            lock.unlock();
        }
    }

    /** A transaction is complete; up to where all is done, if that is news. */
    Optional<Lsn> committed(Lsn end) {
        lock.lock();
        try {
            var last = newest;
            if (last == null || isAcknowledged(last)) {
                return Optional.of(end);
            }
            var open = ends.peekLast();
            if (open != null && (open.event().equals(last) || ends.size() >= ENDS_MAX)) {
                ends.removeLast();
            }
            ends.add(new End(last, end));
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /** Everything up to an event is done; up to where of the log, if that is news. */
    Optional<Lsn> acknowledge(Token event) {
        lock.lock();
        try {
            var last = newest;
            if (last == null || isAcknowledged(event)) {
                return Optional.empty();
            }
            // What was not given yet cannot be done.
            acknowledged = compare(event, last) < 0 ? event : last;
            Optional<Lsn> done = Optional.empty();
            while (!ends.isEmpty() && isAcknowledged(ends.element().event())) {
                done = Optional.of(ends.remove().position());
            }
            return done;
        } finally {
            lock.unlock();
        }
    }

    /** Whether nothing is open. */
    boolean isAllDone() {
        lock.lock();
        try {
            return newest == null || isAcknowledged(newest);
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private boolean isAcknowledged(Token event) {
        return acknowledged != null && compare(event, acknowledged) <= 0;
    }

    /** The order of events of one history. */
    static int compare(Token one, Token other) {
        int order = one.lsn().compareTo(other.lsn());
        return order != 0 ? order : Integer.compare(one.ordinal(), other.ordinal());
    }
}
