package io.heliosdb.pg.type;

import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.time.LocalDateTime;

/** timestamp: {@link LocalDateTime#MAX} and MIN are the infinities; int64 µs since 2000-01-01. */
final class TimestampCodec implements Codec {
    @Override
    public void encodeText(Object value, TextStyle style, ByteSink out) {
        putText(Moment.micros(timestamp(value, style)), false, style, out);
    }

    static void putText(long micros, boolean hasZone, TextStyle style, ByteSink out) {
        if (micros == Long.MAX_VALUE) {
            out.putUtf8("infinity");
        } else if (micros == Long.MIN_VALUE) {
            out.putUtf8("-infinity");
        } else {
            DateText.putTimestamp(micros, hasZone, style, out);
        }
    }

    @Override
    public void encodeBinary(Object value, ByteSink out) {
        out.putLong(Moment.micros(timestamp(value, TextStyle.DEFAULT)));
    }

    private static LocalDateTime timestamp(Object value, TextStyle style) {
        return switch (value) {
            case LocalDateTime timestamp -> timestamp;
            case LocalDate date -> date.atStartOfDay();
            case CharSequence text -> parse(text.toString(), style);
            default -> throw Refusal.javaClass("timestamp", value);
        };
    }

    @Override
    public Object decodeText(String text, TextStyle style) {
        return parse(text, style);
    }

    private static LocalDateTime parse(String text, TextStyle style) {
        return Moment.timestamp(new DateTimeParser(text, "timestamp", style).timestampMicros());
    }

    @Override
    public Object decodeBinary(ByteBuffer in) {
        return Moment.timestamp(in.getLong());
    }
}
