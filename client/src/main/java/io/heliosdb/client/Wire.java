package io.heliosdb.client;

import io.heliosdb.pg.Delivery.Gap;
import io.heliosdb.pg.Delivery.Notification;
import io.heliosdb.pg.Identifier;
import io.heliosdb.pg.Lsn;

import org.jspecify.annotations.Nullable;
import org.postgresql.PGNotification;
import org.postgresql.core.TransactionState;
import org.postgresql.jdbc.PgConnection;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * One connection of a listener, from open to close. Its thread waits, reads and executes; {@link
 * #wake} alone may be called by others. A connection whose socket is not ours is woken through the
 * server: by a notification on a channel of its own, sent on another connection of the same source.
 */
final class Wire implements AutoCloseable {
    private final Connection connection;
    private final PgConnection driver;
    private final @Nullable WakeableSocket socket;
    private final ConnectionSource source;

    /** The channel that a wake is sent on; null where the socket is ours. */
    private final @Nullable String wakeChannel;

    /** Told by the server and not yet taken; used by the thread. */
    private final List<Gap> gaps = new ArrayList<>();

    /** Whether the thread waits and a wake is of use; written by the thread. */
    private volatile boolean waiting;

    private Wire(Connection connection, @Nullable WakeableSocket socket, ConnectionSource source)
            throws SQLException {
        this.connection = connection;
        this.socket = socket;
        this.source = source;
        driver = connection.unwrap(PgConnection.class);
        wakeChannel = socket == null ? "heliosdb.wake." + UUID.randomUUID() : null;
    }

    /**
     * Opens a connection that is ready to wait.
     *
     * @param opening learns of the socket before it connects, where it is ours
     */
    static Wire open(
            ConnectionSource source, Duration timeout, WakeableSocketFactory.Expected opening)
            throws SQLException {
        var socket = new AtomicReference<@Nullable WakeableSocket>();
        Connection connection =
                source instanceof UrlSource url
                        ? url.open(
                                timeout,
                                made -> {
                                    opening.made(made);
                                    socket.set(made);
                                })
                        : source.open();
        try {
            var wire = new Wire(connection, socket.get(), source);
            connection.setAutoCommit(true);
            if (wire.wakeChannel != null) {
                wire.execute("LISTEN " + Identifier.quote(wire.wakeChannel), timeout);
            }
            return wire;
        } catch (SQLException | RuntimeException e) {
            close(connection, e);
            throw e;
        }
    }

    /** The connection, for statements of a user. */
    Connection connection() {
        return connection;
    }

    /** Whether the server is HeliosDB-Lite. */
    boolean isHelios() {
        var version = driver.getParameterStatus("server_version");
        return version != null && version.contains("HeliosDB-Lite");
    }

    /** Executes without a result, within a time. */
    void execute(String sql, Duration timeout) throws SQLException {
        limit(timeout);
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
            hear(statement);
        } finally {
            unlimit();
        }
    }

    /** The first column of a query. */
    List<@Nullable String> strings(String sql, Object... parameters) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            var all = new ArrayList<@Nullable String>();
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    all.add(rows.getString(1));
                }
            }
            hear(statement);
            return all;
        }
    }

    /** Keeps what the server told of gaps while a statement ran. */
    void hear(Statement statement) throws SQLException {
        if (isHelios()) {
            gaps.addAll(GapText.ofNotices(statement.getWarnings()));
        }
    }

    /** What the server told of gaps, each once. */
    List<Gap> takeGaps() throws SQLException {
        if (!isHelios()) {
            return List.of();
        }
        if (!connection.isClosed()) {
            gaps.addAll(GapText.ofNotices(connection.getWarnings()));
            connection.clearWarnings();
        }
        var taken = List.copyOf(gaps);
        gaps.clear();
        return taken;
    }

    /** Executes a word for each channel, in one round trip and one transaction. */
    void executeForEach(String word, Collection<String> channels, Duration timeout)
            throws SQLException {
        var sql = new StringBuilder(channels.size() * 32);
        for (var channel : channels) {
            sql.append(word).append(' ').append(Identifier.quote(channel)).append(';');
        }
        execute(sql.toString(), timeout);
    }

    /** Makes reads fail that take longer; zero lets them take any time. */
    void limit(Duration timeout) throws SQLException {
        connection.setNetworkTimeout(Runnable::run, (int) timeout.toMillis());
    }

    void unlimit() throws SQLException {
        if (!connection.isClosed()) {
            connection.setNetworkTimeout(Runnable::run, 0);
        }
    }

    /**
     * Rolls back what a statement left open: nothing is delivered inside a transaction, so none may
     * outlive its call.
     *
     * @return whether there was one
     */
    boolean endTransaction(Duration timeout) throws SQLException {
        boolean open =
                !connection.getAutoCommit()
                        || driver.getTransactionState() != TransactionState.IDLE;
        if (open) {
            execute("ROLLBACK", timeout);
            connection.setAutoCommit(true);
        }
        return open;
    }

    /** From now on a wake is heard; to be followed by a look at what it would be for. */
    void prepareToWait() {
        if (socket != null) {
            socket.allowWake();
        }
        waiting = true;
    }

    void endWait() {
        waiting = false;
        if (socket != null) {
            socket.forbidWake();
        }
    }

    /**
     * Waits for notifications and hands over all that came together, also those that were read
     * before the connection failed.
     *
     * @param millis how long to wait; zero takes what is there
     * @return whether the server said anything
     */
    boolean await(long millis, Consumer<List<Notification>> consumer) throws SQLException {
        try {
            var came =
                    millis > 0
                            ? driver.getNotifications((int) Math.min(millis, Integer.MAX_VALUE))
                            : driver.getNotifications();
            handOver(came, consumer);
            return came.length > 0;
        } catch (SQLException e) {
            handOver(driver.getQueryExecutor().getNotifications(), consumer);
            throw e;
        }
    }

    private void handOver(PGNotification[] came, Consumer<List<Notification>> consumer) {
        var all = new ArrayList<Notification>(came.length);
        for (var one : came) {
            if (!one.getName().equals(wakeChannel)) {
                var parameter = one.getParameter();
                all.add(
                        new Notification(
                                Lsn.ZERO,
                                0,
                                one.getPID(),
                                one.getName(),
                                parameter == null ? "" : parameter));
            }
        }
        if (!all.isEmpty()) {
            consumer.accept(all);
        }
    }

    /**
     * Makes the thread that waits look around; from any thread. Without effect where none waits.
     */
    void wake() throws SQLException {
        if (!waiting) {
            return;
        }
        if (socket != null) {
            socket.wake();
            return;
        }
        try (var other = source.open();
                var notify = other.prepareStatement("SELECT pg_notify(?, '')")) {
            notify.setString(1, wakeChannel);
            notify.execute();
            if (!other.getAutoCommit()) {
                other.commit();
            }
        }
    }

    /** Lets go of a connection that is of no use any more, at once; from any thread. */
    void abort() {
        try {
            driver.abort(Runnable::run);
            connection.close();
        } catch (SQLException e) {
            // What is broken need not close well.
            assert e != null;
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    private static void close(Connection connection, Exception why) {
        try {
            connection.close();
        } catch (SQLException e) {
            why.addSuppressed(e);
        }
    }
}
