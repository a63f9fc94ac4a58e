package io.heliosdb.bench.log;

import java.util.Arrays;

/** Durations one after another, without boxes. */
final class Times {
    private long[] nanos = new long[1 << 12];
    private int count;

    void add(long duration) {
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, count * 2);
        }
        nanos[count++] = duration;
    }

    long[] all() {
        return Arrays.copyOf(nanos, count);
    }
}
