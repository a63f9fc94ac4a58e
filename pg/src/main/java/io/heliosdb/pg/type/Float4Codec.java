package io.heliosdb.pg.type;

import java.nio.ByteBuffer;

/** float4: the shortest text that reads back the same; IEEE 754 in four bytes. */
final class Float4Codec implements Codec {
    private static final String NAME = "real";

    @Override
    public void encodeText(Object value, TextStyle style, ByteSink out) {
        FloatText.put(real(value), style.extraFloatDigits(), out);
    }

    @Override
    public void encodeBinary(Object value, ByteSink out) {
        out.putInt(Float.floatToRawIntBits(real(value)));
    }

    private static float real(Object value) {
        return switch (value) {
            case Float real -> real;
            case Number number -> number.floatValue();
            case CharSequence text -> FloatText.parseFloat(text.toString());
            default -> throw Refusal.javaClass(NAME, value);
        };
    }

    @Override
    public Object decodeText(String text, TextStyle style) {
        return FloatText.parseFloat(text);
    }

    @Override
    public Object decodeBinary(ByteBuffer in) {
        return in.getFloat();
    }
}
