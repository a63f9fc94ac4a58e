package io.heliosdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.heliosdb.pg.Lsn;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/** Change streams in the process. */
final class ChangeStreamTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir Path directory;
    private HeliosDb db;

    @BeforeEach
    void open() {
        db = HeliosDb.open(directory.resolve("db"));
        db.execute("CREATE TABLE t (id INT PRIMARY KEY, name TEXT, amount NUMERIC(8,2))");
        db.execute("CREATE PUBLICATION p FOR TABLE t");
    }

    @AfterEach
    void close() {
        db.close();
    }

    private static Change next(ChangeStream stream) throws InterruptedException {
        return stream.next(LONG).orElseThrow();
    }

    private static List<Change> transaction(ChangeStream stream) throws InterruptedException {
        var changes = new ArrayList<Change>();
        do {
            changes.add(next(stream));
        } while (!(changes.getLast() instanceof Change.Commit));
        return changes;
    }

    private static String text(Change change) {
        return switch (change) {
            case Change.Existing(var _, var table, var row) -> table.name() + " has " + row;
            case Change.ExistingEnd _ -> "end of rows";
            case Change.Begin _ -> "begin";
            case Change.Insert(var _, var table, var row) -> table.name() + " + " + row;
            case Change.Update(var _, var table, var old, var row) ->
                    table.name() + ' ' + old + " -> " + row;
            case Change.Delete(var _, var table, var old) -> table.name() + " - " + old;
            case Change.Truncate(var _, var table, boolean _) -> table.name() + " is empty";
            case Change.Message(var _, boolean _, var prefix, byte[] _) -> "message " + prefix;
            case Change.Commit _ -> "commit";
        };
    }

    @Test
    void everyChangeComesWithTypedRowsInTheOrderOfCommits() throws Exception {
        try (var stream = db.changes("s").from("p")) {
            db.execute("INSERT INTO t VALUES (1, 'a', 1.5), (2, 'b', NULL)");
            db.transaction(tx -> {
                tx.execute("UPDATE t SET name = 'c' WHERE id = 1");
                tx.execute("SELECT pg_logical_emit_message(true, 'note', 'x')");
                tx.execute("DELETE FROM t WHERE id = 2");
            });
            db.execute("TRUNCATE t");
            var first = transaction(stream);
            assertThat(first)
                    .extracting(ChangeStreamTest::text)
                    .containsExactly(
                            "begin",
                            "t + {id=1, name=a, amount=1.50}",
                            "t + {id=2, name=b, amount=NULL}",
                            "commit");
            assertThat(first.get(1))
                    .asInstanceOf(type(Change.Insert.class))
                    .satisfies(insert -> {
                        assertThat(insert.row().asInt("id")).isEqualTo(1);
                        assertThat(insert.row().asDecimal("amount")).isEqualByComparingTo("1.5");
                        assertThat(insert.table().key()).containsExactly("id");
                        assertThat(insert.table().schema()).isEqualTo("public");
                    });
            assertThat(transaction(stream))
                    .extracting(ChangeStreamTest::text)
                    .containsExactly(
                            "begin",
                            "t {id=1, name=a, amount=1.50} -> {id=1, name=c, amount=1.50}",
                            "message note",
                            "t - {id=2, name=b, amount=NULL}",
                            "commit");
            assertThat(transaction(stream))
                    .extracting(ChangeStreamTest::text)
                    .containsExactly("begin", "t is empty", "commit");
            assertThat(stream.next(Duration.ZERO)).isEmpty();
        }
    }

    @Test
    void whatIsNotAcknowledgedComesAgainAfterARestart() throws Exception {
        try (var stream = db.changes("s").from("p")) {
            db.execute("INSERT INTO t VALUES (1, 'a', 1)");
            db.execute("INSERT INTO t VALUES (2, 'b', 2)");
            var first = (Change.Commit) transaction(stream).getLast();
            stream.ack(first.end());
            transaction(stream);
        }
        db.close();
        db = HeliosDb.open(directory.resolve("db"));
        try (var stream = db.changes("s").from("p")) {
            assertThat(transaction(stream))
                    .extracting(ChangeStreamTest::text)
                    .contains("t + {id=2, name=b, amount=2.00}");
            assertThat(stream.next(Duration.ZERO)).isEmpty();
        }
    }

    @Test
    void aSlotHasOneReader() throws Exception {
        try (var _ = db.changes("s").from("p")) {
            assertThatThrownBy(() -> db.changes("s").from("p"))
                    .asInstanceOf(type(PgException.class))
                    .extracting(PgException::sqlState)
                    .isEqualTo(SqlState.OBJECT_IN_USE);
        }
        db.changes("s").from("p").close();
    }

    @Test
    void whatWasNotToldCannotBeAcknowledged() throws Exception {
        try (var stream = db.changes("s").from("p")) {
            db.execute("INSERT INTO t VALUES (1, 'a', 1)");
            assertThatThrownBy(() -> stream.ack(new Lsn(Long.MAX_VALUE)))
                    .isInstanceOf(PgException.class)
                    .hasMessageContaining("cannot acknowledge");
            var end = ((Change.Commit) transaction(stream).getLast()).end();
            stream.ack(end);
            assertThat(stream.acknowledged()).isEqualTo(end);
        }
    }

    @Test
    void aPublicationThatIsNotThereMakesNoSlot() {
        assertThatThrownBy(() -> db.changes("s").from("nosuch"))
                .hasMessage("publication \"nosuch\" does not exist");
        assertThat(db.query("SELECT slot_name FROM pg_replication_slots")).isEmpty();
    }

    @Test
    void aWaitEndsWhenTheStreamIsClosed() throws Exception {
        var stream = db.changes("s").from("p");
        var waiting = CompletableFuture.supplyAsync(() -> failureOf(stream));
        stream.close();
        assertThat(waiting.get(30, TimeUnit.SECONDS).sqlState())
                .isEqualTo(SqlState.CONNECTION_DOES_NOT_EXIST);
    }

    private static PgException failureOf(ChangeStream stream) {
        try {
            throw new IllegalStateException("there is a change: " + stream.next(LONG));
        } catch (PgException e) {
            return e;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void filtersAndColumnListsHold() throws Exception {
        db.execute("CREATE PUBLICATION f FOR TABLE t (id, amount) WHERE (id > 10)");
        db.execute("INSERT INTO t VALUES (1, 'a', 1), (11, 'b', 2)");
        try (var stream = db.changes("s").withSnapshot().from("f")) {
            assertThat(text(next(stream))).isEqualTo("t has {id=11, amount=2.00}");
            assertThat(text(next(stream))).isEqualTo("end of rows");
            db.execute("INSERT INTO t VALUES (2, 'c', 1), (12, 'd', 2)");
            assertThat(transaction(stream))
                    .extracting(ChangeStreamTest::text)
                    .containsExactly("begin", "t + {id=12, amount=2.00}", "commit");
        }
    }

    /** Rows under writes: what a consumer has in the end is what the database has. */
    @Test
    void rowsThatAreThereAndChangesAfterThemMakeAWhole() throws Exception {
        for (int i = 0; i < 2_000; i++) {
            db.execute("INSERT INTO t VALUES (?, 'n', 0)", i);
        }
        var isOver = new AtomicBoolean();
        var writer =
                Thread.ofVirtual()
                        .start(() -> {
                            for (int i = 2_000; !isOver.get(); i++) {
                                db.execute("INSERT INTO t VALUES (?, 'w', 0)", i);
                                db.execute(
                                        "UPDATE t SET amount = amount + 1 WHERE id = ?", i % 2_000);
                                db.execute("DELETE FROM t WHERE id = ?", i - 1_000);
                            }
                        });
        Map<Integer, String> copy = new TreeMap<>();
        try (var stream = db.changes("s").withSnapshot().from("p")) {
            boolean isSnapshotOver = false;
            int transactions = 0;
            while (!isSnapshotOver || transactions < 200) {
                var change = next(stream);
                apply(change, copy);
                isSnapshotOver |= change instanceof Change.ExistingEnd;
                transactions += change instanceof Change.Commit ? 1 : 0;
            }
            isOver.set(true);
            writer.join();
            db.execute("INSERT INTO t VALUES (-1, 'last', 0)");
            while (!copy.containsKey(-1)) {
                apply(next(stream), copy);
            }
        }
        Map<Integer, String> rows = new TreeMap<>();
        db.query("SELECT * FROM t").forEach(row -> rows.put(row.asInt("id"), row.toString()));
        assertThat(copy).isEqualTo(rows);
    }

    private static void apply(Change change, Map<Integer, String> copy) {
        switch (change) {
            case Change.Existing(var _, var _, var row) ->
                    assertThat(copy.put(row.asInt("id"), row.toString())).isNull();
            case Change.Insert(var _, var _, var row) ->
                    assertThat(copy.put(row.asInt("id"), row.toString())).isNull();
            case Change.Update(var _, var _, var old, var row) -> {
                assertThat(copy.remove(old.asInt("id"))).isEqualTo(old.toString());
                copy.put(row.asInt("id"), row.toString());
            }
            case Change.Delete(var _, var _, var old) ->
                    assertThat(copy.remove(old.asInt("id"))).isEqualTo(old.toString());
            default -> {}
        }
    }

    @Test
    void aSnapshotThatWasNotAcknowledgedBeginsAnew() throws Exception {
        db.execute("INSERT INTO t VALUES (1, 'a', 1)");
        try (var stream = db.changes("s").withSnapshot().from("p")) {
            assertThat(next(stream)).isInstanceOf(Change.Existing.class);
        }
        assertThat(db.query("SELECT slot_name FROM pg_replication_slots")).isEmpty();
        try (var stream = db.changes("s").withSnapshot().from("p")) {
            assertThat(next(stream)).isInstanceOf(Change.Existing.class);
            var end = next(stream);
            assertThat(end).isInstanceOf(Change.ExistingEnd.class);
            stream.ack(end.lsn());
        }
        db.execute("INSERT INTO t VALUES (2, 'b', 1)");
        db.close();
        db = HeliosDb.open(directory.resolve("db"));
        try (var stream = db.changes("s").withSnapshot().from("p")) {
            assertThat(transaction(stream))
                    .extracting(ChangeStreamTest::text)
                    .containsExactly("begin", "t + {id=2, name=b, amount=1.00}", "commit");
        }
    }

    @Test
    void aSubscriberGetsWhatItAsksFor() throws Exception {
        var stream = db.changes("s").from("p");
        var received = new ArrayList<Change>();
        var two = new CountDownLatch(2);
        var isComplete = new CountDownLatch(1);
        var subscription = new AtomicReference<Flow.Subscription>();
        stream.publisher()
                .subscribe(
                        new Flow.Subscriber<>() {
                            @Override
                            public void onSubscribe(Flow.Subscription given) {
                                subscription.set(given);
                                given.request(2);
                            }

                            @Override
                            public void onNext(Change change) {
                                received.add(change);
                                two.countDown();
                            }

                            @Override
                            public void onError(Throwable why) {
                                throw new IllegalStateException(why);
                            }

                            @Override
                            public void onComplete() {
                                isComplete.countDown();
                            }
                        });
        db.execute("INSERT INTO t VALUES (1, 'a', 1), (2, 'b', 2)");
        assertThat(two.await(30, TimeUnit.SECONDS)).isTrue();
        stream.close();
        assertThat(isComplete.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(received)
                .extracting(ChangeStreamTest::text)
                .containsExactly("begin", "t + {id=1, name=a, amount=1.00}");
    }

    @Test
    void aTableThatIsChangedMeanwhileIsToldAsItWas() throws Exception {
        try (var stream = db.changes("s").from("p")) {
            db.execute("INSERT INTO t VALUES (1, 'a', 1)");
            db.execute("ALTER TABLE t ADD COLUMN more INT");
            db.execute("INSERT INTO t VALUES (2, 'b', 2, 3)");
            db.execute("ALTER TABLE t RENAME COLUMN name TO title");
            db.execute("ALTER TABLE t DROP COLUMN amount");
            db.execute("INSERT INTO t VALUES (3, 'c', 4)");
            assertThat(text(transaction(stream).get(1)))
                    .isEqualTo("t + {id=1, name=a, amount=1.00}");
            assertThat(text(transaction(stream).get(1)))
                    .isEqualTo("t + {id=2, name=b, amount=2.00, more=3}");
            assertThat(text(transaction(stream).get(1))).isEqualTo("t + {id=3, title=c, more=4}");
        }
    }

    @Test
    void aDatabaseInMemoryHasNoChangeStreams() {
        try (var memory = HeliosDb.inMemory()) {
            memory.execute("CREATE PUBLICATION p FOR ALL TABLES");
            assertThatThrownBy(() -> memory.changes("s").from("p"))
                    .asInstanceOf(type(PgException.class))
                    .extracting(PgException::sqlState)
                    .isEqualTo(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE);
        }
    }
}
