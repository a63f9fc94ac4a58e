package io.heliosdb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliosdb.HeliosDb;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Backups, what is made of them, and exports, by the command line. */
@Timeout(120)
class CopyCommandsTest {
    private static final List<String> QUERIES =
            List.of(
                    "SELECT * FROM shop.customer ORDER BY id",
                    "SELECT id, c, amount, tags, doc, bin, dbl, n2 FROM orders ORDER BY id",
                    "SELECT * FROM v ORDER BY id",
                    "SELECT twice(21), nextval('numbers')");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir private Path parent;

    @Test
    void aDatabaseThatIsInUseIsCopiedAndRestored() {
        String database = path("db").toString();
        try (var db = HeliosDb.openOrJoin(path("db"))) {
            db.execute("CREATE TABLE t (n int)");
            db.execute("INSERT INTO t VALUES (1)");
            assertThat(run("backup", database, path("copy").toString())).isZero();
            db.execute("INSERT INTO t VALUES (2)");
            String lsn =
                    String.valueOf(
                            db.queryRow("SELECT pg_current_wal_lsn()::text")
                                    .orElseThrow()
                                    .asString(0));
            db.execute("INSERT INTO t VALUES (3)");
            assertThat(
                            run(
                                    "restore",
                                    path("copy").toString(),
                                    path("then").toString(),
                                    "--log",
                                    database,
                                    "--to-lsn",
                                    lsn))
                    .as(err.toString(StandardCharsets.UTF_8))
                    .isZero();
        }
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("backup of \"" + database + "\" at 0/")
                .contains("restored \"" + path("then") + "\" up to 0/");
        assertThat(count("copy")).isEqualTo(1);
        assertThat(count("then")).isEqualTo(2);
    }

    @Test
    void whatIsNotThereIsAnErrorOfOneLine() {
        assertThat(run("backup", path("none").toString(), path("copy").toString())).isEqualTo(1);
        assertThat(run("restore", path("none").toString(), path("db").toString())).isEqualTo(1);
        assertThat(run("restore", "a", "b", "--to-time", "noon")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .anyMatch(line -> line.contains("there is no directory"))
                .anyMatch(line -> line.contains("there is no copy of a database"))
                .anyMatch(line -> line.contains("not a time with an offset"));
        assertThat(path("copy")).doesNotExist();
        assertThat(path("db")).doesNotExist();
    }

    @Test
    void anExportLoadsIntoPostgres() throws SQLException, IOException {
        var ours = new ArrayList<String>();
        try (var db = HeliosDb.open(path("db"));
                var connection = db.dataSource().getConnection()) {
            fill(connection);
        }
        Path file = path("export.sql");
        assertThat(run("export", path("db").toString(), "--file", file.toString()))
                .as(err.toString(StandardCharsets.UTF_8))
                .isZero();
        try (var db = HeliosDb.open(path("db"));
                var connection = db.dataSource().getConnection()) {
            QUERIES.forEach(query -> ours.addAll(rows(connection, query)));
        }
        assertThat(ours).hasSizeGreaterThan(4);
        var theirs = new ArrayList<String>();
        try (var postgres =
                        EmbeddedPostgres.builder().setLocaleConfig("locale", "C.UTF-8").start();
                var connection = postgres.getPostgresDatabase().getConnection()) {
            try (var statement = connection.createStatement()) {
                statement.execute("LISTEN orders");
            }
            ExportFile.load(connection, Files.readString(file));
            QUERIES.forEach(query -> theirs.addAll(rows(connection, query)));
            assertThat(rows(connection, "INSERT INTO orders (c) VALUES (1) RETURNING id, n2"))
                    .containsExactly("[3, 0.00]");
            assertThat(
                            rows(
                                    connection,
                                    "INSERT INTO shop.customer (name) VALUES ('z') RETURNING id"))
                    .containsExactly("[3]");
            assertThat(connection.unwrap(PGConnection.class).getNotifications())
                    .anyMatch(notice -> notice.getParameter().equals("3"));
        }
        assertThat(theirs).isEqualTo(ours);
        assertThat(Files.readString(file)).contains("-- Left out").doesNotContain("heliosdb.");
    }

    private static void fill(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            for (String sql :
                    List.of(
                            "CREATE SCHEMA shop",
                            "CREATE SEQUENCE numbers INCREMENT BY 5 START 10",
                            "CREATE TABLE shop.customer (id int GENERATED BY DEFAULT AS IDENTITY"
                                    + " PRIMARY KEY, name varchar(40) NOT NULL UNIQUE, \"Born at\""
                                    + " date)",
                            "CREATE TABLE orders (id serial PRIMARY KEY, c int REFERENCES"
                                    + " shop.customer(id) ON DELETE CASCADE, amount numeric(10,2)"
                                    + " DEFAULT 0 CHECK (amount >= 0), tags text[], doc jsonb, bin"
                                    + " bytea, at timestamptz DEFAULT now(), dbl float8, n2"
                                    + " numeric(10,2) GENERATED ALWAYS AS (amount * 2) STORED)",
                            "CREATE INDEX ON orders (amount)",
                            "CREATE UNIQUE INDEX one_dbl ON orders (dbl)",
                            "CREATE VIEW v AS SELECT id, amount FROM orders WHERE amount > 1",
                            "CREATE FUNCTION twice(n int) RETURNS int AS 'SELECT 2 * n' LANGUAGE"
                                    + " sql",
                            "CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                                + " PERFORM pg_notify('orders', NEW.id::text); RETURN NEW; END $$",
                            "CREATE TRIGGER tell AFTER INSERT ON orders FOR EACH ROW EXECUTE"
                                    + " FUNCTION tell()",
                            "CREATE TRIGGER ours AFTER DELETE ON orders BEGIN SELECT"
                                    + " NOTIFY('gone', OLD.id); END",
                            "INSERT INTO shop.customer (name, \"Born at\") VALUES ('a',"
                                    + " '2001-02-03'), (E'b\\t\\\\\\n\\u00e4', NULL)",
                            "INSERT INTO orders (c, amount, tags, doc, bin, dbl) VALUES (1, 5.5,"
                                + " '{a,\"b c\",NULL}', '{\"x\": [1, null]}', '\\x00ff', 0.1), (2,"
                                + " 0, NULL, NULL, '', 'NaN')",
                            "SELECT nextval('numbers')")) {
                statement.execute(sql);
            }
        }
    }

    private static List<String> rows(Connection connection, String sql) {
        var rows = new ArrayList<String>();
        try (var statement = connection.createStatement();
                var result = statement.executeQuery(sql)) {
            int columns = result.getMetaData().getColumnCount();
            while (result.next()) {
                var row = new ArrayList<String>();
                for (int i = 1; i <= columns; i++) {
                    row.add(result.getString(i));
                }
                rows.add(row.toString());
            }
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
        return rows;
    }

    private long count(String name) {
        try (var db = HeliosDb.open(path(name))) {
            return db.queryRow("SELECT count(*) FROM t").orElseThrow().asLong(0);
        }
    }

    private Path path(String name) {
        return parent.resolve(name);
    }

    private int run(String... arguments) {
        return HeliosCommand.run(
                arguments,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }
}
