package io.heliosdb.client;

import io.heliosdb.pg.Delivery.Gap;
import io.heliosdb.pg.Delivery.Notification;
import io.heliosdb.pg.Lsn;
import io.heliosdb.pg.SqlState;

import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;

/**
 * Where a link stands in the history of notifications that HeliosDB-Lite keeps; with any other
 * server it stands nowhere. Used by the link's thread.
 *
 * <p>A token is the place behind everything that was received when the server was asked for it.
 * What is received after it is kept, because the next connection brings it once more, in the same
 * order: it is passed over as long as it is the same. At the first one that is not, what is left of
 * it was taken from the server by a crash, and does not come again. After a crash, which is told as
 * a gap, an equal one may be taken for one that was lost.
 */
final class HistoryPlace {
    /** How old a token grows while notifications come: two round trips in that time. */
    private static final long AGE_NANOS = Duration.ofMillis(200).toNanos();

    /** After how many notifications a younger one is replaced, so that not more are kept. */
    private static final int KEPT = 4096;

    private static final Gap UNKNOWN = new Gap(Lsn.ZERO, Lsn.ZERO, -1, false);

    private final Duration timeout;

    /** Whether the server of the connection that stands has told a token, or may. */
    private boolean isKept;

    private @Nullable String token;

    /** When the server was last asked. */
    private long askedNanos;

    /** Whether something came since then. */
    private boolean moved;

    /** Received after the token. */
    private final List<Notification> since = new ArrayList<>();

    /** Of these, what is to come again; empty where all has. */
    private final Queue<Notification> again = new ArrayDeque<>();

    /**
     * A place nowhere.
     *
     * @param timeout for each answer of the server
     */
    HistoryPlace(Duration timeout) {
        this.timeout = timeout;
    }

    /** Looks at the server of a new connection. */
    void begin(Wire wire) {
        isKept = wire.isHelios();
    }

    boolean isKept() {
        return isKept;
    }

    /** What of this has not been received on an earlier connection. */
    List<Notification> fresh(List<Notification> came) {
        int known = 0;
        while (known < came.size() && came.get(known).equals(again.peek())) {
            again.remove();
            known++;
            moved = true;
        }
        if (known < came.size() && !again.isEmpty()) {
            since.subList(since.size() - again.size(), since.size()).clear();
            again.clear();
        }
        return came.subList(known, came.size());
    }

    /** Has been handed over, and is not to be again. */
    void received(List<Notification> fresh) {
        if (isKept && !fresh.isEmpty()) {
            since.addAll(fresh);
            moved = true;
        }
    }

    /** After how long the server is to be asked; beyond all waits where it is not. */
    long dueMillis() {
        if (!isKept || !moved) {
            return Long.MAX_VALUE;
        }
        long left = askedNanos + AGE_NANOS - System.nanoTime();
        return since.size() >= KEPT || left <= 0 ? 0 : Math.max(1, left / 1_000_000);
    }

    /** Hands over what the driver has read. */
    @FunctionalInterface
    interface HandOver {
        /** Does so. */
        void run() throws SQLException;
    }

    /**
     * Asks for a token. In a transaction nothing is sent, so it covers exactly what the driver has
     * read when it comes; and what is still to come again comes after it.
     */
    void ask(Wire wire, HandOver handOver) throws SQLException {
        var connection = wire.connection();
        wire.limit(timeout);
        try {
            connection.setAutoCommit(false);
            var next = wire.strings("SELECT heliosdb_last_token()").getFirst();
            handOver.run();
            wire.limit(timeout);
            token = next;
            since.clear();
            since.addAll(again);
            moved = false;
            askedNanos = System.nanoTime();
            connection.commit();
            connection.setAutoCommit(true);
            wire.unlimit();
        } catch (SQLException e) {
            if (ClientErrors.endsConnection(e)) {
                throw e;
            }
            connection.rollback();
            connection.setAutoCommit(true);
            wire.unlimit();
            if (!SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE.code().equals(e.getSQLState())) {
                throw e;
            }
            forget(); // This server keeps none.
        }
    }

    /**
     * Listens on a new connection, to what was sent since the token and from now on.
     *
     * @return what is missing; empty also where no place was known
     */
    List<Gap> resume(Wire wire, Collection<String> channels, ListenAfresh afresh)
            throws SQLException {
        again.clear();
        var from = token;
        if (from == null || channels.isEmpty()) {
            forgetPlace();
            afresh.listen(channels);
            return List.of();
        }
        if (!isKept) {
            forget();
            afresh.listen(channels);
            return List.of(UNKNOWN);
        }
        var gaps = new LinkedHashSet<Gap>();
        // What the function takes for a wildcard is a name like any other here.
        var literal = channels.stream().filter(HistoryPlace::isWildcard).toList();
        if (!literal.isEmpty()) {
            afresh.listen(literal);
            gaps.add(UNKNOWN);
        }
        var names = new LinkedHashSet<>(channels);
        literal.forEach(names::remove);
        since.removeIf(notification -> !names.contains(notification.channel()));
        again.addAll(since);
        try {
            gaps.addAll(listenSince(wire, names, from));
        } catch (SQLException e) {
            if (ClientErrors.endsConnection(e)) {
                throw e;
            }
            forget();
            afresh.listen(names);
            gaps.add(UNKNOWN);
        }
        return List.copyOf(gaps);
    }

    /** Listens from now on. */
    @FunctionalInterface
    interface ListenAfresh {
        /** Does so. */
        void listen(Collection<String> channels) throws SQLException;
    }

    /** In one statement, so that the channels keep the one order of commits. */
    private List<Gap> listenSince(Wire wire, Set<String> names, String from) throws SQLException {
        if (names.isEmpty()) {
            return List.of();
        }
        wire.limit(timeout);
        var array = wire.connection().createArrayOf("text", names.toArray());
        var answers =
                wire.strings(
                        "SELECT heliosdb_listen(name, ?) FROM unnest(?::text[]) AS n(name)",
                        from,
                        array);
        wire.unlimit();
        return GapText.ofAnswers(answers);
    }

    private static boolean isWildcard(String channel) {
        return channel.equals("*") || channel.endsWith(".*");
    }

    private void forget() {
        isKept = false;
        forgetPlace();
    }

    private void forgetPlace() {
        token = null;
        since.clear();
        again.clear();
        moved = false;
    }
}
