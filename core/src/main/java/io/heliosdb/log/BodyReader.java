package io.heliosdb.log;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Bytes of a body as they are taken apart; no length is trusted further than the body goes. */
final class BodyReader {
    private final ByteBuffer in;

    BodyReader(ByteBuffer in) {
        this.in = in;
    }

    long number() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte next = in.get();
            value |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("a record has a number without an end");
    }

    int count() {
        long value = number();
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("a record has a count that is too large: " + value);
        }
        return (int) value;
    }

    long signed() {
        long value = number();
        return (value >>> 1) ^ -(value & 1);
    }

    String text() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    byte[] bytes() {
        int length = count();
        if (length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        var value = new byte[length];
        in.get(value);
        return value;
    }

    <T> List<T> list(Supplier<T> element) {
        int count = count();
        var list = new ArrayList<T>(Math.min(count, in.remaining()));
        for (int i = 0; i < count; i++) {
            list.add(element.get());
        }
        return list;
    }
}
