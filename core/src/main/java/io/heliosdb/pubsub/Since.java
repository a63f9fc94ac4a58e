package io.heliosdb.pubsub;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.Token;

import java.time.Duration;
import java.time.Instant;

/**
 * From where a subscription begins: not with what commits from now on, but with what was committed
 * since. What of that is not kept any more is told by a gap.
 */
public sealed interface Since {
    /**
     * What comes strictly after a notification.
     *
     * @param token its place
     */
    record After(Token token) implements Since {}

    /**
     * What was committed at a time or later.
     *
     * @param time by the clock of the server
     */
    record At(Instant time) implements Since {}

    /**
     * What was committed in the last hour, or any other span.
     *
     * @param span how long ago; not negative
     */
    record Ago(Duration span) implements Since {
        /** Rejects a span that ends in the future. */
        public Ago {
            if (span.isNegative()) {
                throw new IllegalArgumentException("since a time to come: " + span);
            }
        }
    }

    /**
     * What comes strictly after a notification.
     *
     * @param token its place
     * @return the begin
     */
    static Since since(Token token) {
        return new After(token);
    }

    /**
     * What comes strictly after a notification.
     *
     * @param token its place, as {@link Token#toString} prints it
     * @return the begin
     * @throws PgException 22P02 where it is no token
     */
    static Since since(String token) {
        return new After(Token.parse(token));
    }

    /**
     * What was committed at a time or later.
     *
     * @param time by the clock of the server
     * @return the begin
     */
    static Since since(Instant time) {
        return new At(time);
    }

    /**
     * What was committed in the last hour, or any other span.
     *
     * @param span how long ago; not negative
     * @return the begin
     */
    static Since since(Duration span) {
        return new Ago(span);
    }
}
