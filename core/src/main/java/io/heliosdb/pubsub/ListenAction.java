package io.heliosdb.pubsub;

import org.jspecify.annotations.Nullable;

/** A change of what a subscription listens to; it takes effect when its transaction commits. */
public sealed interface ListenAction {
    /**
     * Starts to listen; without effect where the subscription listens already.
     *
     * @param channel the channel's bare name
     */
    record Listen(String channel) implements ListenAction {}

    /**
     * Starts to listen to a channel or to all that a wildcard matches, with what was committed
     * before; what the subscription listens to already is replayed as well.
     *
     * @param name the channel's bare name, or the wildcard
     * @param isWildcard whether the name is one
     * @param start from where; null for from now on
     */
    record ListenFrom(String name, boolean isWildcard, History.@Nullable Start start)
            implements ListenAction {
        /**
         * The name by which a subscription knows it.
         *
         * @return one that no other channel has
         */
        String key() {
            return isWildcard ? Wildcard.key(name) : name;
        }
    }

    /**
     * Stops to listen and drops what is held of the channel; without effect where the subscription
     * does not listen.
     *
     * @param channel the channel's bare name; a wildcard of this name ends too
     */
    record Unlisten(String channel) implements ListenAction {}

    /** Stops to listen to every channel. */
    record UnlistenAll() implements ListenAction {}
}
