package io.heliosdb.pg.proto;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.type.Encoding;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;

/** Reads the content of one message. Each refusal is PostgreSQL's, with 08P01. */
final class MessageBody {
    private static final int[] NONE = {};

    private final byte[] buffer;
    private int at;
    private final int end;
    private Encoding encoding = Encoding.UTF8;

    MessageBody(byte[] buffer, int from, int end) {
        this.buffer = buffer;
        this.at = from;
        this.end = end;
    }

    /** Reads strings in this encoding from now on. */
    MessageBody in(Encoding spoken) {
        encoding = spoken;
        return this;
    }

    int remaining() {
        return end - at;
    }

    int int8() {
        if (at == end) {
            throw refusal("no data left in message");
        }
        return buffer[at++] & 0xff;
    }

    int int16() {
        require(2);
        int value = (buffer[at] & 0xff) << 8 | (buffer[at + 1] & 0xff);
        at += 2;
        return value;
    }

    int int32() {
        require(4);
        int value = FrameBuffer.int32(buffer, at);
        at += 4;
        return value;
    }

    byte[] bytes(int count) {
        require(count);
        var value = Arrays.copyOfRange(buffer, at, at + count);
        at += count;
        return value;
    }

    byte[] rest() {
        return bytes(end - at);
    }

    String string() {
        int nul = at;
        while (nul < end && buffer[nul] != 0) {
            nul++;
        }
        if (nul == end) {
            throw refusal("invalid string in message");
        }
        var value = encoding.decode(buffer, at, nul - at);
        at = nul + 1;
        return value;
    }

    /** {@code int16 count, int16 each}. */
    int[] int16s() {
        int count = int16();
        require(count * 2);
        var values = count == 0 ? NONE : new int[count];
        for (int i = 0; i < count; i++) {
            values[i] = int16();
        }
        return values;
    }

    /** {@code int16 count, int32 each}. */
    int[] int32s() {
        int count = int16();
        require(count * 4);
        var values = count == 0 ? NONE : new int[count];
        for (int i = 0; i < count; i++) {
            values[i] = int32();
        }
        return values;
    }

    /** {@code int16 count, then for each int32 length or -1 for NULL, and its bytes}. */
    List<byte @Nullable []> values() {
        int count = int16();
        require(count * 4);
        var values = new byte @Nullable [count][];
        for (int i = 0; i < count; i++) {
            int length = int32();
            values[i] = length == -1 ? null : bytes(length);
        }
        return Arrays.asList(values);
    }

    /** Refuses what is left over. */
    void end() {
        if (at != end) {
            throw refusal("invalid message format");
        }
    }

    private void require(int count) {
        if (count < 0 || count > end - at) {
            throw refusal("insufficient data left in message");
        }
    }

    static PgException refusal(String message) {
        return new PgException(SqlState.PROTOCOL_VIOLATION, message);
    }
}
