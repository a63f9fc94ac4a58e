package io.heliosdb.client;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import io.heliosdb.pg.Lsn;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.pgoutput.Change;
import io.heliosdb.pg.pgoutput.Change.Begin;
import io.heliosdb.pg.pgoutput.Change.Commit;
import io.heliosdb.pg.pgoutput.ChangeReader;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger.Level;
import java.net.SocketException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Reads the row changes of publications from a replication slot, in the order of commits, and
 * acknowledges what its user is done with. A lost connection is opened again, and the slot sends
 * anew what was not acknowledged: what this client has delivered to its {@link Commit} is passed
 * over, and a transaction that was cut off begins again, with its {@link Begin}, so a Begin that
 * follows anything but a Commit means to forget what came of the one before. Across two clients of
 * one slot, one after another, each change comes at least once.
 *
 * <p>At most {@link ChangeOptions#capacity} changes wait to be taken; then reading stops, and the
 * server keeps its log. While all is acknowledged the server is told its own position, so that a
 * quiet table does not hold back the log. Safe for use by many threads.
 *
 * @see <a href="https://www.postgresql.org/docs/15/logicaldecoding.html">PostgreSQL: logical
 *     decoding</a>
 */
public final class ChangeClient implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ChangeClient.class.getName());
    private static final AtomicInteger NUMBERS = new AtomicInteger();
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final UrlSource source;
    private final ChangeOptions options;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    @GuardedBy("lock")
    private final ArrayDeque<Change> waiting = new ArrayDeque<>();

    @GuardedBy("lock")
    private boolean ended;

    /** Up to where the user is done; only grows. */
    @GuardedBy("lock")
    private Lsn acknowledged = Lsn.ZERO;

    /** The connection that stands; written by the thread. */
    private volatile @Nullable ReplicationLink link;

    private volatile @Nullable WakeableSocket opening;
    private volatile boolean closing;

    /** The last commit that was put into the queue; used by the thread, as are the next two. */
    private @Nullable Commit delivered;

    private boolean inTransaction;
    private boolean skipping;
    private Lsn told = Lsn.ZERO;

    private ChangeClient(UrlSource source, ChangeOptions options) throws SQLException {
        this.source = source;
        this.options = options;
        if (options.createSlot()) {
            createSlot();
        }
        link = open();
        thread =
                Thread.ofPlatform()
                        .name("heliosdb-changes-" + NUMBERS.incrementAndGet())
                        .daemon()
                        .unstarted(this::run);
    }

    /**
     * Connects, and starts the slot where it was last acknowledged.
     *
     * @param url as {@link PgListener#connect(String)}; its role needs the right to replicate
     * @param options which slot and publications
     * @return running, until closed
     * @throws PgException what the server answers: 42704 where slot or publication do not exist,
     *     55006 where another client uses the slot
     */
    public static ChangeClient connect(String url, ChangeOptions options) {
        return connect(url, new Properties(), options);
    }

    /**
     * Connects, as {@link #connect(String, ChangeOptions)}.
     *
     * @param url as {@link PgListener#connect(String)}
     * @param properties as pgjdbc has them
     * @param options which slot and publications
     * @return running, until closed
     */
    public static ChangeClient connect(String url, Properties properties, ChangeOptions options) {
        try {
            var client = new ChangeClient(new UrlSource(url, properties), options);
            client.thread.start();
            return client;
        } catch (SQLException e) {
            throw ClientErrors.of(e);
        }
    }

    private void createSlot() throws SQLException {
        try (var connection = source.open();
                var statement =
                        connection.prepareStatement(
                                "SELECT pg_create_logical_replication_slot(?, 'pgoutput') WHERE"
                                        + " NOT EXISTS (SELECT 1 FROM pg_replication_slots WHERE"
                                        + " slot_name = ?)")) {
            statement.setString(1, options.slot());
            statement.setString(2, options.slot());
            statement.execute();
        }
    }

    /**
     * The next change, however long it takes.
     *
     * @return the change
     * @throws InterruptedException where the thread is interrupted; nothing is taken then
     * @throws PgException 08003 once the client is closed and all has been taken
     */
    public Change receive() throws InterruptedException {
        while (true) {
            var change = receive(Duration.ofDays(1));
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
     * @throws InterruptedException where the thread is interrupted; nothing is taken then
     * @throws PgException 08003 once the client is closed and all has been taken
     */
    public Optional<Change> receive(Duration timeout) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = timeout.toNanos();
            while (waiting.isEmpty()) {
                if (ended) {
                    throw ClientErrors.closed();
                }
                if (left <= 0) {
                    return Optional.empty();
                }
                left = changed.awaitNanos(left);
            }
            // Room for one may be waited for by the thread.
            changed.signalAll();
            return Optional.ofNullable(waiting.poll());
        } finally {
            lock.unlock();
        }
    }

    /**
     * Says that everything up to a commit is done: the server may forget it, and never sends it
     * again. It is told at once.
     *
     * @param commit one that was received; those before it are included
     */
    public void acknowledge(Commit commit) {
        lock.lock();
        try {
            if (commit.endLsn().compareTo(acknowledged) > 0) {
                acknowledged = commit.endLsn();
            }
        } finally {
            lock.unlock();
        }
        var current = link;
        if (current != null) {
            current.wake();
        }
    }

    /**
     * Up to where all is acknowledged.
     *
     * @return the end of the last commit acknowledged by this client, or zero
     */
    public Lsn acknowledged() {
        lock.lock();
        try {
            return acknowledged;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Whether there is a connection now, as far as is known.
     *
     * @return false from a loss to the reconnect
     */
    public boolean isConnected() {
        return link != null;
    }

    /**
     * Tells the server the last acknowledgement and ends. What is not taken stays with the slot.
     * Bounded by 10 s; again without effect.
     */
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
            return ReplicationLink.open(
                    source,
                    options,
                    made -> {
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
        inTransaction = false;
        skipping = false;
        told = Lsn.ZERO;
        while (!closing) {
            current.prepareToWait();
            var message = current.poll();
            if (message != null) {
                deliver(current, reader.read(message));
            } else if (!tell(current) && !closing) {
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
        var last = delivered;
        if (!inTransaction && (last == null || last.endLsn().compareTo(done) <= 0)) {
            // Nothing is open: what the server has sent beside it concerns nobody here.
            var received = current.received();
            done = received.compareTo(done) > 0 ? received : done;
        }
        current.tell(done);
        told = done;
        return true;
    }

    private void deliver(ReplicationLink current, Change change)
            throws SQLException, InterruptedException {
        if (change instanceof Begin(var finalLsn, var _, int _)) {
            inTransaction = true;
            var last = delivered;
            skipping = last != null && finalLsn.compareTo(last.commitLsn()) <= 0;
        }
        if (!skipping) {
            put(current, change);
        }
        if (change instanceof Commit commit) {
            inTransaction = false;
            if (!skipping) {
                delivered = commit;
            }
            skipping = false;
        }
    }

    /** Waits for room, and lets the server know meanwhile that this client lives. */
    private void put(ReplicationLink current, Change change)
            throws SQLException, InterruptedException {
        while (!closing) {
            lock.lockInterruptibly();
            try {
                if (waiting.size() < options.capacity()) {
                    waiting.add(change);
                    changed.signalAll();
                    return;
                }
                long left = current.untilTellNanos();
                if (left > 0) {
                    left = changed.awaitNanos(left);
                }
            } finally {
                lock.unlock();
            }
            if (acknowledged().compareTo(told) > 0 || current.untilTellNanos() <= 0) {
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
