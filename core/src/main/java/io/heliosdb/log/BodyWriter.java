package io.heliosdb.log;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes of a body as they are put together. */
final class BodyWriter {
    private byte[] bytes = new byte[128];
    private int length;

    BodyWriter number(long value) {
        require(10);
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            bytes[length++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[length++] = (byte) rest;
        return this;
    }

    BodyWriter signed(long value) {
        return number((value << 1) ^ (value >> 63));
    }

    BodyWriter text(String text) {
        return bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    BodyWriter bytes(byte[] value) {
        number(value.length);
        require(value.length);
        System.arraycopy(value, 0, bytes, length, value.length);
        length += value.length;
        return this;
    }

    byte[] toByteArray() {
        return Arrays.copyOf(bytes, length);
    }

    private void require(int more) {
        int needed = Math.addExact(length, more);
        if (needed > bytes.length) {
            int doubled = bytes.length > (Integer.MAX_VALUE >> 1) ? needed : bytes.length * 2;
            bytes = Arrays.copyOf(bytes, Math.max(needed, doubled));
        }
    }
}
