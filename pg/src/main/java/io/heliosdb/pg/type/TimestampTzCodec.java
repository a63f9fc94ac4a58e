package io.heliosdb.pg.type;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;

/**
 * timestamptz: read into UTC, printed in the session's zone; {@link OffsetDateTime#MAX} and MIN are
 * the infinities; int64 µs since 2000-01-01 in UTC.
 */
final class TimestampTzCodec implements Codec {
    @Override
    public void encodeText(Object value, TextStyle style, ByteSink out) {
        TimestampCodec.putText(micros(value, style), true, style, out);
    }

    @Override
    public void encodeBinary(Object value, ByteSink out) {
        out.putLong(micros(value, TextStyle.DEFAULT));
    }

    private static long micros(Object value, TextStyle style) {
        return switch (value) {
            case OffsetDateTime timestamp -> Moment.micros(timestamp);
            case ZonedDateTime timestamp ->
                    Moment.micros(timestamp.toEpochSecond(), timestamp.getNano());
            case Instant instant -> Moment.micros(instant.getEpochSecond(), instant.getNano());
            case CharSequence text -> parse(text.toString(), style);
            default -> throw Refusal.javaClass("timestamptz", value);
        };
    }

    @Override
    public Object decodeText(String text, TextStyle style) {
        return Moment.timestampTz(parse(text, style));
    }

    private static long parse(String text, TextStyle style) {
        return new DateTimeParser(text, "timestamp with time zone", style).timestampTzMicros();
    }

    @Override
    public Object decodeBinary(ByteBuffer in) {
        return Moment.timestampTz(in.getLong());
    }
}
