package io.heliosdb.replication;

import io.heliosdb.engine.EngineSession;

import org.jspecify.annotations.Nullable;

/**
 * Messages that sessions write into the log. One is a row that is put into {@code
 * heliosdb.messages} and deleted in the same transaction: so it has its place among the rows of the
 * transaction, goes with a savepoint that is rolled back, and leaves nothing behind.
 *
 * @see <a href="https://www.postgresql.org/docs/15/functions-admin.html#FUNCTIONS-REPLICATION">
 *     PostgreSQL: pg_logical_emit_message</a>
 */
public final class LogicalMessages {
    static final String TABLE = "messages";

    private LogicalMessages() {}

    static void define(EngineSession engine) {
        engine.executeSystem(
                "CREATE TABLE IF NOT EXISTS heliosdb.messages (transactional BOOLEAN NOT"
                        + " NULL, prefix VARCHAR NOT NULL, content VARBINARY NOT NULL)");
    }

    /**
     * Writes a message with the session's transaction.
     *
     * @param engine the session's rows
     * @param isTransactional whether its readers get it with the transaction
     * @param prefix who it is for
     * @param content what it says
     */
    public static void emit(
            EngineSession engine, boolean isTransactional, String prefix, byte[] content) {
        engine.executeSystem(
                "INSERT INTO heliosdb.messages VALUES (?1, ?2, ?3)",
                isTransactional,
                prefix,
                content);
        engine.executeSystem("DELETE FROM heliosdb.messages");
    }

    static LogicalChange.Message read(@Nullable Object[] row) {
        if (row[0] instanceof Boolean isTransactional
                && row[1] instanceof String prefix
                && row[2] instanceof byte[] content) {
            return new LogicalChange.Message(isTransactional, prefix, content);
        }
        throw new IllegalStateException("a row of heliosdb.messages is no message");
    }
}
