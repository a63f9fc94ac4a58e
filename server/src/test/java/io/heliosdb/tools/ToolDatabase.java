package io.heliosdb.tools;

import io.heliosdb.HeliosConfig;
import io.heliosdb.HeliosDb;
import io.heliosdb.config.Settings;
import io.heliosdb.differential.Target;

import org.postgresql.ds.PGSimpleDataSource;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;

import javax.sql.DataSource;

/**
 * An empty database of a test's own. What a test knows about it is its data source; which server is
 * behind it, no test asks.
 */
final class ToolDatabase implements AutoCloseable {
    private static final AtomicInteger MADE = new AtomicInteger();

    private final DataSource source;
    private final End end;

    private ToolDatabase(DataSource source, End end) {
        this.source = source;
        this.end = end;
    }

    /** The ways to a database that each test goes. */
    enum Way {
        POSTGRESQL,
        HELIOS_WIRE,
        HELIOS_EMBEDDED;

        ToolDatabase open() throws SQLException {
            return switch (this) {
                case POSTGRESQL -> postgresql();
                case HELIOS_WIRE -> wire();
                case HELIOS_EMBEDDED -> embedded();
            };
        }
    }

    private interface End {
        void run() throws SQLException;
    }

    DataSource source() {
        return source;
    }

    @Override
    public void close() throws SQLException {
        end.run();
    }

    private static ToolDatabase postgresql() throws SQLException {
        Target server = Target.all().findFirst().orElseThrow();
        String name = "tools_" + MADE.incrementAndGet();
        administer(server, "create database " + name);
        return new ToolDatabase(
                source(server.port(), name),
                () -> administer(server, "drop database " + name + " with (force)"));
    }

    private static ToolDatabase wire() {
        HeliosDb db = HeliosDb.open(HeliosConfig.inMemory().with(Settings.PORT, 0));
        return new ToolDatabase(source(db.serve().port(), "postgres"), db::close);
    }

    private static ToolDatabase embedded() {
        HeliosDb db = HeliosDb.inMemory();
        return new ToolDatabase(db.dataSource(), db::close);
    }

    private static DataSource source(int port, String database) {
        var source = new PGSimpleDataSource();
        source.setServerNames(new String[] {"127.0.0.1"});
        source.setPortNumbers(new int[] {port});
        source.setUser("postgres");
        source.setDatabaseName(database);
        return source;
    }

    private static void administer(Target server, String sql) throws SQLException {
        String url = server.jdbcUrl();
        try (var connection = DriverManager.getConnection(url, server.user(), "");
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
