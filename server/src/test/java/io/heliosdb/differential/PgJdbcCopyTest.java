package io.heliosdb.differential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyManager;
import org.postgresql.util.PSQLException;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/** pgjdbc's CopyManager and its results in parts, on each server. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class PgJdbcCopyTest {

    /** Slow machines are slow; a row at a time over the wire would take minutes. */
    private static final int SECONDS_MAX = 60;

    private static final int MANY_ROWS = 100_000;

    static List<Target> targets() {
        return Target.all().toList();
    }

    @ParameterizedTest
    @MethodSource("targets")
    void aHundredThousandRowsGoInAndOut(Target target, TestReporter reporter)
            throws SQLException, IOException {
        try (Connection connection = connect(target)) {
            execute(connection, "drop table if exists copy_many");
            execute(
                    connection,
                    "create table copy_many (i int primary key, s text, n numeric(12, 2))");
            var rows = new StringBuilder();
            for (int i = 0; i < MANY_ROWS; i++) {
                rows.append(i).append("\tname ").append(i).append('\t').append(i).append(".25\n");
            }
            long begun = System.nanoTime();
            long in =
                    copies(connection)
                            .copyIn("copy copy_many from stdin", new StringReader(rows.toString()));
            long between = System.nanoTime();
            var out = new StringWriter();
            long back = copies(connection).copyOut("copy copy_many to stdout", out);
            long ended = System.nanoTime();
            reporter.publishEntry(
                    target + ": " + MANY_ROWS + " rows",
                    "in %d ms, out %d ms"
                            .formatted(
                                    TimeUnit.NANOSECONDS.toMillis(between - begun),
                                    TimeUnit.NANOSECONDS.toMillis(ended - between)));
            assertThat(in).isEqualTo(MANY_ROWS);
            assertThat(back).isEqualTo(MANY_ROWS);
            assertThat(out.toString()).isEqualTo(rows.toString());
            assertThat(TimeUnit.NANOSECONDS.toSeconds(between - begun)).isLessThan(SECONDS_MAX);
            execute(connection, "drop table copy_many");
        }
    }

    @ParameterizedTest
    @MethodSource("targets")
    void aCopyThatIsCancelledLeavesNothing(Target target) throws SQLException {
        try (Connection connection = connect(target)) {
            execute(connection, "drop table if exists copy_left");
            execute(connection, "create table copy_left (i int)");
            CopyIn copy = copies(connection).copyIn("copy copy_left from stdin");
            byte[] row = "1\n".getBytes(StandardCharsets.UTF_8);
            copy.writeToCopy(row, 0, row.length);
            copy.cancelCopy();
            assertThat(number(connection, "select count(*) from copy_left")).isZero();
            execute(connection, "drop table copy_left");
        }
    }

    @ParameterizedTest
    @MethodSource("targets")
    void aReaderThatFailsEndsTheCopy(Target target) throws SQLException {
        try (Connection connection = connect(target)) {
            execute(connection, "drop table if exists copy_broken");
            execute(connection, "create table copy_broken (i int)");
            var broken =
                    new Reader() {
                        @Override
                        public int read(char[] chars, int offset, int count) throws IOException {
                            throw new IOException("broken");
                        }

                        @Override
                        public void close() {}
                    };
            assertThatThrownBy(
                            () -> copies(connection).copyIn("copy copy_broken from stdin", broken))
                    .hasMessageContaining("broken");
            assertThat(number(connection, "select count(*) from copy_broken")).isZero();
            assertThatThrownBy(() ->
                            copies(connection)
                                    .copyIn(
                                            "copy copy_broken from stdin",
                                            new StringReader("1\nx\n")))
                    .isInstanceOfSatisfying(
                            PSQLException.class,
                            e -> {
                                assertThat(e.getSQLState()).isEqualTo("22P02");
                                assertThat(e.getServerErrorMessage()).isNotNull();
                                assertThat(e.getServerErrorMessage().getWhere())
                                        .isEqualTo("COPY copy_broken, line 2, column i: \"x\"");
                            });
            execute(connection, "drop table copy_broken");
        }
    }

    @ParameterizedTest
    @MethodSource("targets")
    void resultsComeInParts(Target target) throws SQLException {
        try (Connection connection = connect(target);
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.setFetchSize(7);
            int expected = 1;
            try (ResultSet rows =
                    statement.executeQuery("select i from generate_series(1, 100) g(i)")) {
                while (rows.next()) {
                    assertThat(rows.getInt(1)).isEqualTo(expected++);
                    if (expected == 50) {
                        execute(connection, "savepoint s");
                        execute(connection, "rollback to savepoint s");
                    }
                }
            }
            assertThat(expected).isEqualTo(101);
            connection.rollback();
        }
    }

    private static CopyManager copies(Connection connection) throws SQLException {
        return connection.unwrap(PGConnection.class).getCopyAPI();
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static long number(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private static Connection connect(Target target) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", target.user());
        properties.setProperty("socketTimeout", "60");
        return DriverManager.getConnection(target.jdbcUrl(), properties);
    }
}
