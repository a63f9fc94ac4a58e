package io.heliosdb.pubsub;

/**
 * How a subscription's queue is bounded.
 *
 * @param overflow what happens when it is full
 * @param capacity how many transactions it holds
 */
public record SubscribeOptions(OverflowPolicy overflow, int capacity) {
    /** Rejects a queue that can hold nothing. */
    public SubscribeOptions {
        if (capacity < 1) {
            throw new IllegalArgumentException(
                    "a queue holds at least one transaction: " + capacity);
        }
    }
}
