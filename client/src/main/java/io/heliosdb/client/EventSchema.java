package io.heliosdb.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.heliosdb.pg.Lsn;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.Token;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * What a database of PostgreSQL has for events: a publication of no table, because pgoutput wants
 * one, a function that puts an event into the log, and slots. A slot belongs to the whole server,
 * so each has the database's number in its name.
 *
 * @param databaseOid the database's number
 */
record EventSchema(long databaseOid) {
    static final String PUBLICATION = "heliosdb_events";

    /** Who the messages are for that are events. */
    static final String PREFIX = "heliosdb.event";

    /** An event is its sender's process id, how many characters the channel has, both. */
    private static final String FUNCTION =
            """
            CREATE OR REPLACE FUNCTION public.heliosdb_publish(channel text, payload text)
            RETURNS void LANGUAGE plpgsql AS $body$
            BEGIN
                IF channel IS NULL OR channel = '' THEN
                    RAISE EXCEPTION 'channel name cannot be empty' USING ERRCODE = '22023';
                ELSIF octet_length(convert_to(channel, 'UTF8')) > 63 THEN
                    RAISE EXCEPTION 'channel name too long' USING ERRCODE = '22023';
                ELSIF octet_length(convert_to(payload, 'UTF8')) >= 8000 THEN
                    RAISE EXCEPTION 'payload string too long' USING ERRCODE = '22023';
                END IF;
                PERFORM pg_logical_emit_message(true, 'heliosdb.event', convert_to(
                    pg_backend_pid() || ' ' || length(channel) || ' ' || channel
                        || coalesce(payload, ''), 'UTF8'));
            END
            $body$
            """;

    static EventSchema of(Connection connection) throws SQLException {
        var row =
                SqlRow.first(
                        connection,
                        "SELECT oid FROM pg_database WHERE datname = current_database()");
        return new EventSchema(Long.parseLong(row.orElseThrow().text(0)));
    }

    /** The slot that holds back the history. */
    String historySlot() {
        return "heliosdb_history_" + databaseOid;
    }

    /** What the slots of consumers begin with. */
    String consumerPrefix() {
        return "heliosdb_c_" + databaseOid + "_";
    }

    String consumerSlot(String consumer) {
        return consumerPrefix() + consumer;
    }

    /** A slot that lives as long as its connection. */
    String temporarySlot(int backendPid) {
        return "heliosdb_t_" + databaseOid + "_" + backendPid;
    }

    /** Makes what is not there. */
    void install(Connection connection, boolean withHistory) throws SQLException {
        if (!isInstalled(connection)) {
            execute(connection, "CREATE PUBLICATION " + PUBLICATION);
        }
        execute(connection, FUNCTION);
        if (withHistory) {
            new EventSlots(this).createHistory(connection);
        }
    }

    /** Removes it all, consumers included. */
    void uninstall(Connection connection) throws SQLException {
        var slots = new EventSlots(this);
        var own =
                SqlRow.all(
                        connection,
                        "SELECT slot_name FROM pg_replication_slots WHERE slot_name = ? OR"
                                + " starts_with(slot_name, ?)",
                        historySlot(),
                        consumerPrefix());
        for (var row : own) {
            slots.drop(connection, row.text(0));
        }
        execute(connection, "DROP FUNCTION IF EXISTS public.heliosdb_publish(text, text)");
        execute(connection, "DROP PUBLICATION IF EXISTS " + PUBLICATION);
    }

    static boolean isInstalled(Connection connection) throws SQLException {
        return SqlRow.first(
                        connection, "SELECT 1 FROM pg_publication WHERE pubname = ?", PUBLICATION)
                .isPresent();
    }

    static void requireInstalled(Connection connection) throws SQLException {
        if (!isInstalled(connection)) {
            throw new PgException(
                            SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
                            "this database is not prepared for events")
                    .withHint("PgEventSource.install prepares it.");
        }
    }

    /**
     * The line of history that a replication connection reads: of this database in this server on
     * this timeline and no other, so that a foreign token is known for what it is.
     */
    long history(Connection replication) throws SQLException {
        var system = SqlRow.first(replication, "IDENTIFY_SYSTEM").orElseThrow();
        var line = system.text(0) + '/' + system.text(1) + '/' + databaseOid;
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(line.getBytes(UTF_8));
            // Zero would say that there is no history.
            return ByteBuffer.wrap(digest).getLong() | 1;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** The place before everything that commits at a position or later. */
    static Token before(long history, Lsn position) {
        // Records begin at multiples of 8, so no commit is at the byte before one.
        return new Token(history, new Lsn(Math.max(0, position.value() - 1)), 0);
    }

    static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
