package io.heliosdb.client;

import io.heliosdb.pg.Lsn;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.pgoutput.Change;
import io.heliosdb.pg.pgoutput.Change.Begin;
import io.heliosdb.pg.pgoutput.Change.Commit;

import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;

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
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final UrlSource source;
    private final ChangeOptions options;
    private final ChangeLoop<Change> loop;

    private ChangeClient(UrlSource source, ChangeOptions options) throws SQLException {
        this.source = source;
        this.options = options;
        loop =
                new ChangeLoop<>(
                        "heliosdb-changes-" + NUMBERS.incrementAndGet(), options, new Delivering());
        if (options.createSlot()) {
            createSlot();
        }
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
            client.loop.start();
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
        var change = loop.take(timeout);
        if (change == null && loop.isExhausted()) {
            var failure = loop.failure();
            throw failure == null ? ClientErrors.closed() : failure;
        }
        return Optional.ofNullable(change);
    }

    /**
     * Says that everything up to a commit is done: the server may forget it, and never sends it
     * again. It is told at once.
     *
     * @param commit one that was received; those before it are included
     */
    public void acknowledge(Commit commit) {
        loop.acknowledge(commit.endLsn());
    }

    /**
     * Up to where all is acknowledged.
     *
     * @return the end of the last commit acknowledged by this client, or zero
     */
    public Lsn acknowledged() {
        return loop.acknowledged();
    }

    /**
     * Whether there is a connection now, as far as is known.
     *
     * @return false from a loss to the reconnect
     */
    public boolean isConnected() {
        return loop.isConnected();
    }

    /**
     * Tells the server the last acknowledgement and ends. What is not taken stays with the slot.
     * Bounded by 10 s; again without effect.
     */
    @Override
    public void close() {
        loop.close();
    }

    /** Every change goes to the user, but not those of an earlier connection again. */
    private final class Delivering implements ChangeLoop.Work {
        /** The last commit that was put into the queue. */
        private @Nullable Commit delivered;

        private boolean inTransaction;
        private boolean skipping;

        @Override
        public ReplicationLink open(WakeableSocketFactory.Expected opening) throws SQLException {
            var start = new ReplicationLink.Start(options.slot(), Lsn.ZERO);
            return ReplicationLink.open(source, options, opening, _ -> start);
        }

        @Override
        public void begin() {
            inTransaction = false;
            skipping = false;
        }

        @Override
        public void read(Change change) throws SQLException, InterruptedException {
            if (change instanceof Begin(var finalLsn, var _, int _)) {
                inTransaction = true;
                var last = delivered;
                skipping = last != null && finalLsn.compareTo(last.commitLsn()) <= 0;
            }
            if (!skipping) {
                loop.put(change);
            }
            if (change instanceof Commit commit) {
                inTransaction = false;
                if (!skipping) {
                    delivered = commit;
                }
                skipping = false;
            }
        }

        @Override
        public boolean isSettled(Lsn acknowledged) {
            var last = delivered;
            return !inTransaction && (last == null || last.endLsn().compareTo(acknowledged) <= 0);
        }
    }
}
