package io.heliosdb.client;

import io.heliosdb.pg.Identifier;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/**
 * Sends notifications with a transaction of the caller's: they are seen when it commits, and never
 * where it rolls back; on a connection in autocommit mode, at once. Payloads beyond the server's
 * limit go through a {@link PayloadTable} where there is one. Stateless and safe for use by many
 * threads.
 *
 * @see <a href="https://www.postgresql.org/docs/15/sql-notify.html">PostgreSQL: NOTIFY</a>
 */
public final class PgNotifier {
    /** The longest payload that a notification itself carries, in bytes of UTF-8. */
    public static final int PAYLOAD_BYTES_MAX = 7999;

    private static final int SENT_TOGETHER = 500;

    private final @Nullable PayloadTable payloads;

    /**
     * What is sent.
     *
     * @param channel the channel's bare name
     * @param payload the text; may be empty
     */
    public record Message(String channel, String payload) {
        /**
         * A message whose payload is a value as JSON, which {@link PgListener#as(Class)} reads.
         *
         * @param channel the channel's bare name
         * @param value a record, or anything else that Jackson writes without configuration
         * @return the message
         */
        public static Message json(String channel, Object value) {
            return new Message(channel, JsonPayloads.write(value));
        }
    }

    /** A notifier that refuses payloads beyond the limit. */
    public PgNotifier() {
        payloads = null;
    }

    /**
     * A notifier that puts payloads beyond the limit into a table.
     *
     * @param payloads a table that exists, and that the listeners were given too
     */
    public PgNotifier(PayloadTable payloads) {
        this.payloads = payloads;
    }

    /**
     * Sends one.
     *
     * @param connection whose transaction it goes with
     * @param channel the channel's bare name
     * @param payload the text
     * @throws SQLException what the server answers
     * @throws PgException 22023 for a channel that is empty or too long, or for a payload that is
     *     too long where there is no table; nothing is sent then
     */
    public void notify(Connection connection, String channel, String payload) throws SQLException {
        notifyAll(connection, List.of(new Message(channel, payload)));
    }

    /**
     * Sends several, to one channel or many, by one statement for every 500 of them. They are
     * delivered in this order.
     *
     * @param connection whose transaction they go with
     * @param messages what is sent
     * @throws SQLException what the server answers
     * @throws PgException as {@link #notify(Connection, String, String)}
     */
    public void notifyAll(Connection connection, Collection<Message> messages) throws SQLException {
        var all = List.copyOf(messages);
        PgListener.requireNames(all.stream().map(Message::channel).toList());
        if (payloads == null && all.stream().anyMatch(m -> isLong(m.payload()))) {
            throw new PgException(SqlState.INVALID_PARAMETER_VALUE, "payload string too long");
        }
        for (int from = 0; from < all.size(); from += SENT_TOGETHER) {
            send(connection, all.subList(from, Math.min(all.size(), from + SENT_TOGETHER)));
        }
    }

    private void send(Connection connection, List<Message> messages) throws SQLException {
        var rows = String.join(", ", Collections.nCopies(messages.size(), "(?, ?)"));
        try (var statement =
                connection.prepareStatement(
                        "SELECT pg_notify(c, p) FROM (VALUES " + rows + ") AS n(c, p)")) {
            int i = 1;
            for (var message : messages) {
                statement.setString(i++, message.channel());
                statement.setString(i++, carried(connection, message.payload()));
            }
            statement.execute();
        }
    }

    /** A payload that looks like a reference is sent by one, so that none is mistaken. */
    private String carried(Connection connection, String payload) throws SQLException {
        if (payloads != null && (isLong(payload) || PayloadTable.isMarked(payload))) {
            return payloads.put(connection, payload);
        }
        return payload;
    }

    private static boolean isLong(String payload) {
        return payload.length() > PAYLOAD_BYTES_MAX
                || Identifier.utf8Length(payload) > PAYLOAD_BYTES_MAX;
    }
}
