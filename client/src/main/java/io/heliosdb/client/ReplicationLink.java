package io.heliosdb.client;

import io.heliosdb.pg.Identifier;
import io.heliosdb.pg.Lsn;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/**
 * One replication connection, from open to close: messages of a slot one way, positions the other.
 * Used by one thread; {@link #wake} and {@link #abort} by any.
 */
final class ReplicationLink implements AutoCloseable {
    private final Connection connection;
    private final WakeableSocket socket;
    private final PGReplicationStream stream;
    private final ChangeOptions options;

    /** When the server was last asked for an answer, and whether it has said anything since. */
    private long askedNanos = System.nanoTime();

    private long bytesWhenAsked;

    private ReplicationLink(
            Connection connection,
            WakeableSocket socket,
            PGReplicationStream stream,
            ChangeOptions options) {
        this.connection = connection;
        this.socket = socket;
        this.stream = stream;
        this.options = options;
        bytesWhenAsked = -1;
    }

    /**
     * What is streamed.
     *
     * @param slot its name
     * @param from the first position; zero, and all before it, is where it was last acknowledged
     */
    record Start(String slot, Lsn from) {}

    /** Finds out what is streamed. */
    @FunctionalInterface
    interface Preparation {
        /** May run statements on the connection, whose temporary slots live as long as it does. */
        Start prepare(Connection connection) throws SQLException;
    }

    /** Opens a connection and starts a slot. */
    static ReplicationLink open(
            UrlSource source,
            ChangeOptions options,
            WakeableSocketFactory.Expected opening,
            Preparation preparation)
            throws SQLException {
        var more = new Properties();
        PGProperty.REPLICATION.set(more, "database");
        PGProperty.ASSUME_MIN_SERVER_VERSION.set(more, "9.4");
        PGProperty.PREFER_QUERY_MODE.set(more, "simple");
        PGProperty.APPLICATION_NAME.set(more, "heliosdb-changes");
        var socket = new AtomicReference<@Nullable WakeableSocket>();
        var connection =
                source.open(
                        options.answerTimeout(),
                        made -> {
                            opening.made(made);
                            socket.set(made);
                        },
                        more);
        try {
            var below = socket.get();
            if (below == null) {
                throw new PgException(
                        SqlState.FEATURE_NOT_SUPPORTED,
                        "a change stream needs its own socket: leave socketFactory out");
            }
            var names =
                    options.publications().stream()
                            .map(Identifier::quote)
                            .collect(Collectors.joining(","));
            connection.setNetworkTimeout(
                    Runnable::run, Math.toIntExact(options.answerTimeout().toMillis()));
            var start = preparation.prepare(connection);
            var builder =
                    connection
                            .unwrap(PGConnection.class)
                            .getReplicationAPI()
                            .replicationStream()
                            .logical()
                            .withSlotName(start.slot())
                            .withStartPosition(LogSequenceNumber.valueOf(start.from().value()))
                            .withSlotOption("proto_version", 1)
                            .withSlotOption("publication_names", names)
                            .withAutomaticFlush(false)
                            // What is told, and when, is said here and not by the driver.
                            .withStatusInterval(
                                    (int) options.answerTimeout().toMillis(),
                                    TimeUnit.MILLISECONDS);
            if (options.withMessages()) {
                builder.withSlotOption("messages", "true");
            }
            var stream = builder.start();
            connection.setNetworkTimeout(Runnable::run, 0);
            return new ReplicationLink(connection, below, stream, options);
        } catch (SQLException | RuntimeException e) {
            try {
                connection.close();
            } catch (SQLException second) {
                e.addSuppressed(second);
            }
            throw e;
        }
    }

    /** The next message that is there, or null. */
    @Nullable ByteBuffer poll() throws SQLException {
        return stream.readPending();
    }

    /** How far the server has sent, keep-alives included. */
    Lsn received() {
        return new Lsn(stream.getLastReceiveLSN().asLong());
    }

    /** Tells the server a position up to which all is done, and asks for an answer. */
    void tell(Lsn done) throws SQLException {
        var position = LogSequenceNumber.valueOf(done.value());
        stream.setFlushedLSN(position);
        stream.setAppliedLSN(position);
        stream.forceUpdateStatus();
        askedNanos = System.nanoTime();
        bytesWhenAsked = socket.bytesRead();
    }

    /** How long until the server is to be told again. */
    long untilTellNanos() {
        return options.statusInterval().toNanos() - (System.nanoTime() - askedNanos);
    }

    /** Waits until there is something to read or a wake; fails where an answer is overdue. */
    void await(long nanos) throws SQLException {
        boolean answered = socket.bytesRead() != bytesWhenAsked;
        long overdue = options.answerTimeout().toNanos() - (System.nanoTime() - askedNanos);
        if (!answered && overdue <= 0) {
            throw new SQLException(
                    "the server did not answer in time",
                    SqlState.CONNECTION_FAILURE.code(),
                    new SocketTimeoutException());
        }
        try {
            socket.awaitReadable(answered ? nanos : Math.min(nanos, overdue));
        } catch (IOException e) {
            throw new SQLException(e.getMessage(), SqlState.CONNECTION_FAILURE.code(), e);
        }
    }

    /** From here on a wake ends the next wait. */
    void prepareToWait() {
        socket.forgetWake();
    }

    void wake() {
        socket.wake();
    }

    void abort() {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            // What is broken need not close well.
            assert e != null;
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
