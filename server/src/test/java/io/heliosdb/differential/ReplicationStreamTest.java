package io.heliosdb.differential;

import static io.heliosdb.differential.ReplicationServers.read;
import static io.heliosdb.differential.ReplicationServers.replication;
import static io.heliosdb.differential.ReplicationServers.run;
import static io.heliosdb.differential.ReplicationServers.slot;
import static io.heliosdb.differential.ReplicationServers.sql;
import static io.heliosdb.differential.ReplicationServers.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;
import org.postgresql.replication.PGReplicationStream;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;

/**
 * pgjdbc's replication streams from a PostgreSQL and from HeliosDB-Lite, with the same assertions.
 */
final class ReplicationStreamTest {
    @TempDir static Path directory;
    private static ReplicationServers servers;

    @BeforeAll
    static void serve() {
        servers = new ReplicationServers(directory);
    }

    @AfterAll
    static void close() {
        servers.close();
    }

    private static Stream<DynamicTest> onBoth(ReplicationServers.Check check) {
        return servers.onBoth(check);
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
