package io.heliosdb.listener;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;

/**
 * A client of pgjdbc that loses its connection and goes on by token, as the documentation tells it
 * to: it keeps what it received since it last had a token, and drops that when it comes again.
 */
final class ResumingListener {
    private static final int WAIT_MILLIS = 500;

    final List<String> received = new ArrayList<>();

    /** What the server said is missing, one for each time it listened. */
    final List<String> gaps = new ArrayList<>();

    private final Random random;
    private @Nullable String token;

    /** What came since then. */
    private final List<String> sinceToken = new ArrayList<>();

    /** Of that, what is to come again; empty where all has. */
    private final Queue<String> again = new ArrayDeque<>();

    ResumingListener(Random random) {
        this.random = random;
    }

    static Connection connect(int port) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres&password=");
    }

    /** Listens, takes about so many, and is cut off; returns whether anything came. */
    boolean listen(int port, int count) throws SQLException {
        try (var connection = connect(port)) {
            begin(connection);
            int before = received.size();
            while (received.size() - before < count) {
                var came = connection.unwrap(PGConnection.class).getNotifications(WAIT_MILLIS);
                if (came.length == 0) {
                    break;
                }
                // The process may die in the middle of what its driver has read.
                int worked = random.nextInt(4) == 0 ? random.nextInt(came.length) : came.length;
                for (int i = 0; i < worked; i++) {
                    take(came[i].getParameter());
                }
                if (worked < came.length) {
                    break;
                }
                if (random.nextInt(3) == 0) {
                    askForToken(connection);
                }
            }
            connection.abort(Runnable::run);
            return received.size() > before;
        }
    }

    private void begin(Connection connection) throws SQLException {
        again.clear();
        again.addAll(sinceToken);
        try (var statement = connection.prepareStatement("SELECT heliosdb_listen('c', ?)")) {
            statement.setString(1, token);
            try (var rows = statement.executeQuery()) {
                rows.next();
                gaps.add(String.valueOf(rows.getString(1)));
            }
        }
        if (token == null) {
            askForToken(connection);
        }
    }

    private void take(String payload) {
        if (payload.equals(again.peek())) {
            again.remove();
            return;
        }
        // What a crash took does not come again, now or after the next cut.
        sinceToken.subList(sinceToken.size() - again.size(), sinceToken.size()).clear();
        again.clear();
        sinceToken.add(payload);
        received.add(payload);
    }

    /** In a transaction nothing is sent, so the token covers exactly what came before it. */
    private void askForToken(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT heliosdb_last_token()")) {
            rows.next();
            var next = rows.getString(1);
            for (var one : connection.unwrap(PGConnection.class).getNotifications()) {
                take(one.getParameter());
            }
            if (again.isEmpty()) {
                token = next;
                sinceToken.clear();
            }
        }
        connection.commit();
        connection.setAutoCommit(true);
        assertThat(token).isNotNull();
    }
}
