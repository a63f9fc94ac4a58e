package io.heliosdb.client;

import java.time.Duration;
import java.util.List;

/**
 * How a {@link PgEventSource} keeps its history and its connections.
 *
 * @param historyBytes how much of the log is held back for who comes back with a token; 0 for none
 * @param historyInterval how often what is beyond that is let go
 * @param capacity how many events of a stream wait to be taken before reading stops
 * @param statusInterval how often the server is told how far a stream is, beside after each
 *     acknowledgement; a connection that leads nowhere is found within this and {@code
 *     answerTimeout}
 * @param answerTimeout how long the server may take to answer or to connect
 * @param backoffFirst the longest wait before the second attempt to connect; doubles with each
 * @param backoffMax the longest wait between two attempts
 */
public record PgEventOptions(
        long historyBytes,
        Duration historyInterval,
        int capacity,
        Duration statusInterval,
        Duration answerTimeout,
        Duration backoffFirst,
        Duration backoffMax) {
    /** Rejects a negative history and an interval that is not positive. */
    public PgEventOptions {
        if (historyBytes < 0 || historyInterval.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "a history is not negative, and its interval at least a millisecond");
        }
    }

    /**
     * 64 MiB of history, looked at every 10 s.
     *
     * @return the usual options
     */
    public static PgEventOptions usual() {
        return new PgEventOptions(
                64L << 20,
                Duration.ofSeconds(10),
                4096,
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                Duration.ofMillis(50),
                Duration.ofSeconds(10));
    }

    /**
     * The same with another history.
     *
     * @param bytes how much is held back; 0 for none
     * @param interval how often the rest is let go
     * @return a copy
     */
    public PgEventOptions withHistory(long bytes, Duration interval) {
        return new PgEventOptions(
                bytes, interval, capacity, statusInterval, answerTimeout, backoffFirst, backoffMax);
    }

    /**
     * The same with other times.
     *
     * @param status how often the server is told
     * @param answer how long it may take to answer
     * @return a copy
     */
    public PgEventOptions withTimes(Duration status, Duration answer) {
        return new PgEventOptions(
                historyBytes, historyInterval, capacity, status, answer, backoffFirst, backoffMax);
    }

    /** The change stream that events are read from. */
    ChangeOptions stream(String slot) {
        return new ChangeOptions(
                slot,
                List.of(EventSchema.PUBLICATION),
                false,
                statusInterval,
                answerTimeout,
                capacity,
                backoffFirst,
                backoffMax,
                true);
    }
}
