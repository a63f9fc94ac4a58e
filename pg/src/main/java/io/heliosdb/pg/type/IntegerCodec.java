package io.heliosdb.pg.type;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.ByteBuffer;

/** int2, int4, int8, oid and the other whole numbers: decimal digits, or network byte order. */
final class IntegerCodec implements Codec {
    static final IntegerCodec INT2 =
            new IntegerCodec("smallint", 2, Short.MIN_VALUE, Short.MAX_VALUE);
    static final IntegerCodec INT4 =
            new IntegerCodec("integer", 4, Integer.MIN_VALUE, Integer.MAX_VALUE);
    static final IntegerCodec INT8 = new IntegerCodec("bigint", 8, Long.MIN_VALUE, Long.MAX_VALUE);
    static final IntegerCodec OID = new IntegerCodec("oid", 4, 0, 0xffff_ffffL);
    static final IntegerCodec XID = new IntegerCodec("xid", 4, 0, 0xffff_ffffL);
    static final IntegerCodec CID = new IntegerCodec("cid", 4, 0, 0xffff_ffffL);

    private final String typeName;
    private final int width;
    private final long min;
    private final long max;

    private IntegerCodec(String typeName, int width, long min, long max) {
        this.typeName = typeName;
        this.width = width;
        this.min = min;
        this.max = max;
    }

    @Override
    public void encodeText(Object value, TextStyle style, ByteSink out) {
        out.putDecimal(number(value));
    }

    @Override
    public void encodeBinary(Object value, ByteSink out) {
        long number = number(value);
        switch (width) {
            case 2 -> out.putShort((int) number);
            case 4 -> out.putInt((int) number);
            default -> out.putLong(number);
        }
    }

    private long number(Object value) {
        long number =
                switch (value) {
                    case Integer i -> i;
                    case Long l -> l;
                    case Short s -> s;
                    case Byte b -> b;
                    case Boolean truth -> truth ? 1 : 0;
                    case BigDecimal decimal -> rounded(decimal);
                    case BigInteger big -> rounded(new BigDecimal(big));
                    case Double real -> rounded(real);
                    case Float real -> rounded(real);
                    case CharSequence text -> parse(text.toString());
                    default -> throw Refusal.javaClass(typeName, value);
                };
        if (number < min || number > max) {
            // An Integer that stands for an oid carries its bits.
            if (min == 0 && value instanceof Integer) {
                return number & max;
            }
            throw Refusal.typeOutOfRange(typeName);
        }
        return number;
    }

    private long rounded(BigDecimal decimal) {
        if (decimal.precision() - decimal.scale() > 20) {
            throw Refusal.typeOutOfRange(typeName);
        }
        var whole = decimal.setScale(0, RoundingMode.HALF_UP).unscaledValue();
        if (whole.bitLength() > 63) {
            throw Refusal.typeOutOfRange(typeName);
        }
        return whole.longValue();
    }

    /** Floating-point numbers round to even, as rint() does. */
    private long rounded(double real) {
        double whole = Math.rint(real);
        if (!(whole >= -0x1p63 && whole < 0x1p63)) {
            throw Refusal.typeOutOfRange(typeName);
        }
        return (long) whole;
    }

    @Override
    public Object decodeText(String text, TextStyle style) {
        return boxed(parse(text));
    }

    private long parse(String text) {
        int at = 0;
        int end = text.length();
        while (at < end && Blank.is(text.charAt(at))) {
            at++;
        }
        while (end > at && Blank.is(text.charAt(end - 1))) {
            end--;
        }
        boolean negative = at < end && text.charAt(at) == '-';
        if (at < end && (negative || text.charAt(at) == '+')) {
            at++;
        }
        if (at == end) {
            throw Refusal.syntax(typeName, text);
        }
        return signed(text, at, end, negative);
    }

    /** Adds the digits up below zero, where the range is larger by one. */
    private long signed(String text, int from, int end, boolean negative) {
        long number = 0;
        boolean overflow = false;
        for (int at = from; at < end; at++) {
            int digit = text.charAt(at) - '0';
            if (digit < 0 || digit > 9) {
                throw Refusal.syntax(typeName, text);
            }
            overflow |= number < (Long.MIN_VALUE + digit) / 10;
            number = number * 10 - digit;
        }
        if (overflow || (!negative && number == Long.MIN_VALUE)) {
            throw Refusal.outOfRange(typeName, text);
        }
        number = negative ? number : -number;
        if (min == 0 && number < 0 && number >= Integer.MIN_VALUE) {
            return number & max;
        }
        if (number < min || number > max) {
            throw Refusal.outOfRange(typeName, text);
        }
        return number;
    }

    @Override
    public Object decodeBinary(ByteBuffer in) {
        return switch (width) {
            case 2 -> in.getShort();
            case 4 -> boxed(min == 0 ? in.getInt() & max : in.getInt());
            default -> in.getLong();
        };
    }

    private Object boxed(long number) {
        if (width == 2) {
            return (short) number;
        }
        if (width == 4 && min != 0) {
            return (int) number;
        }
        return number;
    }
}
