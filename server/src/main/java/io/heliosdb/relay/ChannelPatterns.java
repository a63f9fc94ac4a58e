package io.heliosdb.relay;

import java.util.List;

/**
 * Channels or tables that somebody may use: {@code *} for all, {@code orders.*} for all below
 * {@code orders.}, anything else literally.
 *
 * @param patterns in no order
 */
record ChannelPatterns(List<String> patterns) {
    static final ChannelPatterns NONE = new ChannelPatterns(List.of());
    static final ChannelPatterns ALL = new ChannelPatterns(List.of("*"));

    ChannelPatterns {
        patterns = List.copyOf(patterns);
    }

    /** Whether a name is a wildcard, rather than a channel. */
    static boolean isWildcard(String name) {
        return name.equals("*") || name.endsWith(".*");
    }

    /** Whether a channel, or everything that a wildcard stands for, is among them. */
    boolean allow(String name) {
        return patterns.stream().anyMatch(pattern -> covers(pattern, name));
    }

    boolean isEmpty() {
        return patterns.isEmpty();
    }

    private static boolean covers(String pattern, String name) {
        if (!isWildcard(pattern)) {
            return pattern.equals(name);
        }
        var prefix = pattern.substring(0, pattern.length() - 1);
        if (isWildcard(name)) {
            return name.startsWith(prefix);
        }
        return name.length() > prefix.length() && name.startsWith(prefix);
    }
}
