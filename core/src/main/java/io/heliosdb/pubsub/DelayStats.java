package io.heliosdb.pubsub;

import java.util.Arrays;

/**
 * How long transactions with notifications waited from the moment they were committed until a
 * subscriber took them, counted since the start, once for each subscriber. What is read from the
 * history does not count.
 */
public final class DelayStats {
    private final double[] boundsMillis;
    private final long[] counts;
    private final double sumMillis;

    DelayStats(double[] boundsMillis, long[] counts, double sumMillis) {
        this.boundsMillis = boundsMillis.clone();
        this.counts = counts.clone();
        this.sumMillis = sumMillis;
    }

    /**
     * The upper bounds of all buckets but the last, which has none.
     *
     * @return milliseconds, ascending
     */
    public double[] boundsMillis() {
        return boundsMillis.clone();
    }

    /**
     * How many fell into each bucket.
     *
     * @return one number more than there are bounds; not cumulative
     */
    public long[] counts() {
        return counts.clone();
    }

    /**
     * All delays together.
     *
     * @return milliseconds
     */
    public double sumMillis() {
        return sumMillis;
    }

    /**
     * How many there were.
     *
     * @return the sum of the buckets
     */
    public long count() {
        return Arrays.stream(counts).sum();
    }
}
