package io.heliosdb.client;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long to wait before the next attempt. The bound doubles with every attempt up to a maximum,
 * and each wait is a random time in its upper half. Used by one thread.
 */
final class Backoff {
    private final long firstNanos;
    private final long maxNanos;
    private long boundNanos;

    Backoff(Duration first, Duration max) {
        firstNanos = first.toNanos();
        maxNanos = Math.max(firstNanos, max.toNanos());
        boundNanos = firstNanos;
    }

    long nextNanos() {
        long bound = boundNanos;
        boundNanos = Math.min(maxNanos, bound * 2);
        return bound / 2 + ThreadLocalRandom.current().nextLong(bound / 2 + 1);
    }

    void reset() {
        boundNanos = firstNanos;
    }

    /** The wait that has to be outlived before a connection counts as good. */
    long firstNanos() {
        return firstNanos;
    }
}
