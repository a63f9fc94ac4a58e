package io.heliosdb.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliosdb.HeliosConfig;
import io.heliosdb.HeliosDb;
import io.heliosdb.cli.HeliosCommand;
import io.heliosdb.client.ListenerHub;
import io.heliosdb.client.ListenerOptions;
import io.heliosdb.client.PgListener;
import io.heliosdb.config.Settings;
import io.heliosdb.pg.Delivery;
import io.heliosdb.pg.Delivery.Closed;
import io.heliosdb.pg.Delivery.ConnectionLost;
import io.heliosdb.pg.Delivery.Gap;
import io.heliosdb.pg.Delivery.Notification;
import io.heliosdb.pg.Delivery.Reconnected;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

/** A listener that is cut off under load, again and again, and goes on by token. */
class ResumeTest {
    private static final int CUTS = 200;
    private static final int KILLS = 5;
    private static final int MOST_OF_TRANSACTION = 60;

    private static final Duration WAIT = Duration.ofMillis(500);
    private static final String END = "end";

    private static final ListenerOptions QUICK =
            ListenerOptions.DEFAULTS.withBackoff(Duration.ofMillis(1), Duration.ofMillis(20));
    private static final ListenerOptions QUICK_HUB =
            ListenerHub.DEFAULTS.withBackoff(Duration.ofMillis(1), Duration.ofMillis(20));

    @TempDir private Path directory;
    private final List<String> received = new ArrayList<>();
    private final List<Gap> gaps = new ArrayList<>();

    @Test
    @Timeout(240)
    void twoHundredCutsUnderLoadMissNothingAndBringNothingTwice() throws Exception {
        long seed = System.nanoTime();
        System.out.println("ResumeTest seed " + seed);
        var random = new Random(seed);
        try (var db = open();
                var server = db.serve()) {
            var source = new CutSource(server.port());
            var publisher = new Publisher(server.port(), random.nextLong());
            try (var listener = PgListener.connect(source, QUICK)) {
                listener.listen("c");
                var thread = Thread.ofVirtual().start(publisher);
                for (int cut = 0; cut < CUTS; cut++) {
                    receive(listener, 1 + random.nextInt(300));
                    source.cut();
                }
                publisher.stops.set(true);
                thread.join();
                notify(server.port(), "c", END);
                receiveUntilEnd(listener);
            }
            assertThat(publisher.failure).isNull();
            assertThat(publisher.acknowledged).hasSizeGreaterThan(1000);
            assertThat(received).as("seed " + seed).isEqualTo(publisher.acknowledged);
            assertThat(gaps).as("seed " + seed).isEmpty();
        }
    }

    @Test
    @Timeout(240)
    void aServerThatIsKilledLosesNothingDurableAndSaysWhatElseItLost() throws Exception {
        long seed = System.nanoTime();
        System.out.println("ResumeTest seed " + seed);
        var random = new Random(seed);
        var acknowledged = new ArrayList<String>();
        var server = start();
        int port = port(server);
        var source = new CutSource(port);
        try (var listener = PgListener.connect(source, QUICK)) {
            listener.listen("c");
            for (int kill = 0; kill < KILLS; kill++) {
                var publisher = new Publisher(port, random.nextLong(), kill);
                var thread = Thread.ofVirtual().start(publisher);
                for (int cut = 0; cut < 4; cut++) {
                    receive(listener, 1 + random.nextInt(200));
                    source.cut();
                }
                server.toHandle().destroyForcibly();
                thread.join();
                server.waitFor();
                acknowledged.addAll(publisher.acknowledged);
                server = start();
                port = port(server);
                source.moveTo(port);
            }
            notify(port, "c", END);
            receiveUntilEnd(listener);
        } finally {
            server.destroy();
            server.waitFor();
        }
        check(seed, acknowledged);
    }

    @Test
    @Timeout(60)
    void whatIsSentWhileItIsAwayComesInOrderAfterReconnected() throws Exception {
        try (var db = open();
                var server = db.serve()) {
            int port = server.port();
            var source = new CutSource(port);
            try (var listener = PgListener.connect(source, QUICK)) {
                listener.listen("a");
                notify(port, "b", "before it was listened to");
                listener.listen("b");
                notify(port, "a", "0");
                assertThat(listener.receive().payload()).isEqualTo("0");
                source.whileAway(() -> {
                    notify(port, "b", "1");
                    notify(port, "a", "2");
                    notify(port, "b", "3");
                });
                assertThat(listener.take()).isInstanceOf(ConnectionLost.class);
                assertThat(listener.take()).isInstanceOf(Reconnected.class);
                for (int i = 1; i <= 3; i++) {
                    assertThat(notification(listener.take()).payload()).isEqualTo("" + i);
                }
            }
        }
    }

    @Test
    @Timeout(60)
    void aNameThatWouldBeAWildcardStaysANameAndItsLossIsTold() throws Exception {
        try (var db = open();
                var server = db.serve()) {
            int port = server.port();
            var source = new CutSource(port);
            try (var listener = PgListener.connect(source, QUICK)) {
                listener.listen("a.*", "a");
                source.whileAway(() -> notify(port, "a", "kept"));
                assertThat(listener.take()).isInstanceOf(ConnectionLost.class);
                assertThat(listener.take()).isInstanceOf(Reconnected.class);
                assertThat(listener.take())
                        .isInstanceOfSatisfying(
                                Gap.class, gap -> assertThat(gap.missed()).isEqualTo(-1));
                assertThat(notification(listener.take()).payload()).isEqualTo("kept");
                notify(port, "a.b", "not listened to");
                notify(port, "a.*", "a name");
                assertThat(notification(listener.take()).payload()).isEqualTo("a name");
            }
        }
    }

    @Test
    @Timeout(60)
    void subscribersOfAHubMissNothing() throws Exception {
        try (var db = open();
                var server = db.serve()) {
            int port = server.port();
            var source = new CutSource(port);
            var heard = new LinkedBlockingQueue<String>();
            try (var hub = ListenerHub.connect(source, QUICK_HUB);
                    var _ =
                            hub.subscribe(
                                    "c",
                                    delivery -> {
                                        if (delivery instanceof Notification n) {
                                            heard.add(n.payload());
                                        }
                                    })) {
                notify(port, "c", "1");
                assertThat(heard.take()).isEqualTo("1");
                source.whileAway(() -> notify(port, "c", "2"));
                assertThat(heard.take()).isEqualTo("2");
            }
            assertThat(heard).isEmpty();
        }
    }

    private HeliosDb open() {
        return HeliosDb.open(HeliosConfig.at(directory).with(Settings.PORT, 0));
    }

    private static void notify(int port, String channel, String payload) throws SQLException {
        try (var connection = CutSource.connect(port);
                var notify = connection.prepareStatement("SELECT pg_notify(?, ?)")) {
            notify.setString(1, channel);
            notify.setString(2, payload);
            notify.execute();
        }
    }

    private static Notification notification(Delivery delivery) {
        assertThat(delivery).isInstanceOf(Notification.class);
        return (Notification) delivery;
    }

    /** Takes about so many, as long as they come. */
    private void receive(PgListener listener, int count) throws InterruptedException {
        int before = received.size();
        var delivery = listener.take(WAIT);
        while (delivery.isPresent()) {
            note(delivery.get());
            if (received.size() - before >= count) {
                return;
            }
            delivery = listener.take(WAIT);
        }
    }

    /** To the last one; also what comes after it, where something does. */
    private void receiveUntilEnd(PgListener listener) throws InterruptedException {
        Delivery delivery;
        do {
            delivery = listener.take();
            note(delivery);
        } while (!(delivery instanceof Notification n && n.payload().equals(END)));
        listener.close();
        listener.stream().forEach(this::note);
        assertThat(received.removeLast()).isEqualTo(END);
    }

    private void note(Delivery delivery) {
        switch (delivery) {
            case Notification n -> received.add(n.payload());
            case Gap gap -> gaps.add(gap);
            case ConnectionLost _, Reconnected _, Closed _ -> {}
        }
    }

    private void check(long seed, List<String> acknowledged) {
        assertThat(new HashSet<>(received)).as("seed %d: twice", seed).hasSameSizeAs(received);
        var missed = new ArrayList<>(acknowledged);
        missed.removeAll(new HashSet<>(received));
        assertThat(missed.stream().filter(payload -> payload.startsWith("row")))
                .as("seed %d: durable", seed)
                .isEmpty();
        var order = received.stream().map(ResumeTest::number).toList();
        assertThat(order).as("seed %d: order", seed).isSorted();
        long told = gaps.stream().filter(Gap::isVolatile).count();
        assertThat(told).as("seed %d: %s", seed, gaps).isGreaterThanOrEqualTo(KILLS);
    }

    /** Runs, transactions and their notifications count up. */
    private static long number(String payload) {
        return Long.parseLong(payload.substring(payload.indexOf(' ') + 1));
    }

    private Process start() throws IOException {
        var command =
                List.of(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        HeliosCommand.class.getName(),
                        "serve",
                        "--data",
                        directory.toString(),
                        "--pg",
                        "127.0.0.1:0");
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    private static int port(Process server) throws IOException {
        var line = server.inputReader().readLine();
        assertThat(line).startsWith("ready pg=127.0.0.1:");
        return Integer.parseInt(line.replaceAll("ready pg=127\\.0\\.0\\.1:([0-9]+) .*", "$1"));
    }

    /** Commits as fast as it can; some transactions write a row, the others only notify. */
    private static final class Publisher implements Runnable {
        final AtomicBoolean stops = new AtomicBoolean();
        final List<String> acknowledged = Collections.synchronizedList(new ArrayList<>());
        volatile Throwable failure;
        private final int port;
        private final Random random;
        private long next;

        Publisher(int port, long seed) {
            this(port, seed, 0);
        }

        Publisher(int port, long seed, int run) {
            this.port = port;
            random = new Random(seed);
            next = run * 1_000_000_000L;
        }

        @Override
        public void run() {
            try (var connection = CutSource.connect(port);
                    var statement = connection.createStatement()) {
                statement.execute("CREATE TABLE IF NOT EXISTS t (i bigint)");
                connection.setAutoCommit(false);
                while (!stops.get()) {
                    commit(connection);
                }
            } catch (SQLException e) {
                failure = e; // The server was killed.
            }
        }

        private void commit(Connection connection) throws SQLException {
            boolean isDurable = random.nextInt(3) > 0;
            int count = 1 + random.nextInt(MOST_OF_TRANSACTION);
            var payloads =
                    IntStream.range(0, count)
                            .mapToObj(i -> (isDurable ? "row " : "only ") + next++)
                            .toList();
            try (var notify =
                    connection.prepareStatement(
                            "SELECT pg_notify('c', p) FROM unnest(?::text[]) AS u(p)")) {
                notify.setArray(1, connection.createArrayOf("text", payloads.toArray()));
                notify.execute();
            }
            if (isDurable) {
                try (var insert = connection.createStatement()) {
                    insert.execute("INSERT INTO t VALUES (" + next + ")");
                }
            }
            connection.commit();
            acknowledged.addAll(payloads);
        }
    }
}
