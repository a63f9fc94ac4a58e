package io.heliosdb.pg.type;

import java.nio.ByteBuffer;

/** float8: the shortest text that reads back the same; IEEE 754 in eight bytes. */
final class Float8Codec implements Codec {
    private static final String NAME = "double precision";

    @Override
    public void encodeText(Object value, TextStyle style, ByteSink out) {
        FloatText.put(real(value), style.extraFloatDigits(), out);
    }

    @Override
    public void encodeBinary(Object value, ByteSink out) {
        out.putLong(Double.doubleToRawLongBits(real(value)));
    }

    private static double real(Object value) {
        return switch (value) {
            case Double real -> real;
            // By its text, so that 0.1f is 0.1 and not what its bits are nearest to.
            case Float real -> Double.parseDouble(real.toString());
            case Number number -> number.doubleValue();
            case CharSequence text -> FloatText.parseDouble(text.toString(), NAME);
            default -> throw Refusal.javaClass(NAME, value);
        };
    }

    @Override
    public Object decodeText(String text, TextStyle style) {
        return FloatText.parseDouble(text, NAME);
    }

    @Override
    public Object decodeBinary(ByteBuffer in) {
        return in.getDouble();
    }
}
