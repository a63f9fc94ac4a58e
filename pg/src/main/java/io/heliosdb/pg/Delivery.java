package io.heliosdb.pg;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/**
 * What a subscriber receives: a notification, or word of what it may have missed. An embedded
 * subscription, a remote listener and a relay all speak this one vocabulary, so that no loss is
 * silent.
 */
public sealed interface Delivery {
    /**
     * A committed notification.
     *
     * @param timeline the history that it belongs to; 0 where none is kept, or none is known
     * @param lsn the position of the transaction that sent it
     * @param ordinal its place inside that transaction, from 0
     * @param pid the backend process id of the session that sent it
     * @param channel the channel's bare name
     * @param payload the payload; empty when none was given, never null
     */
    record Notification(
            long timeline, Lsn lsn, int ordinal, int pid, String channel, String payload)
            implements Delivery {
        /**
         * A notification that no history is known of.
         *
         * @param lsn the position of the transaction that sent it
         * @param ordinal its place inside that transaction, from 0
         * @param pid the backend process id of the session that sent it
         * @param channel the channel's bare name
         * @param payload the payload
         */
        public Notification(Lsn lsn, int ordinal, int pid, String channel, String payload) {
            this(0, lsn, ordinal, pid, channel, payload);
        }

        /**
         * From where a listener that has it goes on.
         *
         * @return its place in the history; empty where none is kept
         */
        public Optional<Token> token() {
            return timeline == 0
                    ? Optional.empty()
                    : Optional.of(new Token(timeline, lsn, ordinal));
        }
    }

    /**
     * Something between two positions was lost to this subscriber.
     *
     * @param from the last position before the loss, exclusive
     * @param to the last position of the loss, inclusive; the same as {@code from} where a crash
     *     cut the history there
     * @param missed how many notifications were lost, or -1 where that is not known
     * @param isVolatile whether a crash, rather than a bound, may have taken them
     */
    record Gap(Lsn from, Lsn to, long missed, boolean isVolatile) implements Delivery {}

    /**
     * The connection to the server broke; what is sent until {@link Reconnected} may be missed.
     *
     * @param cause what ended it
     */
    record ConnectionLost(Throwable cause) implements Delivery {}

    /** The connection stands again and every channel is listened to. */
    record Reconnected() implements Delivery {}

    /**
     * The last delivery: nothing follows.
     *
     * @param cause why the subscription ended, or null where its owner closed it
     */
    record Closed(@Nullable PgException cause) implements Delivery {}
}
