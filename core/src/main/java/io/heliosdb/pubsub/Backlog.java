package io.heliosdb.pubsub;

import io.heliosdb.pg.Delivery;
import io.heliosdb.pubsub.Registrations.Registration;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * What waits for one subscriber: transactions in the ring, before them what a full ring had to give
 * up, and before that the rest of the transaction that is being taken. Whoever takes filters by the
 * registrations as they are then. Only {@link #offer} and the looks from outside do without the
 * queue's lock.
 */
final class Backlog {
    private final Ring ring;
    private final Registrations registrations = new Registrations();
    private final Losses losses = new Losses();
    private final Counters counters;

    /** The transaction that is partly taken, and the place of the next one in it. */
    private @Nullable QueuedTransaction current;

    private int place;

    /** The last transaction that left the ring. */
    private long lastTaken;

    /** Whether something waits outside the ring; written under the lock, read by anybody. */
    private volatile boolean held;

    Backlog(int capacity, Counters counters) {
        ring = new Ring(capacity);
        this.counters = counters;
    }

    Registrations registrations() {
        return registrations;
    }

    /** The deliverer's: appends, or returns false where the ring is full. */
    boolean offer(QueuedTransaction transaction) {
        return ring.offer(transaction);
    }

    boolean isEmpty() {
        return !held && ring.isEmpty();
    }

    /** How many transactions are in the ring. */
    int size() {
        return ring.size();
    }

    @Nullable Delivery next() {
        if (current != null) {
            return advance(current);
        }
        if (held) {
            var kept = losses.next();
            held = !losses.isEmpty();
            return kept;
        }
        for (var next = ring.poll(); next != null; next = ring.poll()) {
            lastTaken = next.lsn;
            int first = find(next, 0);
            if (first < next.notifications.length) {
                place = first;
                return advance(next);
            }
        }
        return null;
    }

    void drainTo(List<Delivery> taken) {
        while (held) {
            var next = next();
            if (next != null) {
                taken.add(next);
            }
        }
        for (var next = ring.poll(); next != null; next = ring.poll()) {
            lastTaken = next.lsn;
            for (var notification : next.notifications) {
                if (registrations.wants(notification, next.lsn)) {
                    taken.add(notification);
                }
            }
        }
    }

    /** Gives the notification at {@code place} and looks for the one after it. */
    private Delivery advance(QueuedTransaction transaction) {
        var notification = transaction.notifications[place];
        seek(transaction, place + 1);
        return notification;
    }

    private void seek(QueuedTransaction transaction, int from) {
        place = find(transaction, from);
        current = place < transaction.notifications.length ? transaction : null;
        if (held == (current == null && losses.isEmpty())) {
            held = !held;
        }
    }

    private int find(QueuedTransaction transaction, int from) {
        var notifications = transaction.notifications;
        int index = from;
        while (index < notifications.length
                && !registrations.wants(notifications[index], transaction.lsn)) {
            index++;
        }
        return index;
    }

    /** Makes room for one: the oldest transaction goes and is counted. */
    void dropOldest() {
        var oldest = ring.poll();
        if (oldest == null) {
            return;
        }
        losses.begin(lastTaken);
        long count = 0;
        for (var notification : oldest.notifications) {
            count += registrations.wants(notification, oldest.lsn) ? 1 : 0;
        }
        lost(oldest.lsn, count);
    }

    /** Empties the ring: the newest of each channel stays and the others are counted. */
    void coalesce() {
        losses.begin(lastTaken);
        for (var oldest = ring.poll(); oldest != null; oldest = ring.poll()) {
            long count = 0;
            for (var notification : oldest.notifications) {
                if (registrations.wants(notification, oldest.lsn)) {
                    count += losses.coalesce(notification) ? 1 : 0;
                }
            }
            lost(oldest.lsn, count);
        }
    }

    private void lost(long lsn, long count) {
        losses.lost(lsn, count);
        lastTaken = lsn;
        counters.dropped.add(count);
        held = current != null || !losses.isEmpty();
    }

    void listen(Registration registration) {
        if (registrations.isEmpty() && ring.isEmpty()) {
            lastTaken = registration.from - 1;
        }
        registrations.add(registration);
    }

    /**
     * The registrations changed: what is held outside the ring for those that ended goes, and with
     * the last one everything.
     */
    void refilter() {
        losses.keepOnly(registrations);
        if (registrations.isEmpty()) {
            clear();
        } else if (current != null) {
            seek(current, place);
        } else {
            held = !losses.isEmpty();
        }
    }

    void clear() {
        current = null;
        losses.clear();
        ring.clear();
        held = false;
    }

    /** The position of the oldest transaction, or the largest number. */
    long oldestPosition() {
        var oldest = current != null ? current : ring.peek();
        return oldest == null ? Long.MAX_VALUE : oldest.position;
    }
}
