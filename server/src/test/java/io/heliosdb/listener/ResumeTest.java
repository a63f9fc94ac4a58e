package io.heliosdb.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliosdb.HeliosConfig;
import io.heliosdb.HeliosDb;
import io.heliosdb.cli.HeliosCommand;
import io.heliosdb.config.Settings;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

/** A listener that is cut off under load, again and again, and goes on by token. */
class ResumeTest {
    private static final int CUTS = 200;
    private static final int KILLS = 5;
    private static final int MOST_OF_TRANSACTION = 60;

    @TempDir private Path directory;

    @Test
    @Timeout(240)
    void twoHundredCutsUnderLoadMissNothingAndBringNothingTwice() throws Exception {
        long seed = System.nanoTime();
        System.out.println("ResumeTest seed " + seed);
        var random = new Random(seed);
        var config = HeliosConfig.at(directory).with(Settings.PORT, 0);
        try (var db = HeliosDb.open(config);
                var server = db.serve()) {
            var publisher = new Publisher(server.port(), random.nextLong());
            var listener = new ResumingListener(random);
            listener.listen(server.port(), 0);
            var thread = Thread.ofVirtual().start(publisher);
            for (int cut = 0; cut < CUTS; cut++) {
                listener.listen(server.port(), 1 + random.nextInt(300));
            }
            publisher.stops.set(true);
            thread.join();
            while (listener.listen(server.port(), Integer.MAX_VALUE)) {
                assertThat(publisher.failure).isNull();
            }
            assertThat(publisher.acknowledged).hasSizeGreaterThan(1000);
            assertThat(listener.received).as("seed " + seed).isEqualTo(publisher.acknowledged);
            assertThat(listener.gaps).as("seed " + seed).containsOnly("null");
        }
    }

    @Test
    @Timeout(240)
    void aServerThatIsKilledLosesNothingDurableAndSaysWhatElseItLost() throws Exception {
        long seed = System.nanoTime();
        System.out.println("ResumeTest seed " + seed);
        var random = new Random(seed);
        var listener = new ResumingListener(random);
        var acknowledged = new ArrayList<String>();
        for (int kill = 0; kill < KILLS; kill++) {
            var server = start();
            int port = port(server);
            var publisher = new Publisher(port, random.nextLong(), kill);
            listener.listen(port, 0);
            var thread = Thread.ofVirtual().start(publisher);
            for (int cut = 0; cut < 4; cut++) {
                listener.listen(port, 1 + random.nextInt(200));
            }
            server.toHandle().destroyForcibly();
            thread.join();
            server.waitFor();
            acknowledged.addAll(publisher.acknowledged);
        }
        var server = start();
        try {
            int port = port(server);
            while (listener.listen(port, Integer.MAX_VALUE)) {
                assertThat(listener.received).isNotEmpty();
            }
        } finally {
            server.destroy();
            server.waitFor();
        }
        check(seed, listener, acknowledged);
    }

    private static void check(long seed, ResumingListener listener, List<String> acknowledged) {
        assertThat(new HashSet<>(listener.received))
                .as("seed %d: twice", seed)
                .hasSameSizeAs(listener.received);
        var missed = new ArrayList<>(acknowledged);
        missed.removeAll(new HashSet<>(listener.received));
        assertThat(missed.stream().filter(payload -> payload.startsWith("row")))
                .as("seed %d: durable", seed)
                .isEmpty();
        var order = listener.received.stream().map(ResumeTest::number).toList();
        assertThat(order).as("seed %d: order", seed).isSorted();
        long told = listener.gaps.stream().filter(gap -> gap.contains("\"volatile\":true")).count();
        assertThat(told).as("seed %d: %s", seed, listener.gaps).isGreaterThanOrEqualTo(KILLS);
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
            try (var connection = ResumingListener.connect(port);
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
