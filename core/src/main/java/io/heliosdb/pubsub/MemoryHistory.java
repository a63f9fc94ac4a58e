package io.heliosdb.pubsub;

import io.heliosdb.pg.Delivery.Notification;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The newest notifications of the channels whose history is in memory, up to a bound. The deliverer
 * writes, anybody reads.
 */
final class MemoryHistory {
    private static final long NOTIFICATION_BYTES = 160;

    private final ConcurrentSkipListMap<Place, Notification> kept = new ConcurrentSkipListMap<>();
    private final long bytesMax;

    /** The deliverer's. */
    private long bytes;

    /** Everything up to and with this place is gone; written before it goes. */
    private volatile Place cut;

    MemoryHistory(long bytesMax, Place begin) {
        this.bytesMax = bytesMax;
        cut = begin;
    }

    /** The deliverer's: the newest of all. */
    void add(Notification notification) {
        kept.put(place(notification), notification);
        bytes += weight(notification);
        while (bytes > bytesMax && kept.size() > 1) {
            var oldest = kept.firstEntry();
            cut = oldest.getKey();
            kept.remove(oldest.getKey());
            bytes -= weight(oldest.getValue());
        }
    }

    /** What comes strictly after a place, up to and with another. */
    List<Notification> between(Place after, Place upTo, Interest interest) {
        var found = new ArrayList<Notification>();
        if (after.isBefore(upTo)) {
            for (var notification : kept.subMap(after, false, upTo, true).values()) {
                if (interest.wants(notification.channel())) {
                    found.add(notification);
                }
            }
        }
        return found;
    }

    /** What is gone; to be looked at after what is there. */
    Place cut() {
        return cut;
    }

    static Place place(Notification notification) {
        return new Place(notification.lsn().value(), notification.ordinal());
    }

    private static long weight(Notification notification) {
        return NOTIFICATION_BYTES + notification.payload().length();
    }
}
