package io.heliosdb.log;

import java.util.Collection;

/**
 * Which records a reader wants, told by their headers alone: it may let through more than is
 * wanted, and never less.
 */
public final class LogFilter {
    /** Every record. */
    public static final LogFilter ALL = new LogFilter(0, -1);

    private final int flags;
    private final long channels;

    private LogFilter(int flags, long channels) {
        this.flags = flags;
        this.channels = channels;
    }

    /**
     * The records that notify on any of these channels.
     *
     * @param channels bare names
     * @return the filter
     */
    public static LogFilter onChannels(Collection<String> channels) {
        long bits = 0;
        for (String channel : channels) {
            bits |= Header.channelBit(channel);
        }
        return new LogFilter(Header.NOTIFICATIONS, bits);
    }

    /**
     * The records that notify on any channel.
     *
     * @return the filter
     */
    public static LogFilter notifying() {
        return new LogFilter(Header.NOTIFICATIONS, -1);
    }

    boolean wants(int recordFlags, long recordChannels) {
        return flags == 0 || ((recordFlags & flags) != 0 && (recordChannels & channels) != 0);
    }
}
