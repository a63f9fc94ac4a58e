package io.heliosdb.replication;

import io.heliosdb.engine.TableShape;

import org.jspecify.annotations.Nullable;

/** What a transaction did, as the log has it: every table, whole rows, nothing left out. */
sealed interface LogicalChange {
    /**
     * A row is new.
     *
     * @param table its table as it was then
     * @param row its values, as {@code pg.type} represents them
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Insert(TableShape table, @Nullable Object[] row) implements LogicalChange {}

    /**
     * A row has other values.
     *
     * @param table its table as it was then
     * @param old its values before
     * @param row its values after
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Update(TableShape table, @Nullable Object[] old, @Nullable Object[] row)
            implements LogicalChange {}

    /**
     * A row is gone.
     *
     * @param table its table as it was then
     * @param old its values
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Delete(TableShape table, @Nullable Object[] old) implements LogicalChange {}

    /**
     * A table was emptied.
     *
     * @param table the table
     * @param restartsIdentity whether its sequences begin anew
     */
    record Truncate(TableShape table, boolean restartsIdentity) implements LogicalChange {}

    /**
     * A message.
     *
     * @param isTransactional whether it belongs to the transaction
     * @param prefix who it is for
     * @param content what it says
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Message(boolean isTransactional, String prefix, byte[] content)
            implements LogicalChange {}
}
