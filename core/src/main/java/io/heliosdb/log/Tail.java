package io.heliosdb.log;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * The newest records, in memory: all that are not on disk yet, and of the others as many as fit
 * into a bound. A ring in the order of positions; guarded by the log's order lock.
 */
final class Tail {
    private static final int SLOTS_MIN = 64;

    private final long bytesMax;
    private @Nullable Append[] ring = new Append[SLOTS_MIN];
    private int head;
    private int size;
    private long bytes;

    Tail(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    void add(Append record) {
        if (size == ring.length) {
            grow();
        }
        ring[(head + size) & (ring.length - 1)] = record;
        size++;
        bytes += record.space();
    }

    /** Lets go of what is on disk and beyond the bound. */
    void trim(long flushed) {
        while (size > 0 && bytes > bytesMax && at(0).end() <= flushed) {
            bytes -= at(0).space();
            ring[head] = null;
            head = (head + 1) & (ring.length - 1);
            size--;
        }
    }

    /** Whether a position, or what comes behind it, is still here. */
    boolean reaches(long lsn) {
        return size > 0 && at(0).lsn <= lsn;
    }

    /** The first record at or after a position; null where there is none. */
    @Nullable Append from(long lsn) {
        int place = placeOf(lsn);
        return place < size ? at(place) : null;
    }

    /** Copies the records from a position on, until there are so many bytes. */
    Append[] batch(long from, long batchBytesMax) {
        int place = placeOf(from);
        int end = place;
        long sum = 0;
        while (end < size && (sum == 0 || sum + at(end).space() <= batchBytesMax)) {
            sum += at(end++).space();
        }
        var batch = new Append[end - place];
        for (int i = 0; i < batch.length; i++) {
            batch[i] = at(place + i);
        }
        return batch;
    }

    /** How many of the records begin before a position. */
    private int placeOf(long lsn) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (at(middle).lsn < lsn) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private Append at(int place) {
        var record = ring[(head + place) & (ring.length - 1)];
        assert record != null : "the ring has a hole";
        return record;
    }

    private void grow() {
        var larger = Arrays.copyOf(ring, ring.length * 2);
        for (int i = 0; i < size; i++) {
            larger[i] = at(i);
        }
        Arrays.fill(larger, size, larger.length, null);
        ring = larger;
        head = 0;
    }
}
