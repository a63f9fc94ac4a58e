package io.heliosdb.client;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import io.heliosdb.pg.Delivery;
import io.heliosdb.pg.Delivery.Closed;
import io.heliosdb.pg.Delivery.ConnectionLost;
import io.heliosdb.pg.Delivery.Gap;
import io.heliosdb.pg.Delivery.Notification;
import io.heliosdb.pg.Delivery.Reconnected;
import io.heliosdb.pg.Lsn;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What was read and not yet taken, in order, bounded. One thread puts, any number take. Only
 * notifications are dropped, never word of a loss; losses that nobody looked at in between become
 * one.
 */
final class DeliveryBuffer implements DeliverySink {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition notEmpty = lock.newCondition();
    private final int capacity;
    private final Overflow overflow;
    private final Runnable onRoom;

    @GuardedBy("lock")
    private final ArrayDeque<Delivery> deliveries = new ArrayDeque<>();

    /** Dropped before what is first in the queue, and not yet said. */
    @GuardedBy("lock")
    private long dropped;

    @GuardedBy("lock")
    private @Nullable Closed end;

    @GuardedBy("lock")
    private boolean refused;

    /**
     * An empty buffer.
     *
     * @param onRoom called without the lock when there is room after there was none
     */
    DeliveryBuffer(int capacity, Overflow overflow, Runnable onRoom) {
        this.capacity = capacity;
        this.overflow = overflow;
        this.onRoom = onRoom;
    }

    @Override
    public void accept(Delivery delivery) {
        lock.lock();
        try {
            if (end != null) {
                return;
            }
            switch (delivery) {
                case Notification notification -> add(notification);
                case ConnectionLost lost -> addLoss(lost);
                case Gap gap -> deliveries.add(gap);
                case Reconnected reconnected -> deliveries.add(reconnected);
                case Closed closed -> end = closed;
            }
            notEmpty.signal();
            if (end != null) {
                notEmpty.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean hasRoom() {
        lock.lock();
        try {
            boolean room = overflow != Overflow.BLOCK || deliveries.size() < capacity;
            refused = !room;
            return room;
        } finally {
            lock.unlock();
        }
    }

    /** Whether something can be taken, the end included. */
    boolean isReady() {
        lock.lock();
        try {
            return dropped > 0 || !deliveries.isEmpty() || end != null;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean isEnded() {
        lock.lock();
        try {
            return end != null;
        } finally {
            lock.unlock();
        }
    }

    /**
     * The next delivery; after the end the end again.
     *
     * @return null where nothing came in time
     */
    @Nullable Delivery take(long timeoutNanos) throws InterruptedException {
        boolean room;
        Delivery taken;
        lock.lockInterruptibly();
        try {
            long left = timeoutNanos;
            while (dropped == 0 && deliveries.isEmpty() && end == null) {
                if (left <= 0) {
                    return null;
                }
                left = notEmpty.awaitNanos(left);
            }
            taken = next();
            // Half empty, so that the reader is not woken for every single one.
            room = refused && deliveries.size() <= capacity / 2;
            if (room) {
                refused = false;
            }
        } finally {
            lock.unlock();
        }
        if (room) {
            onRoom.run();
        }
        return taken;
    }

    @GuardedBy("lock")
    private Delivery next() {
        if (dropped > 0) {
            var gap = gap(dropped);
            dropped = 0;
            return gap;
        }
        var first = deliveries.poll();
        if (first != null) {
            return first;
        }
        var last = end;
        if (last == null) {
            throw new IllegalStateException("nothing to take");
        }
        return last;
    }

    @GuardedBy("lock")
    private void add(Notification notification) {
        if (deliveries.size() >= capacity) {
            switch (overflow) {
                case BLOCK -> {}
                case DROP_OLDEST -> dropOldest();
                case COALESCE -> coalesce();
                case CLOSE -> {
                    end =
                            new Closed(
                                    new PgException(
                                            SqlState.PROGRAM_LIMIT_EXCEEDED,
                                            "too many notifications in the listener's buffer"));
                    return;
                }
            }
        }
        deliveries.add(notification);
    }

    /** A loss that follows a reconnect with nothing between them is the same loss. */
    @GuardedBy("lock")
    private void addLoss(ConnectionLost lost) {
        if (deliveries.peekLast() instanceof Reconnected) {
            var reconnected = deliveries.removeLast();
            if (deliveries.peekLast() instanceof ConnectionLost) {
                return;
            }
            deliveries.add(reconnected);
        }
        deliveries.add(lost);
    }

    /** The gap is said before all that is left: who reads anew then has missed nothing. */
    @GuardedBy("lock")
    private void dropOldest() {
        var each = deliveries.iterator();
        while (each.hasNext()) {
            if (each.next() instanceof Notification) {
                each.remove();
                dropped++;
                return;
            }
        }
    }

    @GuardedBy("lock")
    private void coalesce() {
        var seen = new HashSet<String>();
        var kept = new ArrayDeque<Delivery>();
        long lost = 0;
        Delivery delivery;
        while ((delivery = deliveries.pollLast()) != null) {
            switch (delivery) {
                case Notification n when !seen.add(n.channel()) -> lost++;
                case Gap gap when gap.missed() > 0 -> lost += gap.missed();
                default -> kept.addFirst(delivery);
            }
        }
        deliveries.addAll(kept);
        if (deliveries.size() + 1 >= capacity) {
            dropOldest();
        }
        if (lost > 0) {
            deliveries.add(gap(lost));
        }
    }

    private static Gap gap(long missed) {
        return new Gap(Lsn.ZERO, Lsn.ZERO, missed, false);
    }
}
