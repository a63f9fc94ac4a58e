package io.heliosdb.pg.type;

import java.nio.ByteBuffer;

/** One type's two forms, both ways. A codec is stateless. */
interface Codec {
    void encodeText(Object value, TextStyle style, ByteSink out);

    void encodeBinary(Object value, ByteSink out);

    Object decodeText(String text, TextStyle style);

    /**
     * Reads a value and may leave bytes over, which the caller refuses; one that runs out of bytes
     * lets {@link java.nio.BufferUnderflowException} through.
     */
    Object decodeBinary(ByteBuffer in);

    /**
     * As {@link #decodeBinary(ByteBuffer)}; types that hold characters read them by an encoding.
     */
    default Object decodeBinary(ByteBuffer in, Encoding encoding) {
        return decodeBinary(in);
    }
}
