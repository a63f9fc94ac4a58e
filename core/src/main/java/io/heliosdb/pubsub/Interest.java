package io.heliosdb.pubsub;

import java.util.List;
import java.util.Set;

/**
 * The channels that a reader of the history wants.
 *
 * @param channels by their names
 * @param wildcards {@code *}, or a prefix and {@code .*}
 */
public record Interest(Set<String> channels, List<String> wildcards) {
    /** Copies both. */
    public Interest {
        channels = Set.copyOf(channels);
        wildcards = List.copyOf(wildcards);
    }

    /**
     * Whether a channel is among them.
     *
     * @param channel its bare name
     * @return whether it is
     */
    public boolean wants(String channel) {
        return channels.contains(channel)
                || wildcards.stream().anyMatch(wildcard -> Wildcard.matches(wildcard, channel));
    }
}
