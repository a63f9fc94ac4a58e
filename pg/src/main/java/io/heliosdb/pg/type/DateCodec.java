package io.heliosdb.pg.type;

import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.time.LocalDateTime;

/** date: {@link LocalDate#MAX} and MIN are the infinities; int32 days since 2000-01-01. */
final class DateCodec implements Codec {
    @Override
    public void encodeText(Object value, TextStyle style, ByteSink out) {
        var date = date(value, style);
        if (date.equals(LocalDate.MAX)) {
            out.putUtf8("infinity");
        } else if (date.equals(LocalDate.MIN)) {
            out.putUtf8("-infinity");
        } else {
            DateText.putDate(date, style, out);
        }
    }

    @Override
    public void encodeBinary(Object value, ByteSink out) {
        out.putInt(Moment.days(date(value, TextStyle.DEFAULT)));
    }

    private static LocalDate date(Object value, TextStyle style) {
        return switch (value) {
            case LocalDate date -> date;
            case LocalDateTime timestamp -> timestamp.toLocalDate();
            case CharSequence text -> parse(text.toString(), style);
            default -> throw Refusal.javaClass("date", value);
        };
    }

    @Override
    public Object decodeText(String text, TextStyle style) {
        return parse(text, style);
    }

    private static LocalDate parse(String text, TextStyle style) {
        return new DateTimeParser(text, "date", style).date();
    }

    @Override
    public Object decodeBinary(ByteBuffer in) {
        return Moment.date(in.getInt());
    }
}
