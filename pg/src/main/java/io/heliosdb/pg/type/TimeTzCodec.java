package io.heliosdb.pg.type;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import java.nio.ByteBuffer;
import java.time.OffsetTime;
import java.time.ZoneOffset;

/** timetz: int64 µs since midnight, then int32 seconds west of UTC. */
final class TimeTzCodec implements Codec {
    /** Less than sixteen hours either way, as PostgreSQL has it. */
    private static final int OFFSET_SECONDS_MAX = 16 * 3600 - 1;

    @Override
    public void encodeText(Object value, TextStyle style, ByteSink out) {
        var time = time(value, style);
        DateText.putTime(Moment.micros(time.toLocalTime()), out);
        DateText.putOffset(time.getOffset(), out);
    }

    @Override
    public void encodeBinary(Object value, ByteSink out) {
        var time = time(value, TextStyle.DEFAULT);
        out.putLong(Moment.micros(time.toLocalTime()));
        out.putInt(-time.getOffset().getTotalSeconds());
    }

    private static OffsetTime time(Object value, TextStyle style) {
        return switch (value) {
            case OffsetTime time -> time;
            case CharSequence text -> parse(text.toString(), style);
            default -> throw Refusal.javaClass("timetz", value);
        };
    }

    @Override
    public Object decodeText(String text, TextStyle style) {
        return parse(text, style);
    }

    private static OffsetTime parse(String text, TextStyle style) {
        return new DateTimeParser(text, "time with time zone", style).timeTz();
    }

    @Override
    public Object decodeBinary(ByteBuffer in) {
        var time = Moment.time(in.getLong());
        int west = in.getInt();
        if (west < -OFFSET_SECONDS_MAX || west > OFFSET_SECONDS_MAX) {
            throw new PgException(
                    SqlState.INVALID_TIME_ZONE_DISPLACEMENT, "time zone displacement out of range");
        }
        return OffsetTime.of(time, ZoneOffset.ofTotalSeconds(-west));
    }
}
