package io.heliosdb.pubsub;

import java.util.function.Consumer;

/**
 * Names for many channels: {@code *} for all, and {@code orders.*} for all whose name begins with
 * {@code orders.}, however many dots follow. A channel may be called {@code orders.*} itself; where
 * both stand in one table, a wildcard is kept under a key that no channel can have.
 */
final class Wildcard {
    private static final String ALL = "*";
    private static final String SUFFIX = ".*";
    private static final char MARK = 0;

    private Wildcard() {}

    /** Whether a name has the form of a wildcard. */
    static boolean is(String name) {
        return name.equals(ALL) || name.endsWith(SUFFIX);
    }

    static boolean matches(String wildcard, String channel) {
        int prefix = wildcard.length() - 1;
        return channel.length() > prefix && channel.regionMatches(0, wildcard, 0, prefix);
    }

    /** The key of a wildcard in a table of channels. */
    static String key(String wildcard) {
        return MARK + wildcard;
    }

    static boolean isKey(String key) {
        return !key.isEmpty() && key.charAt(0) == MARK;
    }

    /** The name behind a key: of a channel, or a wildcard. */
    static String name(String key) {
        return isKey(key) ? key.substring(1) : key;
    }

    /** Names the wildcards that match a channel, the shortest first. */
    static void forEach(String channel, Consumer<String> wildcards) {
        if (!channel.isEmpty()) {
            wildcards.accept(ALL);
        }
        for (int dot = channel.indexOf('.'); dot >= 0; dot = channel.indexOf('.', dot + 1)) {
            if (dot + 1 < channel.length()) {
                wildcards.accept(channel.substring(0, dot) + SUFFIX);
            }
        }
    }
}
