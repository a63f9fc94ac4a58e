package io.heliosdb.pubsub;

/** A change of what a subscription listens to; it takes effect when its transaction commits. */
public sealed interface ListenAction {
    /**
     * Starts to listen; without effect where the subscription listens already.
     *
     * @param channel the channel's bare name
     */
    record Listen(String channel) implements ListenAction {}

    /**
     * Stops to listen and drops what is held of the channel; without effect where the subscription
     * does not listen.
     *
     * @param channel the channel's bare name
     */
    record Unlisten(String channel) implements ListenAction {}

    /** Stops to listen to every channel. */
    record UnlistenAll() implements ListenAction {}
}
