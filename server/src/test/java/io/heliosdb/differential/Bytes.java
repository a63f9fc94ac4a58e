package io.heliosdb.differential;

import java.io.ByteArrayOutputStream;

/** Byte arrays: joined, named. */
final class Bytes {

    private Bytes() {}

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }

    /**
     * Bytes with a name for the test report.
     *
     * @param name what they are
     * @param bytes as sent
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Named(String name, byte[] bytes) {
        @Override
        public String toString() {
            return name;
        }
    }
}
