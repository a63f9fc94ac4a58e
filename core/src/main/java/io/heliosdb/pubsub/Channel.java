package io.heliosdb.pubsub;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * A channel and who listens to it; it exists only while somebody does. Confined to the deliverer,
 * but for one count.
 */
final class Channel {
    private static final @Nullable DeliveryQueue[] NOBODY = {};

    /** The name, or the key of a wildcard. */
    final String key;

    /** The listeners, from 0 to {@link #count}; the rest is null. */
    @Nullable DeliveryQueue[] members = NOBODY;

    int count;

    /** How many listeners have REFUSE. */
    private int refusers;

    /** Whether any has; written by the deliverer, read by committers as a hint. */
    volatile boolean refusing;

    Channel(String key) {
        this.key = key;
    }

    boolean isWildcard() {
        return Wildcard.isKey(key);
    }

    /** The name of the channel, or the wildcard as it is written. */
    String name() {
        return Wildcard.name(key);
    }

    /** Adds a listener and returns its place. */
    int add(DeliveryQueue queue) {
        if (count == members.length) {
            members = Arrays.copyOf(members, Math.max(1, count + (count >> 1) + (count & 1)));
        }
        members[count] = queue;
        countRefusing(queue, 1);
        return count++;
    }

    /**
     * The last listener takes the place of the one that leaves: leaving costs the same however many
     * there are.
     */
    void remove(DeliveryQueue queue, int place) {
        count--;
        var last = members[count];
        members[place] = last;
        members[count] = null;
        if (last != null && last != queue) {
            last.registrations().moved(key, place);
        }
        countRefusing(queue, -1);
    }

    /** Whether anybody takes what is sent now, and does not read it from the history later. */
    boolean isTaken() {
        for (int i = 0; i < count; i++) {
            var member = members[i];
            if (member != null && member.takes()) {
                return true;
            }
        }
        return false;
    }

    boolean isEmpty() {
        return count == 0;
    }

    private void countRefusing(DeliveryQueue queue, int change) {
        if (queue.overflow() == OverflowPolicy.REFUSE) {
            refusers += change;
            refusing = refusers > 0;
        }
    }
}
