package io.heliosdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliosdb.pg.PgException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Closing ends what is going on, whichever thread does it and whatever the others do. */
@Timeout(60)
final class ClosingTest {
    @Test
    void closingAConnectionEndsItsWaitForARow() throws Exception {
        try (var db = HeliosDb.inMemory();
                var holder = db.connect()) {
            var waiter = db.connect();
            db.execute("CREATE TABLE t (id INT PRIMARY KEY)");
            db.execute("INSERT INTO t VALUES (1)");
            holder.execute("BEGIN; UPDATE t SET id = 2");
            var outcome = startOn(waiter, "UPDATE t SET id = 3");
            awaitRunning(db, "UPDATE t SET id = 3");
            waiter.close();
            assertThat(outcome.get(30, TimeUnit.SECONDS))
                    .hasMessage("the connection has been closed");
            holder.execute("COMMIT");
            assertThat(db.queryRow("SELECT id FROM t").orElseThrow().asInt(0)).isEqualTo(2);
        }
    }

    @Test
    void closingTheDatabaseEndsWhatRuns() throws Exception {
        var db = HeliosDb.inMemory();
        var outcome = startOn(db.connect(), "SELECT pg_sleep(600)");
        awaitRunning(db, "SELECT pg_sleep(600)");
        db.close();
        assertThat(outcome.get(30, TimeUnit.SECONDS)).isInstanceOf(PgException.class);
    }

    @Test
    void aConsumerOfRowsMayCloseItsConnection() {
        try (var db = HeliosDb.inMemory()) {
            var connection = db.connect();
            connection.execute("BEGIN; CREATE TABLE t (id INT); INSERT INTO t VALUES (1)");
            assertThatThrownBy(() ->
                            connection.forEach(
                                    row -> connection.close(),
                                    "SELECT g FROM generate_series(1, 1000) g"))
                    .hasMessage("the connection has been closed");
            assertThat(db.query("SELECT pid FROM pg_stat_activity"))
                    .noneMatch(row -> row.asInt("pid") == connection.pid());
        }
    }

    @Test
    void aConsumerThatWaitsForeverDoesNotHoldUpTheDatabase() throws Exception {
        var db = HeliosDb.inMemory();
        var connection = db.connect();
        var takesRows = new CountDownLatch(1);
        var isFreed = new CountDownLatch(1);
        var outcome = new CompletableFuture<Throwable>();
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        connection.forEach(
                                row -> {
                                    takesRows.countDown();
                                    awaitQuietly(isFreed);
                                },
                                "SELECT g FROM generate_series(1, 1000) g");
                        outcome.complete(new AssertionError("all rows came"));
                    } catch (RuntimeException e) {
                        outcome.complete(e);
                    }
                });
        takesRows.await();
        db.close();
        assertThat(outcome).isNotDone();
        isFreed.countDown();
        assertThat(outcome.get(30, TimeUnit.SECONDS)).isInstanceOf(PgException.class);
    }

    @Test
    void aClosedDatabaseServesNothing() {
        var db = HeliosDb.inMemory();
        db.close();
        assertThatThrownBy(db::connect).hasMessage("the database is closed");
        assertThatThrownBy(db::serve).hasMessage("the database is closed");
        assertThatThrownBy(db::serveHttp).hasMessage("the database is closed");
        assertThatThrownBy(db::dataSource).hasMessage("the database is closed");
    }

    private static CompletableFuture<Throwable> startOn(Connection connection, String sql) {
        var outcome = new CompletableFuture<Throwable>();
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        connection.execute(sql);
                        outcome.complete(new AssertionError("it came to its end"));
                    } catch (RuntimeException e) {
                        outcome.complete(e);
                    }
                });
        return outcome;
    }

    private static void awaitRunning(HeliosDb db, String sql) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (db.queryRow(
                        "SELECT 1 FROM pg_stat_activity WHERE query = ? AND state = 'active'", sql)
                .isEmpty()) {
            if (System.nanoTime() > deadline) {
                throw new TimeoutException(sql);
            }
            Thread.onSpinWait();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
