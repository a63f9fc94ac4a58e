package io.heliosdb.bench.pubsub;

import io.heliosdb.pubsub.PubSub;
import io.heliosdb.pubsub.PubSubOptions;
import io.heliosdb.pubsub.Subscription;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Locale;

/** What channels and subscriptions take of the heap, by the difference of two full collections. */
final class Memory {
    private Memory() {}

    /**
     * Tells the bytes of a subscription with a channel of its own, and of one more subscription on
     * a channel.
     */
    static String line(int count) {
        try (var pubsub = PubSub.open(PubSubOptions.defaults())) {
            perSubscription(pubsub, count, true);
            long own = perSubscription(pubsub, count, true);
            long shared = perSubscription(pubsub, count, false);
            return String.format(
                    Locale.ROOT,
                    "%,d channels with a subscription each take %,d KB of heap (%d bytes each, of"
                            + " which %d the channel and its name).",
                    count,
                    count * own / 1024,
                    own,
                    own - shared);
        }
    }

    private static long perSubscription(PubSub pubsub, int count, boolean ownChannel) {
        var subscriptions = new ArrayList<Subscription>(count);
        try (var first = pubsub.subscribe("shared")) {
            long before = used();
            for (int i = 0; i < count; i++) {
                subscriptions.add(
                        pubsub.subscribe(
                                ownChannel ? "channel-" + i : first.channels().getFirst()));
            }
            long after = used();
            subscriptions.forEach(Subscription::close);
            return (after - before) / count;
        }
    }

    private static long used() {
        for (int i = 0; i < 4; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
