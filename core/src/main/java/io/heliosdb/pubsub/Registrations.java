package io.heliosdb.pubsub;

import io.heliosdb.pg.Delivery.Notification;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * What one subscription listens to, in the order it began to. Only the deliverer changes it,
 * holding the queue's lock; so the deliverer reads it freely and everybody else under that lock.
 */
final class Registrations {
    /**
     * One channel, or one wildcard, of one subscription: transaction n, as they pass, is for it
     * exactly if from <= n and it still stands. What is read from the history is for it if it comes
     * behind {@code replayAfter}.
     */
    static final class Registration {
        final Channel channel;
        final long from;

        /** Only grows; null where there is no history. */
        @Nullable Place replayAfter;

        /** The subscription's place among the channel's members. */
        int place;

        Registration(Channel channel, long from, @Nullable Place replayAfter) {
            this.channel = channel;
            this.from = from;
            this.replayAfter = replayAfter;
        }

        boolean covers(Place replayed) {
            return replayAfter != null && replayAfter.isBefore(replayed);
        }
    }

    /**
     * The one registration of the many subscriptions that have just one; the map is there from the
     * second on.
     */
    private @Nullable Registration only;

    private @Nullable SequencedMap<String, Registration> byName;

    /** How many of them are wildcards. */
    private int wildcards;

    boolean isEmpty() {
        return only == null && byName == null;
    }

    /** By a channel's name, or by the key of a wildcard. */
    @Nullable Registration find(String key) {
        if (byName != null) {
            return byName.get(key);
        }
        return only != null && only.channel.key.equals(key) ? only : null;
    }

    /** Whether a notification of a transaction that passed is wanted. */
    boolean wants(Notification notification, long sequence) {
        var registration = find(notification.channel());
        if (registration != null && registration.from <= sequence) {
            return true;
        }
        return wildcards > 0
                && matching(notification.channel()).stream()
                        .anyMatch(wildcard -> wildcard.from <= sequence);
    }

    /** Whether a notification that was read from the history is wanted. */
    boolean wantsReplayed(Notification notification) {
        var place = MemoryHistory.place(notification);
        var registration = find(notification.channel());
        if (registration != null && registration.covers(place)) {
            return true;
        }
        return wildcards > 0
                && matching(notification.channel()).stream()
                        .anyMatch(wildcard -> wildcard.covers(place));
    }

    /** Whether any registration hears a channel. */
    boolean hears(String channel) {
        return find(channel) != null || (wildcards > 0 && !matching(channel).isEmpty());
    }

    private List<Registration> matching(String channel) {
        var matching = new ArrayList<Registration>();
        Wildcard.forEach(
                channel,
                name -> {
                    var registration = find(Wildcard.key(name));
                    if (registration != null) {
                        matching.add(registration);
                    }
                });
        return matching;
    }

    /** Nothing up to and with a place is to be read from the history once more. */
    void taken(Place reached) {
        for (var registration : all()) {
            var before = registration.replayAfter;
            registration.replayAfter = before == null ? reached : before.max(reached);
        }
    }

    /** What a reader of the history has to look for. */
    Interest interest() {
        var channels = new HashSet<String>();
        var names = new ArrayList<String>();
        for (var registration : all()) {
            var channel = registration.channel;
            if (channel.isWildcard()) {
                names.add(channel.name());
            } else {
                channels.add(channel.name());
            }
        }
        return new Interest(channels, names);
    }

    void add(Registration registration) {
        wildcards += registration.channel.isWildcard() ? 1 : 0;
        if (isEmpty()) {
            only = registration;
            return;
        }
        if (byName == null) {
            byName = new LinkedHashMap<>();
            if (only != null) {
                byName.put(only.channel.key, only);
                only = null;
            }
        }
        byName.put(registration.channel.key, registration);
    }

    @Nullable Registration remove(String key) {
        var removed = find(key);
        if (removed == null) {
            return null;
        }
        wildcards -= removed.channel.isWildcard() ? 1 : 0;
        if (removed == only) {
            only = null;
        } else if (byName != null) {
            byName.remove(key);
            byName = byName.isEmpty() ? null : byName;
        }
        return removed;
    }

    void moved(String key, int place) {
        var registration = find(key);
        if (registration == null) {
            throw new IllegalStateException("a member of a channel is not registered: " + key);
        }
        registration.place = place;
    }

    /** The names of channels and wildcards, in the order of registration. */
    List<String> names() {
        return all().stream().map(registration -> registration.channel.name()).distinct().toList();
    }

    /** As {@link #names}, with the keys of wildcards. */
    List<String> keys() {
        return all().stream().map(registration -> registration.channel.key).toList();
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
        wildcards = 0;
    }
}
