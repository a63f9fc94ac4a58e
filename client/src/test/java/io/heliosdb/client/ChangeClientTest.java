package io.heliosdb.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliosdb.pg.Lsn;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.pgoutput.Change;
import io.heliosdb.pg.pgoutput.Change.Begin;
import io.heliosdb.pg.pgoutput.Change.Commit;
import io.heliosdb.pg.pgoutput.Change.Insert;
import io.heliosdb.pg.pgoutput.Datum;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/** The change stream of a real PostgreSQL. */
@Timeout(120)
final class ChangeClientTest {
    private static final ChangeOptions OPTIONS =
            ChangeOptions.of("changes_test", "changes_test")
                    .withTimes(Duration.ofMillis(200), Duration.ofSeconds(2));

    private final Postgres postgres = Postgres.shared();

    @BeforeEach
    void createTable() {
        postgres.run("CREATE TABLE changed (id int PRIMARY KEY, body text)");
        postgres.run("CREATE PUBLICATION changes_test FOR TABLE changed");
    }

    @AfterEach
    void dropTable() {
        postgres.run(
                "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE"
                        + " active_pid IS NOT NULL");
        postgres.run("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots");
        postgres.run("DROP PUBLICATION changes_test");
        postgres.run("DROP TABLE changed");
    }

    private static Commit receiveTransaction(ChangeClient client, List<Change> into)
            throws InterruptedException {
        while (true) {
            var change = client.receive();
            into.add(change);
            if (change instanceof Commit commit) {
                return commit;
            }
        }
    }

    private Lsn confirmed() throws SQLException {
        try (var connection = postgres.connect();
                var statement = connection.createStatement();
                var row =
                        statement.executeQuery(
                                "SELECT confirmed_flush_lsn - '0/0' FROM pg_replication_slots")) {
            row.next();
            return new Lsn(row.getLong(1));
        }
    }

    private void awaitConfirmed(Lsn position) throws SQLException {
        while (confirmed().compareTo(position) < 0) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    void changesComeInTheirTransactionsAndWhatIsAcknowledgedDoesNotComeAgain() throws Exception {
        var got = new ArrayList<Change>();
        try (var client = ChangeClient.connect(postgres.url(), OPTIONS)) {
            postgres.run("INSERT INTO changed VALUES (1, 'one'), (2, NULL)");
            var commit = receiveTransaction(client, got);
            assertThat(got.getFirst()).isInstanceOf(Begin.class);
            var rows = got.stream().filter(Insert.class::isInstance).map(Insert.class::cast);
            assertThat(rows.map(Insert::row).toList())
                    .containsExactly(
                            List.of(new Datum.Text("1"), new Datum.Text("one")),
                            List.of(new Datum.Text("2"), new Datum.Null()));
            client.acknowledge(commit);
            awaitConfirmed(commit.endLsn());
            postgres.run("UPDATE changed SET body = 'uno' WHERE id = 1");
            receiveTransaction(client, got);
        }
        got.clear();
        try (var client = ChangeClient.connect(postgres.url(), OPTIONS)) {
            receiveTransaction(client, got);
            assertThat(got).anyMatch(Change.Update.class::isInstance);
            assertThat(got).noneMatch(Insert.class::isInstance);
        }
    }

    @Test
    void aQuietTableDoesNotHoldBackTheLog() throws Exception {
        try (var client = ChangeClient.connect(postgres.url(), OPTIONS)) {
            var before = confirmed();
            postgres.run("CREATE TABLE loud AS SELECT generate_series(1, 1000) AS x");
            postgres.run("DROP TABLE loud");
            awaitConfirmed(new Lsn(before.value() + 10_000));
            assertThat(client.receive(Duration.ZERO)).isEmpty();
        }
    }

    @Test
    void whatIsNotAcknowledgedHoldsTheLog() throws Exception {
        try (var client = ChangeClient.connect(postgres.url(), OPTIONS)) {
            postgres.run("INSERT INTO changed VALUES (1, 'one')");
            var commit = receiveTransaction(client, new ArrayList<>());
            postgres.run("CREATE TABLE loud AS SELECT generate_series(1, 1000) AS x");
            postgres.run("DROP TABLE loud");
            assertThat(client.receive(Duration.ofMillis(700))).isEmpty();
            assertThat(confirmed()).isLessThan(commit.endLsn());
        }
    }

    @Test
    void cutsLoseAndRepeatNothing() throws Exception {
        long seed = Long.getLong("cuts.seed", System.nanoTime());
        var random = new Random(seed);
        int count = 300;
        try (var proxy = new CuttableProxy(postgres.port());
                var client =
                        ChangeClient.connect(
                                postgres.url(proxy.port()), new Properties(), OPTIONS)) {
            var sender = CompletableFuture.runAsync(() -> insert(count));
            var rows = new ArrayList<String>();
            var open = new ArrayList<String>();
            while (rows.size() < count) {
                switch (client.receive()) {
                    case Begin _ -> open.clear();
                    case Insert insert -> open.add(((Datum.Text) insert.row().getFirst()).text());
                    case Commit commit -> {
                        rows.addAll(open);
                        if (random.nextInt(10) == 0) {
                            client.acknowledge(commit);
                        }
                        if (random.nextInt(15) == 0) {
                            proxy.cut();
                        }
                    }
                    default -> {}
                }
            }
            sender.get();
            var expected = new ArrayList<String>();
            for (int i = 0; i < count; i++) {
                expected.add(String.valueOf(i));
            }
            assertThat(rows).as("seed " + seed).containsExactlyElementsOf(expected);
        }
    }

    private void insert(int count) {
        try (var connection = postgres.connect();
                var statement =
                        connection.prepareStatement("INSERT INTO changed VALUES (?, 'x')")) {
            for (int i = 0; i < count; i++) {
                statement.setInt(1, i);
                statement.execute();
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aSlotThatDoesNotExistIsAnError() {
        var options =
                new ChangeOptions(
                        "there_is_none",
                        OPTIONS.publications(),
                        false,
                        OPTIONS.statusInterval(),
                        OPTIONS.answerTimeout(),
                        10,
                        OPTIONS.backoffFirst(),
                        OPTIONS.backoffMax(),
                        false);
        assertThatThrownBy(() -> ChangeClient.connect(postgres.url(), options))
                .isInstanceOfSatisfying(
                        PgException.class, e -> assertThat(e.sqlState().code()).isEqualTo("42704"));
    }
}
