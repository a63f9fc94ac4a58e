package io.heliosdb.pg.type;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import java.nio.ByteBuffer;

/** json and jsonb: the printed form; jsonb's binary form has a version number, 1, before it. */
final class JsonCodec implements Codec {
    private static final int VERSION = 1;

    private final boolean isJsonb;
    private final TextCodec text = new TextCodec();

    JsonCodec(boolean isJsonb) {
        this.isJsonb = isJsonb;
    }

    @Override
    public void encodeText(Object value, TextStyle style, ByteSink out) {
        if (value instanceof byte[] bytes) {
            out.put(bytes);
        } else {
            text.encodeText(value, style, out);
        }
    }

    @Override
    public void encodeBinary(Object value, ByteSink out) {
        if (isJsonb) {
            out.putByte(VERSION);
        }
        int from = out.length();
        encodeText(value, TextStyle.DEFAULT, out);
        out.convertFrom(from);
    }

    @Override
    public Object decodeText(String source, TextStyle style) {
        return read(source);
    }

    @Override
    public Object decodeBinary(ByteBuffer in) {
        return decodeBinary(in, Encoding.UTF8);
    }

    @Override
    public Object decodeBinary(ByteBuffer in, Encoding encoding) {
        if (isJsonb) {
            int version = in.get();
            if (version != VERSION) {
                throw new PgException(
                        SqlState.INTERNAL_ERROR, "unsupported jsonb version number " + version);
            }
        }
        return read(TextCodec.text(in, encoding));
    }

    private String read(String source) {
        return isJsonb ? Json.normalized(source) : Json.valid(source);
    }
}
