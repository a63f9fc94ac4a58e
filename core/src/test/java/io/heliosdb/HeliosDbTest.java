package io.heliosdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliosdb.config.Settings;
import io.heliosdb.pg.Delivery;
import io.heliosdb.pg.Delivery.Closed;
import io.heliosdb.pg.Delivery.Notification;
import io.heliosdb.pg.PgException;
import io.heliosdb.pubsub.Subscription;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

final class HeliosDbTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    @TempDir Path directory;

    @Test
    void aDatabaseInAFileIsThereAgainWithItsTriggers() throws InterruptedException {
        try (var db = HeliosDb.open(directory)) {
            db.execute("CREATE TABLE t (id INT PRIMARY KEY)");
            db.execute(
                    "CREATE TRIGGER tell AFTER INSERT ON t BEGIN SELECT NOTIFY('t', 'row ' ||"
                            + " NEW.id); END");
            db.execute("INSERT INTO t VALUES (1)");
        }
        try (var db = HeliosDb.open(directory);
                var events = db.subscribe("t")) {
            assertThat(db.query("SELECT id FROM t")).hasSize(1);
            db.execute("INSERT INTO t VALUES (2)");
            assertThat(payload(events)).isEqualTo("row 2");
            db.execute("DROP TRIGGER tell");
        }
        try (var db = HeliosDb.open(directory.toString());
                var events = db.subscribe("t")) {
            db.execute("INSERT INTO t VALUES (3)");
            assertThat(events.poll()).isEmpty();
            assertThat(db.dataDirectory()).contains(directory);
            assertThat(db.isOwner()).isTrue();
        }
    }

    @Test
    void aSecondOpenerIsToldWhoHasIt() {
        try (var db = HeliosDb.open(directory)) {
            db.execute("CREATE TABLE t (id INT)");
            assertThatThrownBy(() -> HeliosDb.open(directory))
                    .isInstanceOfSatisfying(
                            PgException.class,
                            e -> assertThat(e.sqlState().code()).isEqualTo("55006"))
                    .hasMessageContaining("process " + ProcessHandle.current().pid());
            assertThat(db.query("SELECT id FROM t")).isEmpty();
        }
        HeliosDb.open(directory).close();
    }

    @Test
    void databasesInMemoryAreApart() {
        try (var one = HeliosDb.inMemory();
                var two = HeliosDb.inMemory()) {
            one.execute("CREATE TABLE t (id INT)");
            assertThatThrownBy(() -> two.query("SELECT * FROM t"))
                    .isInstanceOfSatisfying(
                            PgException.class,
                            e -> assertThat(e.sqlState().code()).isEqualTo("42P01"));
            assertThat(one.dataDirectory()).isEmpty();
        }
    }

    @Test
    void aSubscriberSeesTheRowsOfWhatItIsTold() throws InterruptedException {
        try (var db = HeliosDb.inMemory();
                var events = db.subscribe("c")) {
            db.execute("CREATE TABLE t (id INT)");
            var writer =
                    Thread.ofVirtual()
                            .start(() ->
                                    db.transaction(tx -> {
                                        tx.execute("INSERT INTO t VALUES (1)");
                                        tx.notify("c", "there");
                                    }));
            assertThat(payload(events)).isEqualTo("there");
            assertThat(db.query("SELECT id FROM t")).hasSize(1);
            writer.join();
        }
    }

    @Test
    void aNotificationOfTheDatabaseIsHeardByAll() {
        try (var db = HeliosDb.inMemory();
                var one = db.subscribe("a", "b");
                var two = db.subscribe("b");
                var connection = db.connect()) {
            db.notify("a", "1");
            db.notify("b", "2");
            connection.notify("b");
            assertThat(payloads(one.poll())).containsExactly("1", "2", "");
            assertThat(payloads(two.poll())).containsExactly("2", "");
        }
    }

    @Test
    void badChannelsAndPayloadsAreRefused() {
        try (var db = HeliosDb.inMemory();
                var connection = db.connect()) {
            for (String name : List.of("", "x".repeat(64))) {
                assertState("22023", () -> db.notify(name, ""));
                assertState("22023", () -> connection.notify(name, ""));
                assertState("22023", () -> db.subscribe(name).close());
            }
            assertState("22023", () -> db.notify("c", "x".repeat(8000)));
            assertState("22023", () -> connection.notify("c", "x".repeat(8000)));
            connection.notify("c", "x".repeat(7999));
        }
    }

    @Test
    void closingTellsSubscribersAndTwiceIsOnce() throws InterruptedException {
        var db = HeliosDb.inMemory();
        var events = db.subscribe("c");
        var connection = db.connect();
        db.close();
        db.close();
        assertThat(events.receive(SOON).orElseThrow()).isInstanceOf(Closed.class);
        assertThatThrownBy(() -> connection.execute("SELECT 1")).isInstanceOf(PgException.class);
        assertState("57P03", db::connect);
        assertState("57P03", () -> db.execute("SELECT 1"));
    }

    @Test
    void theLimitsOfTheConfigurationHold() {
        var config =
                HeliosConfig.inMemory()
                        .with(Settings.MAX_CHANNELS, 2)
                        .with(Settings.MAX_PAYLOAD_BYTES, 10L)
                        .with(Settings.STATEMENT_TIMEOUT, Duration.ofSeconds(1));
        try (var db = HeliosDb.open(config);
                var subscription = db.subscribe("a", "b")) {
            assertThat(subscription.channels()).hasSize(2);
            assertState("53400", () -> db.subscribe("c").close());
            assertState("22023", () -> db.notify("a", "0123456789"));
            assertState("57014", () -> db.query("SELECT pg_sleep(60)"));
        }
    }

    /** The figure: 1,000 channels with a subscriber each, and nothing stays behind. */
    @Test
    void aThousandSubscriptionsLeaveNothing() {
        try (var db = HeliosDb.inMemory()) {
            var subscriptions = new ArrayList<Subscription>();
            for (int i = 0; i < 1000; i++) {
                subscriptions.add(db.subscribe("channel " + i));
            }
            for (int i = 0; i < 1000; i++) {
                db.notify("channel " + i, "payload " + i);
            }
            for (int i = 0; i < 1000; i++) {
                assertThat(payloads(subscriptions.get(i).poll())).containsExactly("payload " + i);
            }
            subscriptions.forEach(Subscription::close);
            var stats = ((EmbeddedDb) db).instance().pubSub().stats();
            assertThat(stats.subscriptions()).isZero();
            assertThat(stats.channels()).isZero();
            assertThat(stats.leaked()).isZero();
        }
    }

    /**
     * DESIGN section 6: H2 would close its file for all when one thread is interrupted inside it.
     */
    @Test
    void anInterruptedThreadHarmsNobodyElse() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        var random = new Random(seed);
        try (var db = HeliosDb.open(directory);
                var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            db.execute("CREATE TABLE t (id BIGINT GENERATED ALWAYS AS IDENTITY, text TEXT)");
            var stop = new CountDownLatch(1);
            var calm = executor.submit(() -> insertUntil(db, stop));
            for (int i = 0; i < 200; i++) {
                var victim = Thread.ofPlatform().unstarted(() -> insertSome(db));
                victim.start();
                int spins = random.nextInt(20_000);
                for (int spin = 0; spin < spins; spin++) {
                    Thread.onSpinWait();
                }
                victim.interrupt();
                victim.join();
            }
            stop.countDown();
            assertThat(calm.get()).isPositive();
        }
        try (var db = HeliosDb.open(directory)) {
            assertThat(db.queryRow("SELECT count(*) FROM t").orElseThrow().asLong(0)).isPositive();
        }
    }

    private static long insertUntil(HeliosDb db, CountDownLatch stop) throws InterruptedException {
        long count = 0;
        try (var connection = db.connect()) {
            do {
                count += connection.execute("INSERT INTO t (text) VALUES (?)", "calm");
            } while (!stop.await(0, java.util.concurrent.TimeUnit.SECONDS));
        }
        return count;
    }

    private static void insertSome(HeliosDb db) {
        try (var connection = db.connect()) {
            for (int i = 0; i < 20; i++) {
                connection.execute("INSERT INTO t (text) VALUES (?)", "x".repeat(500));
            }
        } catch (PgException e) {
            assertThat(e.sqlState().code()).isEqualTo("57014");
        }
    }

    @Test
    void aThousandTransactionsOfManyThreadsAreInOneOrder() throws Exception {
        try (var db = HeliosDb.inMemory();
                var one = db.subscribe("c");
                var two = db.subscribe("c");
                var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            db.execute("CREATE TABLE t (writer INT, n INT)");
            var writers = new ArrayList<Future<?>>();
            for (int w = 0; w < 10; w++) {
                int writer = w;
                writers.add(executor.submit(() -> write(db, writer)));
            }
            for (var writer : writers) {
                writer.get();
            }
            var seen = payloads(one.poll());
            assertThat(seen).hasSize(1000).isEqualTo(payloads(two.poll()));
            for (int w = 0; w < 10; w++) {
                String prefix = w + " ";
                var own = seen.stream().filter(text -> text.startsWith(prefix)).toList();
                assertThat(own).hasSize(100).isEqualTo(expected(w));
            }
        }
    }

    private static List<String> expected(int writer) {
        var expected = new ArrayList<String>();
        for (int n = 0; n < 100; n++) {
            expected.add(writer + " " + n);
        }
        return expected;
    }

    private static void write(HeliosDb db, int writer) {
        for (int n = 0; n < 100; n++) {
            int number = n;
            db.transaction(tx -> {
                tx.execute("INSERT INTO t VALUES (?, ?)", writer, number);
                tx.notify("c", writer + " " + number);
            });
        }
    }

    private static void assertState(String code, Runnable action) {
        assertThatThrownBy(action::run)
                .isInstanceOfSatisfying(
                        PgException.class, e -> assertThat(e.sqlState().code()).isEqualTo(code));
    }

    private static String payload(Subscription events) throws InterruptedException {
        return ((Notification) events.receive(SOON).orElseThrow()).payload();
    }

    private static List<String> payloads(List<Delivery> deliveries) {
        return deliveries.stream().map(each -> ((Notification) each).payload()).toList();
    }
}
