package io.heliosdb.pubsub;

/**
 * Counters since the start and gauges of now. They are read one after another while work goes on,
 * so they need not add up.
 *
 * @param sent notifications of committed transactions
 * @param delivered notifications handed to queues, counted once for each subscriber
 * @param received notifications that subscribers took
 * @param dropped notifications that a bound took from a subscriber, each told by a gap
 * @param subscriptions subscriptions that are open
 * @param channels channels that somebody listens to
 * @param queued transactions that wait in queues, counted once for each subscriber
 * @param leaked subscriptions that were dropped without a close and cleaned up
 * @param delays how long notifications waited for their subscribers
 */
public record PubSubStats(
        long sent,
        long delivered,
        long received,
        long dropped,
        int subscriptions,
        int channels,
        long queued,
        long leaked,
        DelayStats delays) {}
