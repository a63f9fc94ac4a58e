package io.heliosdb.pg.type;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import java.nio.ByteBuffer;

/** text and its kin: both forms are the characters. A value of another class is printed. */
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
        int from = out.length();
        encodeText(value, TextStyle.DEFAULT, out);
        out.convertFrom(from);
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
        return decodeBinary(in, Encoding.UTF8);
    }

    @Override
    public Object decodeBinary(ByteBuffer in, Encoding encoding) {
        return text(in, encoding);
    }

    static String text(ByteBuffer in, Encoding encoding) {
        var bytes = new byte[in.remaining()];
        in.get(bytes);
        return encoding.decode(bytes);
    }
}
