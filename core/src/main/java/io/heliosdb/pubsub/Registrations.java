package io.heliosdb.pubsub;

import io.heliosdb.pg.Delivery.Notification;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * What one subscription listens to, in the order it began to. Only the deliverer changes it,
 * holding the queue's lock; so the deliverer reads it freely and everybody else under that lock.
 */
final class Registrations {
    /**
     * One channel of one subscription: record n is for it exactly if from <= n and it still stands.
     */
    static final class Registration {
        final Channel channel;
        final long from;

        /** The subscription's place among the channel's members. */
        int place;

        Registration(Channel channel, long from) {
            this.channel = channel;
            this.from = from;
        }
    }

    /**
     * The one registration of the many subscriptions that have just one; the map is there from the
     * second on.
     */
    private @Nullable Registration only;

    private @Nullable SequencedMap<String, Registration> byName;

    boolean isEmpty() {
        return only == null && byName == null;
    }

    @Nullable Registration find(String channel) {
        if (byName != null) {
            return byName.get(channel);
        }
        return only != null && only.channel.name.equals(channel) ? only : null;
    }

    boolean wants(Notification notification, long lsn) {
        var registration = find(notification.channel());
        return registration != null && registration.from <= lsn;
    }

    void add(Registration registration) {
        if (isEmpty()) {
            only = registration;
            return;
        }
        if (byName == null) {
            byName = new LinkedHashMap<>();
            if (only != null) {
                byName.put(only.channel.name, only);
                only = null;
            }
        }
        byName.put(registration.channel.name, registration);
    }

    @Nullable Registration remove(String channel) {
        var removed = find(channel);
        if (removed == only) {
            only = null;
        } else if (byName != null) {
            byName.remove(channel);
            byName = byName.isEmpty() ? null : byName;
        }
        return removed;
    }

    void moved(String channel, int place) {
        var registration = find(channel);
        if (registration == null) {
            throw new IllegalStateException("a member of a channel is not registered: " + channel);
        }
        registration.place = place;
    }

    /** The channels' names, in the order of registration. */
    List<String> names() {
        return all().stream().map(registration -> registration.channel.name).toList();
    }

    /** A copy, in the order of registration. */
    List<Registration> all() {
        if (byName != null) {
            return List.copyOf(byName.values());
        }
        return only == null ? List.of() : List.of(only);
    }

    void clear() {
        only = null;
        byName = null;
    }
}
