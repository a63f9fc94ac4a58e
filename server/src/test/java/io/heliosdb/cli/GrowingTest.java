package io.heliosdb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliosdb.HeliosDb;
import io.heliosdb.client.PgEventOptions;
import io.heliosdb.client.PgEventSource;
import io.heliosdb.client.events.EventSource;
import io.heliosdb.client.events.EventStart;
import io.heliosdb.events.EmbeddedEventSource;
import io.heliosdb.pg.Delivery.Notification;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** The move of docs/growing.md, while two writers and a consumer are at work. */
@Timeout(180)
final class GrowingTest {
    /** A thread for each: the common pool has but one on a small machine. */
    private static final Executor THREADS = Thread.ofPlatform().daemon()::start;

    private static final int WRITERS = 2;
    private static final int EACH = 300;

    /** Writers hold one side for a transaction, the move the other. */
    private final ReentrantReadWriteLock writing = new ReentrantReadWriteLock(true);

    private final ConcurrentHashMap<String, Boolean> committed = new ConcurrentHashMap<>();
    private final List<String> received = new ArrayList<>();

    @TempDir private Path directory;

    @Test
    void theMoveLosesNothing() throws Exception {
        try (var postgres =
                        EmbeddedPostgres.builder()
                                .setServerConfig("wal_level", "logical")
                                .setLocaleConfig("locale", "C.UTF-8")
                                .start();
                var db = HeliosDb.openOrJoin(directory.resolve("db"));
                var embedded = EmbeddedEventSource.of(db)) {
            define(embedded);
            var url = postgres.getJdbcUrl("postgres", "postgres");
            PgEventSource.install(url, PgEventOptions.usual());
            embedded.createConsumer("billing");
            var source = new AtomicReference<EventSource>(embedded);
            var writers = new ArrayList<CompletableFuture<Void>>();
            for (int i = 0; i < WRITERS; i++) {
                int writer = i;
                writers.add(CompletableFuture.runAsync(() -> write(source, writer), THREADS));
            }
            read(embedded, WRITERS * EACH / 3);
            assertThat(writers).anyMatch(writer -> !writer.isDone());
            writing.writeLock().lock();
            try (var grown = PgEventSource.connect(url)) {
                try {
                    read(embedded, committed.size());
                    export(postgres);
                    grown.createConsumer("billing");
                    source.set(grown);
                } finally {
                    writing.writeLock().unlock();
                }
                read(grown, WRITERS * EACH);
                for (var writer : writers) {
                    writer.get();
                }
                assertThat(rows(grown)).isEqualTo(WRITERS * EACH);
            }
        }
        for (int i = 0; i < WRITERS; i++) {
            var own = "w" + i + '-';
            assertThat(new LinkedHashSet<>(received).stream().filter(e -> e.startsWith(own)))
                    .containsExactlyElementsOf(numbers(own));
        }
    }

    private static List<String> numbers(String prefix) {
        var numbers = new ArrayList<String>();
        for (int i = 0; i < EACH; i++) {
            numbers.add(prefix + i);
        }
        return numbers;
    }

    private static void define(EventSource source) throws SQLException {
        try (var connection = source.connect();
                var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE orders (id text PRIMARY KEY)");
            statement.execute(
                    """
                    CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS $$
                    BEGIN
                        PERFORM heliosdb_publish('orders', NEW.id);
                        RETURN NEW;
                    END $$
                    """);
            statement.execute(
                    "CREATE TRIGGER tell AFTER INSERT ON orders FOR EACH ROW EXECUTE FUNCTION"
                            + " tell()");
        }
    }

    private void write(AtomicReference<EventSource> source, int writer) {
        for (int i = 0; i < EACH; i++) {
            writing.readLock().lock();
            try (var connection = source.get().connect();
                    var insert = connection.prepareStatement("INSERT INTO orders VALUES (?)")) {
                var id = "w" + writer + '-' + i;
                insert.setString(1, id);
                insert.execute();
                committed.put(id, true);
            } catch (SQLException e) {
                throw new AssertionError(e);
            } finally {
                writing.readLock().unlock();
            }
        }
    }

    /** Until so many different events have come in all. */
    private void read(EventSource source, int count) throws InterruptedException {
        try (var stream = source.subscribe(EventStart.consumer("billing"), "orders")) {
            while (new LinkedHashSet<>(received).size() < count) {
                var delivery = stream.receive(Duration.ofSeconds(60)).orElseThrow();
                assertThat(delivery).isInstanceOf(Notification.class);
                var event = (Notification) delivery;
                received.add(event.payload());
                stream.ack(event.token().orElseThrow());
            }
        }
    }

    private void export(EmbeddedPostgres postgres) throws Exception {
        var file = directory.resolve("sales.sql");
        var err = new ByteArrayOutputStream();
        int code =
                HeliosCommand.run(
                        new String[] {
                            "export", directory.resolve("db").toString(), "--file", file.toString()
                        },
                        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8));
        assertThat(code).as(err.toString(StandardCharsets.UTF_8)).isZero();
        try (var connection = postgres.getPostgresDatabase().getConnection()) {
            ExportFile.load(connection, Files.readString(file));
        }
    }

    private static long rows(EventSource source) throws SQLException {
        try (var connection = source.connect();
                var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT count(*) FROM orders")) {
            row.next();
            return row.getLong(1);
        }
    }
}
