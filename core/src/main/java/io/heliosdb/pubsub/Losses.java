package io.heliosdb.pubsub;

import io.heliosdb.pg.Delivery;
import io.heliosdb.pg.Delivery.Gap;
import io.heliosdb.pg.Delivery.Notification;
import io.heliosdb.pg.Lsn;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * What a queue had to give up, and what it kept of that: the notifications that stand in for the
 * others of their channel, then the gap that counts those. It lies before everything that is still
 * in the ring. Guarded by the queue's lock.
 */
final class Losses {
    private @Nullable SequencedMap<String, Notification> newest;
    private long from;
    private long to;
    private long missed;

    boolean isEmpty() {
        return missed == 0 && newest == null;
    }

    /** Something is about to be given up; {@code before} is the last position that was taken. */
    void begin(long before) {
        from = isEmpty() ? before : from;
    }

    /** Counts notifications that are lost up to and with the transaction at {@code lsn}. */
    void lost(long lsn, long count) {
        to = count == 0 ? to : lsn;
        missed += count;
    }

    /** Keeps the newest of its channel and returns whether another one had to go for it. */
    boolean coalesce(Notification notification) {
        if (newest == null) {
            newest = new LinkedHashMap<>();
        }
        boolean replaced = newest.remove(notification.channel()) != null;
        newest.put(notification.channel(), notification);
        return replaced;
    }

    /** Forgets what is held of channels that are no longer listened to. */
    void keepOnly(Registrations registrations) {
        if (newest != null) {
            newest.keySet().removeIf(channel -> !registrations.hears(channel));
            newest = newest.isEmpty() ? null : newest;
        }
    }

    @Nullable Delivery next() {
        if (newest != null) {
            var first = newest.pollFirstEntry();
            newest = newest.isEmpty() ? null : newest;
            return first.getValue();
        }
        if (missed == 0) {
            return null;
        }
        var gap = new Gap(new Lsn(from), new Lsn(to), missed, false);
        missed = 0;
        return gap;
    }

    void clear() {
        newest = null;
        missed = 0;
    }
}
