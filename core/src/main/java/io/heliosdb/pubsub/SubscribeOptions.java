package io.heliosdb.pubsub;

import java.util.Objects;

/**
 * How a subscription's queue is bounded.
 *
 * @param overflow what happens when it is full
 * @param capacity how many transactions it holds
 */
public record SubscribeOptions(OverflowPolicy overflow, int capacity) {
    /** Rejects a queue that can hold nothing. */
    public SubscribeOptions {
        Objects.requireNonNull(overflow, "overflow");
        if (capacity < 1) {
            throw new IllegalArgumentException(
                    "a queue holds at least one transaction: " + capacity);
        }
    }
}
