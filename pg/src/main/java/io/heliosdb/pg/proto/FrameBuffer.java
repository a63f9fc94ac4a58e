package io.heliosdb.pg.proto;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * The bytes that came and are not taken yet. It grows only as bytes arrive, so that an announced
 * length costs nothing, and shrinks again after a large message. Confined to one thread.
 */
final class FrameBuffer {
    private static final int SIZE = 8192;

    private final InputStream in;
    private byte[] bytes = new byte[SIZE];
    private int at;
    private int limit;

    FrameBuffer(InputStream in) {
        this.in = in;
    }

    static int int32(byte[] from, int at) {
        return (from[at] & 0xff) << 24
                | (from[at + 1] & 0xff) << 16
                | (from[at + 2] & 0xff) << 8
                | (from[at + 3] & 0xff);
    }

    int buffered() {
        return limit - at;
    }

    /** Waits until so many bytes are here; false where the stream ended before. */
    boolean await(int count) throws IOException {
        while (limit - at < count) {
            makeRoom(count);
            int read = in.read(bytes, limit, bytes.length - limit);
            if (read < 0) {
                return false;
            }
            limit += read;
        }
        return true;
    }

    private void makeRoom(int count) {
        if (at == limit && bytes.length > SIZE && count <= SIZE) {
            bytes = new byte[SIZE];
            at = 0;
            limit = 0;
        } else if (at > 0 && (at == limit || bytes.length - at < count)) {
            System.arraycopy(bytes, at, bytes, 0, limit - at);
            limit -= at;
            at = 0;
        }
        if (limit == bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(bytes.length * 2L, (long) at + count));
        }
    }

    /** The byte at a distance from the first one that is not taken. */
    int peek(int offset) {
        return bytes[at + offset] & 0xff;
    }

    int peekInt32(int offset) {
        return int32(bytes, at + offset);
    }

    /** Takes so many bytes, of which some at the front are no content. */
    MessageBody take(int count, int header) {
        var body = new MessageBody(bytes, at + header, at + count);
        at += count;
        return body;
    }
}
