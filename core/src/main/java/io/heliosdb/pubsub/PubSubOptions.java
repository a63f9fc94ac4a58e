package io.heliosdb.pubsub;

/**
 * The limits of a {@link PubSub}, named as in the {@code [pubsub]} section of the configuration.
 *
 * @param enabled whether LISTEN and NOTIFY work at all; they fail with 0A000 otherwise
 * @param maxChannels how many channels may have listeners at one time
 * @param maxPayloadBytes a payload has fewer bytes of UTF-8 than this
 * @param notificationQueueSize how many transactions a subscriber's queue holds
 * @param overflow what happens to a full queue
 * @param queueBytesMax the budget that all subscribers with {@link OverflowPolicy#REFUSE} share,
 *     PostgreSQL's "NOTIFY queue", in bytes of heap
 * @param pid the backend process id of what the process itself notifies
 * @param history where the notifications of which channels are kept, where there is a log
 */
public record PubSubOptions(
        boolean enabled,
        int maxChannels,
        int maxPayloadBytes,
        int notificationQueueSize,
        OverflowPolicy overflow,
        long queueBytesMax,
        int pid,
        HistoryRules history) {
    private static final int HEAP_SHARE = 16;
    private static final long QUEUE_BYTES_LEAST = 1 << 20;

    /** Rejects limits that let nothing pass. */
    public PubSubOptions {
        requirePositive("maxChannels", maxChannels);
        requirePositive("maxPayloadBytes", maxPayloadBytes);
        requirePositive("notificationQueueSize", notificationQueueSize);
        requirePositive("queueBytesMax", queueBytesMax);
    }

    /**
     * PostgreSQL's limits where it has them; the shared budget is a sixteenth of the largest heap.
     *
     * @return the options that hold when nothing is configured
     */
    public static PubSubOptions defaults() {
        long budget = Math.max(QUEUE_BYTES_LEAST, Runtime.getRuntime().maxMemory() / HEAP_SHARE);
        int pid = (int) ProcessHandle.current().pid();
        return new PubSubOptions(
                true,
                1_000_000,
                8000,
                65_536,
                OverflowPolicy.CLOSE,
                budget,
                pid,
                HistoryRules.ALL_LOGGED);
    }

    /**
     * Switches LISTEN and NOTIFY on or off.
     *
     * @param changed whether they work
     * @return a copy
     */
    public PubSubOptions withEnabled(boolean changed) {
        return new PubSubOptions(
                changed,
                maxChannels,
                maxPayloadBytes,
                notificationQueueSize,
                overflow,
                queueBytesMax,
                pid,
                history);
    }

    /**
     * Bounds the channels.
     *
     * @param changed how many may have listeners at one time
     * @return a copy
     */
    public PubSubOptions withMaxChannels(int changed) {
        return new PubSubOptions(
                enabled,
                changed,
                maxPayloadBytes,
                notificationQueueSize,
                overflow,
                queueBytesMax,
                pid,
                history);
    }

    /**
     * Bounds the payload.
     *
     * @param changed a payload has fewer bytes
     * @return a copy
     */
    public PubSubOptions withMaxPayloadBytes(int changed) {
        return new PubSubOptions(
                enabled,
                maxChannels,
                changed,
                notificationQueueSize,
                overflow,
                queueBytesMax,
                pid,
                history);
    }

    /**
     * Bounds a subscriber's queue.
     *
     * @param changed how many transactions it holds
     * @return a copy
     */
    public PubSubOptions withNotificationQueueSize(int changed) {
        return new PubSubOptions(
                enabled,
                maxChannels,
                maxPayloadBytes,
                changed,
                overflow,
                queueBytesMax,
                pid,
                history);
    }

    /**
     * Chooses what happens to a full queue.
     *
     * @param changed the policy
     * @return a copy
     */
    public PubSubOptions withOverflow(OverflowPolicy changed) {
        return new PubSubOptions(
                enabled,
                maxChannels,
                maxPayloadBytes,
                notificationQueueSize,
                changed,
                queueBytesMax,
                pid,
                history);
    }

    /**
     * Bounds the budget that subscribers with {@link OverflowPolicy#REFUSE} share.
     *
     * @param changed bytes of heap
     * @return a copy
     */
    public PubSubOptions withQueueBytesMax(long changed) {
        return new PubSubOptions(
                enabled,
                maxChannels,
                maxPayloadBytes,
                notificationQueueSize,
                overflow,
                changed,
                pid,
                history);
    }

    /**
     * Names the sender of what the process itself notifies.
     *
     * @param changed a backend process id
     * @return a copy
     */
    public PubSubOptions withPid(int changed) {
        return new PubSubOptions(
                enabled,
                maxChannels,
                maxPayloadBytes,
                notificationQueueSize,
                overflow,
                queueBytesMax,
                changed,
                history);
    }

    /**
     * Chooses which notifications are kept, and where.
     *
     * @param changed the rules
     * @return a copy
     */
    public PubSubOptions withHistory(HistoryRules changed) {
        return new PubSubOptions(
                enabled,
                maxChannels,
                maxPayloadBytes,
                notificationQueueSize,
                overflow,
                queueBytesMax,
                pid,
                changed);
    }

    /** The options of a subscription that asks for nothing special. */
    SubscribeOptions subscribeOptions() {
        return new SubscribeOptions(overflow, notificationQueueSize);
    }

    private static void requirePositive(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be positive: " + value);
        }
    }
}
