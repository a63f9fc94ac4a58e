package io.heliosdb.pubsub;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Where publishers wait until a queue with {@link OverflowPolicy#BLOCK} has room again. */
final class Room {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition freed = lock.newCondition();

    /** How many wait; counted before they look, read by takers after they made room. */
    private final AtomicInteger waiting = new AtomicInteger();

    /**
     * Waits until the queue has room or ends; 57014 at the deadline, and when the thread is
     * interrupted.
     */
    void await(DeliveryQueue queue, long deadlineNanos) {
        lock.lock();
        try {
            waiting.incrementAndGet();
            long left = left(deadlineNanos);
            while (!queue.hasRoom()) {
                if (left <= 0) {
                    throw canceled("canceling statement due to statement timeout");
                }
                freed.awaitNanos(left);
                left = left(deadlineNanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw canceled("canceling statement due to user request");
        } finally {
            waiting.decrementAndGet();
            lock.unlock();
        }
    }

    private static long left(long deadlineNanos) {
        return deadlineNanos == PubSub.NO_DEADLINE
                ? Long.MAX_VALUE
                : deadlineNanos - System.nanoTime();
    }

    private static PgException canceled(String message) {
        return new PgException(SqlState.QUERY_CANCELED, message)
                .withDetail(
                        "The commit waited for room in the notification queue of a subscriber that"
                                + " blocks.");
    }

    /**
     * A taker made room. The fence pairs with the write of {@code waiting}: one of the two sees the
     * other.
     */
    void freed(DeliveryQueue queue) {
        if (queue.overflow() != OverflowPolicy.BLOCK) {
            return;
        }
        VarHandle.fullFence();
        if (waiting.get() > 0) {
            lock.lock();
            try {
                freed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }
}
