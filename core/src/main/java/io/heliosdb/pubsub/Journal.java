package io.heliosdb.pubsub;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * What gives transactions their places where they are recorded, so that a place is a position in
 * the record. Places never go back. Called by many threads.
 */
public interface Journal {
    /** A transaction that is to be recorded. */
    interface Entry {
        /**
         * Records the transaction. Called once, under the lock of the order: it takes no time and
         * cannot fail.
         *
         * @return its place
         */
        long append();

        /**
         * Called without a lock when the transaction has its place, or was given up before.
         *
         * @param isAppended whether it has
         */
        default void settle(boolean isAppended) {}
    }

    /**
     * The place of a transaction that leaves no record: that of the next one that does.
     *
     * @return not before any place given out
     */
    long next();

    /**
     * What was recorded, to be read.
     *
     * @return always the same
     */
    History history();

    /**
     * Prepares the record of a transaction that only notifies.
     *
     * @param notifications what it sends
     * @param pid the backend process id of the sender
     * @return to be appended or given up; null where nothing of it is to be recorded
     * @throws io.heliosdb.pg.PgException 53100 and others, where it cannot be recorded
     */
    @Nullable Entry prepare(List<Message> notifications, int pid);
}
