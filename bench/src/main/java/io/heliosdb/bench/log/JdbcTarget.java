package io.heliosdb.bench.log;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * Others, by JDBC. SQLite has one writer at a time: its threads share one connection, which is
 * faster than connections that poll for each other's lock.
 */
final class JdbcTarget implements CommitTarget {
    private static final String TABLE = "durable_commits";

    private final String url;
    private final Connection first;
    private final boolean isShared;

    private JdbcTarget(String url, boolean isShared) throws SQLException {
        this.url = url;
        this.isShared = isShared;
        first = DriverManager.getConnection(url);
    }

    static JdbcTarget sqlite(Path directory) throws SQLException {
        var target = new JdbcTarget("jdbc:sqlite:" + directory.resolve("sqlite.db"), true);
        target.run("PRAGMA journal_mode = WAL");
        target.run("PRAGMA synchronous = FULL");
        target.run("CREATE TABLE " + TABLE + " (id integer PRIMARY KEY, x text)");
        return target;
    }

    static JdbcTarget postgres(String url) throws SQLException {
        var target = new JdbcTarget(url, false);
        target.run("DROP TABLE IF EXISTS " + TABLE);
        target.run("CREATE TABLE " + TABLE + " (id bigint PRIMARY KEY, x text)");
        target.run("CHECKPOINT");
        return target;
    }

    @Override
    public Writer newWriter() throws SQLException {
        var connection = isShared ? first : DriverManager.getConnection(url);
        return new Inserting(
                connection, connection.prepareStatement("INSERT INTO " + TABLE + " VALUES (?, ?)"));
    }

    @Override
    public void close() throws SQLException {
        try (first) {
            run("DROP TABLE " + TABLE);
        }
    }

    private void run(String sql) throws SQLException {
        try (var statement = first.createStatement()) {
            statement.execute(sql);
        }
    }

    private final class Inserting implements Writer {
        private final Connection connection;
        private final PreparedStatement insert;

        Inserting(Connection connection, PreparedStatement insert) {
            this.connection = connection;
            this.insert = insert;
        }

        @Override
        public void commit(long id) throws SQLException {
            if (isShared) {
                synchronized (first) {
                    insert(id);
                }
            } else {
                insert(id);
            }
        }

        private void insert(long id) throws SQLException {
            insert.setLong(1, id);
            insert.setString(2, DurableCommits.TEXT);
            insert.executeUpdate();
        }

        @Override
        public void close() throws SQLException {
            insert.close();
            if (!isShared) {
                connection.close();
            }
        }
    }
}
