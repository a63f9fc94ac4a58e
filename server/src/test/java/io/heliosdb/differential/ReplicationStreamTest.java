package io.heliosdb.differential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliosdb.HeliosConfig;
import io.heliosdb.HeliosDb;
import io.heliosdb.config.Settings;
import io.heliosdb.pg.pgoutput.Change;
import io.heliosdb.pg.pgoutput.ChangeReader;
import io.heliosdb.pg.pgoutput.Datum;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;
import org.postgresql.replication.PGReplicationStream;
import org.postgresql.util.PSQLException;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * pgjdbc's replication streams from a PostgreSQL and from HeliosDB-Lite, with the same assertions.
 */
final class ReplicationStreamTest {
    @TempDir static Path directory;

    private static HeliosDb helios;
    private static int heliosPort;

    private record Server(String name, int port) {}

    private interface Check {
        void on(Server server) throws Exception;
    }

    @BeforeAll
    static void serve() {
        var config = HeliosConfig.at(directory).with(Settings.PORT, 0);
        helios = HeliosDb.open(config);
        heliosPort = helios.serve().port();
    }

    @AfterAll
    static void close() {
        helios.close();
    }

    private static Stream<DynamicTest> onBoth(Check check) {
        var postgres = PostgresTarget.running();
        return Stream.of(new Server("PostgreSQL", postgres.port()), new Server("here", heliosPort))
                .map(server -> DynamicTest.dynamicTest(server.name, () -> run(check, server)));
    }

    /** Other tests compare what is in the catalogs: nothing is left behind. */
    private static void run(Check check, Server server) throws Exception {
        try {
            check.on(server);
        } finally {
            try (var sql = sql(server)) {
                for (String name :
                        List.of("r1", "r2", "r2c", "r3", "r4", "r5", "r7", "r8", "r8b")) {
                    run(
                            sql,
                            "drop publication if exists " + name + "_pub",
                            "drop table if exists " + name + " cascade");
                }
                run(sql, "drop table if exists r1_other");
            }
        }
    }

    private static Connection sql(Server server) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + server.port + "/postgres", "postgres", "postgres");
    }

    private static Connection replication(Server server) throws SQLException {
        var properties = new Properties();
        PGProperty.USER.set(properties, "postgres");
        PGProperty.PASSWORD.set(properties, "postgres");
        PGProperty.REPLICATION.set(properties, "database");
        PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "15");
        PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + server.port + "/postgres", properties);
    }

    private static void run(Connection connection, String... statements) throws SQLException {
        try (var statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static void slot(Connection connection, String name, String plugin)
            throws SQLException {
        connection
                .unwrap(PGConnection.class)
                .getReplicationAPI()
                .createReplicationSlot()
                .logical()
                .withSlotName(name)
                .withOutputPlugin(plugin)
                .withTemporaryOption()
                .make();
    }

    private static PGReplicationStream stream(
            Connection connection, String slot, String publications) throws SQLException {
        return connection
                .unwrap(PGConnection.class)
                .getReplicationAPI()
                .replicationStream()
                .logical()
                .withSlotName(slot)
                .withSlotOption("proto_version", 1)
                .withSlotOption("publication_names", publications)
                .withSlotOption("messages", true)
                .start();
    }

    /** The changes of so many transactions, without what differs from server to server. */
    private static List<String> read(PGReplicationStream stream, int transactions)
            throws SQLException {
        var reader = new ChangeReader();
        var told = new ArrayList<String>();
        int left = transactions;
        while (left > 0) {
            var change = reader.read(stream.read());
            // PostgreSQL announces a table again that has not changed, after TRUNCATE.
            if (!(change instanceof Change.Relation) || !told.contains(text(change))) {
                told.add(text(change));
            }
            if (change instanceof Change.Commit) {
                left--;
                stream.setFlushedLSN(stream.getLastReceiveLSN());
                stream.setAppliedLSN(stream.getLastReceiveLSN());
            }
        }
        stream.forceUpdateStatus();
        return told;
    }

    private static String text(Change change) {
        return switch (change) {
            case Change.Begin _ -> "begin";
            case Change.Commit _ -> "commit";
            case Change.Relation relation ->
                    "relation %s.%s %s %s"
                            .formatted(
                                    relation.schema(),
                                    relation.name(),
                                    relation.replicaIdentity(),
                                    relation.columns().stream()
                                            .map(column ->
                                                    (column.isKey() ? "*" : "")
                                                            + column.name()
                                                            + ':'
                                                            + column.typeOid()
                                                            + ':'
                                                            + column.typeModifier())
                                            .collect(Collectors.joining(" ")));
            case Change.Insert(var relation, var row) -> "insert " + relation.name() + row(row);
            case Change.Update(var relation, var old, var row) ->
                    "update "
                            + relation.name()
                            + (old == null
                                    ? ""
                                    : (old.isKeyOnly() ? " key" : " old") + row(old.row()))
                            + row(row);
            case Change.Delete(var relation, var old) ->
                    "delete "
                            + relation.name()
                            + (old.isKeyOnly() ? " key" : " old")
                            + row(old.row());
            case Change.Truncate truncate ->
                    "truncate "
                            + truncate.relations().getFirst().name()
                            + truncate.restartIdentity();
            case Change.Message message ->
                    "message "
                            + message.transactional()
                            + ' '
                            + message.prefix()
                            + ' '
                            + new String(message.content(), StandardCharsets.UTF_8);
            case Change.Origin _, Change.TypeName _ -> change.toString();
        };
    }

    private static String row(List<Datum> row) {
        return row.stream()
                .map(datum ->
                        switch (datum) {
                            case Datum.Null _ -> "null";
                            case Datum.Text(var text) -> text;
                            case Datum.Unchanged _ -> "unchanged";
                            case Datum.Binary _ -> "binary";
                        })
                .collect(Collectors.joining(", ", " (", ")"));
    }

    @TestFactory
    Stream<DynamicTest> insertsUpdatesAndDeletesAreStreamed() {
        return onBoth(server -> {
            try (var sql = sql(server);
                    var replication = replication(server)) {
                run(
                        sql,
                        "create table r1 (id text primary key, n numeric(8,2), b bytea, at"
                                + " timestamptz, d double precision, j jsonb, v varchar(7))",
                        "create table r1_other (id int primary key)",
                        "create publication r1_pub for table r1");
                slot(replication, "r1_slot", "pgoutput");
                try (var stream = stream(replication, "r1_slot", "r1_pub")) {
                    run(
                            sql,
                            "insert into r1 values ('a', 1.5, '\\x00ff', '2024-02-29"
                                + " 12:00:00.25+00', 0.1, '{\"k\": [1]}', 'x'), ('b', null, null,"
                                + " null, null, null, null)",
                            "insert into r1_other values (1)",
                            "begin",
                            "update r1 set n = 2 where id = 'a'",
                            "select pg_logical_emit_message(true, 'p', 'm')",
                            "savepoint s",
                            "delete from r1",
                            "rollback to s",
                            "update r1 set id = 'c' where id = 'b'",
                            "commit",
                            "delete from r1 where id = 'a'",
                            "truncate r1");
                    assertThat(read(stream, 4))
                            .containsExactly(
                                    "begin",
                                    "relation public.r1 DEFAULT *id:25:-1 n:1700:524294 b:17:-1"
                                            + " at:1184:-1 d:701:-1 j:3802:-1 v:1043:11",
                                    "insert r1 (a, 1.50, \\x00ff, 2024-02-29 12:00:00.25+00, 0.1,"
                                            + " {\"k\": [1]}, x)",
                                    "insert r1 (b, null, null, null, null, null, null)",
                                    "commit",
                                    "begin",
                                    "update r1 (a, 2.00, \\x00ff, 2024-02-29 12:00:00.25+00, 0.1,"
                                            + " {\"k\": [1]}, x)",
                                    "message true p m",
                                    "update r1 key (b, null, null, null, null, null, null) (c,"
                                            + " null, null, null, null, null, null)",
                                    "commit",
                                    "begin",
                                    "delete r1 key (a, null, null, null, null, null, null)",
                                    "commit",
                                    "begin",
                                    "truncate r1false",
                                    "commit");
                }
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> filtersAndColumnListsHold() {
        return onBoth(server -> {
            try (var sql = sql(server);
                    var replication = replication(server)) {
                run(
                        sql,
                        "create table r2 (id text primary key, n int, s text)",
                        "alter table r2 replica identity full",
                        "create publication r2_pub for table r2 where (n > 10)",
                        "create table r2c (id int primary key, a int, b int)",
                        "create publication r2c_pub for table r2c (id, b) with (publish ="
                                + " 'insert, delete')");
                slot(replication, "r2_slot", "pgoutput");
                try (var stream = stream(replication, "r2_slot", "r2_pub,r2c_pub")) {
                    run(
                            sql,
                            "insert into r2 values ('a', 1, 'x'), ('b', 11, 'y')",
                            "update r2 set n = 12 where id = 'a'",
                            "update r2 set n = 13 where id = 'a'",
                            "update r2 set n = 2 where id = 'b'",
                            "delete from r2 where id = 'b'",
                            "insert into r2c values (1, 2, 3)",
                            "update r2c set b = 4",
                            "delete from r2c");
                    assertThat(read(stream, 6))
                            .containsExactly(
                                    "begin",
                                    "relation public.r2 FULL *id:25:-1 *n:23:-1 *s:25:-1",
                                    "insert r2 (b, 11, y)",
                                    "commit",
                                    "begin",
                                    "insert r2 (a, 12, x)",
                                    "commit",
                                    "begin",
                                    "update r2 old (a, 12, x) (a, 13, x)",
                                    "commit",
                                    "begin",
                                    "delete r2 old (b, 11, y)",
                                    "commit",
                                    "begin",
                                    "relation public.r2c DEFAULT *id:23:-1 b:23:-1",
                                    "insert r2c (1, 3)",
                                    "commit",
                                    "begin",
                                    "delete r2c key (1, null)",
                                    "commit");
                }
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> aSchemaChangeIsAnnounced() {
        return onBoth(server -> {
            try (var sql = sql(server);
                    var replication = replication(server)) {
                run(
                        sql,
                        "create table r3 (id int primary key, a text)",
                        "create publication r3_pub for all tables");
                slot(replication, "r3_slot", "pgoutput");
                run(
                        sql,
                        "insert into r3 values (1, 'x')",
                        "alter table r3 add column b int",
                        "insert into r3 values (2, 'y', 2)",
                        "alter table r3 rename column b to c",
                        "alter table r3 drop column a",
                        "insert into r3 values (3, 3)");
                try (var stream = stream(replication, "r3_slot", "r3_pub")) {
                    assertThat(read(stream, 3))
                            .containsExactly(
                                    "begin",
                                    "relation public.r3 DEFAULT *id:23:-1 a:25:-1",
                                    "insert r3 (1, x)",
                                    "commit",
                                    "begin",
                                    "relation public.r3 DEFAULT *id:23:-1 a:25:-1 b:23:-1",
                                    "insert r3 (2, y, 2)",
                                    "commit",
                                    "begin",
                                    "relation public.r3 DEFAULT *id:23:-1 c:23:-1",
                                    "insert r3 (3, 3)",
                                    "commit");
                }
                run(sql, "drop publication r3_pub");
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> whatCouldNotBeToldIsRefused() {
        return onBoth(server -> {
            try (var sql = sql(server)) {
                run(
                        sql,
                        "create table r8 (id int, n int not null unique, s text)",
                        "create publication r8_pub for table r8",
                        "insert into r8 values (1, 1, 'a')");
                refused(
                        sql,
                        "update r8 set s = 'b' where id = 99",
                        "55000",
                        "cannot update table \"r8\" because it does not have a replica identity and"
                                + " publishes updates",
                        "To enable updating the table, set REPLICA IDENTITY using ALTER TABLE.");
                refused(
                        sql,
                        "delete from r8",
                        "55000",
                        "cannot delete from table \"r8\" because it does not have a replica"
                                + " identity and publishes deletes",
                        "To enable deleting from the table, set REPLICA IDENTITY using ALTER"
                                + " TABLE.");
                run(sql, "alter publication r8_pub set (publish = 'insert, delete')");
                run(sql, "update r8 set s = 'b'");
                run(sql, "alter publication r8_pub set (publish = 'insert, update, delete')");
                run(sql, "alter table r8 replica identity full", "update r8 set s = 'c'");
                run(sql, "alter table r8 replica identity using index r8_n_key");
                run(sql, "update r8 set s = 'd'");
                run(sql, "alter publication r8_pub set table r8 where (s <> 'x')");
                refused(
                        sql,
                        "update r8 set n = 2",
                        "42P10",
                        "cannot update table \"r8\"",
                        "Column used in the publication WHERE expression is not part of the replica"
                                + " identity.");
                run(sql, "alter publication r8_pub set table r8 (id, s)");
                refused(
                        sql,
                        "delete from r8",
                        "42P10",
                        "cannot delete from table \"r8\"",
                        "Column list used by the publication does not cover the replica identity.");
                run(sql, "drop publication r8_pub", "delete from r8");
            }
        });
    }

    private static void refused(
            Connection connection, String sql, String state, String message, String more) {
        assertThatThrownBy(() -> run(connection, sql))
                .isInstanceOfSatisfying(
                        PSQLException.class,
                        e -> {
                            assertThat(e.getSQLState()).isEqualTo(state);
                            var told = e.getServerErrorMessage();
                            assertThat(told.getMessage()).isEqualTo(message);
                            assertThat(told.getHint() + told.getDetail()).contains(more);
                        });
    }

    @TestFactory
    Stream<DynamicTest> anUpdateOfANumberThatIsTheKeyTellsTheOldOne() {
        return onBoth(server -> {
            try (var sql = sql(server);
                    var replication = replication(server)) {
                run(
                        sql,
                        "create table r8 (id int primary key, s text)",
                        "create table r8b (id int primary key references r8 on update cascade)",
                        "create publication r8_pub for table r8",
                        "create publication r8b_pub for table r8b");
                slot(replication, "r8_slot", "pgoutput");
                try (var stream = stream(replication, "r8_slot", "r8_pub,r8b_pub")) {
                    run(
                            sql,
                            "insert into r8 values (1, 'a'), (2, 'b')",
                            "begin",
                            "update r8 set id = id + 10",
                            "update r8 set id = 3 where id = 11",
                            "savepoint s",
                            "update r8 set id = 4 where id = 3",
                            "rollback to s",
                            "update r8 set s = 'c' where id = 3",
                            "commit",
                            "insert into r8b values (3)",
                            "update r8 set id = 5 where id = 3");
                    assertThat(read(stream, 4))
                            .containsExactly(
                                    "begin",
                                    "relation public.r8 DEFAULT *id:23:-1 s:25:-1",
                                    "insert r8 (1, a)",
                                    "insert r8 (2, b)",
                                    "commit",
                                    "begin",
                                    "update r8 key (1, null) (11, a)",
                                    "update r8 key (2, null) (12, b)",
                                    "update r8 key (11, null) (3, a)",
                                    "update r8 (3, c)",
                                    "commit",
                                    "begin",
                                    "relation public.r8b DEFAULT *id:23:-1",
                                    "insert r8b (3)",
                                    "commit",
                                    "begin",
                                    "update r8 key (3, null) (5, c)",
                                    "update r8b key (3) (5)",
                                    "commit");
                }
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> aSlotGoesOnWhereItWasAcknowledged() {
        return onBoth(server -> {
            try (var sql = sql(server)) {
                run(
                        sql,
                        "create table r4 (id int primary key)",
                        "create publication r4_pub for table r4",
                        "select pg_create_logical_replication_slot('r4_slot', 'pgoutput')",
                        "insert into r4 values (1)",
                        "insert into r4 values (2)");
                try (var first = replication(server);
                        var stream = stream(first, "r4_slot", "r4_pub")) {
                    assertThat(read(stream, 1)).contains("insert r4 (1)");
                    try (var second = replication(server)) {
                        assertThatThrownBy(() -> stream(second, "r4_slot", "r4_pub"))
                                .hasMessageContaining(
                                        "replication slot \"r4_slot\" is active for PID");
                    }
                }
                try (var next = replication(server)) {
                    try (var stream = stream(next, "r4_slot", "r4_pub")) {
                        assertThat(read(stream, 1)).contains("insert r4 (2)");
                    }
                    // The connection is of use after the streaming.
                    run(next, "DROP_REPLICATION_SLOT r4_slot WAIT");
                }
                try (var rows =
                        sql.createStatement()
                                .executeQuery(
                                        "select count(*) from pg_replication_slots where slot_name"
                                                + " = 'r4_slot'")) {
                    assertThat(rows.next()).isTrue();
                    assertThat(rows.getInt(1)).isZero();
                }
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> rowsOfASnapshotAndTheChangesAfterItMakeAWhole() {
        return onBoth(server -> {
            try (var sql = sql(server);
                    var replication = replication(server)) {
                run(
                        sql,
                        "create table r5 (id int primary key)",
                        "create publication r5_pub for table r5",
                        "insert into r5 values (1)");
                run(
                        replication,
                        "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
                        "CREATE_REPLICATION_SLOT r5_slot TEMPORARY LOGICAL pgoutput USE_SNAPSHOT");
                run(sql, "insert into r5 values (2)");
                try (var rows = replication.createStatement().executeQuery("SELECT id FROM r5")) {
                    assertThat(rows.next()).isTrue();
                    assertThat(rows.getInt(1)).isEqualTo(1);
                    assertThat(rows.next()).isFalse();
                }
                run(replication, "COMMIT");
                try (var stream = stream(replication, "r5_slot", "r5_pub")) {
                    assertThat(read(stream, 1))
                            .contains("insert r5 (2)")
                            .doesNotContain("insert r5 (1)");
                }
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> whatCannotBeStreamedIsRefused() {
        return onBoth(server -> {
            try (var replication = replication(server)) {
                slot(replication, "r6_slot", "test_decoding");
                assertThatThrownBy(() -> slot(replication, "r6_slot", "pgoutput"))
                        .hasMessageContaining("replication slot \"r6_slot\" already exists");
                assertThatThrownBy(() -> stream(replication, "nosuch", "p"))
                        .hasMessageContaining("replication slot \"nosuch\" does not exist");
                try (var rows = replication.createStatement().executeQuery("IDENTIFY_SYSTEM")) {
                    assertThat(rows.next()).isTrue();
                    assertThat(rows.getString("dbname")).isEqualTo("postgres");
                    assertThat(rows.getString("xlogpos")).matches("[0-9A-F]+/[0-9A-F]+");
                }
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> linesForPeopleAreStreamedToo() {
        return onBoth(server -> {
            try (var sql = sql(server);
                    var replication = replication(server)) {
                run(sql, "create table r7 (id int primary key, a text)");
                slot(replication, "r7_slot", "test_decoding");
                run(sql, "insert into r7 values (1, 'it''s')");
                try (var stream =
                        replication
                                .unwrap(PGConnection.class)
                                .getReplicationAPI()
                                .replicationStream()
                                .logical()
                                .withSlotName("r7_slot")
                                .withSlotOption("include-xids", false)
                                .withSlotOption("skip-empty-xacts", true)
                                .start()) {
                    assertThat(List.of(line(stream), line(stream), line(stream)))
                            .containsExactly(
                                    "BEGIN",
                                    "table public.r7: INSERT: id[integer]:1 a[text]:'it''s'",
                                    "COMMIT");
                }
            }
        });
    }

    private static String line(PGReplicationStream stream) throws SQLException {
        ByteBuffer message = stream.read();
        return new String(
                message.array(),
                message.arrayOffset() + message.position(),
                message.remaining(),
                StandardCharsets.UTF_8);
    }
}
