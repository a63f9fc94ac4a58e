package io.heliosdb.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliosdb.Connection;
import io.heliosdb.HeliosDb;
import io.heliosdb.pg.Delivery.Closed;
import io.heliosdb.pg.Delivery.Notification;
import io.heliosdb.pg.PgException;
import io.heliosdb.pubsub.Subscription;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;

/** Two processes on one directory. */
final class OpenOrJoinTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir Path directory;

    @Test
    void anotherProcessJoinsAndHearsWhatItsPeersDo() throws Exception {
        try (var db = HeliosDb.openOrJoin(directory);
                var events = db.subscribe("from child")) {
            assertThat(db.isOwner()).isTrue();
            db.execute("CREATE TABLE t (text TEXT)");
            try (var child = new Child(directory)) {
                assertThat(child.answer()).isEqualTo("joined");
                assertThat(child.say("hello")).isEqualTo("done");
                assertThat(payload(events)).isEqualTo("hello");
                assertThat(db.queryRow("SELECT text FROM t").orElseThrow().asString(0))
                        .isEqualTo("hello");
                child.write("receive");
                db.notify("to child", "and back");
                assertThat(child.answer()).isEqualTo("and back");
            }
        }
    }

    @Test
    void theDeathOfTheOwnerIsToldAndTheNextOneTakesOver() throws Exception {
        try (var child = new Child(directory)) {
            assertThat(child.answer()).isEqualTo("owner");
            try (var db = HeliosDb.openOrJoin(directory);
                    var events = db.subscribe("from child");
                    var connection = db.connect()) {
                assertThat(db.isOwner()).isFalse();
                connection.execute("CREATE TABLE t (text TEXT)");
                child.say("before");
                assertThat(payload(events)).isEqualTo("before");
                child.kill();
                assertThat(events.receive(SOON).orElseThrow())
                        .isInstanceOfSatisfying(
                                Closed.class,
                                closed ->
                                        assertThat(closed.cause().sqlState().code())
                                                .isEqualTo("57P01"));
                assertState("57P01", () -> connection.execute("SELECT 1"));
                assertState("57P01", db::connect);
                assertState("57P01", () -> db.subscribe("x").close());
            }
            try (var db = HeliosDb.openOrJoin(directory)) {
                assertThat(db.isOwner()).isTrue();
                assertThat(db.query("SELECT text FROM t")).hasSize(1);
            }
        }
    }

    @Test
    void allWhoComeAtOnceShareOneDatabase() throws Exception {
        try (var executor = Executors.newVirtualThreadPerTaskExecutor();
                var first = new Child(directory);
                var second = new Child(directory)) {
            var here = executor.submit(() -> HeliosDb.openOrJoin(directory));
            var there = List.of(first.answer(), second.answer());
            try (var db = here.get()) {
                long owners =
                        there.stream().filter("owner"::equals).count() + (db.isOwner() ? 1 : 0);
                assertThat(owners).isOne();
                db.execute("CREATE TABLE t (text TEXT)");
                try (var events = db.subscribe("from child")) {
                    first.say("first");
                    second.say("second");
                    assertThat(payload(events)).isEqualTo("first");
                    assertThat(payload(events)).isEqualTo("second");
                    assertThat(db.query("SELECT text FROM t")).hasSize(2);
                }
            }
        }
    }

    @Test
    void aJoinedDatabaseIsLikeAnyOther() throws Exception {
        try (var owner = HeliosDb.openOrJoin(directory);
                var db = HeliosDb.openOrJoin(directory);
                var connection = db.connect()) {
            assertThat(db.isOwner()).isFalse();
            connection.execute(
                    "CREATE TABLE v (id INT PRIMARY KEY, n NUMERIC, u UUID, t TIMESTAMPTZ, a"
                            + " TEXT)");
            var uuid = UUID.randomUUID();
            var now = Instant.parse("2026-11-20T18:00:00.123456Z");
            assertThat(
                            connection.execute(
                                    "INSERT INTO v VALUES (?, ?, $3, ?4, ?)",
                                    1,
                                    new BigDecimal("1.50"),
                                    uuid,
                                    now,
                                    "é"))
                    .isEqualTo(1);
            var row = connection.queryRow("SELECT * FROM v WHERE id = ?", 1).orElseThrow();
            assertThat(row.asDecimal("n")).isEqualTo(new BigDecimal("1.50"));
            assertThat(row.asUuid("u")).isEqualTo(uuid);
            assertThat(row.asInstant("t")).isEqualTo(now);
            assertThat(row.asString("a")).isEqualTo("é");
            assertThat(connection.query("SELECT * FROM v"))
                    .isEqualTo(owner.query("SELECT * FROM v"));
            assertState("23505", () -> connection.execute("INSERT INTO v (id) VALUES (1)"));
            transactionsWork(owner, connection);
            assertState("0A000", db::serve);
        }
    }

    private static void transactionsWork(HeliosDb owner, Connection connection)
            throws InterruptedException {
        try (var events = owner.subscribe("c")) {
            connection.transaction(tx -> {
                tx.execute("INSERT INTO v (id) VALUES (2)");
                tx.notify("c", "kept");
                assertState(
                        "23505",
                        () ->
                                tx.transaction(inner -> {
                                    inner.notify("c", "dropped");
                                    inner.execute("INSERT INTO v (id) VALUES (1)");
                                }));
            });
            assertThat(payload(events)).isEqualTo("kept");
            assertThat(events.poll()).isEmpty();
        }
    }

    @Test
    void aJoinedSubscriptionCanListenToMoreAndToLess() throws Exception {
        try (var owner = HeliosDb.openOrJoin(directory);
                var db = HeliosDb.openOrJoin(directory);
                var events = db.subscribe("a")) {
            events.listen("b");
            owner.notify("b", "1");
            assertThat(payload(events)).isEqualTo("1");
            events.unlisten("b");
            owner.notify("b", "2");
            owner.notify("a", "3");
            assertThat(payload(events)).isEqualTo("3");
            events.listen("b");
            owner.notify("b", "4");
            assertThat(payload(events)).isEqualTo("4");
            assertState("22023", () -> events.listen(""));
        }
    }

    @Test
    void aPathThatIsTooLongForASocketIsServedElsewhere() throws Exception {
        var deep = directory.resolve("d".repeat(100));
        try (var owner = HeliosDb.openOrJoin(deep);
                var db = HeliosDb.openOrJoin(deep)) {
            assertThat(owner.isOwner()).isTrue();
            assertThat(db.isOwner()).isFalse();
            assertThat(db.queryRow("SELECT 1").orElseThrow().asInt(0)).isEqualTo(1);
            assertThat(deep.resolve("heliosdb.sock")).doesNotExist();
        }
    }

    @Test
    void theSocketIsForItsOwnerAloneAndGoesWithHim() throws Exception {
        var socket = directory.resolve("heliosdb.sock");
        try (var db = HeliosDb.openOrJoin(directory)) {
            assertThat(db.isOwner()).isTrue();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                    .isEqualTo("rw-------");
        }
        assertThat(socket).doesNotExist();
    }

    @Test
    void whoOpensPlainlyLetsNobodyJoin() throws Exception {
        try (var db = HeliosDb.open(directory)) {
            assertThatThrownBy(() -> HeliosDb.openOrJoin(directory))
                    .isInstanceOfSatisfying(
                            PgException.class,
                            e -> {
                                assertThat(e.sqlState().code()).isEqualTo("55006");
                                assertThat(e)
                                        .hasMessageContaining(
                                                String.valueOf(ProcessHandle.current().pid()));
                            });
            assertThat(db.isOwner()).isTrue();
        }
    }

    @Test
    void aRefusedOpenerDoesNotLetGoOfTheLock() throws Exception {
        try (var db = HeliosDb.open(directory)) {
            db.execute("CREATE TABLE t (text TEXT)");
            assertState("55006", () -> HeliosDb.open(directory));
            var child = JoiningProcess.start(directory);
            assertThat(child.waitFor()).isNotZero();
            assertThat(db.query("SELECT * FROM t")).isEmpty();
        }
    }

    private static void assertState(
            String code, org.assertj.core.api.ThrowableAssert.ThrowingCallable action) {
        assertThatThrownBy(action)
                .isInstanceOfSatisfying(
                        PgException.class, e -> assertThat(e.sqlState().code()).isEqualTo(code));
    }

    private static String payload(Subscription events) throws InterruptedException {
        return ((Notification) events.receive(SOON).orElseThrow()).payload();
    }

    /** The other end of {@link JoiningProcess}. */
    private static final class Child implements AutoCloseable {
        private final Process process;
        private final BufferedReader answers;

        Child(Path directory) throws IOException {
            process = JoiningProcess.start(directory);
            answers = process.inputReader(StandardCharsets.UTF_8);
        }

        String answer() throws IOException {
            return answers.readLine();
        }

        void write(String line) throws IOException {
            var out = process.outputWriter(StandardCharsets.UTF_8);
            out.write(line + "\n");
            out.flush();
        }

        String say(String line) throws IOException {
            write(line);
            return answer();
        }

        void kill() throws InterruptedException {
            process.destroyForcibly().waitFor();
        }

        @Override
        public void close() {
            try {
                process.outputWriter(StandardCharsets.UTF_8).close();
                process.waitFor();
            } catch (IOException e) {
                if (process.isAlive()) {
                    throw new UncheckedIOException(e);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
