package io.heliosdb.pg.type;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

/**
 * Reads UTF-8 as strictly as PostgreSQL: no NUL, no overlong form, no surrogate, nothing above
 * U+10FFFF.
 */
public final class Utf8 {
    private Utf8() {}

    /**
     * Reads a whole array.
     *
     * @param bytes the text
     * @return the text
     * @throws PgException 22021 with the bytes that are no character
     */
    public static String decode(byte[] bytes) {
        return decode(bytes, 0, bytes.length);
    }

    /**
     * Reads part of an array.
     *
     * @param bytes holds the text
     * @param offset of the first byte
     * @param count how many bytes
     * @return the text
     * @throws PgException 22021 with the bytes that are no character
     */
    public static String decode(byte[] bytes, int offset, int count) {
        int end = offset + count;
        for (int at = offset; at < end; ) {
            int width = width(bytes, at, end);
            if (width == 0) {
                throw invalid(bytes, at, end);
            }
            at += width;
        }
        return new String(bytes, offset, count, UTF_8);
    }

    /** The length of the character at a place, or 0 where there is none. */
    private static int width(byte[] bytes, int at, int end) {
        byte first = bytes[at];
        if (first > 0) {
            return 1;
        }
        int width = announced(first);
        if (width == 1 || at + width > end) {
            return 0;
        }
        int second = bytes[at + 1] & 0xff;
        boolean valid =
                switch (first & 0xff) {
                    case 0xc0, 0xc1 -> false;
                    case 0xe0 -> second >= 0xa0 && second <= 0xbf;
                    case 0xed -> second >= 0x80 && second <= 0x9f;
                    case 0xf0 -> second >= 0x90 && second <= 0xbf;
                    case 0xf4 -> second >= 0x80 && second <= 0x8f;
                    default -> (first & 0xff) < 0xf5 && isContinuation(bytes[at + 1]);
                };
        for (int i = 2; valid && i < width; i++) {
            valid = isContinuation(bytes[at + i]);
        }
        return valid ? width : 0;
    }

    private static boolean isContinuation(byte b) {
        return (b & 0xc0) == 0x80;
    }

    /**
     * How long a text is in UTF-8.
     *
     * @param text the text
     * @return its bytes
     * @throws PgException 22021 for what PostgreSQL's UTF8 cannot hold: U+0000, and half of a
     *     surrogate pair
     */
    public static int length(String text) {
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

    /** The length a first byte announces, valid or not. */
    private static int announced(byte first) {
        if ((first & 0xe0) == 0xc0) {
            return 2;
        }
        if ((first & 0xf0) == 0xe0) {
            return 3;
        }
        return (first & 0xf8) == 0xf0 ? 4 : 1;
    }

    /** PostgreSQL prints as many bytes as the first one announces and the text still has. */
    private static PgException invalid(byte[] bytes, int at, int end) {
        var message = new StringBuilder("invalid byte sequence for encoding \"UTF8\":");
        int last = Math.min(end, at + announced(bytes[at]));
        for (int i = at; i < last; i++) {
            message.append(" 0x%02x".formatted(bytes[i]));
        }
        return new PgException(SqlState.CHARACTER_NOT_IN_REPERTOIRE, message.toString());
    }
}
