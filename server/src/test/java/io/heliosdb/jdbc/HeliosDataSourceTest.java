package io.heliosdb.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;

import io.heliosdb.engine.EngineOptions;
import io.heliosdb.pgwire.WireOptions;
import io.heliosdb.pgwire.WireServer;
import io.heliosdb.session.Instance;
import io.heliosdb.session.InstanceOptions;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;

import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;

import javax.sql.DataSource;

/** pgjdbc without a port: through memory, and through a Unix socket. */
@Timeout(60)
final class HeliosDataSourceTest {
    @TempDir Path folder;
    private Instance instance;
    private HeliosDataSource source;

    @BeforeEach
    void open() {
        instance = Instance.open(InstanceOptions.of(EngineOptions.inMemory()));
        source = HeliosDataSource.inMemory(instance);
    }

    @AfterEach
    void close() {
        source.close();
        instance.close();
    }

    @Test
    void statementsAndTransactionsWork() throws SQLException {
        checkStatements(source);
    }

    @Test
    void aTriggerWhoseBodyHasSemicolonsIsOneStatement() throws SQLException {
        try (var connection = source.getConnection();
                var statement = connection.createStatement()) {
            statement.execute("create table told (i int)");
            statement.execute(
                    "create trigger tell after insert on told begin"
                            + " select notify('told', 'a'); select notify('told', 'b'); end");
            statement.execute("listen told");
            statement.execute("insert into told values (1)");
            assertThat(connection.unwrap(PGConnection.class).getNotifications()).hasSize(2);
        }
    }

    @Test
    void theSameOverAUnixSocket() throws SQLException {
        var path = folder.resolve("s");
        try (var server = WireServer.start(instance, WireOptions.embedded().withUnixSocket(path));
                var remote = HeliosDataSource.unixSocket(path)) {
            assertThat(server.connections()).isZero();
            checkStatements(remote);
            checkNotifications(remote);
        }
        assertThat(path).doesNotExist();
    }

    private static void checkStatements(DataSource source) throws SQLException {
        try (var connection = source.getConnection();
                var statement = connection.createStatement()) {
            statement.execute("create table t(id int primary key, name text)");
            connection.setAutoCommit(false);
            try (var insert = connection.prepareStatement("insert into t values (?, ?)")) {
                for (int i = 0; i < 100; i++) {
                    insert.setInt(1, i);
                    insert.setString(2, "name " + i);
                    insert.addBatch();
                }
                assertThat(insert.executeBatch()).hasSize(100);
            }
            connection.rollback();
            statement.execute("insert into t values (1, 'one')");
            connection.commit();
            connection.setAutoCommit(true);
            try (var result = statement.executeQuery("select id, name from t")) {
                assertThat(result.next()).isTrue();
                assertThat(result.getInt(1)).isEqualTo(1);
                assertThat(result.getString("name")).isEqualTo("one");
                assertThat(result.next()).isFalse();
            }
        }
    }

    @Test
    void notificationsComeThroughTheDriver() throws SQLException {
        checkNotifications(source);
    }

    private static void checkNotifications(DataSource source) throws SQLException {
        try (var listening = source.getConnection();
                var notifying = source.getConnection()) {
            listening.createStatement().execute("listen c");
            var driver = listening.unwrap(PGConnection.class);
            assertThat(driver.getNotifications(10)).isNullOrEmpty();
            notifying.createStatement().execute("select pg_notify('c', 'hello')");
            var received = driver.getNotifications(10_000);
            assertThat(received).hasSize(1);
            assertThat(received[0].getParameter()).isEqualTo("hello");
            assertThat(received[0].getPID())
                    .isEqualTo(notifying.unwrap(PGConnection.class).getBackendPID());
        }
    }

    @Test
    void poolTakesIt() throws SQLException {
        var config = new HikariConfig();
        config.setDataSource(source);
        config.setMaximumPoolSize(4);
        try (var pool = new HikariDataSource(config)) {
            for (int i = 0; i < 20; i++) {
                try (var connection = pool.getConnection();
                        var result = connection.createStatement().executeQuery("select 40 + 2")) {
                    assertThat(result.next()).isTrue();
                    assertThat(result.getInt(1)).isEqualTo(42);
                }
            }
        }
    }

    @Test
    void statementIsCancelledThroughTheDriver() throws Exception {
        try (var connection = source.getConnection();
                var statement = connection.createStatement();
                var other = source.getConnection();
                var observer = other.createStatement()) {
            observer.execute("create sequence begun");
            var running =
                    CompletableFuture.supplyAsync(
                            () -> {
                                try {
                                    statement.execute("select nextval('begun'), pg_sleep(60)");
                                    return "not cancelled";
                                } catch (SQLException e) {
                                    return e.getSQLState();
                                }
                            },
                            task -> Thread.ofVirtual().start(task));
            // The driver sends one request, which ends nothing where it comes before its statement.
            for (long expected = 1; next(observer) == expected; expected++) {
                Thread.onSpinWait();
            }
            statement.cancel();
            assertThat(running.get()).isEqualTo("57014");
        }
    }

    private static long next(Statement statement) throws SQLException {
        try (var rows = statement.executeQuery("select nextval('begun')")) {
            assertThat(rows.next()).isTrue();
            return rows.getLong(1);
        }
    }

    @Test
    void interruptOfTheCallerHarmsNothing() throws Exception {
        try (var connection = source.getConnection();
                var statement = connection.createStatement()) {
            Thread.currentThread().interrupt();
            try (var result = statement.executeQuery("select 1")) {
                assertThat(result.next()).isTrue();
            }
            assertThat(Thread.interrupted()).isTrue();
            assertThat(connection.isValid(5)).isTrue();
        }
    }

    @Test
    void closedSourceGivesNoConnections() throws SQLException {
        try (var connection = source.getConnection()) {
            source.close();
            source.close();
            assertThatThrownBy(() -> source.getConnection()).isInstanceOf(SQLException.class);
            assertThat(connection.isValid(5)).isFalse();
        }
    }
}
