package io.heliosdb.differential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.postgresql.util.PGobject;
import org.postgresql.util.PSQLException;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * pgjdbc does the main job on each server: extended protocol, named statements after five uses,
 * binary results.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class PgJdbcTest {

    private static final int PATIENCE_MILLIS = 10_000;
    private static final String INSERT =
            "insert into sales_orders (customer_id, amount) values (?, ?)";

    private record Heard(String channel, String payload, int pid) {}

    static List<Target> targets() {
        return Target.all().toList();
    }

    @ParameterizedTest
    @MethodSource("targets")
    void connectsAndTellsItsServer(Target target) throws SQLException {
        try (Connection connection = connect(target)) {
            assertThat(connection.getMetaData().getDatabaseMajorVersion()).isEqualTo(15);
            assertThat(connection.isValid(5)).isTrue();
            assertThat(number(connection, "select pg_backend_pid()")).isEqualTo(pid(connection));
        }
    }

    @ParameterizedTest
    @MethodSource("targets")
    void anotherConnectionReceivesExactlyWhatWasCommitted(Target target) throws SQLException {
        try (Connection listener = connect(target);
                Connection writer = connect(target)) {
            makeSalesTable(target);
            execute(listener, "listen sales_updates");
            writer.setAutoCommit(false);
            insert(writer, 1, "10.25");
            insert(writer, 2, "20.75");
            writer.commit();
            insert(writer, 3, "30.33");
            writer.rollback();
            Savepoint savepoint = writer.setSavepoint();
            insert(writer, 4, "40.44");
            writer.rollback(savepoint);
            insert(writer, 5, "50.55");
            writer.commit();
            List<Heard> expected = new ArrayList<>();
            try (Statement statement = listener.createStatement();
                    ResultSet rows =
                            statement.executeQuery(
                                    "select id, amount from sales_orders order by id")) {
                while (rows.next()) {
                    String payload =
                            "{\"order_id\":%d,\"amount\":%s}"
                                    .formatted(rows.getLong(1), rows.getBigDecimal(2));
                    expected.add(new Heard("sales_updates", payload, pid(writer)));
                }
            }
            assertThat(expected).hasSize(3);
            assertThat(hear(listener, 3)).isEqualTo(expected);
            assertNothingMore(listener);
        }
    }

    @ParameterizedTest
    @MethodSource("targets")
    void listensAndStopsListening(Target target) throws SQLException {
        try (Connection listener = connect(target);
                Connection other = connect(target)) {
            execute(other, "notify news, 'too early'");
            execute(listener, "listen news");
            try (PreparedStatement notify = other.prepareStatement("select pg_notify(?, ?)")) {
                notify.setString(1, "news");
                notify.setString(2, "é 😀 ' \\");
                notify.execute();
            }
            assertThat(hear(listener, 1))
                    .containsExactly(new Heard("news", "é 😀 ' \\", pid(other)));
            execute(listener, "unlisten news");
            execute(other, "notify news, 'too late'");
            assertNothingMore(listener);
        }
    }

    @ParameterizedTest
    @MethodSource("targets")
    void valuesGoBothWaysInTextAndInBinary(Target target) throws SQLException {
        OffsetDateTime moment =
                LocalDateTime.of(2026, 2, 3, 4, 5, 6, 789_012_000).atOffset(ZoneOffset.UTC);
        List<Object> values =
                List.of(
                        Integer.MIN_VALUE,
                        Long.MAX_VALUE,
                        new BigDecimal("12345678901.12345"),
                        "żółć 漢字 😀 '\"\\",
                        true,
                        moment.toLocalDateTime(),
                        moment,
                        UUID.fromString("12345678-1234-5678-1234-567812345678"),
                        LocalDate.of(1999, 12, 31),
                        LocalTime.of(23, 59, 58, 123_456_000),
                        1.0 / 3,
                        0.5f);
        try (Connection connection = connect(target)) {
            execute(connection, "drop table if exists jdbc_values");
            execute(
                    connection,
                    "create table jdbc_values (i int, b bigint, n numeric(20,5), t text, o boolean,"
                            + " s timestamp, w timestamptz, u uuid, d date, c time,"
                            + " f double precision, r real, y bytea, z text)");
            try (PreparedStatement insert =
                            connection.prepareStatement(
                                    "insert into jdbc_values values"
                                            + " (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
                    PreparedStatement select =
                            connection.prepareStatement("select * from jdbc_values")) {
                // From the fifth use on the statement has a name and its results are binary.
                for (int use = 1; use <= 7; use++) {
                    execute(connection, "delete from jdbc_values");
                    for (int i = 0; i < values.size(); i++) {
                        insert.setObject(i + 1, values.get(i));
                    }
                    insert.setBytes(13, new byte[] {0, -1, '\\', '\''});
                    insert.setNull(14, Types.VARCHAR);
                    assertThat(insert.executeUpdate()).isOne();
                    try (ResultSet rows = select.executeQuery()) {
                        assertThat(rows.next()).isTrue();
                        for (int i = 0; i < values.size(); i++) {
                            Object value = values.get(i);
                            assertThat(rows.getObject(i + 1, value.getClass()))
                                    .as("column %d, use %d", i + 1, use)
                                    .isEqualTo(value);
                        }
                        assertThat(rows.getBytes(13)).containsExactly(0, -1, '\\', '\'');
                        assertThat(rows.getString(14)).isNull();
                        assertThat(rows.next()).isFalse();
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("targets")
    void jsonGoesBothWays(Target target) throws SQLException {
        String json = "{\"a\": [1, null, \"é\"]}";
        try (Connection connection = connect(target)) {
            execute(connection, "drop table if exists jdbc_json");
            execute(connection, "create table jdbc_json (j json)");
            PGobject value = new PGobject();
            value.setType("json");
            value.setValue(json);
            try (PreparedStatement insert =
                    connection.prepareStatement("insert into jdbc_json values (?)")) {
                insert.setObject(1, value);
                insert.executeUpdate();
            }
            assertThat(text(connection, "select j from jdbc_json").replace(" ", ""))
                    .isEqualTo(json.replace(" ", ""));
        }
    }

    @ParameterizedTest
    @MethodSource("targets")
    void anErrorHasItsCodeAndTheConnectionLivesOn(Target target) throws SQLException {
        try (Connection connection = connect(target)) {
            assertFails(connection, "select * from nowhere", "42P01");
            assertFails(connection, "selec", "42601");
            assertFails(connection, "select 1/0", "22012");
            assertFails(connection, "select nosuch(1)", "42883");
            assertFails(connection, "select pg_notify('', 'x')", "22023");
            execute(connection, "drop table if exists jdbc_keys");
            execute(connection, "create table jdbc_keys (i int primary key)");
            execute(connection, "insert into jdbc_keys values (1)");
            assertFails(connection, "insert into jdbc_keys values (1)", "23505");
            assertFails(connection, "insert into jdbc_keys values (null)", "23502");
            assertThat(number(connection, "select count(*) from jdbc_keys")).isOne();
        }
    }

    @ParameterizedTest
    @MethodSource("targets")
    void aFailedBlockRefusesUntilItsEnd(Target target) throws SQLException {
        try (Connection connection = connect(target)) {
            connection.setAutoCommit(false);
            assertFails(connection, "select 1/0", "22012");
            assertFails(connection, "select 1", "25P02");
            connection.rollback();
            assertThat(number(connection, "select 1")).isOne();
        }
    }

    @ParameterizedTest
    @MethodSource("targets")
    void aPreparedStatementIsUsedAgain(Target target) throws SQLException {
        try (Connection connection = connect(target);
                PreparedStatement next = connection.prepareStatement("select ?::int + 1")) {
            for (int i = 0; i < 20; i++) {
                next.setInt(1, i);
                try (ResultSet rows = next.executeQuery()) {
                    assertThat(rows.next()).isTrue();
                    assertThat(rows.getInt(1)).isEqualTo(i + 1);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("targets")
    void aBatchInsertsAllOrNothing(Target target) throws SQLException {
        try (Connection connection = connect(target)) {
            makeSalesTable(target);
            execute(connection, "listen sales_updates");
            connection.setAutoCommit(false);
            try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
                for (int i = 1; i <= 100; i++) {
                    insert.setInt(1, i);
                    insert.setBigDecimal(2, new BigDecimal("1.25"));
                    insert.addBatch();
                }
                assertThat(insert.executeBatch()).hasSize(100).containsOnly(1);
                connection.commit();
                assertThat(hear(connection, 100))
                        .extracting(Heard::pid)
                        .containsOnly(pid(connection));
                insert.setInt(1, 1);
                insert.setBigDecimal(2, BigDecimal.ONE);
                insert.addBatch();
                insert.setNull(1, Types.INTEGER);
                insert.setBigDecimal(2, BigDecimal.ONE);
                insert.addBatch();
                assertThatThrownBy(insert::executeBatch)
                        .isInstanceOfSatisfying(
                                SQLException.class,
                                e -> assertThat(e.getSQLState()).isEqualTo("23502"));
                connection.rollback();
            }
            assertNothingMore(connection);
        }
    }

    @ParameterizedTest
    @MethodSource("targets")
    void generatedKeysComeBack(Target target) throws SQLException {
        try (Connection connection = connect(target)) {
            makeSalesTable(target);
            try (PreparedStatement insert =
                    connection.prepareStatement(INSERT, Statement.RETURN_GENERATED_KEYS)) {
                insert.setInt(1, 7);
                insert.setBigDecimal(2, new BigDecimal("1.25"));
                assertThat(insert.executeUpdate()).isOne();
                try (ResultSet keys = insert.getGeneratedKeys()) {
                    assertThat(keys.next()).isTrue();
                    assertThat(keys.getLong("id")).isOne();
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("targets")
    void rowsAreFetchedInPortions(Target target) throws SQLException {
        try (Connection connection = connect(target);
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.setFetchSize(7);
            try (ResultSet rows = statement.executeQuery("select * from generate_series(1, 50)")) {
                int expected = 0;
                while (rows.next()) {
                    expected++;
                    assertThat(rows.getInt(1)).isEqualTo(expected);
                }
                assertThat(expected).isEqualTo(50);
            }
            connection.commit();
        }
    }

    @ParameterizedTest
    @MethodSource("targets")
    void theNotificationsOfManyRowsWithBoundParameters(Target target) throws SQLException {
        try (Connection connection = connect(target)) {
            execute(connection, "listen chan0; listen chan1; listen chan2");
            String sql =
                    "select pg_notify(chan, json_build_object('payload', payload)::text)"
                            + " from (values ('chan0', ?), ('chan1', ?), ('chan2', ?))"
                            + " notifies(chan, payload)";
            try (PreparedStatement notify = connection.prepareStatement(sql)) {
                for (int use = 1; use <= 7; use++) {
                    notify.setString(1, "use " + use);
                    notify.setString(2, "é\"");
                    notify.setString(3, "\\");
                    notify.execute();
                    assertThat(hear(connection, 3))
                            .containsExactly(
                                    heard(connection, 0, "use " + use),
                                    heard(connection, 1, "é\\\""),
                                    heard(connection, 2, "\\\\"));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("targets")
    void aBusyListenerGetsWhatWaited(Target target) throws Exception {
        try (Connection listener = connect(target);
                Connection other = connect(target)) {
            execute(listener, "listen busy");
            CompletableFuture<Void> sleep = executing(listener, "select pg_sleep(2)");
            execute(other, "notify busy, '1'");
            execute(other, "notify busy, '2'");
            sleep.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
            PGNotification[] waited = listener.unwrap(PGConnection.class).getNotifications();
            assertThat(waited).extracting(PGNotification::getParameter).containsExactly("1", "2");
            assertThat(waited).extracting(PGNotification::getPID).containsOnly(pid(other));
        }
    }

    @ParameterizedTest
    @MethodSource("targets")
    void aStatementCanBeCancelled(Target target) throws Exception {
        try (Connection connection = connect(target);
                Connection observer = connect(target);
                Statement statement = connection.createStatement()) {
            execute(observer, "drop sequence if exists begun; create sequence begun");
            long expected = 1;
            CompletableFuture<String> state =
                    CompletableFuture.supplyAsync(
                            () -> stateOf(statement, "select nextval('begun'), pg_sleep(30)"));
            // A request that comes before its statement ends nothing, and pgjdbc sends only one.
            while (number(observer, "select nextval('begun')") == expected++) {
                Thread.onSpinWait();
            }
            statement.cancel();
            assertThat(state.join()).isEqualTo("57014");
            assertThat(number(connection, "select 1")).isOne();
            execute(observer, "drop sequence begun");
        }
    }

    @ParameterizedTest
    @MethodSource("targets")
    void aQueryTimeoutEndsTheStatement(Target target) throws SQLException {
        try (Connection connection = connect(target);
                Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(1);
            assertThat(stateOf(statement, "select pg_sleep(30)")).isEqualTo("57014");
            assertThat(number(connection, "select 1")).isOne();
        }
    }

    @ParameterizedTest
    @MethodSource("targets")
    void logsInWithScram(Target target) throws SQLException {
        String url =
                "jdbc:postgresql://%s:%d/%s"
                        .formatted(target.host(), target.scram().port(), target.database());
        String user = target.scram().user();
        try (Connection connection =
                DriverManager.getConnection(url, user, target.scram().password())) {
            assertThat(text(connection, "select current_user")).isEqualTo(user);
        }
        assertThatThrownBy(() -> DriverManager.getConnection(url, user, "wrong"))
                .isInstanceOfSatisfying(
                        PSQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28P01"));
    }

    @ParameterizedTest
    @CsvSource({"simple", "extended", "extendedForPrepared", "extendedCacheEverything"})
    void everyQueryModeWorks(String mode) throws SQLException {
        for (Target target : targets()) {
            Properties properties = new Properties();
            properties.setProperty("preferQueryMode", mode);
            try (Connection connection = connect(target, properties)) {
                execute(connection, "listen modes");
                try (PreparedStatement notify =
                        connection.prepareStatement("select pg_notify('modes', ?)")) {
                    notify.setString(1, mode);
                    notify.execute();
                }
                assertThat(hear(connection, 1))
                        .containsExactly(new Heard("modes", mode, pid(connection)));
            }
        }
    }

    private static Connection connect(Target target) throws SQLException {
        return connect(target, new Properties());
    }

    private static Connection connect(Target target, Properties properties) throws SQLException {
        properties.setProperty("user", target.user());
        properties.setProperty("socketTimeout", "20");
        return DriverManager.getConnection(target.jdbcUrl(), properties);
    }

    /**
     * By simple queries, for pgjdbc would cut the extended ones at the semicolon of a trigger's
     * body.
     */
    private static void makeSalesTable(Target target) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("preferQueryMode", "extendedForPrepared");
        try (Connection connection = connect(target, properties)) {
            execute(connection, "drop table if exists sales_orders");
            execute(connection, Target.SALES_TABLE);
            execute(connection, target.salesTrigger());
        }
    }

    private static void insert(Connection connection, int customer, String amount)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            insert.setInt(1, customer);
            insert.setBigDecimal(2, new BigDecimal(amount));
            assertThat(insert.executeUpdate()).isOne();
        }
    }

    /** The next notifications, waiting for them without sending anything. */
    private static List<Heard> hear(Connection connection, int count) throws SQLException {
        List<Heard> heard = new ArrayList<>();
        while (heard.size() < count) {
            PGNotification[] next =
                    connection.unwrap(PGConnection.class).getNotifications(PATIENCE_MILLIS);
            assertThat(next).as("after %s", heard).isNotEmpty();
            for (PGNotification n : next) {
                heard.add(new Heard(n.getName(), n.getParameter(), n.getPID()));
            }
        }
        return heard;
    }

    /** All that waits comes with the answer to a statement at the latest. */
    private static void assertNothingMore(Connection connection) throws SQLException {
        execute(connection, "select 1");
        assertThat(connection.unwrap(PGConnection.class).getNotifications()).isEmpty();
    }

    private static Heard heard(Connection connection, int channel, String json)
            throws SQLException {
        String payload = "{\"payload\" : \"" + json + "\"}";
        return new Heard("chan" + channel, payload, pid(connection));
    }

    private static int pid(Connection connection) throws SQLException {
        return connection.unwrap(PGConnection.class).getBackendPID();
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static CompletableFuture<Void> executing(Connection connection, String sql) {
        return CompletableFuture.runAsync(() -> {
            try {
                execute(connection, sql);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static String stateOf(Statement statement, String sql) {
        try {
            statement.execute(sql);
            return "none";
        } catch (SQLException e) {
            return e.getSQLState();
        }
    }

    private static void assertFails(Connection connection, String sql, String sqlState)
            throws SQLException {
        try (Statement statement = connection.createStatement()) {
            assertThat(stateOf(statement, sql)).as(sql).isEqualTo(sqlState);
        }
    }

    private static long number(Connection connection, String sql) throws SQLException {
        return Long.parseLong(text(connection, sql));
    }

    private static String text(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }
}
