package io.heliosdb.pg.type;

import io.heliosdb.pg.Oid;

import java.nio.ByteBuffer;
import java.util.ArrayList;

/**
 * int2vector and oidvector: numbers with blanks between them; in binary an array whose first
 * element has the number 0.
 */
final class VectorCodec implements Codec {
    private final int elementOid;
    private final IntegerCodec element;

    VectorCodec(int elementOid) {
        this.elementOid = elementOid;
        element = elementOid == Oid.INT2 ? IntegerCodec.INT2 : IntegerCodec.OID;
    }

    @Override
    public void encodeText(Object value, TextStyle style, ByteSink out) {
        if (!(value instanceof PgArray array)) {
            out.putUtf8(value.toString());
            return;
        }
        boolean first = true;
        for (Object each : array.elements()) {
            if (!first) {
                out.putUtf8(" ");
            }
            first = false;
            element.encodeText(required(each), style, out);
        }
    }

    @Override
    public void encodeBinary(Object value, ByteSink out) {
        var array = value instanceof PgArray known ? known : (PgArray) decodeText((String) value);
        out.putInt(1);
        out.putInt(0);
        out.putInt(elementOid);
        out.putInt(array.elements().size());
        out.putInt(0);
        for (Object each : array.elements()) {
            out.putInt(elementOid == Oid.INT2 ? 2 : 4);
            element.encodeBinary(required(each), out);
        }
    }

    @Override
    public Object decodeText(String text, TextStyle style) {
        return decodeText(text);
    }

    private Object decodeText(String text) {
        var elements = new ArrayList<Object>();
        for (var word : text.strip().split(" ", -1)) {
            if (!word.isEmpty()) {
                elements.add(element.decodeText(word, TextStyle.DEFAULT));
            }
        }
        return PgArray.of(elementOid, elements);
    }

    @Override
    public Object decodeBinary(ByteBuffer in) {
        return new ArrayCodec(PgType.of(elementOid)).decodeBinary(in);
    }

    private static Object required(@org.jspecify.annotations.Nullable Object each) {
        if (each == null) {
            throw Refusal.binary("a vector holds no nulls");
        }
        return each;
    }
}
