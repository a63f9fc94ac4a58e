package io.heliosdb.client;

import io.heliosdb.client.events.ConsumerState;
import io.heliosdb.client.events.EventSource;
import io.heliosdb.client.events.EventStart;
import io.heliosdb.client.events.EventStream;
import io.heliosdb.client.events.Health;
import io.heliosdb.pg.Lsn;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Events of a PostgreSQL server, from version 14 on with {@code wal_level = logical}. An event is a
 * message in the log that commits with its transaction, read by logical decoding in the order of
 * commits; nothing is a NOTIFY or a row. {@link #install} prepares a database once.
 *
 * <p>A named consumer is a replication slot and holds back the log until it acknowledges, so one
 * that is not used any more is to be dropped. Other streams go on after a loss of the connection,
 * or from a token, as long as the history reaches: so much of the log as one more slot holds back.
 * What a slot lost by {@code max_slot_wal_keep_size} is told by a gap. Each open stream is a
 * walsender ({@code max_wal_senders}) and a slot ({@code max_replication_slots}) of the server; the
 * role needs the right to replicate.
 *
 * @see <a href="https://www.postgresql.org/docs/15/logicaldecoding.html">PostgreSQL: logical
 *     decoding</a>
 */
public final class PgEventSource implements EventSource {
    private final UrlSource source;
    private final PgEventOptions options;
    private final KeptConnection kept;
    private final EventSlots slots;
    private final @Nullable HistoryKeeper keeper;
    private final Set<PgEventStream> streams = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    private PgEventSource(UrlSource source, PgEventOptions options) {
        this.source = source;
        this.options = options;
        kept = new KeptConnection(source, options.answerTimeout());
        try {
            slots =
                    kept.use(connection -> {
                        EventSchema.requireInstalled(connection);
                        return new EventSlots(EventSchema.of(connection));
                    });
        } catch (RuntimeException e) {
            kept.close();
            throw e;
        }
        keeper = options.historyBytes() == 0 ? null : HistoryKeeper.start(source, slots, options);
    }

    /**
     * Prepares a database, and changes nothing that is prepared: an empty publication {@code
     * heliosdb_events}, the function {@code public.heliosdb_publish(channel, payload)}, and the
     * slot of the history. Its role needs the right to create these and to replicate.
     *
     * @param url as {@link PgListener#connect(String)}
     * @param options whether there is a history
     * @throws PgException what the server says
     */
    public static void install(String url, PgEventOptions options) {
        prepare(
                url,
                connection ->
                        EventSchema.of(connection).install(connection, options.historyBytes() > 0));
    }

    /**
     * Removes what {@link #install} has made, and the consumers.
     *
     * @param url as {@link PgListener#connect(String)}
     * @throws PgException what the server says
     */
    public static void uninstall(String url) {
        prepare(url, connection -> EventSchema.of(connection).uninstall(connection));
    }

    @FunctionalInterface
    private interface Preparation {
        void with(Connection connection) throws SQLException;
    }

    private static void prepare(String url, Preparation work) {
        try (var connection = new UrlSource(url, new Properties()).open()) {
            work.with(connection);
        } catch (SQLException e) {
            throw ClientErrors.of(e);
        }
    }

    /**
     * Opens the events of a database.
     *
     * @param url as {@link PgListener#connect(String)}
     * @return to be closed by the caller
     * @throws PgException 55000 where the database is not prepared, and what the server says
     */
    public static PgEventSource connect(String url) {
        return connect(url, new Properties(), PgEventOptions.usual());
    }

    /**
     * Opens the events of a database.
     *
     * @param url as {@link PgListener#connect(String)}
     * @param properties as pgjdbc has them
     * @param options the history and the connections
     * @return to be closed by the caller
     * @throws PgException as {@link #connect(String)}
     */
    public static PgEventSource connect(String url, Properties properties, PgEventOptions options) {
        return new PgEventSource(new UrlSource(url, properties), options);
    }

    @Override
    public Connection connect() throws SQLException {
        return source.open();
    }

    @Override
    public void publish(String channel, String payload) {
        kept.use(connection -> {
            publish(connection, channel, payload);
            return true;
        });
    }

    @Override
    public EventStream subscribe(EventStart start, String... channels) {
        var slot =
                switch (start) {
                    case EventStart.Now() -> new EventSlot.Temporary(slots, null);
                    case EventStart.After(var token) -> new EventSlot.Temporary(slots, token);
                    case EventStart.Consumer(var name) -> new EventSlot.Permanent(slots, name);
                };
        var stream =
                new PgEventStream(
                        source,
                        options.stream("heliosdb_events"),
                        slot,
                        new ChannelFilter(List.of(channels)),
                        streams::remove);
        try {
            stream.start();
        } catch (SQLException e) {
            throw ClientErrors.of(e);
        }
        streams.add(stream);
        if (closed) {
            stream.close();
        }
        return stream;
    }

    @Override
    public void createConsumer(String name) {
        var consumer = new EventStart.Consumer(name);
        kept.use(connection -> {
            slots.createConsumer(connection, consumer.name());
            return true;
        });
    }

    @Override
    public List<ConsumerState> consumers() {
        var prefix = slots.schema().consumerPrefix();
        return kept.use(connection ->
                SqlRow.all(
                                connection,
                                "SELECT substr(slot_name, ?), confirmed_flush_lsn,"
                                        + " pg_current_wal_flush_lsn() - confirmed_flush_lsn,"
                                        + " active FROM pg_replication_slots WHERE"
                                        + " starts_with(slot_name, ?) ORDER BY 1",
                                prefix.length() + 1,
                                prefix)
                        .stream()
                        .map(PgEventSource::consumer)
                        .toList());
    }

    private static ConsumerState consumer(SqlRow row) {
        return new ConsumerState(
                row.text(0),
                Lsn.parse(row.text(1)),
                Math.max(0, Long.parseLong(row.text(2))),
                row.text(3).equals("t"));
    }

    @Override
    public void dropConsumer(String name) {
        var slot = slots.schema().consumerSlot(new EventStart.Consumer(name).name());
        kept.use(connection -> {
            if (slots.state(connection, slot).isEmpty()) {
                throw new PgException(
                        SqlState.UNDEFINED_OBJECT, "consumer \"" + name + "\" does not exist");
            }
            slots.drop(connection, slot);
            return true;
        });
    }

    @Override
    public Health health() {
        long begun = System.nanoTime();
        String detail = "";
        try {
            kept.use(connection -> SqlRow.first(connection, "SELECT 1"));
        } catch (PgException e) {
            detail = String.valueOf(e.getMessage());
        }
        return new Health(detail.isEmpty(), Duration.ofNanos(System.nanoTime() - begun), detail);
    }

    @Override
    public void close() {
        closed = true;
        if (keeper != null) {
            keeper.close();
        }
        streams.forEach(PgEventStream::close);
        kept.close();
    }
}
