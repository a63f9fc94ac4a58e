package io.heliosdb.replication;

import org.jspecify.annotations.Nullable;

/** Takes what a reader's publications have of a transaction. */
interface PublishedSink {
    /** A transaction of which something is published. */
    void begin(DecodedTransaction transaction);

    /** A row is new, or is published from now on. */
    void insert(PublishedRelation relation, @Nullable Object[] row);

    /**
     * A row has other values.
     *
     * @param old what it was, whole
     * @param told what the replica identity tells of that; null where it is the key, and the same
     */
    void update(
            PublishedRelation relation,
            @Nullable Object[] old,
            @Nullable Object @Nullable [] told,
            @Nullable Object[] row);

    /** A row is gone, or is not published any more. */
    void delete(PublishedRelation relation, @Nullable Object[] old);

    /** A table was emptied. */
    void truncate(PublishedRelation relation, boolean restartsIdentity);

    /** A message; one that is not transactional may come outside a transaction. */
    void message(DecodedTransaction transaction, LogicalChange.Message message);

    /** The end of a transaction that has begun. */
    void commit(DecodedTransaction transaction);
}
