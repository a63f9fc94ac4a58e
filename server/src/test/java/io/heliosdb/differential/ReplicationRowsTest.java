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
import org.postgresql.util.PSQLException;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Which rows can be told of, and rows that were there, on a PostgreSQL and on HeliosDB-Lite. */
final class ReplicationRowsTest {
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
    Stream<DynamicTest> othersSeeWhatWasThereWhenASlotWasMade() {
        return onBoth(server -> {
            try (var sql = sql(server);
                    var reader = sql(server);
                    var replication = replication(server)) {
                run(
                        sql,
                        "create table r9 (id int primary key, n int unique)",
                        "create publication r9_pub for table r9",
                        "insert into r9 values (1, 1), (2, 2)");
                String snapshot;
                try (var rows =
                        replication
                                .createStatement()
                                .executeQuery(
                                        "CREATE_REPLICATION_SLOT r9_slot TEMPORARY LOGICAL pgoutput"
                                                + " (SNAPSHOT 'export')")) {
                    assertThat(rows.next()).isTrue();
                    snapshot = rows.getString("snapshot_name");
                    assertThat(snapshot).matches("[0-9A-F]{8}-[0-9A-F]{8}-1");
                }
                run(sql, "insert into r9 values (4, 4)", "update r9 set n = 5 where id = 1");
                run(sql, "delete from r9 where id = 2");
                run(
                        reader,
                        "begin isolation level repeatable read",
                        "set transaction snapshot '" + snapshot + "'");
                run(replication, "SHOW server_version");
                assertThat(list(reader, "select id, n from r9 order by id"))
                        .containsExactly("1 1", "2 2");
                assertThat(list(reader, "select id, n from r9 where n = 1")).containsExactly("1 1");
                run(reader, "commit");
                assertThat(list(reader, "select id, n from r9 order by id"))
                        .containsExactly("1 5", "4 4");
                run(reader, "begin isolation level repeatable read");
                assertThatThrownBy(() -> run(reader, "set transaction snapshot '" + snapshot + "'"))
                        .hasMessageContaining("invalid snapshot identifier");
                run(reader, "rollback", "begin");
                assertThatThrownBy(() -> run(reader, "set transaction snapshot 'x'"))
                        .hasMessageContaining(
                                "a snapshot-importing transaction must have isolation level"
                                        + " SERIALIZABLE or REPEATABLE READ");
                run(reader, "rollback");
                try (var stream = stream(replication, "r9_slot", "r9_pub")) {
                    assertThat(read(stream, 3))
                            .contains(
                                    "delete r9 key (2, null)",
                                    "insert r9 (4, 4)",
                                    "update r9 (1, 5)")
                            .doesNotContain("insert r9 (1, 1)");
                }
            }
        });
    }

    private static List<String> list(Connection connection, String sql) throws SQLException {
        var found = new ArrayList<String>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                found.add(rows.getString(1) + ' ' + rows.getString(2));
            }
        }
        return found;
    }
}
