package io.heliosdb.pubsub;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Where a taker waits for the deliverer; it allocates nothing, and nobody is woken for nothing.
 *
 * <p>The taker writes {@code waiter}, looks again, and only then parks; the deliverer writes the
 * queues, fences once for all of them, and only then reads {@code waiter}: one of the two sees the
 * other. Takers stand in line at {@code turn}, so there is never more than one to wake.
 */
final class Parking {
    /** Taken before the lock of the queue, never inside it. */
    private final ReentrantLock turn = new ReentrantLock();

    /** The taker that waits; written by it, cleared by whoever wakes it. */
    private volatile @Nullable Thread waiter;

    /** Wakes the taker that waits, if any; after a fence or a volatile write. */
    void wake() {
        var parked = waiter;
        if (parked != null) {
            waiter = null;
            LockSupport.unpark(parked);
        }
    }

    /** Waits until the queue has something or has ended, and returns whether it has. */
    boolean await(DeliveryQueue queue, long timeoutNanos) throws InterruptedException {
        long deadline = System.nanoTime() + timeoutNanos;
        if (!turn.tryLock(timeoutNanos, TimeUnit.NANOSECONDS)) {
            return queue.isReadyOrEnded();
        }
        try {
            return park(queue, deadline, timeoutNanos == Long.MAX_VALUE);
        } finally {
            waiter = null;
            turn.unlock();
        }
    }

    private boolean park(DeliveryQueue queue, long deadline, boolean isForever)
            throws InterruptedException {
        while (true) {
            waiter = Thread.currentThread();
            if (queue.isReadyOrEnded()) {
                return true;
            }
            if (isForever) {
                // A timed park of a virtual thread costs a timer each time.
                LockSupport.park(queue);
            } else {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                LockSupport.parkNanos(queue, left);
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }
}
