package io.heliosdb.engine;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Keeps the store's image whole: whoever changes the store's maps is inside, in any number, and a
 * checkpoint is inside alone. A statement enters once more for those it runs itself, a commit for
 * the time from its place in the log to its visibility.
 *
 * <p>A statement that waits for another's row lock leaves for moments ({@link #stepAside}), so that
 * it cannot hold off a checkpoint for ever.
 */
final class StatementLatch {
    /** How long those who come later wait for one who wants to be alone, at most. */
    private static final long DOOR_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(100);

    private static final long DOOR_LOOK_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

    /** How many want to be alone and have waited for it. */
    private final AtomicInteger wanting = new AtomicInteger();

    void enter() {
        if (isWanted() && !isInside()) {
            waitAtTheDoor();
        }
        lock.readLock().lock();
    }

    void exit() {
        lock.readLock().unlock();
    }

    /** Whether the thread is inside, alone or not. */
    boolean isInside() {
        return lock.getReadHoldCount() > 0 || lock.isWriteLockedByCurrentThread();
    }

    /** Waits until nobody is inside; false where the time is over before. */
    boolean tryEnterAlone(long nanos) {
        return Uninterruptibly.tryLock(lock.writeLock(), nanos);
    }

    void exitAlone() {
        lock.writeLock().unlock();
    }

    /** From now on those who come later wait, and those who wait for a row step aside. */
    void want() {
        wanting.incrementAndGet();
    }

    /** Ends a {@link #want}. */
    void unwant() {
        wanting.decrementAndGet();
    }

    private boolean isWanted() {
        return wanting.get() > 0;
    }

    /** Leaves for a moment, if somebody wants to be alone; to be called between two changes. */
    void stepAside() {
        int holds = lock.getReadHoldCount();
        if (!isWanted() || holds == 0) {
            return;
        }
        for (int i = 0; i < holds; i++) {
            lock.readLock().unlock();
        }
        waitAtTheDoor();
        for (int i = 0; i < holds; i++) {
            lock.readLock().lock();
        }
    }

    /** Rare and short, so a look now and then costs less than a queue. */
    private void waitAtTheDoor() {
        long deadline = System.nanoTime() + DOOR_NANOS_MAX;
        while (isWanted() && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(this, DOOR_LOOK_NANOS);
        }
    }
}
