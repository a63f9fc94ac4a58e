package io.heliosdb.pg.type;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import java.nio.ByteBuffer;

/** bytea: hexadecimal or escaped text; the bytes themselves. */
final class ByteaCodec implements Codec {
    @Override
    public void encodeText(Object value, TextStyle style, ByteSink out) {
        var bytes = bytes(value);
        switch (style.byteaOutput()) {
            case HEX -> {
                out.putByte('\\');
                out.putByte('x');
                for (byte b : bytes) {
                    Hex.put(b, 2, out);
                }
            }
            case ESCAPE -> {
                for (byte b : bytes) {
                    escape(b & 0xff, out);
                }
            }
        }
    }

    private static void escape(int b, ByteSink out) {
        if (b == '\\') {
            out.putByte('\\');
            out.putByte('\\');
        } else if (b < 0x20 || b > 0x7e) {
            out.putByte('\\');
            out.putByte('0' + (b >> 6));
            out.putByte('0' + (b >> 3 & 7));
            out.putByte('0' + (b & 7));
        } else {
            out.putByte(b);
        }
    }

    @Override
    public void encodeBinary(Object value, ByteSink out) {
        out.put(bytes(value));
    }

    private static byte[] bytes(Object value) {
        return switch (value) {
            case byte[] bytes -> bytes;
            case CharSequence text -> parse(text.toString());
            default -> throw Refusal.javaClass("bytea", value);
        };
    }

    @Override
    public Object decodeText(String text, TextStyle style) {
        return parse(text);
    }

    private static byte[] parse(String text) {
        return text.startsWith("\\x") ? hex(text) : escaped(text);
    }

    /** Blanks may stand between the bytes, not within one. */
    private static byte[] hex(String text) {
        var out = new ByteSink(text.length() / 2);
        for (int at = 2; at < text.length(); ) {
            char c = text.charAt(at);
            if (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
                at++;
                continue;
            }
            int high = hexDigit(text, at);
            if (at + 1 >= text.length()) {
                throw new PgException(
                        SqlState.INVALID_PARAMETER_VALUE,
                        "invalid hexadecimal data: odd number of digits");
            }
            out.putByte(high << 4 | hexDigit(text, at + 1));
            at += 2;
        }
        return out.toByteArray();
    }

    private static int hexDigit(String text, int at) {
        int digit = Hex.digit(text.charAt(at));
        if (digit < 0) {
            throw new PgException(
                    SqlState.INVALID_PARAMETER_VALUE,
                    "invalid hexadecimal digit: \""
                            + Character.toString(text.codePointAt(at))
                            + '"');
        }
        return digit;
    }

    private static byte[] escaped(String text) {
        var out = new ByteSink(text.length());
        for (int at = 0; at < text.length(); ) {
            if (text.charAt(at) != '\\') {
                int end = text.indexOf('\\', at);
                int to = end < 0 ? text.length() : end;
                out.putUtf8(text.substring(at, to));
                at = to;
            } else if (text.startsWith("\\\\", at)) {
                out.putByte('\\');
                at += 2;
            } else {
                out.putByte(octal(text, at + 1));
                at += 4;
            }
        }
        return out.toByteArray();
    }

    private static int octal(String text, int at) {
        if (at + 3 <= text.length()) {
            int high = text.charAt(at) - '0';
            int middle = text.charAt(at + 1) - '0';
            int low = text.charAt(at + 2) - '0';
            if (high >= 0 && high <= 3 && middle >= 0 && middle <= 7 && low >= 0 && low <= 7) {
                return high << 6 | middle << 3 | low;
            }
        }
        throw new PgException(
                SqlState.INVALID_TEXT_REPRESENTATION, "invalid input syntax for type bytea");
    }

    @Override
    public Object decodeBinary(ByteBuffer in) {
        var bytes = new byte[in.remaining()];
        in.get(bytes);
        return bytes;
    }
}
