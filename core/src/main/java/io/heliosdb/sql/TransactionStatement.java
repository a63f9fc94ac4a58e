package io.heliosdb.sql;

/** A statement that begins, divides, ends or shapes a transaction. Immutable. */
public sealed interface TransactionStatement extends Statement {
    /**
     * BEGIN or START TRANSACTION.
     *
     * @param source as written
     * @param offset where it starts
     * @param tag {@code BEGIN} or {@code START TRANSACTION}
     * @param modes what the transaction is to be
     */
    record Begin(String source, int offset, String tag, TransactionModes modes)
            implements TransactionStatement {}

    /**
     * COMMIT or END.
     *
     * @param source as written
     * @param offset where it starts
     * @param chain AND CHAIN: begin the next one at once with the same modes
     */
    record Commit(String source, int offset, boolean chain) implements TransactionStatement {}

    /**
     * ROLLBACK or ABORT.
     *
     * @param source as written
     * @param offset where it starts
     * @param chain AND CHAIN: begin the next one at once with the same modes
     */
    record Rollback(String source, int offset, boolean chain) implements TransactionStatement {}

    /**
     * SAVEPOINT.
     *
     * @param source as written
     * @param offset where it starts
     * @param name its name
     */
    record Savepoint(String source, int offset, String name) implements TransactionStatement {}

    /**
     * RELEASE SAVEPOINT.
     *
     * @param source as written
     * @param offset where it starts
     * @param name its name
     */
    record Release(String source, int offset, String name) implements TransactionStatement {}

    /**
     * ROLLBACK TO SAVEPOINT.
     *
     * @param source as written
     * @param offset where it starts
     * @param name its name
     */
    record RollbackTo(String source, int offset, String name) implements TransactionStatement {}

    /**
     * PREPARE TRANSACTION.
     *
     * @param source as written
     * @param offset where it starts
     * @param id the global identifier
     */
    record PrepareTransaction(String source, int offset, String id)
            implements TransactionStatement {}

    /**
     * COMMIT PREPARED.
     *
     * @param source as written
     * @param offset where it starts
     * @param id the global identifier
     */
    record CommitPrepared(String source, int offset, String id) implements TransactionStatement {}

    /**
     * ROLLBACK PREPARED.
     *
     * @param source as written
     * @param offset where it starts
     * @param id the global identifier
     */
    record RollbackPrepared(String source, int offset, String id) implements TransactionStatement {}

    /**
     * SET TRANSACTION, or SET SESSION CHARACTERISTICS AS TRANSACTION.
     *
     * @param source as written
     * @param offset where it starts
     * @param session true for the session's later transactions, false for the current one
     * @param modes what to set
     */
    record SetTransaction(String source, int offset, boolean session, TransactionModes modes)
            implements TransactionStatement {}

    /**
     * SET TRANSACTION SNAPSHOT.
     *
     * @param source as written
     * @param offset where it starts
     * @param snapshot the snapshot's identifier
     */
    record SetTransactionSnapshot(String source, int offset, String snapshot)
            implements TransactionStatement {}
}
