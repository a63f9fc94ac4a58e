package io.heliosdb.pg.type;

import java.nio.ByteBuffer;
import java.util.UUID;

/** uuid: 32 hexadecimal digits in groups; sixteen bytes. */
final class UuidCodec implements Codec {
    @Override
    public void encodeText(Object value, TextStyle style, ByteSink out) {
        var uuid = uuid(value);
        long high = uuid.getMostSignificantBits();
        long low = uuid.getLeastSignificantBits();
        Hex.put(high >>> 32, 8, out);
        out.putByte('-');
        Hex.put(high >>> 16, 4, out);
        out.putByte('-');
        Hex.put(high, 4, out);
        out.putByte('-');
        Hex.put(low >>> 48, 4, out);
        out.putByte('-');
        Hex.put(low, 12, out);
    }

    @Override
    public void encodeBinary(Object value, ByteSink out) {
        var uuid = uuid(value);
        out.putLong(uuid.getMostSignificantBits());
        out.putLong(uuid.getLeastSignificantBits());
    }

    private static UUID uuid(Object value) {
        return switch (value) {
            case UUID uuid -> uuid;
            case CharSequence text -> parse(text.toString());
            default -> throw Refusal.javaClass("uuid", value);
        };
    }

    @Override
    public Object decodeText(String text, TextStyle style) {
        return parse(text);
    }

    /** 32 digits, braces around them or not, a hyphen after any group of four or not. */
    private static UUID parse(String text) {
        boolean braces = text.startsWith("{");
        int at = braces ? 1 : 0;
        long high = 0;
        long low = 0;
        for (int i = 0; i < 32; i++) {
            int digit = at < text.length() ? Hex.digit(text.charAt(at++)) : -1;
            if (digit < 0) {
                throw Refusal.syntax("uuid", text);
            }
            if (i < 16) {
                high = high << 4 | digit;
            } else {
                low = low << 4 | digit;
            }
            boolean mayPause = i % 4 == 3 && i < 31;
            if (mayPause && at < text.length() && text.charAt(at) == '-') {
                at++;
            }
        }
        if ((braces && (at >= text.length() || text.charAt(at++) != '}')) || at != text.length()) {
            throw Refusal.syntax("uuid", text);
        }
        return new UUID(high, low);
    }

    @Override
    public Object decodeBinary(ByteBuffer in) {
        return new UUID(in.getLong(), in.getLong());
    }
}
