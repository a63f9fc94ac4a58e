package io.heliosdb.client.events;

import io.heliosdb.pg.PgException;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Rows and events of one database: events are published with a transaction or never, and read in
 * the one order of commits, from now on, from a place on, or where a named consumer stands. What is
 * missing is told by a {@link io.heliosdb.pg.Delivery.Gap Gap}, never left out in silence. Two
 * engines keep this contract, PostgreSQL and the embedded database, so a program that uses only
 * this moves from one to the other by another line where it opens it. Safe for use by many threads.
 */
public interface EventSource extends AutoCloseable {
    /**
     * Opens a connection whose transactions carry rows and events.
     *
     * @return in autocommit mode; belongs to the caller, who closes it
     * @throws SQLException where the server cannot be reached or refuses
     */
    Connection connect() throws SQLException;

    /**
     * Publishes an event with a transaction: when it commits, or never. In SQL, so in a trigger
     * too, it is {@code SELECT heliosdb_publish(channel, payload)}. Of events of one transaction
     * that are equal in channel and payload, one may stand for all.
     *
     * @param connection one of {@link #connect}, or of a pool on the same database
     * @param channel 1 to 63 bytes, literally
     * @param payload fewer than 8,000 bytes
     * @throws SQLException 22023 for a channel or payload that is not allowed, and what the
     *     connection throws
     */
    default void publish(Connection connection, String channel, String payload)
            throws SQLException {
        try (var statement = connection.prepareStatement("SELECT heliosdb_publish(?, ?)")) {
            statement.setString(1, channel);
            statement.setString(2, payload);
            statement.execute();
        }
    }

    /**
     * Publishes an event in a transaction of its own; it is durable when this returns.
     *
     * @param channel 1 to 63 bytes, literally
     * @param payload fewer than 8,000 bytes
     * @throws PgException 22023 for a channel or payload that is not allowed; class 08 or 57 where
     *     the connection broke, and then it is not known whether the event was published
     */
    void publish(String channel, String payload);

    /**
     * Reads the events of channels, in the order of commits.
     *
     * @param start from where
     * @param channels names, at least one; {@code *}, and a prefix with {@code .*}, are wildcards
     * @return to be closed by the caller; closing the source closes it too
     * @throws PgException 22023 for a name that is not allowed, 55000 where the engine keeps no
     *     history, and what the server says
     */
    EventStream subscribe(EventStart start, String... channels);

    /**
     * Makes a named consumer whose first reader begins here; one that exists stays where it is. To
     * subscribe makes it too.
     *
     * @param name 1 to 40 lower-case letters, digits and underscores
     * @throws PgException 22023 for another name, 53400 where the server has room for no more
     */
    void createConsumer(String name);

    /**
     * The named consumers.
     *
     * @return by name
     * @throws PgException what the server says
     */
    List<ConsumerState> consumers();

    /**
     * Forgets a named consumer, and ends its reader with 42704.
     *
     * @param name the consumer
     * @throws PgException 42704 where there is none of that name
     */
    void dropConsumer(String name);

    /**
     * Asks the engine whether it works; takes a few seconds at most where it does not.
     *
     * @return what it answered
     */
    Health health();

    /** Ends its streams and connections, and leaves the consumers where they are. */
    @Override
    void close();
}
