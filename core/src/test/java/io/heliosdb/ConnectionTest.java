package io.heliosdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliosdb.pg.Delivery.Notification;
import io.heliosdb.pg.PgException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

final class ConnectionTest {
    private final HeliosDb db = HeliosDb.inMemory();
    private final Connection connection = db.connect();

    @BeforeEach
    void createTable() {
        connection.execute("CREATE TABLE t (id INT PRIMARY KEY, name TEXT)");
    }

    @AfterEach
    void close() {
        db.close();
    }

    @Test
    void aStatementSaysHowManyRowsItChanged() {
        assertThat(connection.execute("INSERT INTO t VALUES (1, 'a'), (2, 'b')")).isEqualTo(2);
        assertThat(connection.execute("UPDATE t SET name = ? WHERE id > ?", "c", 0)).isEqualTo(2);
        assertThat(connection.execute("DELETE FROM t WHERE id = ?1", 1)).isEqualTo(1);
        assertThat(connection.execute("CREATE TABLE u (id INT)")).isZero();
    }

    @Test
    void parametersAreWrittenInThreeWays() {
        for (String sql : List.of("SELECT ? || ?", "SELECT ?1 || ?2", "SELECT $1 || $2")) {
            assertThat(connection.queryRow(sql, "a", "b").orElseThrow().asString(0))
                    .as(sql)
                    .isEqualTo("ab");
        }
        assertThat(connection.queryRow("SELECT $2 || $1", "a", "b").orElseThrow().asString(0))
                .isEqualTo("ba");
    }

    @Test
    void severalStatementsSucceedOrFailTogether() {
        connection.execute("INSERT INTO t VALUES (1, 'a'); INSERT INTO t VALUES (2, 'b')");
        assertThatThrownBy(() ->
                        connection.execute(
                                "INSERT INTO t VALUES (3, 'c'); INSERT INTO t VALUES (1, 'd')"))
                .isInstanceOf(PgException.class);
        assertThat(ids()).containsExactly(1, 2);
    }

    @Test
    void rowsAreReadByNameAndIndex() {
        connection.execute("INSERT INTO t VALUES (1, 'a'), (2, NULL)");
        var rows = connection.query("SELECT id, name FROM t ORDER BY id");
        assertThat(rows).hasSize(2);
        assertThat(rows.columns())
                .extracting(column -> column.name())
                .containsExactly("id", "name");
        assertThat(rows.get(0).asInt("id")).isEqualTo(1);
        assertThat(rows.get(0).asString(1)).isEqualTo("a");
        assertThat(rows.get(1).isNull("name")).isTrue();
        assertThat(rows.get(1).asString("NAME")).isNull();
        assertThat(rows.get(0)).hasToString("{id=1, name=a}");
    }

    @Test
    void aResultWithoutRowsHasColumns() {
        var rows = connection.query("SELECT id, name FROM t");
        assertThat(rows).isEmpty();
        assertThat(rows.columns()).hasSize(2);
        assertThat(connection.queryRow("SELECT id FROM t")).isEmpty();
    }

    @Test
    void returningGivesRows() {
        var row = connection.queryRow("INSERT INTO t VALUES (?, ?) RETURNING id", 7, "g");
        assertThat(row.orElseThrow().asInt(0)).isEqualTo(7);
    }

    @Test
    void rowsCanBeTakenOneByOne() {
        connection.execute("INSERT INTO t SELECT x, 'n' FROM generate_series(1, 100) AS g(x)");
        var seen = new ArrayList<Integer>();
        assertThat(
                        connection.forEach(
                                row -> seen.add(row.asInt(0)), "SELECT id FROM t ORDER BY id"))
                .isEqualTo(100);
        assertThat(seen).hasSize(100).startsWith(1, 2, 3);
    }

    @Test
    void whatARowConsumerThrowsComesBackAndLeavesTheConnectionUsable() {
        connection.execute("INSERT INTO t VALUES (1, 'a')");
        assertThatThrownBy(() ->
                        connection.forEach(
                                row -> {
                                    throw new IllegalStateException("enough");
                                },
                                "SELECT id FROM t"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("enough");
        assertThat(ids()).containsExactly(1);
    }

    @Test
    void aConnectionServesOneThreadAtATime() {
        connection.execute("INSERT INTO t VALUES (1, 'a')");
        assertThatThrownBy(() ->
                        connection.forEach(
                                row -> connection.execute("SELECT 1"), "SELECT id FROM t"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("one connection a thread");
    }

    @Test
    void aQueryWithoutRowsIsRefused() {
        assertThatThrownBy(() -> connection.query("INSERT INTO t VALUES (1, 'a')"))
                .isInstanceOf(PgException.class)
                .hasMessage("the statement returns no rows");
    }

    @Test
    void aPreparedStatementRunsManyTimes() {
        try (var insert = connection.prepare("INSERT INTO t VALUES (?, ?)")) {
            for (int i = 1; i <= 50; i++) {
                assertThat(insert.execute(i, "n" + i)).isEqualTo(1);
            }
            assertThat(insert.executeBatch(List.of(List.of(51, "x"), List.of(52, "y"))))
                    .isEqualTo(2);
        }
        assertThat(ids()).hasSize(52);
        assertThatThrownBy(() -> connection.prepare("SELEC 1"))
                .isInstanceOfSatisfying(
                        PgException.class, e -> assertThat(e.sqlState().code()).isEqualTo("42601"));
    }

    @Test
    void aPreparedStatementSurvivesAChangeOfTheSchema() {
        try (var select = connection.prepare("SELECT name FROM t WHERE id = ?")) {
            connection.execute("INSERT INTO t VALUES (1, 'a')");
            assertThat(select.queryRow(1).orElseThrow().asString(0)).isEqualTo("a");
            connection.execute("ALTER TABLE t ADD COLUMN more INT");
            assertThat(select.queryRow(1).orElseThrow().asString(0)).isEqualTo("a");
        }
    }

    @Test
    void aTransactionCommitsWhatItsWorkDid() {
        try (var events = db.subscribe("c")) {
            connection.transaction(tx -> {
                tx.execute("INSERT INTO t VALUES (1, 'a')");
                tx.notify("c", "inserted");
                assertThat(events.poll()).isEmpty();
            });
            assertThat(events.poll())
                    .singleElement()
                    .isInstanceOfSatisfying(
                            Notification.class,
                            sent -> {
                                assertThat(sent.payload()).isEqualTo("inserted");
                                assertThat(sent.pid()).isEqualTo(connection.pid());
                            });
        }
        assertThat(ids()).containsExactly(1);
    }

    @Test
    void aTransactionRollsBackWhenItsWorkThrows() {
        try (var events = db.subscribe("c")) {
            assertThatThrownBy(() ->
                            connection.transaction(tx -> {
                                tx.execute("INSERT INTO t VALUES (1, 'a')");
                                tx.notify("c", "never");
                                throw new IOException("no");
                            }))
                    .isInstanceOf(IOException.class);
            assertThat(events.poll()).isEmpty();
        }
        assertThat(ids()).isEmpty();
        assertThat(connection.isInTransaction()).isFalse();
    }

    @Test
    void aNestedTransactionFailsAlone() {
        int result =
                connection.<Integer, RuntimeException>transactionResult(tx -> {
                    tx.execute("INSERT INTO t VALUES (1, 'a')");
                    assertThatThrownBy(() ->
                                    tx.transaction(inner -> {
                                        inner.execute("INSERT INTO t VALUES (2, 'b')");
                                        inner.execute("INSERT INTO t VALUES (1, 'c')");
                                    }))
                            .isInstanceOf(PgException.class);
                    return (int) tx.execute("INSERT INTO t VALUES (3, 'c')");
                });
        assertThat(result).isEqualTo(1);
        assertThat(ids()).containsExactly(1, 3);
    }

    @Test
    void aHiddenFailureIsNotCommittedSilently() {
        assertThatThrownBy(() ->
                        connection.transaction(tx -> {
                            tx.execute("INSERT INTO t VALUES (1, 'a')");
                            assertThatThrownBy(() -> tx.execute("INSERT INTO t VALUES (1, 'a')"))
                                    .isInstanceOf(PgException.class);
                        }))
                .isInstanceOfSatisfying(
                        PgException.class, e -> assertThat(e.sqlState().code()).isEqualTo("25P02"));
        assertThat(ids()).isEmpty();
    }

    @Test
    void aSavepointIsAPlaceToGoBackTo() {
        connection.transaction(tx -> {
            tx.execute("INSERT INTO t VALUES (1, 'a')");
            try (var savepoint = tx.savepoint()) {
                tx.execute("INSERT INTO t VALUES (2, 'b')");
                savepoint.rollback();
                tx.execute("INSERT INTO t VALUES (3, 'c')");
            }
        });
        assertThat(ids()).containsExactly(1, 3);
        assertThatThrownBy(connection::savepoint)
                .isInstanceOfSatisfying(
                        PgException.class, e -> assertThat(e.sqlState().code()).isEqualTo("25P01"));
    }

    @Test
    void anotherThreadCancelsWhatRuns() throws InterruptedException {
        var failure = new AtomicReference<Throwable>();
        var begun = new CountDownLatch(1);
        var sleeper =
                Thread.ofVirtual()
                        .start(() -> {
                            begun.countDown();
                            try {
                                connection.query("SELECT pg_sleep(60)");
                            } catch (PgException e) {
                                failure.set(e);
                            }
                        });
        begun.await();
        while (sleeper.isAlive()) {
            connection.cancel();
            Thread.onSpinWait();
        }
        assertThat(failure.get())
                .isInstanceOfSatisfying(
                        PgException.class, e -> assertThat(e.sqlState().code()).isEqualTo("57014"));
        assertThat(ids()).isEmpty();
    }

    @Test
    void closingRollsBackAndTwiceIsOnce() {
        connection.execute("BEGIN");
        connection.execute("INSERT INTO t VALUES (1, 'a')");
        connection.close();
        connection.close();
        assertThatThrownBy(() -> connection.execute("SELECT 1"))
                .isInstanceOfSatisfying(
                        PgException.class, e -> assertThat(e.sqlState().code()).isEqualTo("08003"));
        assertThat(db.query("SELECT id FROM t")).isEmpty();
    }

    @Test
    void errorsSayWhereTheyAre() {
        assertThatThrownBy(() -> connection.execute("SELECT nope FROM t"))
                .isInstanceOfSatisfying(
                        PgException.class,
                        e -> {
                            assertThat(e.sqlState().code()).isEqualTo("42703");
                            assertThat(e).hasMessage("column \"nope\" does not exist");
                            assertThat(e.report().position()).isEqualTo(8);
                        });
        assertThatThrownBy(() -> connection.execute("INSERT INTO t VALUES (?, ?)", 1))
                .isInstanceOfSatisfying(
                        PgException.class, e -> assertThat(e.sqlState().code()).isEqualTo("08P01"));
    }

    private List<Integer> ids() {
        return connection.query("SELECT id FROM t ORDER BY id").stream()
                .map(row -> row.asInt(0))
                .toList();
    }
}
