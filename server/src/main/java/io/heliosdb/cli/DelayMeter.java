package io.heliosdb.cli;

import org.HdrHistogram.Histogram;

import java.util.Locale;
import java.util.concurrent.locks.ReentrantLock;

/** Counts delays and tells their percentiles; for use by several threads. */
final class DelayMeter {
    private static final long NANOS_MAX = 60_000_000_000L;

    private final ReentrantLock lock = new ReentrantLock();
    private final Histogram delays = new Histogram(NANOS_MAX, 3);

    void record(long nanos) {
        lock.lock();
        try {
            delays.recordValue(Math.clamp(nanos, 0, NANOS_MAX));
        } finally {
            lock.unlock();
        }
    }

    long count() {
        lock.lock();
        try {
            return delays.getTotalCount();
        } finally {
            lock.unlock();
        }
    }

    /** Half of the delays and all but a hundredth are shorter than these. */
    String percentiles() {
        lock.lock();
        try {
            return "p50 "
                    + millis(delays.getValueAtPercentile(50))
                    + "  p99 "
                    + millis(delays.getValueAtPercentile(99));
        } finally {
            lock.unlock();
        }
    }

    private static String millis(long nanos) {
        return String.format(Locale.ROOT, "%.2f ms", nanos / 1e6);
    }
}
