package io.heliosdb.pg.type;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Period;
import java.time.temporal.ChronoUnit;

/** interval: int64 µs, int32 days, int32 months. */
final class IntervalCodec implements Codec {
    @Override
    public void encodeText(Object value, TextStyle style, ByteSink out) {
        IntervalText.put(interval(value), style.intervalStyle(), out);
    }

    @Override
    public void encodeBinary(Object value, ByteSink out) {
        var interval = interval(value);
        out.putLong(interval.micros());
        out.putInt(interval.days());
        out.putInt(interval.months());
    }

    private static PgInterval interval(Object value) {
        return switch (value) {
            case PgInterval interval -> interval;
            case Duration duration ->
                    new PgInterval(
                            0,
                            0,
                            Math.addExact(
                                    Math.multiplyExact(
                                            duration.getSeconds(), Moment.MICROS_PER_SECOND),
                                    (duration.getNano() + 500) / 1000));
            case Period period ->
                    new PgInterval(
                            (int) period.toTotalMonths(), (int) period.get(ChronoUnit.DAYS), 0);
            case CharSequence text -> new IntervalParser(text.toString()).parse();
            default -> throw Refusal.javaClass("interval", value);
        };
    }

    @Override
    public Object decodeText(String text, TextStyle style) {
        return new IntervalParser(text).parse();
    }

    @Override
    public Object decodeBinary(ByteBuffer in) {
        long micros = in.getLong();
        int days = in.getInt();
        return new PgInterval(in.getInt(), days, micros);
    }
}
