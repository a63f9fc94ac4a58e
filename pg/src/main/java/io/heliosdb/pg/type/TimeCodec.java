package io.heliosdb.pg.type;

import java.nio.ByteBuffer;
import java.time.LocalDateTime;
import java.time.LocalTime;

/** time: {@link LocalTime#MAX} is 24:00:00; int64 µs since midnight. */
final class TimeCodec implements Codec {
    @Override
    public void encodeText(Object value, TextStyle style, ByteSink out) {
        DateText.putTime(micros(value, style), out);
    }

    @Override
    public void encodeBinary(Object value, ByteSink out) {
        out.putLong(micros(value, TextStyle.DEFAULT));
    }

    private static long micros(Object value, TextStyle style) {
        return switch (value) {
            case LocalTime time -> Moment.micros(time);
            case LocalDateTime timestamp -> Moment.micros(timestamp.toLocalTime());
            case CharSequence text ->
                    new DateTimeParser(text.toString(), "time", style).timeMicros();
            default -> throw Refusal.javaClass("time", value);
        };
    }

    @Override
    public Object decodeText(String text, TextStyle style) {
        return Moment.time(new DateTimeParser(text, "time", style).timeMicros());
    }

    @Override
    public Object decodeBinary(ByteBuffer in) {
        return Moment.time(in.getLong());
    }
}
