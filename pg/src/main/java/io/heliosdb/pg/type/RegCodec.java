package io.heliosdb.pg.type;

import java.nio.ByteBuffer;

/** regclass and its kin: a name as text, the oid in binary. A text that is read stays a text. */
final class RegCodec implements Codec {
    private static final TextCodec TEXT = new TextCodec();

    @Override
    public void encodeText(Object value, TextStyle style, ByteSink out) {
        if (value instanceof RegValue reg) {
            out.putUtf8(reg.name());
        } else {
            TEXT.encodeText(value, style, out);
        }
    }

    @Override
    public void encodeBinary(Object value, ByteSink out) {
        IntegerCodec.OID.encodeBinary(value instanceof RegValue reg ? reg.oid() : value, out);
    }

    @Override
    public Object decodeText(String text, TextStyle style) {
        return TEXT.decodeText(text, style);
    }

    @Override
    public Object decodeBinary(ByteBuffer in) {
        return IntegerCodec.OID.decodeBinary(in);
    }
}
