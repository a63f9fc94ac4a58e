package io.heliosdb.bench.client;

import io.heliosdb.client.ListenerHub;
import io.heliosdb.pg.Delivery.Notification;

import org.HdrHistogram.Histogram;
import org.postgresql.PGConnection;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;

/**
 * Measures the way from the commit of a notification to a callback, over one connection that
 * listens to 10,000 channels: with 10,000 subscribers of a hub, and with a loop around the driver's
 * own {@code getNotifications}. {@code HubFigures URL [seconds] [channels]}, on any PostgreSQL
 * server; both are measured in turns, so that a change of the machine meets both.
 *
 * <p>One connection sends to a random channel; the next is sent when the callback has run.
 */
public final class HubFigures {
    private static final int TURNS = 5;

    private final String url;
    private final int channels;
    private final long turnNanos;
    private final SynchronousQueue<Long> called = new SynchronousQueue<>();

    private HubFigures(String url, double seconds, int channels) {
        this.url = url;
        this.channels = channels;
        turnNanos = (long) (seconds * 1e9 / TURNS);
    }

    /**
     * Prints the table.
     *
     * @param args the server's URL, seconds for each figure, how many channels
     * @throws SQLException where the server cannot be reached
     * @throws InterruptedException never: nobody interrupts it
     */
    public static void main(String[] args) throws SQLException, InterruptedException {
        double seconds = args.length > 1 ? Double.parseDouble(args[1]) : 5;
        int channels = args.length > 2 ? Integer.parseInt(args[2]) : 10_000;
        new HubFigures(args[0], seconds, channels).run();
    }

    private void run() throws SQLException, InterruptedException {
        var hubNanos = new Histogram(TimeUnit.SECONDS.toNanos(60), 3);
        var bareNanos = new Histogram(TimeUnit.SECONDS.toNanos(60), 3);
        for (int turn = 0; turn <= TURNS; turn++) {
            if (turn == 1) {
                // The first turn was to warm up.
                hubNanos.reset();
                bareNanos.reset();
            }
            try (var hub = ListenerHub.connect(url)) {
                subscribe(hub);
                send(hubNanos);
            }
            try (var connection = DriverManager.getConnection(url)) {
                listen(connection);
                var loop = Thread.ofPlatform().daemon().start(() -> receive(connection));
                send(bareNanos);
                connection.abort(Runnable::run);
                loop.join();
            }
        }
        System.out.println(
                "| commit to callback, " + channels + " channels | p50 µs | p99 µs | n |");
        System.out.println("|---|---|---|---|");
        System.out.println(row("hub, " + channels + " subscribers", hubNanos));
        System.out.println(row("bare pgjdbc, one loop", bareNanos));
        System.out.printf(
                Locale.ROOT,
                "p99 of the hub is %.2f times the driver's%n",
                (double) hubNanos.getValueAtPercentile(99) / bareNanos.getValueAtPercentile(99));
    }

    private void subscribe(ListenerHub hub) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < channels; i++) {
                String channel = "c" + i;
                threads.execute(() ->
                        hub.subscribe(
                                channel,
                                delivery -> {
                                    if (delivery instanceof Notification) {
                                        callback();
                                    }
                                }));
            }
        }
    }

    private void listen(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            for (int i = 0; i < channels; i++) {
                statement.addBatch("LISTEN c" + i);
            }
            statement.executeBatch();
        }
    }

    private void receive(Connection connection) {
        try {
            var driver = connection.unwrap(PGConnection.class);
            while (true) {
                for (var _ : driver.getNotifications(0)) {
                    callback();
                }
            }
        } catch (SQLException e) {
            // The connection was ended: so does the loop.
            if (!"08006".equals(e.getSQLState()) && !"08003".equals(e.getSQLState())) {
                throw new IllegalStateException(e);
            }
        }
    }

    private void callback() {
        try {
            called.put(System.nanoTime());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void send(Histogram nanos) throws SQLException, InterruptedException {
        var random = new Random(1);
        try (var connection = DriverManager.getConnection(url);
                PreparedStatement notify =
                        connection.prepareStatement("SELECT pg_notify(?, 'x')")) {
            long end = System.nanoTime() + turnNanos;
            while (System.nanoTime() < end) {
                notify.setString(1, "c" + random.nextInt(channels));
                long before = System.nanoTime();
                notify.execute();
                var at = called.poll(30, TimeUnit.SECONDS);
                if (at == null) {
                    throw new IllegalStateException("a notification was lost");
                }
                nanos.recordValue(at - before);
            }
        }
    }

    private static String row(String name, Histogram nanos) {
        return String.format(
                Locale.ROOT,
                "| %s | %.0f | %.0f | %d |",
                name,
                nanos.getValueAtPercentile(50) / 1e3,
                nanos.getValueAtPercentile(99) / 1e3,
                nanos.getTotalCount());
    }
}
