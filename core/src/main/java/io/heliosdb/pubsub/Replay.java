package io.heliosdb.pubsub;

import io.heliosdb.pg.Delivery;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A queue that reads from the history: because it was full, or because its subscription began in
 * the past. While {@link #liveFrom} is not known the deliverer gives it nothing. Guarded by the
 * queue's lock, but for {@link #reading}.
 */
final class Replay {
    /**
     * Held by the taker that reads the history; never by the deliverer. Before the queue's lock.
     */
    final ReentrantLock reading = new ReentrantLock();

    /** What has been read and not been taken; the registrations say whether it is wanted. */
    final ArrayDeque<Delivery> found = new ArrayDeque<>();

    /** What was wanted when the reader was sent back to an earlier place; it comes first. */
    final ArrayDeque<Delivery> kept = new ArrayDeque<>();

    final History.Claim claim;

    /** Everything up to here is in {@link #found}, or was. */
    Place after;

    /** Where the timeline begins that {@link #after} belongs to. */
    long line;

    /** Everything behind this is in the ring; null while the deliverer gives nothing. */
    @Nullable Place liveFrom;

    Replay(Place after, long line, History.Claim claim) {
        this.after = after;
        this.line = line;
        this.claim = claim;
    }

    boolean isTaken() {
        return found.isEmpty() && kept.isEmpty();
    }

    void add(Delivery delivery) {
        found.add(delivery);
    }
}
