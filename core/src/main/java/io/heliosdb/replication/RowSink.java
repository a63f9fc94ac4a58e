package io.heliosdb.replication;

import io.heliosdb.pg.Lsn;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/** Takes published changes as rows. Arrays belong to who takes them. */
public interface RowSink {
    /**
     * A row that was there when the reader began.
     *
     * @param table its table
     * @param row the values of its published columns, as {@code pg.type} represents them
     */
    void existing(StreamedTable table, @Nullable Object[] row);

    /**
     * All rows that were there have been passed on.
     *
     * @param lsn from here on changes follow
     */
    void existingEnd(Lsn lsn);

    /**
     * A transaction begins.
     *
     * @param lsn where it is
     * @param xid its number
     * @param committedAt when it committed
     */
    void begin(Lsn lsn, int xid, Instant committedAt);

    /**
     * A row is new.
     *
     * @param table its table
     * @param row its values
     */
    void insert(StreamedTable table, @Nullable Object[] row);

    /**
     * A row has other values.
     *
     * @param table its table
     * @param old its values before, whatever the replica identity
     * @param row its values after
     */
    void update(StreamedTable table, @Nullable Object[] old, @Nullable Object[] row);

    /**
     * A row is gone.
     *
     * @param table its table
     * @param old its values, whatever the replica identity
     */
    void delete(StreamedTable table, @Nullable Object[] old);

    /**
     * A table was emptied.
     *
     * @param table the table
     * @param restartsIdentity whether its sequences begin anew
     */
    void truncate(StreamedTable table, boolean restartsIdentity);

    /**
     * A message of {@code pg_logical_emit_message}.
     *
     * @param isTransactional whether it belongs to the transaction around it
     * @param lsn where it is
     * @param prefix who it is for
     * @param content what it says
     */
    void message(boolean isTransactional, Lsn lsn, String prefix, byte[] content);

    /**
     * The end of a transaction.
     *
     * @param lsn where it is
     * @param end the position behind it
     * @param committedAt when it committed
     */
    void commit(Lsn lsn, Lsn end, Instant committedAt);
}
