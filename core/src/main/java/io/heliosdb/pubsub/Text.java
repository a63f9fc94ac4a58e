package io.heliosdb.pubsub;

import io.heliosdb.pg.Identifier;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.type.Utf8;

/** What may be the name of a channel and what may be a payload. */
final class Text {
    private Text() {}

    static void requireChannel(String channel) {
        if (channel.isEmpty()) {
            throw new PgException(SqlState.INVALID_PARAMETER_VALUE, "channel name cannot be empty");
        }
        if (Utf8.length(channel) > Identifier.BYTES_MAX) {
            throw new PgException(SqlState.INVALID_PARAMETER_VALUE, "channel name too long");
        }
    }

    static void requirePayload(String payload, int bytesMax) {
        if (Utf8.length(payload) >= bytesMax) {
            throw new PgException(SqlState.INVALID_PARAMETER_VALUE, "payload string too long");
        }
    }
}
