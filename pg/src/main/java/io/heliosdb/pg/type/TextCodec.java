package io.heliosdb.pg.type;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import java.nio.ByteBuffer;

/**
 * text and its kin: both forms are the characters in UTF-8. A value of another class is printed.
 */
final class TextCodec implements Codec {
    @Override
    public void encodeText(Object value, TextStyle style, ByteSink out) {
        if (value instanceof CharSequence text) {
            out.putUtf8(text);
            return;
        }
        var type = PgType.forValue(value);
        if (type.oid() == io.heliosdb.pg.Oid.TEXT) {
            out.putUtf8(value.toString());
        } else {
            type.encodeText(value, style, out);
        }
    }

    @Override
    public void encodeBinary(Object value, ByteSink out) {
        encodeText(value, TextStyle.DEFAULT, out);
    }

    @Override
    public Object decodeText(String text, TextStyle style) {
        if (text.indexOf('\0') >= 0) {
            throw new PgException(
                    SqlState.CHARACTER_NOT_IN_REPERTOIRE,
                    "invalid byte sequence for encoding \"UTF8\": 0x00");
        }
        return text;
    }

    @Override
    public Object decodeBinary(ByteBuffer in) {
        return utf8(in);
    }

    static String utf8(ByteBuffer in) {
        var bytes = new byte[in.remaining()];
        in.get(bytes);
        return Utf8.decode(bytes);
    }
}
