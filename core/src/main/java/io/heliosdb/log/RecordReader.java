package io.heliosdb.log;

import org.jspecify.annotations.Nullable;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;

/**
 * Reads records from the segments, through a window that never reaches beyond what the caller says
 * is written. It holds one file open. One thread at a time.
 */
final class RecordReader implements AutoCloseable {
    private static final int WINDOW = 64 << 10;

    private final LogFiles files;
    private final int segmentBytes;
    private final ByteBuffer window = ByteBuffer.allocate(WINDOW).limit(0);
    private long windowStart;
    private LogFiles.@Nullable File file;
    private long fileIndex = -1;

    RecordReader(LogFiles files, int segmentBytes) {
        this.files = files;
        this.segmentBytes = segmentBytes;
    }

    /** The header at a position; null where there is none that is whole. */
    @Nullable Header header(long at, long limit) throws IOException {
        if (at + Header.BYTES > limit || !require(at, limit)) {
            return null;
        }
        return Header.read(window.position((int) (at - windowStart)), at);
    }

    /** The body behind a header; null where it is not whole. */
    byte @Nullable [] body(Header header, long limit) throws IOException {
        if (header.end() > limit) {
            return null;
        }
        var body = new byte[header.bodyLength()];
        long at = header.lsn() + Header.BYTES;
        if (at >= windowStart && at + body.length <= windowStart + window.limit()) {
            window.get((int) (at - windowStart), body);
        } else {
            var rest = ByteBuffer.wrap(body);
            read(rest, at);
            if (rest.hasRemaining()) {
                return null;
            }
        }
        return Header.crc(body) == header.bodyCrc() ? body : null;
    }

    /**
     * Looks for the next header that is whole and of its position's timeline, as every record's is
     * from its first byte on.
     *
     * @return null where there is none before the limit
     */
    @Nullable Header find(long from, long limit, Control control) throws IOException {
        for (long at = Header.align(from); at + Header.BYTES <= limit; at += Long.BYTES) {
            if (!require(at, limit)) {
                long next = (at / segmentBytes + 1) * segmentBytes;
                at = next - Long.BYTES;
                continue;
            }
            int offset = (int) (at - windowStart);
            if (window.getLong(offset + Long.BYTES) == at) {
                var header = Header.read(window.position(offset), at);
                if (header != null && header.timeline() == control.timelineAt(at).id()) {
                    return header;
                }
            }
        }
        return null;
    }

    /** Reads bytes as they are; returns fewer where segments are missing. */
    void read(ByteBuffer into, long position) throws IOException {
        long at = position;
        int end = into.limit();
        while (into.position() < end) {
            int offset = (int) (at % segmentBytes);
            int length = Math.min(end - into.position(), segmentBytes - offset);
            var source = fileAt(at / segmentBytes);
            if (source == null) {
                return;
            }
            int start = into.position();
            into.limit(start + length);
            source.read(into, offset);
            into.limit(end);
            if (into.position() < start + length) {
                return;
            }
            at += length;
        }
    }

    /** Has a header's bytes in the window; false where they are not there. */
    private boolean require(long at, long limit) throws IOException {
        if (at < windowStart || at + Header.BYTES > windowStart + window.limit()) {
            window.clear().limit((int) Math.min(WINDOW, limit - at));
            windowStart = at;
            read(window, at);
            window.flip();
        }
        return window.limit() - (at - windowStart) >= Header.BYTES;
    }

    private LogFiles.@Nullable File fileAt(long index) throws IOException {
        if (file != null && fileIndex == index) {
            return file;
        }
        close();
        try {
            file = files.openForReading(Segments.name(index));
            fileIndex = index;
            return file;
        } catch (FileNotFoundException | NoSuchFileException e) {
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        var open = file;
        file = null;
        fileIndex = -1;
        if (open != null) {
            open.close();
        }
    }
}
