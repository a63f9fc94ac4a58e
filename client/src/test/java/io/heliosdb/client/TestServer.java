package io.heliosdb.client;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** A server that the same tests run against, whichever it is. */
public interface TestServer {
    /** Where it accepts TCP connections on the loopback address. */
    int port();

    /** Its URL for a driver, without a password. */
    default String url() {
        return url(port());
    }

    /** The same server through another port. */
    default String url(int port) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres";
    }

    /** A connection of its own. */
    default Connection connect() {
        try {
            return DriverManager.getConnection(url());
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** Runs statements on a connection of their own. */
    default void run(String sql) {
        try (var connection = connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    /** Sends one notification on a connection of its own. */
    default void notify(String channel, String payload) {
        try (var connection = connect();
                var statement = connection.prepareStatement("SELECT pg_notify(?, ?)")) {
            statement.setString(1, channel);
            statement.setString(2, payload);
            statement.execute();
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }
}
