package io.heliosdb.pubsub;

import io.heliosdb.pg.Identifier;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

/** What may be the name of a channel and what may be a payload. */
final class Text {
    private Text() {}

    static void requireChannel(String channel) {
        if (channel.isEmpty()) {
            throw new PgException(SqlState.INVALID_PARAMETER_VALUE, "channel name cannot be empty");
        }
        if (requireEncodable(channel) > Identifier.BYTES_MAX) {
            throw new PgException(SqlState.INVALID_PARAMETER_VALUE, "channel name too long");
        }
    }

    static void requirePayload(String payload, int bytesMax) {
        if (requireEncodable(payload) >= bytesMax) {
            throw new PgException(SqlState.INVALID_PARAMETER_VALUE, "payload string too long");
        }
    }

    /** Returns the length in bytes of UTF-8; 22021 for what PostgreSQL's UTF8 cannot hold. */
    private static int requireEncodable(String text) {
        int bytes = text.length();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                throw notEncodable("0x00");
            }
            if (c >= 0x80) {
                bytes += extraBytes(text, i);
            }
        }
        return bytes;
    }

    /**
     * How many bytes the character at {@code i} takes beyond one; a surrogate counts for its half
     * of the pair.
     */
    private static int extraBytes(String text, int i) {
        char c = text.charAt(i);
        if (!Character.isSurrogate(c)) {
            return c < 0x800 ? 1 : 2;
        }
        boolean paired =
                Character.isHighSurrogate(c)
                        ? i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))
                        : i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
        if (!paired) {
            throw notEncodable(
                    "0x%02x 0x%02x 0x%02x"
                            .formatted(
                                    0xE0 | (c >> 12), 0x80 | ((c >> 6) & 0x3F), 0x80 | (c & 0x3F)));
        }
        return 1;
    }

    private static PgException notEncodable(String bytes) {
        return new PgException(
                SqlState.CHARACTER_NOT_IN_REPERTOIRE,
                "invalid byte sequence for encoding \"UTF8\": " + bytes);
    }
}
