package io.heliosdb.log;

/**
 * A record on its way: encoded and with its space reserved by {@link Log#prepare}, given its place
 * by {@link Log#append}, or given up by {@link Log#release}; one of the two, once.
 */
public final class Append {
    final byte[] body;
    final int bodyCrc;
    final int flags;
    final long channels;
    final boolean isDurable;

    /** Written under the log's order lock, constant after. */
    long lsn;

    long timeline;
    long commitMicros;

    Append(LogEntry entry) {
        body = EntryCodec.encode(entry);
        bodyCrc = Header.crc(body);
        flags = EntryCodec.flags(entry);
        channels = EntryCodec.channels(entry);
        isDurable = entry.isDurable();
    }

    /**
     * How much of the log it takes.
     *
     * @return bytes
     */
    public long space() {
        return Header.spaceOf(body.length);
    }

    /**
     * Whether its commit is worth waiting for the disk.
     *
     * @return false where it only notifies
     */
    public boolean isDurable() {
        return isDurable;
    }

    long end() {
        return lsn + space();
    }

    Header header(long flushed) {
        return new Header(
                body.length, lsn, timeline, flushed, commitMicros, bodyCrc, flags, channels);
    }
}
