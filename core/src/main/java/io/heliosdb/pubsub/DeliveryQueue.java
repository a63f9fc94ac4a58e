package io.heliosdb.pubsub;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import io.heliosdb.pg.Delivery;
import io.heliosdb.pg.Delivery.Closed;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pubsub.Registrations.Registration;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One subscriber's bounded queue, between the one deliverer of the moment and any number of takers.
 *
 * <p>The deliverer puts one reference per transaction into the ring, without a lock. Takers are one
 * at a time, under {@code taking}; they filter what they take by the registrations, so a channel
 * that is no longer listened to gives nothing, whatever is still in the ring. When the ring is
 * full, and when the registrations change, the deliverer becomes a taker for a moment: both are
 * rare. A taker that finds nothing waits in {@link Parking}.
 *
 * <p>The end is written once and read before the ring is emptied: whoever sees the end sees
 * everything that was queued before it.
 */
final class DeliveryQueue {
    /** What came of an offer. */
    enum Outcome {
        TAKEN,
        /** Taken, and from now on publishers have to ask for room. */
        TIGHT,
        /** Not taken: the subscription has to end. */
        FULL
    }

    private final OverflowPolicy overflow;
    private final Counters counters;
    private final Room room;
    private final Backlog backlog;
    private final Parking parking = new Parking();

    /** Null where publishers never ask for room. */
    private final @Nullable Quota quota;

    /** Null where there is no history. */
    private final @Nullable Feed feed;

    private final ReentrantLock taking = new ReentrantLock();

    /** The deliverer's: nothing more is let in. */
    private boolean sealed;

    /** The deliverer's: the queue is in no channel any more and gets no registration. */
    private boolean released;

    /** The deliverer's: the last transaction that was offered for one of several channels. */
    private long lastOffered = -1;

    /** Written once, by whoever ends the subscription first, under {@code taking}. */
    private volatile @Nullable Closed end;

    /** The end was taken; written under {@code taking}. */
    private volatile boolean endTold;

    /** What is queued is nobody's any more; written under {@code taking}. */
    private volatile boolean discarded;

    DeliveryQueue(SubscribeOptions options, Counters counters, Room room, @Nullable Feed feed) {
        this.feed = feed;
        overflow = options.overflow();
        this.counters = counters;
        this.room = room;
        boolean reserving = overflow.isReserving();
        quota = reserving ? new Quota(options.capacity()) : null;
        int spare = reserving ? Quota.LATECOMERS_MAX : 0;
        backlog = new Backlog(Math.addExact(options.capacity(), spare), counters, feed);
    }

    OverflowPolicy overflow() {
        return overflow;
    }

    // The deliverer's side.

    /** What the queue listens to; to be read by the deliverer, who alone changes it. */
    Registrations registrations() {
        return backlog.registrations();
    }

    /** A transaction on several channels comes once for each; true for the first time. */
    boolean isNew(QueuedTransaction transaction) {
        boolean isNew = lastOffered != transaction.sequence;
        lastOffered = transaction.sequence;
        return isNew;
    }

    /** Whether an offer would do anything: one that reads from the history needs none. */
    boolean takes() {
        return !sealed && backlog.takes();
    }

    Outcome offer(QueuedTransaction transaction) {
        if (sealed) {
            return Outcome.TAKEN;
        }
        if (!backlog.offer(transaction, overflow == OverflowPolicy.CATCH_UP)) {
            return overflow(transaction);
        }
        return becomesTight() ? Outcome.TIGHT : Outcome.TAKEN;
    }

    /** Wakes the taker that waits, if any; after a fence that follows the offer. */
    void wake() {
        parking.wake();
    }

    private Outcome overflow(QueuedTransaction transaction) {
        return switch (overflow) {
            case CATCH_UP -> {
                fallBehind(null);
                backlog.offer(transaction, false);
                yield Outcome.TAKEN;
            }
            case DROP_OLDEST -> {
                exclusively(backlog::dropOldest);
                yield offer(transaction);
            }
            case COALESCE -> {
                exclusively(backlog::coalesce);
                yield offer(transaction);
            }
            case CLOSE, BLOCK, REFUSE -> Outcome.FULL;
        };
    }

    private void exclusively(Runnable step) {
        taking.lock();
        try {
            step.run();
        } finally {
            taking.unlock();
        }
    }

    /** Several changes that a taker sees as one. */
    void atomically(Runnable changes) {
        exclusively(changes);
    }

    /** Adds a registration; {@code delivered} is the place before its transaction. */
    void listen(Registration registration, Place delivered) {
        exclusively(() -> backlog.listen(registration, delivered));
    }

    /**
     * From now on everything comes from the history, for a registration that was added before; null
     * begins with what was not taken yet. Before {@link #listen}, which makes this start its own.
     */
    void fallBehind(History.@Nullable Start start) {
        var history = feed;
        if (history == null) {
            throw new IllegalStateException("a queue without a history cannot fall behind");
        }
        exclusively(() -> {
            if (!discarded && end == null) {
                backlog.fallBehind(history, start);
            }
        });
    }

    /** Ends a registration, if there is one; {@link #changed} follows. */
    @Nullable Registration unlisten(String channel) {
        taking.lock();
        try {
            return backlog.registrations().remove(channel);
        } finally {
            taking.unlock();
        }
    }

    /** Drops what is held for registrations that ended, and wakes for what has to be replayed. */
    void changed() {
        exclusively(backlog::refilter);
        room.freed(this);
        wake();
    }

    /** Lets nothing more in; what is queued can still be taken, then comes the end. */
    void end(PgException cause) {
        sealed = true;
        close(cause, false);
    }

    /** Takes the queue out of use for good; its registrations are gone from their channels. */
    void release() {
        sealed = true;
        released = true;
        if (discarded) {
            exclusively(() -> {
                backlog.registrations().clear();
                backlog.clear();
            });
        }
        room.freed(this);
    }

    boolean isReleased() {
        return released;
    }

    boolean isTight() {
        return quota != null && quota.isTight();
    }

    /** Whether this is the moment from which publishers have to ask for room. */
    boolean becomesTight() {
        return quota != null && quota.tightens(backlog.size());
    }

    /** Whether publishers need no longer ask for room. */
    boolean relaxes() {
        return released || quota == null || quota.relaxes(backlog.size());
    }

    boolean tryReserve() {
        if (quota == null || !hasRoom()) {
            return false;
        }
        quota.reserve();
        return true;
    }

    void unreserve() {
        if (quota != null) {
            quota.giveBack();
            room.freed(this);
        }
    }

    /** Anybody's: whether a publisher would get room now. */
    boolean hasRoom() {
        return isEnded() || quota == null || quota.hasRoom(backlog.size());
    }

    /** Anybody's: the position in the shared budget of the oldest transaction that waits. */
    long oldestPosition() {
        taking.lock();
        try {
            return backlog.oldestPosition();
        } finally {
            taking.unlock();
        }
    }

    /** Anybody's: how many transactions wait in memory. */
    int size() {
        return backlog.size();
    }

    // The takers' side.

    /** Whether a take would give something; without a lock. */
    boolean isReady() {
        return !backlog.isEmpty() || (end != null && !endTold);
    }

    boolean isEnded() {
        return end != null;
    }

    boolean isReadyOrEnded() {
        return end != null || !backlog.isEmpty();
    }

    /** What waits; where that is in the history, a part of it. */
    List<Delivery> poll() {
        while (isReady()) {
            var taken = drain();
            if (!taken.isEmpty() || !readOn()) {
                return taken;
            }
        }
        return List.of();
    }

    private List<Delivery> drain() {
        taking.lock();
        try {
            var last = end;
            var taken = new ArrayList<Delivery>(backlog.size() + 1);
            if (!discarded) {
                backlog.drainTo(taken);
                counters.received.add(taken.size());
            }
            if (last != null && !endTold) {
                told();
                taken.add(last);
            }
            return taken.isEmpty() ? List.of() : Collections.unmodifiableList(taken);
        } finally {
            taking.unlock();
            room.freed(this);
        }
    }

    /** The next delivery, or null where none waits; the end again and again once it is reached. */
    @Nullable Delivery take() {
        while (isReady()) {
            var next = takeNext();
            if (next != null || !readOn()) {
                return next;
            }
        }
        return end;
    }

    private @Nullable Delivery takeNext() {
        taking.lock();
        try {
            var last = end;
            var next = discarded ? null : backlog.next();
            if (next != null) {
                counters.received.increment();
                return next;
            }
            if (last != null) {
                told();
            }
            return last;
        } finally {
            taking.unlock();
            room.freed(this);
        }
    }

    /** The end is taken: what would have to be read first is left to a token. */
    @GuardedBy("taking")
    private void told() {
        endTold = true;
        if (backlog.replay() != null) {
            backlog.clear();
        }
    }

    /**
     * Reads a part of the history, or ends that: the ring is next then. False where there is
     * nothing to read.
     */
    private boolean readOn() {
        var reading = backlog.replay();
        var history = feed;
        if (reading == null || history == null || isEnded()) {
            return false;
        }
        reading.reading.lock();
        try {
            // In this order: who listens after the look at its registrations comes behind this.
            var delivered = history.delivered();
            var part = part(reading, delivered);
            if (part == null) {
                return true;
            }
            if (part.after.isBefore(part.upTo)) {
                var chunk = history.read(part.after, part.line, part.upTo, part.interest);
                exclusively(() -> backlog.add(reading, chunk));
            } else if (part.isLive) {
                exclusively(() -> backlog.goLive(reading));
            } else {
                history.exclusively(
                        () -> exclusively(() -> backlog.follow(reading, history.delivered())));
            }
        } catch (PgException e) {
            abort(e);
            history.closed(this);
        } finally {
            reading.reading.unlock();
        }
        return true;
    }

    /** What to read of the history next. */
    private record Part(Place after, long line, Place upTo, boolean isLive, Interest interest) {}

    /** Null where what was read has not been taken, and where something else is read by now. */
    private @Nullable Part part(Replay reading, Place delivered) {
        taking.lock();
        try {
            if (backlog.replay() != reading || !reading.isTaken()) {
                return null;
            }
            var live = reading.liveFrom;
            return new Part(
                    reading.after,
                    reading.line,
                    live == null ? delivered : live,
                    live != null,
                    backlog.registrations().interest());
        } finally {
            taking.unlock();
        }
    }

    /** From where to go on for who has taken everything so far. */
    Place reached() {
        var history = feed;
        var delivered = history == null ? Place.before(0) : history.delivered();
        taking.lock();
        try {
            return backlog.standsAt(delivered);
        } finally {
            taking.unlock();
        }
    }

    /** Waits until something can be taken, and returns whether it can. */
    boolean await(long timeoutNanos) throws InterruptedException {
        return isReadyOrEnded() || parking.await(this, timeoutNanos);
    }

    /** The owner closes: nothing more is taken but the end. */
    void discard() {
        close(null, true);
    }

    /** The taker gives up: nothing more is taken but the end, with the cause. */
    void abort(PgException cause) {
        close(cause, true);
    }

    private void close(@Nullable PgException cause, boolean discard) {
        taking.lock();
        try {
            if (discard) {
                discarded = true;
                backlog.clear();
            }
            if (end == null) {
                end = new Closed(cause);
            }
        } finally {
            taking.unlock();
        }
        wake();
        room.freed(this);
    }

    /** The channels, in the order in which the subscription began to listen to them. */
    List<String> channels() {
        taking.lock();
        try {
            return backlog.registrations().names();
        } finally {
            taking.unlock();
        }
    }

    /** What the subscription ends with when it was too slow. */
    static PgException tooSlow() {
        return new PgException(
                        SqlState.PROGRAM_LIMIT_EXCEEDED,
                        "the notification queue of the subscription is full")
                .withHint(
                        "Take notifications faster, raise notification_queue_size or choose another"
                                + " overflow.");
    }
}
