package io.heliosdb.log;

import java.util.concurrent.TimeUnit;

/**
 * Whether the next flush should wait for more who want one. Writers that were served by a flush
 * come back at about the same time, just after the next one has begun with the first of them; on a
 * disk that is slow they then stand in two groups, each of which waits for the other's flush. So
 * where a flush takes long the next one waits for those of the last, until a part of that time has
 * passed since its end. Confined to the lock of the flusher.
 */
final class Company {
    /** A flush that is faster than this costs less than a wait. */
    private static final long SLOW_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /** Of the time of a flush, how long the next one waits at most. */
    private static final int SHARE = 4;

    /** After a wait in vain so many flushes begin at once. */
    private static final int DISCOURAGED = 8;

    /** How many wait for a flush that has not begun. */
    private int waiting;

    /** How many the flush that has begun serves. */
    private int served;

    /** How many will wait, if all come back; 0 where nobody is waited for. */
    private int expected;

    private long untilNanos;
    private int discouraged;

    /** Somebody has come to wait. */
    void arrived() {
        waiting++;
    }

    /** A flush begins that serves all who have come. */
    void begun() {
        if (expected > waiting) {
            discouraged = DISCOURAGED;
        }
        expected = 0;
        served = waiting;
        waiting = 0;
    }

    /** It has ended. */
    void ended(long tookNanos, long now) {
        int together = served + waiting;
        if (tookNanos < SLOW_NANOS || together < 2) {
            return;
        }
        if (discouraged > 0) {
            discouraged--;
            return;
        }
        expected = together;
        untilNanos = now + tookNanos / SHARE;
    }

    /** Whether the next flush should wait. */
    boolean isExpected(long now) {
        return expected > waiting && leftNanos(now) > 0;
    }

    /** For how long. */
    long leftNanos(long now) {
        return untilNanos - now;
    }
}
