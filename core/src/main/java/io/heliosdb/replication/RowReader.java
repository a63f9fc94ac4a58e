package io.heliosdb.replication;

import io.heliosdb.pg.Lsn;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * The one reader of a slot in this process: rows that were there when the slot was made, where they
 * are wanted, and then what was committed, in the order of commits. Closing it lets the next reader
 * have the slot. Confined to one thread at a time, but for {@link #confirm} and {@link #wake}.
 */
public final class RowReader implements AutoCloseable {
    private final ReplicationSlots slots;
    private final SlotCursor cursor;
    private final PublishedChanges changes;
    private @Nullable SnapshotRows existing;

    RowReader(
            ReplicationSlots slots,
            SlotCursor cursor,
            PublishedChanges changes,
            @Nullable SnapshotRows existing) {
        this.slots = slots;
        this.cursor = cursor;
        this.changes = changes;
        this.existing = existing;
    }

    /**
     * Passes on some rows that were there, or the next transaction, if there is one on disk; one of
     * which nothing is published gives nothing.
     *
     * @param out takes them
     * @return whether there was something
     * @throws io.heliosdb.pg.PgException 55000 where the slot is lost, 42704 for a publication that
     *     does not exist any more, 57P02 where the log has failed
     */
    public boolean next(RowSink out) {
        var rows = existing;
        if (rows != null) {
            if (!rows.next(out)) {
                rows.close();
                existing = null;
                out.existingEnd(cursor.position());
            }
            return true;
        }
        var transaction = cursor.next();
        if (transaction == null) {
            return false;
        }
        changes.pass(transaction, new Rows(out));
        return true;
    }

    /**
     * Waits until there is a next transaction, or until it is woken.
     *
     * @param timeout how long
     * @return whether there is one
     * @throws InterruptedException where the thread is interrupted while it waits
     * @throws io.heliosdb.pg.PgException FATAL 57P02 where the log has failed
     */
    public boolean await(Duration timeout) throws InterruptedException {
        return cursor.await(timeout);
    }

    /** Ends a wait, or the next one where there is none now. Any thread. */
    public void wake() {
        cursor.wake();
    }

    /**
     * How far it has read.
     *
     * @return the position of the next record
     */
    public Lsn position() {
        return cursor.position();
    }

    /**
     * The consumer has everything before a position, the rows that were there among it. Any thread.
     *
     * @param position an end position, at most {@link #position}
     */
    public void confirm(Lsn position) {
        cursor.slot().keep();
        cursor.confirm(position);
    }

    /**
     * Up to where the consumer has everything.
     *
     * @return {@code confirmed_flush_lsn}
     */
    public Lsn confirmed() {
        return cursor.slot().confirmedFlushLsn();
    }

    /** A slot whose first rows were not confirmed goes: who comes next begins anew. */
    @Override
    public void close() {
        var rows = existing;
        existing = null;
        try (cursor;
                changes;
                rows) {
            slots.dropFresh(cursor.slot());
        }
    }

    /** Rows as the sink wants them: published columns only. */
    private record Rows(RowSink out) implements PublishedSink {
        @Override
        public void begin(DecodedTransaction transaction) {
            out.begin(transaction.lsn(), transaction.xid(), transaction.committedAt());
        }

        @Override
        public void insert(PublishedRelation relation, @Nullable Object[] row) {
            out.insert(relation.streamed(), relation.published(row));
        }

        @Override
        public void update(
                PublishedRelation relation,
                @Nullable Object[] old,
                @Nullable Object @Nullable [] told,
                @Nullable Object[] row) {
            out.update(relation.streamed(), relation.published(old), relation.published(row));
        }

        @Override
        public void delete(PublishedRelation relation, @Nullable Object[] old) {
            out.delete(relation.streamed(), relation.published(old));
        }

        @Override
        public void truncate(PublishedRelation relation, boolean restartsIdentity) {
            out.truncate(relation.streamed(), restartsIdentity);
        }

        @Override
        public void message(DecodedTransaction transaction, LogicalChange.Message message) {
            out.message(
                    message.isTransactional(),
                    transaction.lsn(),
                    message.prefix(),
                    message.content());
        }

        @Override
        public void commit(DecodedTransaction transaction) {
            out.commit(transaction.lsn(), transaction.end(), transaction.committedAt());
        }
    }
}
