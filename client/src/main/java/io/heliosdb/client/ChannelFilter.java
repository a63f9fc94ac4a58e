package io.heliosdb.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Channels by name, by prefix ({@code orders.*}), or all ({@code *}). Immutable. */
final class ChannelFilter {
    private static final int NAME_BYTES_MAX = 63;

    private final Set<String> names = new HashSet<>();
    private final List<String> prefixes = new ArrayList<>();

    /**
     * A filter.
     *
     * @throws PgException 22023 for a name that no channel can have, or none at all
     */
    ChannelFilter(List<String> channels) {
        if (channels.isEmpty()) {
            throw new PgException(
                    SqlState.INVALID_PARAMETER_VALUE, "a subscription needs a channel");
        }
        for (var channel : channels) {
            if (channel.isEmpty()) {
                throw new PgException(
                        SqlState.INVALID_PARAMETER_VALUE, "channel name cannot be empty");
            }
            if (channel.getBytes(UTF_8).length > NAME_BYTES_MAX) {
                throw new PgException(SqlState.INVALID_PARAMETER_VALUE, "channel name too long");
            }
            if (channel.equals("*") || channel.endsWith(".*")) {
                prefixes.add(channel.substring(0, channel.length() - 1));
            } else {
                names.add(channel);
            }
        }
    }

    boolean matches(String channel) {
        return names.contains(channel)
                || prefixes.stream()
                        .anyMatch(p -> channel.length() > p.length() && channel.startsWith(p));
    }
}
