package io.heliosdb.pubsub;

/**
 * What happens to a subscriber that is too slow, once its queue is full. No policy loses anything
 * in silence.
 */
public enum OverflowPolicy {
    /**
     * What is queued goes, and is read from the history when the subscriber comes for it; nothing
     * is lost and nobody waits. Needs a log.
     */
    CATCH_UP,
    /** The oldest transaction goes; a gap stands in its place. */
    DROP_OLDEST,
    /**
     * The newest notification of each channel stays, followed by a gap with the count of the
     * others.
     */
    COALESCE,
    /** What is queued is delivered, then the subscription ends with 54000. */
    CLOSE,
    /** The publisher waits before its commit, bounded by its deadline. */
    BLOCK,
    /**
     * The publisher's commit fails with 54000, as PostgreSQL's does when its NOTIFY queue is full.
     */
    REFUSE;

    /** Whether a publisher asks for room before it commits. */
    boolean isReserving() {
        return this == BLOCK || this == REFUSE;
    }
}
