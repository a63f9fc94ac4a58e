package io.heliosdb.pubsub;

import java.util.concurrent.atomic.LongAdder;

/** How long transactions waited in queues, counted in buckets. Anybody adds, anybody reads. */
final class Delays {
    /** Upper bounds in milliseconds; the last bucket has none. */
    private static final double[] BOUNDS = {
        0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000,
        10_000
    };

    private static final double NANOS_PER_MILLI = 1e6;

    private final LongAdder[] counts = new LongAdder[BOUNDS.length + 1];
    private final LongAdder sumNanos = new LongAdder();

    Delays() {
        for (int i = 0; i < counts.length; i++) {
            counts[i] = new LongAdder();
        }
    }

    void record(long nanos) {
        double millis = nanos / NANOS_PER_MILLI;
        int bucket = 0;
        while (bucket < BOUNDS.length && millis > BOUNDS[bucket]) {
            bucket++;
        }
        counts[bucket].increment();
        sumNanos.add(nanos);
    }

    DelayStats stats() {
        var now = new long[counts.length];
        for (int i = 0; i < now.length; i++) {
            now[i] = counts[i].sum();
        }
        return new DelayStats(BOUNDS, now, sumNanos.sum() / NANOS_PER_MILLI);
    }
}
