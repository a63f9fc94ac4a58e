package io.heliosdb.log;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** The first bytes of a record, as {@code package-info} lays them out. */
record Header(
        int bodyLength,
        long lsn,
        long timeline,
        long flushed,
        long commitMicros,
        int bodyCrc,
        int flags,
        long channels) {
    static final int BYTES = 56;
    static final int BODY_MAX = 1 << 30;
    static final int ROWS = 1;
    static final int NOTIFICATIONS = 2;
    static final int DDL = 4;
    static final int SEQUENCES = 8;

    private static final int ALIGNMENT = 8;

    /** How much of the log a record takes. */
    static long spaceOf(int bodyLength) {
        return align(BYTES + (long) bodyLength);
    }

    static long align(long position) {
        return (position + ALIGNMENT - 1) & -ALIGNMENT;
    }

    long end() {
        return lsn + spaceOf(bodyLength);
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    void writeTo(ByteBuffer out) {
        int start = out.position();
        out.putInt(0)
                .putInt(bodyLength)
                .putLong(lsn)
                .putLong(timeline)
                .putLong(flushed)
                .putLong(commitMicros)
                .putInt(bodyCrc)
                .putInt(flags)
                .putLong(channels);
        out.putInt(start, crc(out, start + Integer.BYTES, BYTES - Integer.BYTES));
    }

    /**
     * Reads a header.
     *
     * @param in at the header; its position stays
     * @param at where it stands in the log
     * @return null where there is none that is whole and says so itself
     */
    static @Nullable Header read(ByteBuffer in, long at) {
        int start = in.position();
        if (in.remaining() < BYTES || in.getLong(start + 8) != at) {
            return null;
        }
        int length = in.getInt(start + 4);
        if (length < 0
                || length > BODY_MAX
                || in.getInt(start) != crc(in, start + Integer.BYTES, BYTES - Integer.BYTES)) {
            return null;
        }
        return new Header(
                length,
                at,
                in.getLong(start + 16),
                in.getLong(start + 24),
                in.getLong(start + 32),
                in.getInt(start + 40),
                in.getInt(start + 44),
                in.getLong(start + 48));
    }

    /** The bit that stands for a channel in the summary. */
    static long channelBit(String channel) {
        int hash = channel.hashCode();
        return 1L << ((hash ^ (hash >>> 6) ^ (hash >>> 17)) & 63);
    }

    static int crc(byte[] bytes) {
        var crc = new CRC32C();
        crc.update(bytes, 0, bytes.length);
        return (int) crc.getValue();
    }

    private static int crc(ByteBuffer bytes, int from, int length) {
        var crc = new CRC32C();
        crc.update(bytes.slice(from, length));
        return (int) crc.getValue();
    }
}
