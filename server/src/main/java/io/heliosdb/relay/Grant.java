package io.heliosdb.relay;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * Who a peer is and what it may do.
 *
 * @param subject its name, to which its consumers belong
 * @param subscribe the channels it may hear
 * @param publish the channels it may publish to
 * @param expires when the grant ends; null for never
 * @param isOperator whether it may use the console
 */
record Grant(
        String subject,
        ChannelPatterns subscribe,
        ChannelPatterns publish,
        @Nullable Instant expires,
        boolean isOperator) {
    static Grant operator(Instant expires) {
        var all = ChannelPatterns.ALL;
        return new Grant("console", all, all, expires, true);
    }

    static Grant anonymous(ChannelPatterns subscribe) {
        return new Grant("anonymous", subscribe, ChannelPatterns.NONE, null, false);
    }

    boolean isExpired(Instant now) {
        return expires != null && !now.isBefore(expires);
    }

    /** Throws 42501 where the channel must not be heard. */
    void requireSubscribe(String channel) {
        if (!subscribe.allow(channel)) {
            throw denied(channel);
        }
    }

    /** Throws 42501 where nothing may be published to the channel. */
    void requirePublish(String channel) {
        if (!publish.allow(channel)) {
            throw denied(channel);
        }
    }

    /** Throws 42501 where the peer does not run this database. */
    void requireOperator() {
        if (!isOperator) {
            throw new PgException(
                    SqlState.INSUFFICIENT_PRIVILEGE, "permission denied: not an operator");
        }
    }

    private static PgException denied(String channel) {
        return new PgException(
                SqlState.INSUFFICIENT_PRIVILEGE,
                "permission denied for channel \"" + channel + '"');
    }
}
