package io.heliosdb.client;

import io.heliosdb.pg.Delivery;
import io.heliosdb.pg.Delivery.Gap;
import io.heliosdb.pg.Delivery.Notification;
import io.heliosdb.pg.Identifier;
import io.heliosdb.pg.Lsn;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * A table of payloads that are too long for a notification. The notification carries the row's id;
 * a listener that was given the table fetches the payload before it delivers, and says a {@link
 * Gap} where the row is gone. Rows live as long as the retention says and are removed, a few at a
 * time, when others are added; so nothing runs for it and the table stays as small as its use.
 */
public final class PayloadTable {
    /** The usual name. */
    public static final String NAME = "heliosdb_payload";

    private static final String MARK = "heliosdb:payload:";

    /** How many expired rows go when one is added: more than one, so that a backlog shrinks. */
    private static final int REMOVED_TOGETHER = 10;

    private static final int FETCHED_TOGETHER = 500;

    private final String table;
    private final Duration retention;

    /** A table of the usual name that keeps payloads for an hour. */
    public PayloadTable() {
        this(NAME, Duration.ofHours(1));
    }

    /**
     * A table.
     *
     * @param name its bare name
     * @param retention how long a payload is kept at least: as long as a listener may lag
     */
    public PayloadTable(String name, Duration retention) {
        table = Identifier.quote(name);
        this.retention = retention;
    }

    /**
     * Creates the table where it does not exist.
     *
     * @param connection in or without a transaction
     * @throws SQLException what the server answers
     */
    public void create(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(
                    "CREATE TABLE IF NOT EXISTS "
                            + table
                            + " (id uuid PRIMARY KEY, payload text NOT NULL,"
                            + " created timestamptz NOT NULL DEFAULT now())");
        }
    }

    /**
     * Removes expired payloads, at most as many as said.
     *
     * @param connection in or without a transaction
     * @param limit at least 1
     * @return how many there were
     * @throws SQLException what the server answers
     */
    public int removeExpired(Connection connection, int limit) throws SQLException {
        try (var statement =
                connection.prepareStatement(
                        "DELETE FROM "
                                + table
                                + " WHERE id IN (SELECT id FROM "
                                + table
                                + " WHERE created < now() - CAST(? AS float8) * interval '1 second'"
                                + " ORDER BY created LIMIT "
                                + limit
                                + " FOR UPDATE SKIP LOCKED)")) {
            statement.setDouble(1, retention.toMillis() / 1e3);
            return statement.executeUpdate();
        }
    }

    /** Puts a payload there, in the connection's transaction, and gives what stands for it. */
    String put(Connection connection, String payload) throws SQLException {
        removeExpired(connection, REMOVED_TOGETHER);
        var id = UUID.randomUUID();
        try (var statement =
                connection.prepareStatement(
                        "INSERT INTO " + table + " (id, payload) VALUES (?, ?)")) {
            statement.setObject(1, id);
            statement.setString(2, payload);
            statement.executeUpdate();
        }
        return MARK + id;
    }

    /** Whether a payload looks like a reference; such ones are never sent as themselves. */
    static boolean isMarked(String payload) {
        return payload.startsWith(MARK);
    }

    static boolean isReference(Notification notification) {
        return isMarked(notification.payload());
    }

    /** The same in the same order, with payloads for references and gaps for what is gone. */
    List<Delivery> fetch(Connection connection, List<Notification> notifications)
            throws SQLException {
        var ids =
                notifications.stream()
                        .filter(PayloadTable::isReference)
                        .map(PayloadTable::id)
                        .flatMap(Optional::stream)
                        .distinct()
                        .toList();
        var payloads = new HashMap<UUID, String>();
        for (int from = 0; from < ids.size(); from += FETCHED_TOGETHER) {
            int to = Math.min(ids.size(), from + FETCHED_TOGETHER);
            payloads.putAll(fetch(connection, ids.subList(from, to)));
        }
        var deliveries = new ArrayList<Delivery>(notifications.size());
        for (var n : notifications) {
            if (!isReference(n)) {
                deliveries.add(n);
                continue;
            }
            var payload = id(n).map(payloads::get).orElse(null);
            deliveries.add(
                    payload == null
                            ? new Gap(Lsn.ZERO, Lsn.ZERO, 1, false)
                            : new Notification(
                                    n.lsn(), n.ordinal(), n.pid(), n.channel(), payload));
        }
        return deliveries;
    }

    /** Empty where somebody sent the mark with something else. */
    private static Optional<UUID> id(Notification reference) {
        try {
            return Optional.of(UUID.fromString(reference.payload().substring(MARK.length())));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private Map<UUID, String> fetch(Connection connection, Collection<UUID> ids)
            throws SQLException {
        var marks = String.join(", ", Collections.nCopies(ids.size(), "?"));
        var found = new HashMap<UUID, String>();
        try (var statement =
                connection.prepareStatement(
                        "SELECT id, payload FROM " + table + " WHERE id IN (" + marks + ")")) {
            int i = 1;
            for (var id : ids) {
                statement.setObject(i++, id);
            }
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.put(rows.getObject(1, UUID.class), rows.getString(2));
                }
            }
        }
        return found;
    }
}
