package io.heliosdb.relay;

import io.heliosdb.pg.Delivery.Notification;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.Token;
import io.heliosdb.pubsub.OverflowPolicy;
import io.heliosdb.pubsub.PubSub;
import io.heliosdb.pubsub.Since;
import io.heliosdb.pubsub.SubscribeOptions;
import io.heliosdb.pubsub.Subscription;
import io.heliosdb.session.Instance;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** Where events come from and go to. Thread-safe. */
final class Source {
    private final Instance instance;
    private final PubSub pubSub;
    private final boolean hasHistory;

    Source(Instance instance) {
        this.instance = instance;
        pubSub = instance.pubSub();
        hasHistory = hasHistory(pubSub);
    }

    /** The database. */
    Instance instance() {
        return instance;
    }

    /** Whether transactions can commit. */
    boolean isOpen() {
        return instance.isOpen();
    }

    /**
     * Subscribes to channels; without a history from now on, whatever was asked for.
     *
     * @param options the queue
     * @param since strictly after which event; null for from now on
     * @param channels names and wildcards
     * @return the subscription, whose owner closes it
     * @throws PgException 22023 for a name that no channel can have, 53400 beyond max_channels
     */
    Subscription subscribe(SubscribeOptions options, @Nullable Token since, List<String> channels) {
        var names = channels.toArray(String[]::new);
        if (since != null && hasHistory) {
            return pubSub.subscribe(options, Since.since(since), names);
        }
        var subscription = pubSub.openSubscription(options);
        try {
            subscription.listenAll(names);
            return subscription;
        } catch (RuntimeException | Error e) {
            subscription.close();
            throw e;
        }
    }

    /** Whether what was committed before can be had. */
    boolean hasHistory() {
        return hasHistory;
    }

    /** What happens to a subscription whose peer is slow and chose nothing. */
    OverflowPolicy usualPolicy() {
        return hasHistory ? OverflowPolicy.CATCH_UP : OverflowPolicy.CLOSE;
    }

    /** From where a subscription goes on that has taken everything; null without a history. */
    @Nullable Token token(Subscription subscription) {
        return hasHistory ? subscription.token() : null;
    }

    /** The place of an event; without a history it orders events and leads nowhere. */
    static Token token(Notification event) {
        return new Token(event.timeline(), event.lsn(), event.ordinal());
    }

    /** Sends a notification, in a transaction of its own. */
    void publish(String channel, String payload) {
        pubSub.notify(channel, payload);
    }

    PubSub pubSub() {
        return pubSub;
    }

    private static boolean hasHistory(PubSub pubSub) {
        try {
            pubSub.requireHistoryKept();
            return true;
        } catch (PgException e) {
            return false;
        }
    }
}
