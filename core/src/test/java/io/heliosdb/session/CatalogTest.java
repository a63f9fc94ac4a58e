package io.heliosdb.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliosdb.engine.EngineOptions;

import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** What the system views show of what runs, what stays, and what is nobody's to see. */
class CatalogTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "settings",
                "users",
                "sessions",
                "session_state",
                "in_doubt",
                "locks",
                "roles",
                "rights",
                "query_statistics",
                "synonyms",
                "constants",
                "enum_values",
                "indexes",
                "index_columns"
            })
    void viewsThatShowTheEngineDoNotExist(String name) {
        try (var instance = Instance.open(InstanceOptions.of(EngineOptions.inMemory()))) {
            var client = new Client(instance);
            assertThat(client.run("SELECT * FROM information_schema." + name))
                    .singleElement(InstanceOfAssertFactories.STRING)
                    .startsWith("ERROR 42P01");
        }
    }

    @Test
    void objectsKeepTheirNumbersAcrossARestart(@TempDir Path directory) {
        var options = InstanceOptions.of(EngineOptions.at(directory));
        String numbers =
                "SELECT 't'::regclass::oid, 't_pkey'::regclass::oid, 'v'::regclass::oid,"
                        + " 's'::regclass::oid, 'mood'::regtype::oid, 'f'::regproc::oid,"
                        + " 'app'::regnamespace::oid, 'someone'::regrole::oid,"
                        + " (SELECT oid FROM pg_trigger WHERE tgname = 'g'),"
                        + " (SELECT oid FROM pg_constraint WHERE conname = 'positive')";
        List<String> before;
        try (var instance = Instance.open(options)) {
            var client = new Client(instance);
            for (String sql :
                    List.of(
                            "CREATE TABLE t (a int PRIMARY KEY CONSTRAINT positive CHECK (a > 0))",
                            "CREATE VIEW v AS SELECT a FROM t",
                            "CREATE SEQUENCE s",
                            "CREATE TYPE mood AS ENUM ('sad', 'happy')",
                            "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS"
                                    + " 'BEGIN RETURN NEW; END'",
                            "CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()",
                            "CREATE SCHEMA app",
                            "CREATE ROLE someone")) {
                assertThat(client.run(sql)).noneMatch(line -> line.startsWith("ERROR"));
            }
            before = client.run(numbers);
        }
        assertThat(before.getFirst()).doesNotContain("null", "ERROR");
        try (var instance = Instance.open(options)) {
            assertThat(new Client(instance).run(numbers)).isEqualTo(before);
        }
    }

    @Test
    void activityShowsWhatASessionRunsAndWaitsFor() throws InterruptedException {
        try (var instance = Instance.open(InstanceOptions.of(EngineOptions.inMemory()))) {
            var holder = new Client(instance);
            var waiter = new Client(instance);
            var observer = new Client(instance);
            holder.run("CREATE TABLE t (a int); INSERT INTO t VALUES (1)");
            holder.run("BEGIN; UPDATE t SET a = 2");
            assertThat(activity(observer, holder))
                    .isEqualTo(
                            "[idle in transaction, BEGIN; UPDATE t SET a = 2, Client, ClientRead,"
                                    + " true]");
            Thread thread = Thread.ofVirtual().start(() -> waiter.run("UPDATE t SET a = 3"));
            String waiting = "[active, UPDATE t SET a = 3, Lock, transactionid, true]";
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            String seen = activity(observer, waiter);
            while (!seen.equals(waiting) && System.nanoTime() < deadline) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
                seen = activity(observer, waiter);
            }
            assertThat(seen).isEqualTo(waiting);
            holder.run("nonsense");
            assertThat(activity(observer, holder))
                    .startsWith("[idle in transaction (aborted), nonsense");
            holder.run("ROLLBACK");
            thread.join();
            assertThat(activity(observer, holder))
                    .isEqualTo("[idle, ROLLBACK, Client, ClientRead, false]");
            assertThat(activity(observer, observer)).startsWith("[active, SELECT state");
        }
    }

    private static String activity(Client observer, Client of) {
        return observer.run(
                        "SELECT state, query, wait_event_type, wait_event, xact_start IS NOT NULL"
                                + " FROM pg_stat_activity WHERE pid = "
                                + of.session.pid())
                .getFirst();
    }
}
