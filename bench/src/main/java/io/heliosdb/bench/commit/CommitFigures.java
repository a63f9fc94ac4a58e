package io.heliosdb.bench.commit;

import io.heliosdb.Connection;
import io.heliosdb.HeliosDb;
import io.heliosdb.pg.Delivery.Notification;
import io.heliosdb.pubsub.Subscription;

import org.HdrHistogram.Histogram;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.SynchronousQueue;

/**
 * Measures the way from a COMMIT to a subscriber of the same process and prints one Markdown table.
 * {@code java -cp ... CommitFigures [seconds]}, 2 for each figure by default, after as long a
 * warm-up.
 *
 * <p>One connection commits, another thread waits in {@code receive}; the next commit begins when
 * the receiver has the notification. Each latency counts from the call of COMMIT.
 */
public final class CommitFigures {
    private static final String CHANNEL = "orders";
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long MICROS = 1_000;

    private final long windowNanos;

    private CommitFigures(double seconds) {
        windowNanos = (long) (seconds * 1e9);
    }

    /** What one transaction does before its COMMIT. */
    private interface Work {
        void run(Connection connection);
    }

    /**
     * Prints the table.
     *
     * @param args seconds for each figure
     * @throws IOException where no temporary directory can be made
     * @throws InterruptedException never: nobody interrupts it
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        measure(args.length > 0 ? Double.parseDouble(args[0]) : 2).forEach(System.out::println);
    }

    /**
     * Measures everything.
     *
     * @param seconds for each figure
     * @return the lines of the table
     * @throws IOException where no temporary directory can be made
     * @throws InterruptedException never: nobody interrupts it
     */
    public static List<String> measure(double seconds) throws IOException, InterruptedException {
        var figures = new CommitFigures(seconds);
        var rows = new ArrayList<String>();
        rows.add("| commit to receive, in process | per second | p50 µs | p99 µs | p99.9 µs |");
        rows.add("|---|---|---|---|---|");
        var directory = Files.createTempDirectory("heliosdb-figures-");
        try {
            try (var db = HeliosDb.inMemory()) {
                prepare(db);
                rows.add(figures.row("NOTIFY", db, CommitFigures::sendOnly));
                rows.add(
                        figures.row("INSERT with a trigger, in memory", db, CommitFigures::insert));
            }
            try (var db = HeliosDb.open(directory)) {
                prepare(db);
                rows.add(figures.row("INSERT with a trigger, flushed", db, CommitFigures::insert));
            }
        } finally {
            remove(directory);
        }
        return rows;
    }

    private static void prepare(HeliosDb db) {
        db.execute(
                "CREATE TABLE orders (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body"
                        + " TEXT)");
        db.execute(
                """
                CREATE TRIGGER orders_notify AFTER INSERT ON orders
                BEGIN
                    SELECT pg_notify('orders', json_build_object('id', NEW.id)::text);
                END\
                """);
    }

    private static void sendOnly(Connection connection) {
        connection.notify(CHANNEL, "{\"id\":1}");
    }

    private static void insert(Connection connection) {
        connection.execute("INSERT INTO orders (body) VALUES (?)", "a small order");
    }

    private String row(String name, HeliosDb db, Work work) throws InterruptedException {
        measure(db, work);
        var nanos = measure(db, work);
        return String.format(
                Locale.ROOT,
                "| %s | %,.0f | %.1f | %.1f | %.1f |",
                name,
                nanos.getTotalCount() / (windowNanos / 1e9),
                micros(nanos, 50),
                micros(nanos, 99),
                micros(nanos, 99.9));
    }

    private static double micros(Histogram nanos, double percentile) {
        return (double) nanos.getValueAtPercentile(percentile) / MICROS;
    }

    private Histogram measure(HeliosDb db, Work work) throws InterruptedException {
        var nanos = new Histogram(10_000_000_000L, 3);
        var arrivals = new SynchronousQueue<Long>();
        var subscription = db.subscribe(CHANNEL);
        var receiver = Thread.ofPlatform().start(() -> receive(subscription, arrivals));
        try (subscription;
                var connection = db.connect()) {
            long end = System.nanoTime() + windowNanos;
            while (System.nanoTime() < end) {
                connection.execute("BEGIN");
                work.run(connection);
                long committing = System.nanoTime();
                connection.execute("COMMIT");
                nanos.recordValue(arrivals.take() - committing);
            }
        }
        receiver.join();
        return nanos;
    }

    private static void receive(Subscription subscription, SynchronousQueue<Long> arrivals) {
        try {
            while (subscription.receive(PATIENCE).orElse(null) instanceof Notification) {
                arrivals.put(System.nanoTime());
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the receiver", e);
        }
    }

    private static void remove(Path directory) {
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("could not remove " + directory, e);
        }
    }
}
