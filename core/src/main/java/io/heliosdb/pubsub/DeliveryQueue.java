package io.heliosdb.pubsub;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import io.heliosdb.pg.Delivery;
import io.heliosdb.pg.Delivery.Closed;
import io.heliosdb.pg.Delivery.Notification;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pubsub.Registrations.Registration;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One subscriber's bounded queue, between the one deliverer of the moment and any number of takers.
 *
 * <p>The deliverer puts one reference per transaction into the ring, without a lock. Takers are one
 * at a time, under {@code taking}; they filter what they take by the registrations, so a channel
 * that is no longer listened to gives nothing, whatever is still in the ring. When the ring is
 * full, and when the registrations change, the deliverer becomes a taker for a moment: both are
 * rare.
 *
 * <p>A taker that finds nothing parks. It writes {@code waiter}, looks again, and only then parks;
 * the deliverer writes the ring, fences once for all queues, and only then reads {@code waiter}:
 * one of the two sees the other. Takers that wait stand in line at {@code turn}, so there is never
 * more than one to wake.
 *
 * <p>The end is read before the ring is emptied: whoever sees the end sees everything that was
 * queued before it.
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

    /**
     * Queues that publishers reserve room in may briefly hold more: those who registered after the
     * reservation.
     */
    private static final int LATECOMERS_MAX = 1024;

    private final SubscribeOptions options;
    private final Counters counters;
    private final Room room;
    private final Ring ring;
    private final Registrations registrations = new Registrations();
    private final boolean reserving;
    private final int tightFrom;

    /** Taken before {@code taking} where both are. */
    private final ReentrantLock turn = new ReentrantLock();

    private final ReentrantLock taking = new ReentrantLock();

    /** The deliverer's: nothing more is let in. */
    private boolean sealed;

    /** The deliverer's: the queue is in no channel any more and gets no registration. */
    private boolean released;

    /** The deliverer's: publishers have to reserve room. */
    private boolean tight;

    /** Room promised to transactions that are in flight; written by the deliverer. */
    private final AtomicInteger reserved = new AtomicInteger();

    /** The deliverer's: the last transaction offered. */
    private long lastOffered;

    /** The transaction that is partly taken, and the place of the next one in it. */
    @GuardedBy("taking")
    private @Nullable QueuedTransaction current;

    @GuardedBy("taking")
    private int place;

    /** The last transaction that was taken out of the ring. */
    @GuardedBy("taking")
    private long lastTaken;

    @GuardedBy("taking")
    private final Losses losses = new Losses();

    /** Something waits outside the ring; written under {@code taking}. */
    private volatile boolean held;

    /** Written once, by whoever ends the subscription first, under {@code taking}. */
    private volatile @Nullable Closed end;

    /** The end was taken by a poll; written under {@code taking}. */
    private volatile boolean endTold;

    /** The owner closed: what is queued is nobody's; written under {@code taking}. */
    private volatile boolean discarded;

    /** The taker that waits; written by it, cleared by whoever wakes it. */
    private volatile @Nullable Thread waiter;

    DeliveryQueue(SubscribeOptions options, Counters counters, Room room) {
        this.options = options;
        this.counters = counters;
        this.room = room;
        reserving = options.overflow().isReserving();
        ring =
                new Ring(
                        reserving
                                ? Math.addExact(options.capacity(), LATECOMERS_MAX)
                                : options.capacity());
        tightFrom = options.capacity() < 2 * LATECOMERS_MAX ? 0 : options.capacity() / 2;
    }

    OverflowPolicy overflow() {
        return options.overflow();
    }

    Registrations registrations() {
        return registrations;
    }

    // The deliverer's side.

    /**
     * Whether this transaction was not offered yet: a transaction on several channels comes once
     * for each.
     */
    boolean isNew(long lsn) {
        if (lastOffered == lsn) {
            return false;
        }
        lastOffered = lsn;
        return true;
    }

    Outcome offer(QueuedTransaction transaction) {
        if (sealed) {
            return Outcome.TAKEN;
        }
        if (!ring.offer(transaction)) {
            return overflow(transaction);
        }
        return becomesTight() ? Outcome.TIGHT : Outcome.TAKEN;
    }

    /** Wakes the taker that waits, if any; after a fence that follows the offer. */
    void wake() {
        var parked = waiter;
        if (parked != null) {
            waiter = null;
            LockSupport.unpark(parked);
        }
    }

    private Outcome overflow(QueuedTransaction transaction) {
        return switch (options.overflow()) {
            case DROP_OLDEST -> {
                dropOldest();
                yield offer(transaction);
            }
            case COALESCE -> {
                coalesce();
                yield offer(transaction);
            }
            case CLOSE, BLOCK, REFUSE -> Outcome.FULL;
        };
    }

    private void dropOldest() {
        taking.lock();
        try {
            var oldest = ring.poll();
            if (oldest != null) {
                drop(oldest.lsn, wanted(oldest));
            }
        } finally {
            taking.unlock();
        }
    }

    private void coalesce() {
        taking.lock();
        try {
            for (var oldest = ring.poll(); oldest != null; oldest = ring.poll()) {
                long replaced = 0;
                for (var notification : oldest.notifications) {
                    if (registrations.wants(notification, oldest.lsn)
                            && losses.coalesce(notification)) {
                        replaced++;
                    }
                }
                drop(oldest.lsn, replaced);
            }
        } finally {
            taking.unlock();
        }
    }

    @GuardedBy("taking")
    private void drop(long lsn, long count) {
        losses.lost(lastTaken, lsn, count);
        lastTaken = lsn;
        counters.dropped.add(count);
        held = isHolding();
    }

    @GuardedBy("taking")
    private long wanted(QueuedTransaction transaction) {
        long count = 0;
        for (var notification : transaction.notifications) {
            if (registrations.wants(notification, transaction.lsn)) {
                count++;
            }
        }
        return count;
    }

    /** Adds a registration. */
    void listen(Registration registration) {
        taking.lock();
        try {
            if (registrations.isEmpty() && ring.isEmpty()) {
                lastTaken = registration.from - 1;
            }
            registrations.add(registration);
        } finally {
            taking.unlock();
        }
    }

    /** Ends a registration, if there is one. */
    @Nullable Registration unlisten(String channel) {
        taking.lock();
        try {
            return registrations.remove(channel);
        } finally {
            taking.unlock();
        }
    }

    /**
     * The registrations changed: what is held outside the ring for those that ended goes, and with
     * the last one all.
     */
    void changed() {
        taking.lock();
        try {
            losses.keepOnly(registrations);
            if (registrations.isEmpty()) {
                dropAll();
            } else if (current != null) {
                seek(current, place);
            }
            held = isHolding();
        } finally {
            taking.unlock();
        }
        room.freed(this);
    }

    /** Lets nothing more in; what is queued can still be taken, then comes the end. */
    void end(@Nullable PgException cause) {
        sealed = true;
        close(cause, false);
    }

    /** Takes the queue out of use for good; its registrations are gone from their channels. */
    void release() {
        sealed = true;
        released = true;
        taking.lock();
        try {
            if (discarded) {
                registrations.clear();
                dropAll();
            }
        } finally {
            taking.unlock();
        }
        room.freed(this);
    }

    boolean isReleased() {
        return released;
    }

    boolean isTight() {
        return tight;
    }

    /**
     * Whether this is the moment from which publishers have to ask for room, however little waits.
     */
    boolean becomesTight() {
        if (!reserving || tight || ring.size() < tightFrom) {
            return false;
        }
        tight = true;
        return true;
    }

    /** Whether publishers need no longer ask for room. */
    boolean relaxed() {
        if (released || (tightFrom > 0 && ring.size() < tightFrom / 2 && reserved.get() == 0)) {
            tight = false;
        }
        return !tight;
    }

    boolean tryReserve() {
        if (sealed) {
            return true;
        }
        if (!hasRoom()) {
            return false;
        }
        reserved.incrementAndGet();
        return true;
    }

    void unreserve() {
        reserved.decrementAndGet();
        room.freed(this);
    }

    /** Whether a publisher would get room now. */
    boolean hasRoom() {
        return isEnded() || ring.size() + reserved.get() < options.capacity();
    }

    // The takers' side.

    /** Whether a take would give something; without a lock. */
    boolean isReady() {
        return held || !ring.isEmpty() || (end != null && !endTold);
    }

    boolean isEnded() {
        return end != null;
    }

    /** How many transactions wait in the ring. */
    int size() {
        return ring.size();
    }

    List<Delivery> poll() {
        if (!isReady()) {
            return List.of();
        }
        taking.lock();
        try {
            var last = end;
            var all = new ArrayList<Delivery>(ring.size() + 1);
            for (var delivery = next(); delivery != null; delivery = next()) {
                all.add(delivery);
            }
            counters.received.add(all.size());
            if (last != null && !endTold) {
                endTold = true;
                all.add(last);
            }
            return all.isEmpty() ? List.of() : Collections.unmodifiableList(all);
        } finally {
            taking.unlock();
            room.freed(this);
        }
    }

    /** The next delivery, or null where none waits; the end again and again once it is reached. */
    @Nullable Delivery take() {
        if (!isReady()) {
            return end;
        }
        taking.lock();
        try {
            var last = end;
            var delivery = next();
            if (delivery != null || last == null) {
                counters.received.add(delivery == null ? 0 : 1);
                return delivery;
            }
            endTold = true;
            return last;
        } finally {
            taking.unlock();
            room.freed(this);
        }
    }

    /** Waits until something can be taken, and returns whether it can. */
    boolean await(long timeoutNanos) throws InterruptedException {
        if (isReady() || isEnded()) {
            return true;
        }
        long deadline = System.nanoTime() + timeoutNanos;
        if (!turn.tryLock(timeoutNanos, TimeUnit.NANOSECONDS)) {
            return isReady() || isEnded();
        }
        try {
            return park(deadline);
        } finally {
            waiter = null;
            turn.unlock();
        }
    }

    private boolean park(long deadline) throws InterruptedException {
        while (true) {
            waiter = Thread.currentThread();
            if (isReady() || isEnded()) {
                return true;
            }
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            LockSupport.parkNanos(this, left);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    /** The owner closes: nothing more is taken but the end. */
    void discard() {
        close(null, true);
    }

    private void close(@Nullable PgException cause, boolean discard) {
        taking.lock();
        try {
            if (discard) {
                discarded = true;
                dropAll();
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

    /**
     * The position in the shared budget of the oldest transaction that waits, or the largest
     * number.
     */
    long oldestPosition() {
        taking.lock();
        try {
            var oldest = current != null ? current : ring.peek();
            return oldest == null ? Long.MAX_VALUE : oldest.position;
        } finally {
            taking.unlock();
        }
    }

    /** The channels, in the order in which the subscription began to listen to them. */
    List<String> channels() {
        taking.lock();
        try {
            return registrations.names();
        } finally {
            taking.unlock();
        }
    }

    @GuardedBy("taking")
    private @Nullable Delivery next() {
        if (discarded) {
            return null;
        }
        if (current != null) {
            return received(current.notifications[place]);
        }
        if (held) {
            return kept();
        }
        for (var transaction = ring.poll(); transaction != null; transaction = ring.poll()) {
            lastTaken = transaction.lsn;
            seek(transaction, 0);
            if (current != null) {
                return received(current.notifications[place]);
            }
        }
        return null;
    }

    @GuardedBy("taking")
    private Notification received(Notification notification) {
        if (current != null) {
            seek(current, place + 1);
        }
        return notification;
    }

    @GuardedBy("taking")
    private @Nullable Delivery kept() {
        var kept = losses.next();
        held = isHolding();
        return kept;
    }

    /**
     * Makes the first notification from {@code from} on that is wanted the next one; none, and the
     * transaction is done.
     */
    @GuardedBy("taking")
    private void seek(QueuedTransaction transaction, int from) {
        var notifications = transaction.notifications;
        int index = from;
        while (index < notifications.length
                && !registrations.wants(notifications[index], transaction.lsn)) {
            index++;
        }
        current = index < notifications.length ? transaction : null;
        place = index;
        boolean holding = isHolding();
        if (holding != held) {
            held = holding;
        }
    }

    @GuardedBy("taking")
    private boolean isHolding() {
        return current != null || !losses.isEmpty();
    }

    @GuardedBy("taking")
    private void dropAll() {
        current = null;
        losses.clear();
        ring.clear();
        held = false;
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
