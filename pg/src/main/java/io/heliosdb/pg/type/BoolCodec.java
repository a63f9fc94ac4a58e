package io.heliosdb.pg.type;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import java.nio.ByteBuffer;
import java.util.Locale;

/** bool: {@code t} or {@code f}; one byte. */
final class BoolCodec implements Codec {
    @Override
    public void encodeText(Object value, TextStyle style, ByteSink out) {
        out.putByte(truth(value) ? 't' : 'f');
    }

    @Override
    public void encodeBinary(Object value, ByteSink out) {
        out.putByte(truth(value) ? 1 : 0);
    }

    private boolean truth(Object value) {
        return switch (value) {
            case Boolean truth -> truth;
            case Number number -> number.doubleValue() != 0;
            case CharSequence text -> parse(text.toString());
            default -> throw Refusal.javaClass("bool", value);
        };
    }

    @Override
    public Object decodeText(String text, TextStyle style) {
        return parse(text);
    }

    /** Any unambiguous beginning of true, false, yes, no, on, off counts, and 1 and 0. */
    private static boolean parse(String text) {
        var word = Blank.strip(text).toLowerCase(Locale.ROOT);
        if (!word.isEmpty()) {
            if ("true".startsWith(word) || "yes".startsWith(word)) {
                return true;
            }
            if ("false".startsWith(word) || "no".startsWith(word)) {
                return false;
            }
            if (word.equals("on") || word.equals("1")) {
                return true;
            }
            if (word.equals("of") || word.equals("off") || word.equals("0")) {
                return false;
            }
        }
        throw Refusal.syntax("boolean", text);
    }

    @Override
    public Object decodeBinary(ByteBuffer in) {
        if (!in.hasRemaining()) {
            throw new PgException(SqlState.PROTOCOL_VIOLATION, "no data left in message");
        }
        return in.get() != 0;
    }
}
