package io.heliosdb.events;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import io.heliosdb.HeliosDb;
import io.heliosdb.client.events.ConsumerState;
import io.heliosdb.client.events.EventSource;
import io.heliosdb.client.events.EventStart;
import io.heliosdb.client.events.EventStream;
import io.heliosdb.client.events.Health;
import io.heliosdb.jdbc.HeliosDataSource;
import io.heliosdb.pg.Lsn;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.Token;
import io.heliosdb.pubsub.OverflowPolicy;
import io.heliosdb.pubsub.Since;
import io.heliosdb.pubsub.SubscribeOptions;
import io.heliosdb.pubsub.Subscription;
import io.heliosdb.session.Instance;

import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

import javax.sql.DataSource;

/**
 * Events of a database in this process. An event is a notification, and its history is the log's,
 * bounded by {@code [retention]}; a consumer's position is a row, which holds nothing back, so one
 * that is away for longer is told a gap.
 */
public final class EmbeddedEventSource implements EventSource {
    private static final String KEY = "/";
    private static final SubscribeOptions QUEUE =
            new SubscribeOptions(OverflowPolicy.CATCH_UP, 1024);

    private final HeliosDb db;
    private final DataSource dataSource;
    private final Instance instance;
    private final SharedConsumers shared;
    private final Set<EmbeddedEventStream> streams = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** Held while the connection is used. */
    private final ReentrantLock publishing = new ReentrantLock();

    @GuardedBy("publishing")
    private io.heliosdb.@Nullable Connection publisher;

    private EmbeddedEventSource(HeliosDb db, DataSource dataSource, Instance instance) {
        this.db = db;
        this.dataSource = dataSource;
        this.instance = instance;
        shared = SharedConsumers.of(instance);
    }

    /**
     * The events of a database.
     *
     * @param db one that this process owns; it stays open when the source is closed
     * @return to be closed by the caller, before the database
     * @throws PgException 55000 where no log is kept, in memory or with {@code enable_wal = false};
     *     0A000 where this process has only joined
     */
    public static EmbeddedEventSource of(HeliosDb db) {
        var dataSource = db.dataSource();
        if (dataSource instanceof HeliosDataSource ours && ours.instance().isPresent()) {
            var instance = ours.instance().get();
            instance.pubSub().requireHistoryKept();
            return new EmbeddedEventSource(db, dataSource, instance);
        }
        throw new PgException(
                SqlState.FEATURE_NOT_SUPPORTED,
                "events are read in the process that owns the database");
    }

    /**
     * {@inheritDoc}
     *
     * <p>On this connection a commit waits for the disk also where it only publishes; one of {@link
     * HeliosDb#dataSource} does so after {@code SET heliosdb.synchronous_notify = on}.
     */
    @Override
    public Connection connect() throws SQLException {
        var connection = dataSource.getConnection();
        try (var statement = connection.createStatement()) {
            statement.execute("SET heliosdb.synchronous_notify = on");
            return connection;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    @Override
    public void publish(String channel, String payload) {
        withPublisher(connection -> connection.notify(channel, payload));
    }

    private void withPublisher(java.util.function.Consumer<io.heliosdb.Connection> use) {
        publishing.lock();
        try {
            if (closed) {
                throw new PgException(
                        SqlState.CONNECTION_DOES_NOT_EXIST, "this event source has been closed");
            }
            var connection = publisher;
            if (connection == null) {
                connection = db.connect();
                connection.execute("SET heliosdb.synchronous_notify = on");
                publisher = connection;
            }
            use.accept(connection);
        } finally {
            publishing.unlock();
        }
    }

    @Override
    public EventStream subscribe(EventStart start, String... channels) {
        if (channels.length == 0) {
            throw new PgException(
                    SqlState.INVALID_PARAMETER_VALUE, "a subscription needs a channel");
        }
        var stream =
                switch (start) {
                    case EventStart.Now() -> stream(now(channels), null);
                    case EventStart.After(var token) -> stream(after(token, channels), null);
                    case EventStart.Consumer(var name) -> consume(name, channels);
                };
        streams.add(stream);
        if (closed) {
            stream.close();
        }
        return stream;
    }

    private Subscription now(String... channels) {
        var subscription = instance.pubSub().openSubscription(QUEUE);
        try {
            subscription.listenAll(channels);
            return subscription;
        } catch (RuntimeException | Error e) {
            subscription.close();
            throw e;
        }
    }

    private Subscription after(Token token, String... channels) {
        return instance.pubSub().subscribe(QUEUE, Since.since(token), channels);
    }

    private EmbeddedEventStream stream(Subscription subscription, @Nullable Consumer consumer) {
        return new EmbeddedEventStream(subscription, consumer, streams::remove);
    }

    private EmbeddedEventStream consume(String name, String... channels) {
        createConsumer(name);
        var consumer = shared.consumers().claim(KEY + name);
        try {
            var position = consumer.position();
            if (position == null) {
                throw unknown(name); // Dropped just now.
            }
            var stream = stream(after(position, channels), consumer);
            consumer.heldBy(() -> stream.end(whyTaken(name)));
            return stream;
        } catch (RuntimeException | Error e) {
            consumer.release();
            throw e;
        }
    }

    private PgException whyTaken(String name) {
        return instance.consumers().find(KEY + name).isEmpty()
                ? unknown(name)
                : new PgException(
                        SqlState.OBJECT_IN_USE,
                        "another reader goes on as consumer \"" + name + '"');
    }

    private static PgException unknown(String name) {
        return new PgException(
                SqlState.UNDEFINED_OBJECT, "consumer \"" + name + "\" does not exist");
    }

    @Override
    public void createConsumer(String name) {
        var key = KEY + new EventStart.Consumer(name).name();
        if (instance.consumers().find(key).isPresent()) {
            return;
        }
        try (var here = instance.pubSub().openSubscription(QUEUE)) {
            instance.consumers().store(Map.of(key, here.token()));
        }
        // A commit that waits for the disk waits for everything before it.
        withPublisher(connection ->
                connection.query("SELECT pg_logical_emit_message(true, 'heliosdb.consumer', '')"));
    }

    @Override
    public List<ConsumerState> consumers() {
        shared.consumers().store();
        return instance.consumers().all(KEY).entrySet().stream()
                .map(entry -> state(entry.getKey(), entry.getValue()))
                .toList();
    }

    private ConsumerState state(String key, Token stored) {
        var end = db.queryRow("SELECT pg_current_wal_lsn()").orElseThrow();
        var settled =
                streams.stream()
                        .filter(stream -> stream.isOf(key))
                        .flatMap(stream -> stream.settledPosition().stream())
                        .findFirst();
        var position = settled.orElse(stored).lsn();
        // With nothing waiting, all there is has been passed over.
        long lag =
                settled.isPresent()
                        ? 0
                        : Lsn.parse(String.valueOf(end.value(0))).value() - position.value();
        return new ConsumerState(
                key.substring(KEY.length()),
                position,
                Math.max(0, lag),
                shared.consumers().isHeld(key));
    }

    @Override
    public void dropConsumer(String name) {
        if (!shared.consumers().drop(KEY + new EventStart.Consumer(name).name())) {
            throw unknown(name);
        }
    }

    @Override
    public Health health() {
        long begun = System.nanoTime();
        String detail = "";
        try {
            db.queryRow("SELECT 1");
        } catch (PgException e) {
            detail = String.valueOf(e.getMessage());
        }
        return new Health(detail.isEmpty(), Duration.ofNanos(System.nanoTime() - begun), detail);
    }

    @Override
    public void close() {
        publishing.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            if (publisher != null) {
                publisher.close();
            }
        } finally {
            publishing.unlock();
        }
        streams.forEach(EmbeddedEventStream::close);
        shared.close();
    }
}
