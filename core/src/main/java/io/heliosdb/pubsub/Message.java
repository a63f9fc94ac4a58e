package io.heliosdb.pubsub;

/**
 * A notification of a transaction that has not committed yet.
 *
 * @param channel the channel's bare name, as {@link PubSub#requireChannel} accepts it
 * @param payload the payload, as {@link PubSub#requirePayload} accepts it; empty when none was
 *     given
 */
public record Message(String channel, String payload) {
    /** Stands in a record for a notification that is not kept there: no channel has this name. */
    public static final Message NOT_KEPT = new Message("", "");
}
