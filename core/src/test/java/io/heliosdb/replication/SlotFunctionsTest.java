package io.heliosdb.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliosdb.HeliosConfig;
import io.heliosdb.HeliosDb;
import io.heliosdb.Row;
import io.heliosdb.config.Settings;
import io.heliosdb.pg.PgException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * The lines of test_decoding are those of a PostgreSQL 15, but for the number of the transaction.
 */
class SlotFunctionsTest {
    private static final long MEGABYTE = 1 << 20;

    @TempDir Path directory;

    private HeliosDb db;

    @BeforeEach
    void open() {
        db = HeliosDb.open(directory);
    }

    @AfterEach
    void close() {
        db.close();
    }

    private void reopen() {
        db.close();
        db = HeliosDb.open(directory);
    }

    private void slot(String name) {
        db.query(
                "SELECT * FROM pg_create_logical_replication_slot('"
                        + name
                        + "', 'test_decoding')");
    }

    private List<String> read(String how, String slot) {
        return texts(
                "SELECT data FROM pg_logical_slot_%s_changes('%s', NULL, NULL, 'include-xids', '0', 'skip-empty-xacts', '1')"
                        .formatted(how, slot));
    }

    private List<String> texts(String sql) {
        return db.query(sql).stream().map(row -> String.valueOf(row.asString(0))).toList();
    }

    @Test
    void everyKindOfChangeIsToldInTheOrderOfCommits() {
        db.execute(
                "CREATE TABLE k (id int PRIMARY KEY, a varchar(10), n numeric(5,2), b bytea, ts"
                        + " timestamptz, j jsonb, f boolean, d double precision)");
        slot("s");
        db.execute(
                "INSERT INTO k VALUES (1, 'x''y\\z', 1.5, '\\x01ff', '2020-01-01 00:00+00',"
                        + " '{\"a\":1}', true, 1.5)");
        db.execute("UPDATE k SET a = 'q' WHERE id = 1");
        db.transaction(tx -> {
            tx.query("SELECT pg_logical_emit_message(true, 'pfx', 'hello')");
            tx.execute("DELETE FROM k");
            tx.execute("INSERT INTO k (id) VALUES (9)");
        });
        db.query("SELECT pg_logical_emit_message(false, 'pfx', 'hello2')");
        db.execute("TRUNCATE k RESTART IDENTITY");
        String nulls =
                " a[character varying]:null n[numeric]:null b[bytea]:null ts[timestamp with time"
                        + " zone]:null j[jsonb]:null f[boolean]:null d[double precision]:null";
        String rest =
                " n[numeric]:1.50 b[bytea]:'\\x01ff' ts[timestamp with time zone]:'2020-01-01"
                    + " 00:00:00+00' j[jsonb]:'{\"a\": 1}' f[boolean]:true d[double precision]:1.5";
        assertThat(read("get", "s"))
                .containsExactly(
                        "BEGIN",
                        "table public.k: INSERT: id[integer]:1 a[character varying]:'x''y\\z'"
                                + rest,
                        "COMMIT",
                        "BEGIN",
                        "table public.k: UPDATE: id[integer]:1 a[character varying]:'q'" + rest,
                        "COMMIT",
                        "BEGIN",
                        "message: transactional: 1 prefix: pfx, sz: 5 content:hello",
                        "table public.k: DELETE: id[integer]:1",
                        "table public.k: INSERT: id[integer]:9" + nulls,
                        "COMMIT",
                        "message: transactional: 0 prefix: pfx, sz: 6 content:hello2",
                        "BEGIN",
                        "table public.k: TRUNCATE: restart_seqs",
                        "COMMIT");
        assertThat(read("get", "s")).isEmpty();
    }

    @Test
    void anUpdateOfTheKeyTellsTheOldOne() {
        db.execute("CREATE TABLE t (id text PRIMARY KEY, n int)");
        slot("s");
        db.execute("INSERT INTO t VALUES ('a', 1), ('b', 2)");
        db.execute("UPDATE t SET id = id || 'x'");
        assertThat(read("get", "s"))
                .endsWith(
                        "table public.t: UPDATE: old-key: id[text]:'a' new-tuple: id[text]:'ax'"
                                + " n[integer]:1",
                        "table public.t: UPDATE: old-key: id[text]:'b' new-tuple: id[text]:'bx'"
                                + " n[integer]:2",
                        "COMMIT");
    }

    @Test
    void aReplicaIdentitySaysWhatOfAnOldRowIsTold() {
        db.execute("CREATE TABLE t (a int, b text NOT NULL UNIQUE)");
        slot("s");
        db.execute("INSERT INTO t VALUES (1, 'x')");
        db.execute("DELETE FROM t");
        assertThat(read("get", "s")).contains("table public.t: DELETE: (no-tuple-data)");
        db.execute("ALTER TABLE t REPLICA IDENTITY FULL");
        db.execute("INSERT INTO t VALUES (1, 'x')");
        db.execute("UPDATE t SET a = 2");
        assertThat(read("get", "s"))
                .contains(
                        "table public.t: UPDATE: old-key: a[integer]:1 b[text]:'x' new-tuple:"
                                + " a[integer]:2 b[text]:'x'");
        db.execute("ALTER TABLE t REPLICA IDENTITY USING INDEX t_b_key");
        db.execute("UPDATE t SET a = 3");
        db.execute("UPDATE t SET b = 'y'");
        assertThat(read("get", "s"))
                .contains(
                        "table public.t: UPDATE: a[integer]:3 b[text]:'x'",
                        "table public.t: UPDATE: old-key: b[text]:'x' new-tuple: a[integer]:3"
                                + " b[text]:'y'");
        assertThat(texts("SELECT relreplident FROM pg_class WHERE relname = 't'"))
                .containsExactly("i");
    }

    @Test
    void aChangeIsReadWithTheTableOfItsTime() {
        db.execute("CREATE TABLE t (id int PRIMARY KEY, a text)");
        slot("s");
        db.execute("INSERT INTO t VALUES (1, 'one')");
        db.execute("ALTER TABLE t ADD COLUMN b int DEFAULT 7");
        db.execute("INSERT INTO t VALUES (2, 'two', 2)");
        db.execute("ALTER TABLE t DROP COLUMN a");
        db.execute("INSERT INTO t VALUES (3, 3)");
        db.execute("ALTER TABLE t RENAME COLUMN b TO c");
        db.execute("INSERT INTO t VALUES (4, 4)");
        db.execute("ALTER TABLE t RENAME TO u");
        db.execute("INSERT INTO u VALUES (5, 5)");
        reopen();
        db.execute("DROP TABLE u");
        db.execute("CREATE TABLE t (x boolean)");
        db.execute("INSERT INTO t VALUES (true)");
        var rows = read("peek", "s").stream().filter(line -> line.startsWith("table")).toList();
        assertThat(rows)
                .containsExactly(
                        "table public.t: INSERT: id[integer]:1 a[text]:'one'",
                        "table public.t: INSERT: id[integer]:2 a[text]:'two' b[integer]:2",
                        "table public.t: INSERT: id[integer]:3 b[integer]:3",
                        "table public.t: INSERT: id[integer]:4 c[integer]:4",
                        "table public.u: INSERT: id[integer]:5 c[integer]:5",
                        "table public.t: INSERT: x[boolean]:true");
    }

    @Test
    void aSlotKeepsItsPlaceOverARestart() {
        db.execute("CREATE TABLE t (a int PRIMARY KEY)");
        slot("s");
        db.execute("INSERT INTO t VALUES (1)");
        assertThat(read("get", "s")).hasSize(3);
        db.execute("INSERT INTO t VALUES (2)");
        reopen();
        assertThat(read("peek", "s")).hasSize(3).contains("table public.t: INSERT: a[integer]:2");
        assertThat(read("get", "s")).hasSize(3);
        reopen();
        assertThat(read("get", "s")).isEmpty();
    }

    @Test
    void whatIsRolledBackIsNotTold() {
        db.execute("CREATE TABLE t (a int PRIMARY KEY)");
        slot("s");
        try (var connection = db.connect()) {
            connection.execute("BEGIN");
            connection.execute("INSERT INTO t VALUES (1)");
            connection.execute("SAVEPOINT p");
            connection.execute("INSERT INTO t VALUES (2)");
            connection.query("SELECT pg_logical_emit_message(true, 'p', 'lost')");
            connection.execute("ROLLBACK TO p");
            connection.execute("INSERT INTO t VALUES (3)");
            connection.execute("COMMIT");
            connection.execute("BEGIN");
            connection.execute("INSERT INTO t VALUES (4)");
            connection.execute("ROLLBACK");
        }
        assertThat(read("get", "s"))
                .containsExactly(
                        "BEGIN",
                        "table public.t: INSERT: a[integer]:1",
                        "table public.t: INSERT: a[integer]:3",
                        "COMMIT");
    }

    @Test
    void changesEndWithTheTransactionThatReachesTheirNumber() {
        db.execute("CREATE TABLE t (a int PRIMARY KEY)");
        slot("s");
        for (int i = 0; i < 3; i++) {
            db.execute("INSERT INTO t VALUES (?)", i);
        }
        String some =
                "SELECT data FROM pg_logical_slot_get_changes('s', NULL, 4, 'include-xids', '0',"
                        + " 'skip-empty-xacts', '1')";
        assertThat(texts(some)).hasSize(6);
        assertThat(texts(some)).hasSize(3);
    }

    @Test
    void aSlotCanBeMovedOnAndDropped() {
        db.execute("CREATE TABLE t (a int PRIMARY KEY)");
        slot("s");
        var before = texts("SELECT confirmed_flush_lsn FROM pg_replication_slots").getFirst();
        db.execute("INSERT INTO t VALUES (1)");
        String advanced =
                texts("SELECT end_lsn FROM pg_replication_slot_advance('s', '7FFFFFFF/0')")
                        .getFirst();
        assertThat(advanced).isNotEqualTo(before);
        assertThat(read("get", "s")).isEmpty();
        assertThatThrownBy(() -> db.query("SELECT pg_replication_slot_advance('s', '0/1')"))
                .hasMessage("cannot advance replication slot to 0/1, minimum is " + advanced);
        db.query("SELECT pg_drop_replication_slot('s')");
        assertThatThrownBy(() -> read("get", "s"))
                .hasMessage("replication slot \"s\" does not exist");
        assertThat(texts("SELECT slot_name FROM pg_replication_slots")).isEmpty();
    }

    @Test
    void namesAndOptionsAreChecked() {
        slot("s");
        assertThatThrownBy(() -> slot("s")).hasMessage("replication slot \"s\" already exists");
        assertThatThrownBy(() -> slot("Td-"))
                .hasMessage("replication slot name \"Td-\" contains invalid character");
        assertThatThrownBy(
                        () -> db.query("SELECT pg_create_logical_replication_slot('a', 'nosuch')"))
                .hasMessage("could not access file \"nosuch\": No such file or directory");
        assertThatThrownBy(() ->
                        db.query(
                                "SELECT * FROM pg_logical_slot_get_changes('s', NULL, NULL,"
                                        + " 'include-foo', '0')"))
                .hasMessage("option \"include-foo\" = \"0\" is unknown");
    }

    @Test
    void aTemporarySlotGoesWithItsSession() {
        try (var connection = db.connect()) {
            connection.query(
                    "SELECT pg_create_logical_replication_slot('tmp', 'test_decoding', true)");
            assertThat(texts("SELECT slot_name FROM pg_replication_slots WHERE temporary"))
                    .containsExactly("tmp");
        }
        assertThat(texts("SELECT slot_name FROM pg_replication_slots")).isEmpty();
    }

    @Test
    void aSlotThatLagsTooFarIsLostAndSaysSo() {
        db.close();
        var config =
                HeliosConfig.at(directory)
                        .with(Settings.WAL_KEEP_SIZE, MEGABYTE)
                        .with(Settings.MAX_SLOT_WAL_KEEP_SIZE, MEGABYTE);
        db = HeliosDb.open(config);
        db.execute("CREATE TABLE t (a int, b bytea)");
        slot("s");
        for (int i = 0; i < 40; i++) {
            db.execute("INSERT INTO t VALUES (?, ?)", i, new byte[500_000]);
        }
        db.execute("CHECKPOINT");
        db.execute("CHECKPOINT");
        assertThat(texts("SELECT wal_status FROM pg_replication_slots")).containsExactly("lost");
        assertThatThrownBy(() -> read("get", "s"))
                .hasMessage("can no longer get changes from replication slot \"s\"");
        db.close();
        db = HeliosDb.open(config);
        assertThat(texts("SELECT wal_status FROM pg_replication_slots")).containsExactly("lost");
        db.query("SELECT pg_drop_replication_slot('s')");
        assertThat(texts("SELECT wal_status FROM pg_replication_slots")).isEmpty();
    }

    @Test
    void aSlotThatNobodyReadsForTooLongIsLost() {
        db.close();
        var config =
                HeliosConfig.at(directory)
                        .with(Settings.IDLE_REPLICATION_SLOT_TIMEOUT, Duration.ofSeconds(1));
        db = HeliosDb.open(config);
        db.execute("CREATE TABLE t (a int)");
        db.execute("CREATE PUBLICATION p FOR TABLE t");
        slot("idle");
        try (var stream = db.changes("busy").from("p")) {
            await(() -> {
                db.execute("INSERT INTO t VALUES (1)");
                db.execute("CHECKPOINT");
                return texts("SELECT wal_status FROM pg_replication_slots WHERE slot_name = 'idle'")
                        .contains("lost");
            });
            assertThatThrownBy(() -> read("get", "idle"))
                    .isInstanceOfSatisfying(
                            PgException.class,
                            e ->
                                    assertThat(e.report().detail())
                                            .contains("idle_replication_slot_timeout"));
            assertThat(
                            texts(
                                    "SELECT wal_status FROM pg_replication_slots WHERE slot_name ="
                                            + " '"
                                            + stream.slot()
                                            + "'"))
                    .containsExactly("reserved");
        }
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
        }
    }

    @Test
    void publicationsFollowTheirTables() {
        db.execute("CREATE TABLE t (a int PRIMARY KEY, b int)");
        db.execute("CREATE PUBLICATION p FOR TABLE t (a) WHERE (a > 1)");
        db.execute("ALTER TABLE t RENAME TO u");
        String members = "SELECT tablename || rowfilter FROM pg_publication_tables";
        assertThat(texts(members)).containsExactly("u(a > 1)");
        reopen();
        assertThat(texts(members)).containsExactly("u(a > 1)");
        db.execute("DROP TABLE u");
        assertThat(texts(members)).isEmpty();
        assertThat(texts("SELECT pubname FROM pg_publication")).containsExactly("p");
    }

    @Test
    void aDatabaseWithoutALogSaysThatItHasNoSlots() {
        try (var memory = HeliosDb.inMemory()) {
            assertThatThrownBy(() ->
                            memory.query(
                                    "SELECT pg_create_logical_replication_slot('s',"
                                            + " 'pgoutput')"))
                    .hasMessage("replication slots need a log, and this database keeps none");
            assertThat(
                            memory.query("SELECT * FROM pg_replication_slots").stream()
                                    .map(Row::toString))
                    .isEmpty();
        }
    }

    @Test
    void wal2jsonTellsOneObjectAChange() {
        db.execute("CREATE TABLE t (id int PRIMARY KEY, a varchar(5), n numeric)");
        db.query("SELECT pg_create_logical_replication_slot('w', 'wal2json')");
        db.execute("INSERT INTO t VALUES (1, 'a\"b', 1.5)");
        db.execute("UPDATE t SET a = NULL");
        db.execute("DELETE FROM t");
        assertThat(
                        texts(
                                "SELECT data FROM pg_logical_slot_get_changes('w', NULL, NULL,"
                                        + " 'format-version', '2')"))
                .containsExactly(
                        "{\"action\":\"B\"}",
                        "{\"action\":\"I\",\"schema\":\"public\",\"table\":\"t\",\"columns\":["
                            + "{\"name\":\"id\",\"type\":\"integer\",\"value\":1},{\"name\":\"a\",\"type\":\"character"
                            + " varying(5)\",\"value\":\"a\\\"b\"},"
                            + "{\"name\":\"n\",\"type\":\"numeric\",\"value\":1.5}]}",
                        "{\"action\":\"C\"}",
                        "{\"action\":\"B\"}",
                        "{\"action\":\"U\",\"schema\":\"public\",\"table\":\"t\",\"columns\":["
                            + "{\"name\":\"id\",\"type\":\"integer\",\"value\":1},{\"name\":\"a\",\"type\":\"character"
                            + " varying(5)\",\"value\":null},"
                            + "{\"name\":\"n\",\"type\":\"numeric\",\"value\":1.5}],\"identity\":["
                            + "{\"name\":\"id\",\"type\":\"integer\",\"value\":1}]}",
                        "{\"action\":\"C\"}",
                        "{\"action\":\"B\"}",
                        "{\"action\":\"D\",\"schema\":\"public\",\"table\":\"t\",\"identity\":["
                                + "{\"name\":\"id\",\"type\":\"integer\",\"value\":1}]}",
                        "{\"action\":\"C\"}");
    }
}
