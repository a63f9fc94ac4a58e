package io.heliosdb.log;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/**
 * How long something took, each time: counted in buckets whose bounds double, from a microsecond
 * up. Any thread; costs no lock and no memory.
 */
public final class Latencies {
    /** Bounds of buckets: {@code 1 << n} microseconds; the last is half an hour. */
    private static final int BUCKETS = 31;

    private static final long NANOS_PER_MICRO = 1_000;

    private final AtomicLongArray buckets = new AtomicLongArray(BUCKETS);
    private final LongAdder nanos = new LongAdder();
    private final LongAccumulator longest = new LongAccumulator(Math::max, 0);

    /** Makes one that has counted nothing. */
    public Latencies() {}

    /**
     * Counts one.
     *
     * @param tookNanos how long it took
     */
    public void add(long tookNanos) {
        long micros = tookNanos / NANOS_PER_MICRO;
        int bucket = Long.SIZE - Long.numberOfLeadingZeros(micros);
        buckets.incrementAndGet(Math.min(bucket, BUCKETS - 1));
        nanos.add(tookNanos);
        longest.accumulate(tookNanos);
    }

    /**
     * What was counted so far.
     *
     * @return a copy
     */
    public Summary summary() {
        var counts = new long[BUCKETS];
        long count = 0;
        for (int i = 0; i < BUCKETS; i++) {
            counts[i] = buckets.get(i);
            count += counts[i];
        }
        return new Summary(
                count,
                Duration.ofNanos(nanos.sum()),
                Duration.ofNanos(longest.get()),
                quantile(counts, count, 50),
                quantile(counts, count, 99));
    }

    /** The upper bound of the bucket in which so many of a hundred are reached. */
    private static Duration quantile(long[] counts, long count, int percent) {
        long wanted = Math.ceilDiv(count * percent, 100);
        long seen = 0;
        for (int i = 0; i < BUCKETS && count > 0; i++) {
            seen += counts[i];
            if (seen >= wanted) {
                return Duration.ofNanos((1L << i) * NANOS_PER_MICRO);
            }
        }
        return Duration.ZERO;
    }

    /**
     * What was counted.
     *
     * @param count how often
     * @param total all of it
     * @param longest the longest
     * @param median half were not longer; right to a factor of two
     * @param p99 99 of a hundred were not longer; right to a factor of two
     */
    public record Summary(
            long count, Duration total, Duration longest, Duration median, Duration p99) {}
}
