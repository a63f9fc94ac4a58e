package io.heliosdb.pubsub;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The bound of one queue that publishers have to ask for room. While at most half of it is used
 * nobody asks; from then on the queue is tight. The deliverer's, but for what is reserved.
 */
final class Quota {
    /** Those who registered after the reservation was made, at most. */
    static final int LATECOMERS_MAX = 1024;

    private final int capacity;
    private final int tightFrom;

    /** Room promised to transactions in flight; written by the deliverer, read by who waits. */
    private final AtomicInteger reserved = new AtomicInteger();

    private boolean tight;

    Quota(int capacity) {
        this.capacity = capacity;
        tightFrom = capacity < 2 * LATECOMERS_MAX ? 0 : capacity / 2;
    }

    boolean isTight() {
        return tight;
    }

    /** Whether this is the moment from which publishers have to ask. */
    boolean tightens(int size) {
        if (tight || size < tightFrom) {
            return false;
        }
        tight = true;
        return true;
    }

    /** Whether publishers need no longer ask. */
    boolean relaxes(int size) {
        if (size < tightFrom / 2 && reserved.get() == 0) {
            tight = false;
        }
        return !tight;
    }

    boolean hasRoom(int size) {
        return size + reserved.get() < capacity;
    }

    void reserve() {
        reserved.incrementAndGet();
    }

    void giveBack() {
        reserved.decrementAndGet();
    }
}
