package io.heliosdb.client;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import io.heliosdb.pg.Lsn;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.pgoutput.Change;
import io.heliosdb.pg.pgoutput.ChangeReader;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger.Level;
import java.net.SocketException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps a stream of changes going on a thread of its own: opens connections, again after each loss,
 * hands each message to its work, keeps what that makes of them in a bounded queue until it is
 * taken, and tells the server how far its user is. While the queue is full nothing is read, and the
 * server keeps its log. Thread-safe; the work runs on the loop's thread alone, once it is started.
 */
final class ChangeLoop<E> implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ChangeLoop.class.getName());
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final ChangeOptions options;
    private final Work work;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    @GuardedBy("lock")
    private final ArrayDeque<E> waiting = new ArrayDeque<>();

    @GuardedBy("lock")
    private boolean ended;

    /** Up to where the user is done; only grows. */
    @GuardedBy("lock")
    private Lsn acknowledged = Lsn.ZERO;

    /** The connection that stands; written by the thread. */
    private volatile @Nullable ReplicationLink link;

    private volatile @Nullable WakeableSocket opening;
    private volatile boolean closing;

    /** Why it ended by itself; written by the thread before the end. */
    private volatile @Nullable PgException failure;

    /** What the server was last told on this connection; used by the thread. */
    private Lsn told = Lsn.ZERO;

    /** What a stream is and what is made of its messages. */
    interface Work {
        /** Opens a connection and starts the stream. */
        ReplicationLink open(WakeableSocketFactory.Expected opening) throws SQLException;

        /** A connection stands; what was cut off by the end of the one before comes anew. */
        void begin();

        /** Works on a message. */
        void read(Change change) throws SQLException, InterruptedException;

        /** Whether all that was read is done when all up to a position is. */
        boolean isSettled(Lsn acknowledged);

        /** All that was sent up to a position was read. */
        default void readUpTo(Lsn position) {}

        /** Whether to try again is of no use. */
        default boolean isFinal(SQLException e) {
            return false;
        }
    }

    /**
     * A loop that stands still.
     *
     * @param name the thread's
     */
    ChangeLoop(String name, ChangeOptions options, Work work) {
        this.options = options;
        this.work = work;
        thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
    }

    /** Opens the first connection, in the caller's thread, and begins. */
    void start() throws SQLException {
        link = open();
        thread.start();
    }

    /** The next of what the work has put, or null where nothing came in time. */
    @Nullable E take(Duration timeout) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = timeout.toNanos();
            while (waiting.isEmpty() && !ended && left > 0) {
                left = changed.awaitNanos(left);
            }
            // Room for one may be waited for by the thread.
            changed.signalAll();
            return waiting.poll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether nothing waits. */
    boolean isEmpty() {
        lock.lock();
        try {
            return waiting.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Whether it has ended and all was taken. */
    boolean isExhausted() {
        lock.lock();
        try {
            return ended && waiting.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Why it has ended by itself; null where it was closed, or goes on. */
    @Nullable PgException failure() {
        return failure;
    }

    /** Everything before a position is done; the server is told at once. */
    void acknowledge(Lsn position) {
        lock.lock();
        try {
            if (position.compareTo(acknowledged) <= 0) {
                return;
            }
            acknowledged = position;
        } finally {
            lock.unlock();
        }
        var current = link;
        if (current != null) {
            current.wake();
        }
    }

    Lsn acknowledged() {
        lock.lock();
        try {
            return acknowledged;
        } finally {
            lock.unlock();
        }
    }

    boolean isConnected() {
        return link != null;
    }

    /** Tells the server the last acknowledgement and ends. */
    @Override
    public void close() {
        closing = true;
        var socket = opening;
        if (socket != null) {
            socket.closeQuietly();
        }
        var current = link;
        if (current != null) {
            current.wake();
        }
        LockSupport.unpark(thread);
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            if (!thread.join(CLOSE_TIMEOUT) && current != null) {
                current.abort();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        var backoff = new Backoff(options.backoffFirst(), options.backoffMax());
        try {
            while (!closing) {
                long since = System.nanoTime();
                try {
                    var current = link == null ? open() : link;
                    link = current;
                    serve(current);
                } catch (SQLException e) {
                    drop();
                    if (closing) {
                        break;
                    }
                    if (work.isFinal(e)) {
                        failure = ClientErrors.of(e);
                        break;
                    }
                    LOG.log(Level.WARNING, "a change stream is interrupted: " + e.getMessage());
                    if (System.nanoTime() - since > backoff.firstNanos()) {
                        backoff.reset();
                    }
                    LockSupport.parkNanos(this, backoff.nextNanos());
                }
            }
            farewell();
        } catch (InterruptedException e) {
            drop();
        } catch (PgException e) {
            // What the server sends is not what was agreed on: another connection would not help.
            failure = e;
            drop();
        } finally {
            lock.lock();
            try {
                ended = true;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    private ReplicationLink open() throws SQLException {
        try {
            return work.open(made -> {
                opening = made;
                if (closing) {
                    throw new SocketException("the client is closed");
                }
            });
        } finally {
            opening = null;
        }
    }

    private void serve(ReplicationLink current) throws SQLException, InterruptedException {
        var reader = new ChangeReader();
        work.begin();
        told = Lsn.ZERO;
        while (!closing) {
            current.prepareToWait();
            var message = current.poll();
            if (message != null) {
                work.read(reader.read(message));
                continue;
            }
            work.readUpTo(current.received());
            if (!tell(current) && !closing) {
                current.await(current.untilTellNanos());
            }
        }
    }

    /** Tells the server where its user is, when that is news or due; whether it did. */
    private boolean tell(ReplicationLink current) throws SQLException {
        var done = acknowledged();
        boolean news = done.compareTo(told) > 0;
        if (!news && current.untilTellNanos() > 0) {
            return false;
        }
        if (work.isSettled(done)) {
            // Nothing is open: what the server has sent beside it concerns nobody here.
            var received = current.received();
            done = received.compareTo(done) > 0 ? received : done;
        }
        current.tell(done);
        told = done;
        return true;
    }

    /**
     * Puts something into the queue. Waits for room, and lets the server know meanwhile that this
     * client lives. Without effect once it is closed.
     */
    void put(E element) throws SQLException, InterruptedException {
        var current = link;
        while (!closing) {
            lock.lockInterruptibly();
            try {
                if (waiting.size() < options.capacity()) {
                    waiting.add(element);
                    changed.signalAll();
                    return;
                }
                long left =
                        current == null
                                ? options.statusInterval().toNanos()
                                : current.untilTellNanos();
                if (left > 0) {
                    left = changed.awaitNanos(left);
                }
            } finally {
                lock.unlock();
            }
            if (current != null
                    && (acknowledged().compareTo(told) > 0 || current.untilTellNanos() <= 0)) {
                told = acknowledged();
                current.tell(told);
            }
        }
    }

    /** The last acknowledgement, and the end. */
    private void farewell() {
        var current = link;
        if (current == null) {
            return;
        }
        try {
            if (acknowledged().compareTo(told) > 0) {
                current.tell(acknowledged());
            }
            current.close();
            link = null;
        } catch (SQLException e) {
            LOG.log(Level.DEBUG, "a change stream broke while it was closed", e);
            drop();
        }
    }

    private void drop() {
        var current = link;
        link = null;
        if (current != null) {
            current.abort();
        }
    }
}
