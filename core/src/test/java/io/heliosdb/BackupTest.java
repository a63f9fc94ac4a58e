package io.heliosdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliosdb.config.Settings;
import io.heliosdb.engine.Engine;
import io.heliosdb.log.LogCopy.Until;
import io.heliosdb.pg.Lsn;
import io.heliosdb.pg.PgException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/** Copies of a database that is in use, and databases made of them. */
@Timeout(120)
class BackupTest {
    /** A thread for each: the common pool has but one on a small machine. */
    private static final Executor THREADS = Thread.ofPlatform().daemon()::start;

    private static final long MB = 1 << 20;

    @TempDir private Path parent;

    @Test
    void aCopyUnderLoadIsTheDatabaseAtOnePosition() {
        var stop = new AtomicBoolean();
        Lsn[] ends = new Lsn[3];
        try (var db = HeliosDb.open(busy(parent.resolve("db")))) {
            db.execute("CREATE TABLE t (writer int, n int, pad text)");
            var writers =
                    CompletableFuture.allOf(
                            CompletableFuture.runAsync(() -> write(db, 1, stop), THREADS),
                            CompletableFuture.runAsync(() -> write(db, 2, stop), THREADS));
            for (int i = 0; i < ends.length; i++) {
                await(db, 150L * (i + 1));
                ends[i] = db.backup(parent.resolve("copy" + i));
            }
            stop.set(true);
            writers.join();
            for (int i = 0; i < ends.length; i++) {
                Engine.restore(
                        parent.resolve("copy0"),
                        parent.resolve("db"),
                        new Until(ends[i], null),
                        parent.resolve("same" + i));
            }
        }
        for (int i = 0; i < ends.length; i++) {
            try (var copy = HeliosDb.open(parent.resolve("copy" + i));
                    var same = HeliosDb.open(parent.resolve("same" + i))) {
                String all = "SELECT writer, count(*), max(n), sum(n) FROM t GROUP BY 1 ORDER BY 1";
                var rows = copy.query(all);
                assertThat(rows).hasSize(2);
                for (var row : rows) {
                    // Each writer commits its numbers two by two, from 0 on, without a hole.
                    assertThat(row.asLong(1)).isEqualTo(row.asLong(2) + 1).isEven();
                }
                assertThat(same.query(all).toString()).isEqualTo(rows.toString());
                copy.execute("INSERT INTO t VALUES (9, 9, '')");
            }
        }
    }

    @Test
    void aDatabaseCanBeMadeAsItWasAtATimeOrPosition() throws InterruptedException {
        Path copy = parent.resolve("copy");
        Instant second;
        Lsn third;
        try (var db = HeliosDb.open(busy(parent.resolve("db")))) {
            db.execute("CREATE TABLE t (n int)");
            db.backup(copy);
            db.execute("INSERT INTO t VALUES (1)");
            db.execute("INSERT INTO t VALUES (2)");
            second = Instant.now();
            awaitClock(second);
            db.execute("CREATE TABLE later AS SELECT * FROM t");
            db.execute("INSERT INTO t VALUES (3)");
            third = Lsn.parse(lsn(db));
            db.execute("CHECKPOINT");
            db.execute("DELETE FROM t");
            db.execute("DROP TABLE later");
            Engine.restore(copy, parent.resolve("db"), new Until(null, second), path("second"));
        }
        Engine.restore(copy, parent.resolve("db"), new Until(third, null), path("third"));
        Engine.restore(copy, parent.resolve("db"), Until.END, path("end"));
        Engine.restore(copy, copy, Until.END, path("first"));
        assertThat(count(path("first"))).isZero();
        assertThat(count(path("second"))).isEqualTo(2);
        assertThat(count(path("third"))).isEqualTo(3);
        assertThat(count(path("end"))).isZero();
        try (var db = HeliosDb.open(path("third"))) {
            assertThat(db.queryRow("SELECT count(*) FROM later").orElseThrow().asLong(0))
                    .isEqualTo(2);
        }
    }

    @Test
    void whatCannotBeCopiedOrRestoredIsRefused() throws IOException {
        Path copy = parent.resolve("copy");
        try (var db = HeliosDb.open(parent.resolve("db"))) {
            var before = Instant.now();
            db.execute("CREATE TABLE t (n int)");
            db.backup(copy);
            assertError("58P02", () -> db.backup(copy));
            assertError(
                    "22023",
                    () -> Engine.restore(copy, copy, new Until(new Lsn(8), null), path("a")));
            assertError(
                    "22023", () -> Engine.restore(copy, copy, new Until(null, before), path("b")));
            assertError("58P01", () -> Engine.restore(parent, copy, Until.END, path("c")));
        }
        Files.createDirectories(path("full").resolve("x"));
        assertError("58P02", () -> Engine.restore(copy, copy, Until.END, path("full")));
        try (var memory = HeliosDb.inMemory()) {
            assertError("55000", () -> memory.backup(path("memory")));
        }
    }

    @Test
    void aDatabaseWithoutALogIsCopiedToo() {
        var config = HeliosConfig.at(parent.resolve("db")).with(Settings.ENABLE_WAL, false);
        try (var db = HeliosDb.open(config)) {
            db.execute("CREATE TABLE t (n int); INSERT INTO t VALUES (1), (2)");
            db.backup(path("copy"));
            db.execute("DELETE FROM t");
        }
        assertThat(count(path("copy"))).isEqualTo(2);
    }

    private static void assertError(String state, Runnable work) {
        assertThatThrownBy(work::run)
                .isInstanceOfSatisfying(
                        PgException.class, e -> assertThat(e.sqlState().code()).isEqualTo(state));
    }

    private Path path(String name) {
        return parent.resolve(name);
    }

    private static String lsn(HeliosDb db) {
        return String.valueOf(
                db.queryRow("SELECT pg_current_wal_lsn()::text").orElseThrow().asString(0));
    }

    private static long count(Path directory) {
        try (var db = HeliosDb.open(directory)) {
            return db.queryRow("SELECT count(*) FROM t").orElseThrow().asLong(0);
        }
    }

    private static HeliosConfig busy(Path directory) {
        return HeliosConfig.at(directory)
                .with(Settings.MAX_WAL_SIZE, 2 * MB)
                .with(Settings.CHECKPOINT_TIMEOUT, Duration.ofSeconds(1));
    }

    private static void write(HeliosDb db, int writer, AtomicBoolean stop) {
        try (var connection = db.connect()) {
            for (int n = 0; !stop.get(); n += 2) {
                int number = n;
                connection.transaction(tx -> {
                    tx.execute("INSERT INTO t VALUES (?, ?, ?)", writer, number, "p".repeat(900));
                    tx.execute("INSERT INTO t VALUES (?, ?, ?)", writer, number + 1, "q");
                });
            }
        }
    }

    private static void await(HeliosDb db, long rows) {
        while (db.queryRow("SELECT count(*) FROM t").orElseThrow().asLong(0) < rows) {
            Thread.onSpinWait();
        }
    }

    private static void awaitClock(Instant past) {
        while (!Instant.now().isAfter(past.plusMillis(2))) {
            Thread.onSpinWait();
        }
    }
}
