package io.heliosdb.client;

import io.heliosdb.pg.Identifier;

import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/**
 * A table of jobs. A job is added with a transaction, taken by exactly one worker under a row lock
 * that its transaction holds, and deleted by its end; where the worker dies the server ends the
 * transaction, and the job can be taken again. Works on any PostgreSQL 9.5 or later, and on
 * HeliosDB-Lite.
 *
 * @see <a href="https://www.postgresql.org/docs/15/sql-select.html">PostgreSQL: SKIP LOCKED</a>
 */
public final class WorkQueue {
    private static final String WAITING = "failed IS NULL AND not_before <= now()";

    private final String name;
    private final String table;
    private final PgNotifier notifier = new PgNotifier();

    /**
     * A queue.
     *
     * @param name the bare name of its table, and of the channel that wakes its workers
     */
    public WorkQueue(String name) {
        this.name = name;
        table = Identifier.quote(name);
    }

    /**
     * The channel that says that a job was added.
     *
     * @return its bare name
     */
    public String channel() {
        return name;
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
                            + " (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
                            + " payload text NOT NULL, attempts int NOT NULL DEFAULT 0,"
                            + " not_before timestamptz NOT NULL DEFAULT now(), failed text)");
        }
    }

    /**
     * Adds a job and wakes a worker, both with the connection's transaction.
     *
     * @param connection in or without a transaction
     * @param payload what the job is about
     * @throws SQLException what the server answers
     */
    public void add(Connection connection, String payload) throws SQLException {
        try (var statement =
                connection.prepareStatement("INSERT INTO " + table + " (payload) VALUES (?)")) {
            statement.setString(1, payload);
            statement.executeUpdate();
        }
        notifier.notify(connection, name, "");
    }

    /** Locks the next job that nobody else has, until the transaction ends. */
    Optional<Job> claim(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var row =
                        statement.executeQuery(
                                "SELECT id, payload, attempts FROM "
                                        + table
                                        + " WHERE "
                                        + WAITING
                                        + " ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED")) {
            return row.next()
                    ? Optional.of(new Job(row.getLong(1), row.getString(2), row.getInt(3) + 1))
                    : Optional.empty();
        }
    }

    /** Deletes a job, in the transaction that did it. */
    void finish(Connection connection, Job job) throws SQLException {
        try (var statement =
                connection.prepareStatement("DELETE FROM " + table + " WHERE id = ?")) {
            statement.setLong(1, job.id());
            statement.executeUpdate();
        }
    }

    /** Says that an attempt failed: the job is put off, or set aside where this was the last. */
    void putOff(Connection connection, Job job, Duration delay, @Nullable String failed)
            throws SQLException {
        try (var statement =
                connection.prepareStatement(
                        "UPDATE "
                                + table
                                + " SET attempts = ?, not_before = now() + CAST(? AS float8) *"
                                + " interval '1 second', failed = ? WHERE id = ?")) {
            statement.setInt(1, job.attempt());
            statement.setDouble(2, delay.toMillis() / 1e3);
            statement.setString(3, failed);
            statement.setLong(4, job.id());
            statement.executeUpdate();
        }
    }

    /** Whether there are jobs that somebody does now, or that were put off. */
    boolean hasMore(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var row =
                        statement.executeQuery(
                                "SELECT EXISTS (SELECT 1 FROM "
                                        + table
                                        + " WHERE failed IS NULL)")) {
            row.next();
            return row.getBoolean(1);
        }
    }
}
