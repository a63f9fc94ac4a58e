package io.heliosdb.listener;

import io.heliosdb.client.ConnectionSource;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Connections to a server that may move, and that can be cut off and kept away. */
final class CutSource implements ConnectionSource {
    private final Queue<Connection> opened = new ConcurrentLinkedQueue<>();
    private volatile int port;
    private volatile boolean away;

    CutSource(int port) {
        this.port = port;
    }

    static Connection connect(int port) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres&password=");
    }

    @Override
    public Connection open() throws SQLException {
        if (away) {
            throw new SQLException("kept away", "08001");
        }
        var connection = connect(port);
        opened.add(connection);
        return connection;
    }

    void moveTo(int port) {
        this.port = port;
    }

    /** Ends every connection, wherever it is in what it does. */
    void cut() throws SQLException {
        Connection connection;
        while ((connection = opened.poll()) != null) {
            connection.abort(Runnable::run);
        }
    }

    /** Cuts, and lets nobody connect while something is done. */
    void whileAway(Action action) throws SQLException {
        away = true;
        cut();
        action.run();
        away = false;
    }

    /** What is done with a database. */
    @FunctionalInterface
    interface Action {
        /** Does it. */
        void run() throws SQLException;
    }
}
