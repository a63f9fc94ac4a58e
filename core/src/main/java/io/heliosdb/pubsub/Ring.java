package io.heliosdb.pubsub;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A bounded queue of references from one producer to one consumer at a time, without a lock and
 * without allocation once it has grown to what it needs. It starts at eight slots.
 *
 * <p>Positions count from the start and never wrap; position p lies in slot p mod n of an array of
 * n slots. A full array is not copied: the producer goes on in a new one, twice as large, that it
 * links in the last element of the old one. The consumer sees that position p was written (it is
 * below {@code tail}) and that its slot is empty (the consumer emptied it itself, n positions ago):
 * that, and only that, means "follow the link". An array that turns out eight times larger than
 * what waits is replaced by a smaller one in the same way.
 */
final class Ring {
    private static final int SLOTS_LEAST = 8;
    private static final VarHandle TAIL;
    private static final VarHandle HEAD;

    static {
        try {
            var lookup = MethodHandles.lookup();
            TAIL = lookup.findVarHandle(Ring.class, "tail", long.class);
            HEAD = lookup.findVarHandle(Ring.class, "head", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int capacity;

    /** Where the producer writes; its own. */
    private @Nullable Object[] in;

    /** The first position that lies in {@link #in}; the producer's own. */
    private long start;

    /** Below this position the producer need not look at {@link #head}; its own. */
    private long limit;

    /** The next position to write; written by the producer. */
    private volatile long tail;

    /** Where the consumer reads; its own. */
    private @Nullable Object[] out;

    /** The next position to read; written by the consumer. */
    private volatile long head;

    Ring(int capacity) {
        this.capacity = capacity;
        in = new @Nullable Object[SLOTS_LEAST + 1];
        out = in;
        limit = Math.min(SLOTS_LEAST, capacity);
    }

    /** Producer: appends, or returns false where the capacity is reached. */
    boolean offer(QueuedTransaction transaction) {
        long position = (long) TAIL.get(this);
        if (position >= limit && !makeRoom(position)) {
            return false;
        }
        var array = in;
        array[(int) position & (array.length - 2)] = transaction;
        TAIL.setRelease(this, position + 1);
        return true;
    }

    /** Anybody: how many wait; those that come or go meanwhile may be missing. */
    int size() {
        long from = head;
        return (int) (tail - from);
    }

    /** Anybody: how many have been taken since the start. */
    long taken() {
        return head;
    }

    /** Anybody: whether nothing waits. */
    boolean isEmpty() {
        return head == tail;
    }

    /** Consumer: takes the oldest, or null. The slot is free for the producer at once. */
    @Nullable QueuedTransaction poll() {
        long position = (long) HEAD.get(this);
        if (position == (long) TAIL.getAcquire(this)) {
            return null;
        }
        var taken = take(position);
        HEAD.setRelease(this, position + 1);
        return taken;
    }

    /** Consumer: the oldest, which stays, or null. */
    @Nullable QueuedTransaction peek() {
        long position = (long) HEAD.get(this);
        if (position == (long) TAIL.getAcquire(this)) {
            return null;
        }
        int slot = slot(position); // It may move on to another array.
        return (QueuedTransaction) out[slot];
    }

    /** Consumer: drops everything. */
    void clear() {
        while (poll() != null) {
            // Each poll frees one slot.
        }
    }

    private QueuedTransaction take(long position) {
        int slot = slot(position);
        var taken = (QueuedTransaction) out[slot];
        out[slot] = null;
        if (taken == null) {
            throw new IllegalStateException("a position below the tail is empty: " + position);
        }
        return taken;
    }

    /** Finds the slot of a position that was written, in the array that follows if need be. */
    private int slot(long position) {
        var array = out;
        int slot = (int) position & (array.length - 2);
        while (array[slot] == null) {
            array = (@Nullable Object[]) array[array.length - 1];
            if (array == null) {
                throw new IllegalStateException(
                        "a position below the tail is nowhere: " + position);
            }
            out = array;
            slot = (int) position & (array.length - 2);
        }
        return slot;
    }

    private boolean makeRoom(long position) {
        long seen = (long) HEAD.getAcquire(this);
        long waiting = position - seen;
        if (waiting >= capacity) {
            return false;
        }
        int slots = in.length - 1;
        if (position - Math.max(seen, start) >= slots) {
            replace(position, slots << 1);
        } else if (slots > SLOTS_LEAST && waiting < slots >> 3) {
            replace(position, slots >> 1);
        }
        limit = Math.min(seen + capacity, Math.max(seen, start) + in.length - 1);
        return true;
    }

    private void replace(long position, int slots) {
        var array = new @Nullable Object[slots + 1];
        in[in.length - 1] = array;
        in = array;
        start = position;
    }
}
