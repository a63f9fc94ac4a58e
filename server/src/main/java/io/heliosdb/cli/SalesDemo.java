package io.heliosdb.cli;

import io.heliosdb.Connection;
import io.heliosdb.HeliosConfig;
import io.heliosdb.HeliosDb;
import io.heliosdb.HeliosHttp;
import io.heliosdb.HeliosServer;
import io.heliosdb.config.HttpSettings;
import io.heliosdb.config.Settings;
import io.heliosdb.pg.Delivery;
import io.heliosdb.pg.PgException;

import org.postgresql.PGConnection;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/**
 * The sales dashboard: orders go in, and what is committed comes out as events in two places, at a
 * PostgreSQL client over TCP and at a subscriber in the process. The delay of an event counts from
 * the moment COMMIT is called, so it includes the flush to disk.
 */
final class SalesDemo implements AutoCloseable {
    private static final String CHANNEL = "sales_updates";
    private static final String TABLE_NAME = "sales_orders";
    private static final Pattern ORDER_ID = Pattern.compile("\"order_id\"\\s*:\\s*(\\d+)");
    private static final int ROLLED_BACK_EVERY = 10;
    private static final Duration LAST_EVENTS_MAX = Duration.ofSeconds(5);

    /**
     * Orders of a table that is dropped again: a JVM is slow until it has compiled what it runs.
     */
    private static final String WARM_UP_TABLE = "warm_up_orders";

    private static final String WARM_UP_CHANNEL = "warm_up";
    private static final Duration WARM_UP = Duration.ofMillis(1500);

    private static final String TABLE =
            """
            CREATE TABLE IF NOT EXISTS sales_orders (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                customer_id INTEGER NOT NULL,
                amount DECIMAL(10,2) NOT NULL,
                created_at INTEGER DEFAULT (strftime('%s', 'now'))
            )\
            """;

    private static final String TRIGGER =
            """
            CREATE TRIGGER IF NOT EXISTS sales_order_notify
            AFTER INSERT ON sales_orders
            BEGIN
                SELECT NOTIFY('sales_updates',
                    json_object(
                        'order_id', NEW.id,
                        'customer_id', NEW.customer_id,
                        'amount', NEW.amount,
                        'timestamp', NEW.created_at
                    )
                );
            END\
            """;

    private final PrintWriter out;
    private final Path directory;
    private final HeliosDb db;
    private final HeliosServer server;
    private final HeliosHttp http;
    private final AtomicBoolean isClosed = new AtomicBoolean();

    /** When COMMIT was called for an order, by its number. */
    private final Map<Long, Long> committing = new ConcurrentHashMap<>();

    private final DelayMeter overWire = new DelayMeter();
    private final DelayMeter inProcess = new DelayMeter();
    private final AtomicLong committed = new AtomicLong();
    private final AtomicLong rolledBack = new AtomicLong();
    private final AtomicLong unexpected = new AtomicLong();

    /** Orders in events that the demo has not made: somebody else's, or rolled back. */
    private final Set<Long> strange = ConcurrentHashMap.newKeySet();

    /** One for each event of a committed order, in each of the two places. */
    private final Semaphore arrivals = new Semaphore(0);

    private SalesDemo(PrintWriter out, Path directory, HeliosDb db) {
        this.out = out;
        this.directory = directory;
        this.db = db;
        this.server = db.serve(HeliosConfig.defaults().with(Settings.PORT, 0));
        this.http = serveHttp(db, directory);
    }

    /** The usual port, or where that is taken any free one; everybody may hear the orders. */
    private static HeliosHttp serveHttp(HeliosDb db, Path directory) {
        var config =
                HeliosConfig.at(directory)
                        .with(HttpSettings.ANONYMOUS_CHANNELS, Optional.of(CHANNEL));
        try {
            return db.serveHttp(config);
        } catch (PgException taken) {
            return db.serveHttp(config.with(HttpSettings.PORT, 0));
        }
    }

    /**
     * Opens a database in a temporary directory, with the table and its trigger; closing the demo
     * removes it.
     */
    static SalesDemo open(PrintWriter out) throws IOException, SQLException {
        var directory = Files.createTempDirectory("heliosdb-demo-");
        var demo = new SalesDemo(out, directory, HeliosDb.open(directory));
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(demo::close));
        demo.start();
        return demo;
    }

    String url() {
        return server.url();
    }

    /** The dashboard, and what lets its page place orders. */
    URI page() {
        return http.url().resolve("demo#token=" + http.consoleToken());
    }

    private void start() throws SQLException {
        out.println("HeliosDB-Lite: a sales dashboard, end to end");
        out.println("database  " + directory + "  (temporary)");
        out.println("server    " + url());
        out.println("browser   " + page());
        out.println();
        out.println(TABLE + ";");
        out.println(TRIGGER + ";");
        out.println();
        db.execute(TABLE);
        db.execute(TRIGGER);
        db.subscribe(CHANNEL, WARM_UP_CHANNEL).onDelivery(this::onDelivery);
        listenOverWire();
        warmUp();
    }

    private void warmUp() {
        db.execute(TABLE.replace(TABLE_NAME, WARM_UP_TABLE));
        db.execute(
                TRIGGER.replace("sales_order_notify", "warm_up_notify")
                        .replace(TABLE_NAME, WARM_UP_TABLE)
                        .replace(CHANNEL, WARM_UP_CHANNEL));
        long until = System.nanoTime() + WARM_UP.toNanos();
        try (var connection = db.connect()) {
            for (long number = 1; System.nanoTime() < until; number++) {
                long order = number;
                connection.transaction(transaction -> {
                    insert(transaction, WARM_UP_TABLE, order);
                });
            }
        }
        db.execute("DROP TABLE " + WARM_UP_TABLE);
    }

    /** A client like any other: pgjdbc over TCP, waiting in the socket's read. */
    private void listenOverWire() throws SQLException {
        var connection = ServerUrl.parse(url()).connect("heliosdb demo", "simple");
        try (var statement = connection.createStatement()) {
            statement.execute("LISTEN " + CHANNEL);
            statement.execute("LISTEN " + WARM_UP_CHANNEL);
        }
        var client = connection.unwrap(PGConnection.class);
        Thread.ofVirtual().name("listener").start(() -> receive(client));
    }

    private void receive(PGConnection client) {
        try {
            while (true) {
                for (var notification : client.getNotifications(0)) {
                    if (notification.getName().equals(WARM_UP_CHANNEL)) {
                        continue;
                    }
                    long order = received(notification.getParameter(), overWire);
                    out.printf(
                            "event %-5d %s   %s%n",
                            overWire.count() + strange.size(),
                            notification.getParameter(),
                            order < 0 ? "" : overWire.percentiles());
                    // Once it is shown, so that the summary comes after it.
                    arrived(order);
                }
            }
        } catch (SQLException end) {
            if (!isClosed.get()) {
                out.println("the listener lost its connection: " + ErrorLine.of(end));
            }
        }
    }

    private void onDelivery(Delivery delivery) {
        switch (delivery) {
            case Delivery.Notification notification ->
                    noteInProcess(notification.channel(), notification.payload());
            case Delivery.Gap gap -> unexpected.incrementAndGet();
            case Delivery.ConnectionLost lost -> unexpected.incrementAndGet();
            case Delivery.Reconnected again -> unexpected.incrementAndGet();
            case Delivery.Closed closed -> {}
        }
    }

    private void noteInProcess(String channel, String payload) {
        if (channel.equals(CHANNEL)) {
            arrived(received(payload, inProcess));
        }
    }

    private void arrived(long order) {
        if (order >= 0) {
            arrivals.release();
        }
    }

    /** Notes the delay of an event; the order's number, or -1 where the demo has not made it. */
    private long received(String payload, DelayMeter meter) {
        long now = System.nanoTime();
        var matcher = ORDER_ID.matcher(payload);
        if (!matcher.find()) {
            unexpected.incrementAndGet();
            return -1;
        }
        long order = Long.parseLong(matcher.group(1));
        var since = committing.get(order);
        if (since == null) {
            strange.add(order);
            return -1;
        }
        meter.record(now - since);
        return order;
    }

    /**
     * Makes orders at a steady rate, waits for the last events and sums up; false where an event
     * was lost or should not have been.
     */
    boolean run(Duration time, int rate) throws InterruptedException {
        out.printf(
                "%d orders a second for %d s, after a warm-up; the delay counts from COMMIT, flush"
                        + " to disk included%n%n",
                rate, time.toSeconds());
        try (var connection = db.connect();
                var clock = Executors.newSingleThreadScheduledExecutor()) {
            long period = TimeUnit.SECONDS.toNanos(1) / rate;
            var orders =
                    clock.scheduleAtFixedRate(
                            () -> order(connection), 0, period, TimeUnit.NANOSECONDS);
            try {
                orders.get(time.toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException over) {
                orders.cancel(false);
            } catch (ExecutionException failed) {
                throw failed.getCause() instanceof PgException error
                        ? error
                        : new IllegalStateException("an order failed", failed.getCause());
            }
        }
        awaitLastEvents();
        return sumUp();
    }

    private void order(Connection connection) {
        long number = committed.get() + rolledBack.get() + 1;
        if (number % ROLLED_BACK_EVERY == 0) {
            rollBack(connection, number);
            return;
        }
        connection.transaction(transaction ->
                committing.put(insert(transaction, TABLE_NAME, number), System.nanoTime()));
        committed.incrementAndGet();
    }

    private void rollBack(Connection connection, long number) {
        connection.execute("BEGIN");
        insert(connection, TABLE_NAME, number);
        connection.execute("ROLLBACK");
        rolledBack.incrementAndGet();
    }

    private static long insert(Connection connection, String table, long number) {
        return connection
                .queryRow(
                        "INSERT INTO "
                                + table
                                + " (customer_id, amount) VALUES (?1, ?2) RETURNING id",
                        number % 100 + 1,
                        BigDecimal.valueOf(1999 + 37 * number % 9000, 2))
                .orElseThrow()
                .asLong(0);
    }

    private void awaitLastEvents() throws InterruptedException {
        arrivals.tryAcquire(
                Math.toIntExact(2 * committed.get()),
                LAST_EVENTS_MAX.toSeconds(),
                TimeUnit.SECONDS);
    }

    /** Somebody else's order is in the table; one that was rolled back is not. */
    private void judgeStrangeOrders() {
        for (long order : strange) {
            if (db.queryRow("SELECT 1 FROM sales_orders WHERE id = ?1", order).isEmpty()) {
                unexpected.incrementAndGet();
            }
        }
    }

    private boolean sumUp() {
        judgeStrangeOrders();
        boolean nothingLost =
                overWire.count() == committed.get()
                        && inProcess.count() == committed.get()
                        && unexpected.get() == 0;
        out.println();
        out.printf(
                "orders                committed %d, rolled back %d%n",
                committed.get(), rolledBack.get());
        out.printf("events over TCP       %d   %s%n", overWire.count(), overWire.percentiles());
        out.printf("events in process     %d   %s%n", inProcess.count(), inProcess.percentiles());
        out.println(
                nothingLost
                        ? "Every committed order arrived once in both places; no order that was"
                                + " rolled back did."
                        : "FAILED: events were lost, or came that should not have ("
                                + unexpected.get()
                                + ").");
        return nothingLost;
    }

    @Override
    public void close() {
        if (isClosed.compareAndSet(false, true)) {
            db.close();
            removeDirectory();
        }
    }

    private void removeDirectory() {
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("could not remove " + directory, e);
        }
    }
}
