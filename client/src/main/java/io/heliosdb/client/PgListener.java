package io.heliosdb.client;

import io.heliosdb.pg.Delivery;
import io.heliosdb.pg.Delivery.Closed;
import io.heliosdb.pg.Delivery.ConnectionLost;
import io.heliosdb.pg.Delivery.Gap;
import io.heliosdb.pg.Delivery.Notification;
import io.heliosdb.pg.Delivery.Reconnected;
import io.heliosdb.pg.Identifier;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.Report;
import io.heliosdb.pg.Severity;
import io.heliosdb.pg.SqlState;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger.Level;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

import javax.sql.DataSource;

/**
 * Receives the notifications of a PostgreSQL server over a connection of its own, which it opens
 * again when it is lost, and says when something may have been missed. Deliveries come in the order
 * in which the server sent them; nothing that was sent after a {@link Reconnected} is missed, and
 * whatever may have been is announced by a {@link ConnectionLost} or a {@link Gap} first. Safe for
 * use by many threads, virtual ones included; each delivery goes to one of them.
 *
 * <p>HeliosDB-Lite keeps a history, unless it runs in memory: there the next connection goes on
 * where the last one broke, so what was sent between {@link ConnectionLost} and {@link Reconnected}
 * comes after it, and nothing comes twice. What is missing all the same is told by a {@link Gap}.
 *
 * <p>Without a handler the deliveries wait in a bounded buffer until they are taken. Against
 * PostgreSQL the position of a notification is {@code Lsn.ZERO}: the server does not tell it.
 *
 * @see <a href="https://www.postgresql.org/docs/15/sql-listen.html">PostgreSQL: LISTEN</a>
 */
public final class PgListener implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(PgListener.class.getName());

    private final ListenerLink link;
    private final DeliveryBuffer buffer;
    private final ListenerOptions options;
    private final Deliveries deliveries = this::takeNanos;

    /** Whether a handler or a subscriber takes what comes. */
    private final AtomicBoolean handled = new AtomicBoolean();

    private volatile @Nullable Thread handler;

    private PgListener(ConnectionSource source, ListenerOptions options) throws SQLException {
        this.options = options;
        var made = new ArrayList<DeliveryBuffer>(1);
        link =
                new ListenerLink(
                        source,
                        options,
                        onRoom -> {
                            made.add(
                                    new DeliveryBuffer(
                                            options.capacity(), options.overflow(), onRoom));
                            return made.getFirst();
                        });
        buffer = made.getFirst();
    }

    /**
     * Connects by URL.
     *
     * @param url {@code jdbc:postgresql:…}, or {@code postgresql://user:password@host/database} as
     *     libpq reads it
     * @return a listener that listens to nothing yet
     * @throws PgException where the server cannot be reached or refuses
     */
    public static PgListener connect(String url) {
        return connect(url, new Properties(), ListenerOptions.DEFAULTS);
    }

    /**
     * Connects by URL.
     *
     * @param url as {@link #connect(String)}
     * @param properties as pgjdbc has them, such as {@code user} and {@code password}
     * @param options how the connection is kept
     * @return a listener that listens to nothing yet
     * @throws PgException where the server cannot be reached or refuses
     */
    public static PgListener connect(String url, Properties properties, ListenerOptions options) {
        return connect(new UrlSource(url, properties), options);
    }

    /**
     * Takes a connection from a data source, and keeps it. A listener that is given work while it
     * waits wakes itself by a notification on a second connection from there.
     *
     * @param source gives connections of pgjdbc, or what unwraps to them
     * @return a listener that listens to nothing yet
     * @throws PgException where no connection can be had
     */
    public static PgListener connect(DataSource source) {
        return connect(source::getConnection, ListenerOptions.DEFAULTS);
    }

    /**
     * Takes a connection from anywhere, as {@link #connect(DataSource)}.
     *
     * @param source gives connections of pgjdbc, or what unwraps to them
     * @param options how the connection is kept
     * @return a listener that listens to nothing yet
     * @throws PgException where no connection can be had
     */
    public static PgListener connect(ConnectionSource source, ListenerOptions options) {
        try {
            var listener = new PgListener(source, options);
            listener.link.start();
            return listener;
        } catch (SQLException e) {
            throw ClientErrors.of(e);
        }
    }

    /**
     * Listens to channels, and returns when the server has confirmed it; while the connection is
     * lost, that is when it is back.
     *
     * @param channels their bare names: case is kept and nothing is folded; those that are listened
     *     to already stay as they are
     * @throws PgException 22023 for a name that is empty or longer than 63 bytes, 57014 where the
     *     thread is interrupted, or what the server answers; none of them is listened to then
     */
    public void listen(String... channels) {
        listenAll(Arrays.asList(channels));
    }

    /**
     * Listens to many channels in as few round trips as can be; otherwise as {@link #listen}.
     *
     * @param channels their bare names
     */
    public void listenAll(Collection<String> channels) {
        var names = requireNames(channels);
        if (!names.isEmpty()) {
            link.perform(new Command.Listen(names, ListenerLink.promise()));
        }
    }

    /**
     * Stops listening to channels. What was received before is still delivered.
     *
     * @param channels their bare names; those that are not listened to are left out
     * @throws PgException as {@link #listen}
     */
    public void unlisten(String... channels) {
        var names = requireNames(Arrays.asList(channels));
        if (!names.isEmpty()) {
            link.perform(new Command.Unlisten(names, ListenerLink.promise()));
        }
    }

    /** Stops listening to all channels. */
    public void unlistenAll() {
        link.perform(new Command.UnlistenAll(ListenerLink.promise()));
    }

    /**
     * What is listened to.
     *
     * @return the bare names that the server has confirmed
     */
    public Set<String> channels() {
        return link.channels();
    }

    /**
     * Whether there is a connection now, as far as is known.
     *
     * @return false from a loss to the reconnect
     */
    public boolean isConnected() {
        return link.isConnected();
    }

    /**
     * The next notification, however long it takes. Losses are passed over: who must know of them
     * uses {@link #tryReceive} or {@link #take}.
     *
     * @return the notification
     * @throws InterruptedException where the thread is interrupted; nothing is taken then
     * @throws PgException 08003 once the listener is closed and all has been taken, or why it ended
     */
    public Notification receive() throws InterruptedException {
        while (true) {
            var notification = notificationIn(deliveries.take());
            if (notification != null) {
                return notification;
            }
        }
    }

    /**
     * The next notification, or word that some may have been missed. Empty means that the
     * connection was lost and stands again with all channels listened to, or that the buffer
     * overflowed: state that is read from now on has no hole.
     *
     * @return empty where something may have been missed
     * @throws InterruptedException where the thread is interrupted; nothing is taken then
     * @throws PgException 08003 once the listener is closed and all has been taken, or why it ended
     */
    public Optional<Notification> tryReceive() throws InterruptedException {
        while (true) {
            var delivery = deliveries.take();
            if (!(delivery instanceof ConnectionLost)) {
                return Optional.ofNullable(notificationIn(delivery));
            }
        }
    }

    /**
     * The next notification if it comes in time; losses are passed over.
     *
     * @param timeout how long to wait; zero or less does not wait
     * @return empty where none came in time
     * @throws InterruptedException where the thread is interrupted; nothing is taken then
     * @throws PgException 08003 once the listener is closed and all has been taken, or why it ended
     */
    public Optional<Notification> receive(Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (true) {
            var delivery = takeNanos(deadline - System.nanoTime());
            if (delivery == null) {
                return Optional.empty();
            }
            var notification = notificationIn(delivery);
            if (notification != null) {
                return Optional.of(notification);
            }
        }
    }

    /**
     * The next delivery, whatever it is, however long it takes.
     *
     * @return after the end the end again
     * @throws InterruptedException where the thread is interrupted; nothing is taken then
     */
    public Delivery take() throws InterruptedException {
        return deliveries.take();
    }

    /**
     * The next delivery, whatever it is, if it comes in time.
     *
     * @param timeout how long to wait; zero or less does not wait
     * @return empty where none came in time; after the end the end again
     * @throws InterruptedException where the thread is interrupted; nothing is taken then
     */
    public Optional<Delivery> take(Duration timeout) throws InterruptedException {
        return Optional.ofNullable(takeNanos(timeout.toNanos()));
    }

    /**
     * Everything from now on, as it comes; the last element is the end. Waiting for an element
     * fails with 57014 where the thread is interrupted.
     *
     * @return sequential, ordered, without end until the listener is closed
     */
    public Stream<Delivery> stream() {
        return deliveries.stream();
    }

    /**
     * Everything as a reactive stream, on a virtual thread. Nothing is taken from the buffer before
     * it is asked for. The last element is the end.
     *
     * @return for one subscriber, where there is no handler
     */
    public Flow.Publisher<Delivery> publisher() {
        return new DeliveryPublisher(deliveries, handled);
    }

    /**
     * Hands every delivery to a handler, one at a time, on a virtual thread of its own, until and
     * with the end. A handler that throws is reported once and ends the listener with that cause.
     *
     * @param handler foreign code; may block, and may use and close the listener
     * @return this listener
     * @throws IllegalStateException where there is a handler or a subscriber already
     */
    public PgListener onDelivery(Consumer<? super Delivery> handler) {
        if (handled.getAndSet(true)) {
            throw new IllegalStateException("a listener has one handler");
        }
        this.handler = Thread.ofVirtual().name("heliosdb-handler").start(() -> handle(handler));
        return this;
    }

    /**
     * Hands every notification to a handler, as {@link #onDelivery}; losses are passed over.
     *
     * @param handler foreign code; may block, and may use and close the listener
     * @return this listener
     * @throws IllegalStateException where there is a handler or a subscriber already
     */
    public PgListener onNotification(Consumer<? super Notification> handler) {
        return onDelivery(delivery -> {
            if (delivery instanceof Notification notification) {
                handler.accept(notification);
            }
        });
    }

    /**
     * Executes statements on the listener's connection. Notifications that come meanwhile are kept.
     * They are executed once at most: where the connection is lost under them, their outcome is not
     * known.
     *
     * @param sql one statement, or several without parameters; a transaction must end in it
     * @param parameters its values
     * @return how many rows the first statement changed; 0 where it changes none
     * @throws PgException what the server answers; 08006 where the connection was lost; 25001 where
     *     a transaction was left open, which is rolled back then
     */
    public long execute(String sql, @Nullable Object... parameters) {
        return (Long)
                link.perform(
                        new Command.Run(
                                wire -> {
                                    try (var statement = wire.connection().prepareStatement(sql)) {
                                        bind(statement, parameters);
                                        statement.execute();
                                        wire.hear(statement);
                                        return Math.max(0, statement.getLargeUpdateCount());
                                    }
                                },
                                ListenerLink.promise()));
    }

    /**
     * Queries on the listener's connection, as {@link #execute}.
     *
     * @param <T> what a row becomes
     * @param sql one query
     * @param mapper called for each row on the listener's thread; brief, and without calls of this
     *     listener
     * @param parameters its values
     * @return the rows in order
     * @throws PgException as {@link #execute}
     */
    public <T> List<T> query(String sql, RowMapper<T> mapper, @Nullable Object... parameters) {
        var rows = new ArrayList<T>();
        link.perform(
                new Command.Run(
                        wire -> {
                            try (var statement = wire.connection().prepareStatement(sql)) {
                                bind(statement, parameters);
                                try (var result = statement.executeQuery()) {
                                    while (result.next()) {
                                        rows.add(mapper.map(result));
                                    }
                                }
                                wire.hear(statement);
                                return true;
                            }
                        },
                        ListenerLink.promise()));
        return rows;
    }

    /**
     * The payloads as values, read from JSON.
     *
     * @param <T> what a payload becomes
     * @param type a record, an enum, or anything else that Jackson reads without configuration;
     *     names that the type does not have are passed over
     * @return a view of this listener
     */
    public <T> TypedListener<T> as(Class<T> type) {
        return as(new JsonPayloads<>(type));
    }

    /**
     * The payloads as values, read by a function.
     *
     * @param <T> what a payload becomes
     * @param reader foreign code; what it throws is a payload that cannot be read
     * @return a view of this listener
     */
    public <T> TypedListener<T> as(Function<String, T> reader) {
        return new TypedListener<>(this, reader);
    }

    /**
     * Stops listening and ends the connection. All that the server sent before is delivered, and
     * then the end; a handler has had it all when this returns. Bounded by the time to close; again
     * without effect.
     */
    @Override
    public void close() {
        link.close(null);
        var thread = handler;
        if (thread != null && !thread.equals(Thread.currentThread())) {
            try {
                thread.join(options.closeTimeout());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private @Nullable Delivery takeNanos(long timeoutNanos) throws InterruptedException {
        link.beginWait();
        try {
            return buffer.take(timeoutNanos);
        } finally {
            link.endWait();
        }
    }

    /** Null for word of a loss; the end is thrown. */
    private static @Nullable Notification notificationIn(Delivery delivery) {
        return switch (delivery) {
            case Notification notification -> notification;
            case Closed(var cause) -> throw cause == null ? ClientErrors.closed() : cause;
            case Gap _, ConnectionLost _, Reconnected _ -> null;
        };
    }

    private void handle(Consumer<? super Delivery> handler) {
        try {
            Delivery delivery;
            do {
                delivery = deliveries.take();
                handler.accept(delivery);
            } while (!(delivery instanceof Closed));
        } catch (InterruptedException e) {
            link.close(null);
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, "a delivery handler failed; its listener ends", e);
            var report =
                    Report.of(
                            Severity.ERROR,
                            SqlState.INTERNAL_ERROR,
                            "a delivery handler failed: " + e);
            link.close(new PgException(report, e));
        }
    }

    private static void bind(PreparedStatement statement, @Nullable Object[] parameters)
            throws SQLException {
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
    }

    static List<String> requireNames(Collection<String> channels) {
        var names = List.copyOf(channels);
        for (var name : names) {
            if (name.isEmpty()) {
                throw new PgException(
                        SqlState.INVALID_PARAMETER_VALUE, "channel name cannot be empty");
            }
            if (Identifier.utf8Length(name) > Identifier.BYTES_MAX) {
                throw new PgException(SqlState.INVALID_PARAMETER_VALUE, "channel name too long");
            }
            if (name.indexOf(0) >= 0) {
                throw new PgException(
                        SqlState.CHARACTER_NOT_IN_REPERTOIRE,
                        "invalid byte sequence for encoding \"UTF8\": 0x00");
            }
        }
        return names;
    }
}
