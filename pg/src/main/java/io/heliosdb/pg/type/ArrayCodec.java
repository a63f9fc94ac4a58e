package io.heliosdb.pg.type;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Arrays: braces as text; binary is {@code int32 dimensions, int32 hasNulls, int32 elementOid}, for
 * each dimension {@code int32 length, int32 lowerBound}, for each element {@code int32 length} or
 * -1 and its binary form.
 */
final class ArrayCodec implements Codec {
    private static final int ELEMENTS_MAX = 134_217_727;

    private final PgType element;

    ArrayCodec(PgType element) {
        this.element = element;
    }

    @Override
    public void encodeText(Object value, TextStyle style, ByteSink out) {
        var array = array(value);
        var lengths = array.dimensions();
        if (lengths.length == 0 || array.elements().isEmpty()) {
            out.putUtf8("{}");
        } else {
            putDimension(array.elements(), lengths, 0, 0, style, out);
        }
    }

    /** Writes one dimension and returns the index of the element after it. */
    private int putDimension(
            List<@Nullable Object> elements,
            int[] lengths,
            int depth,
            int first,
            TextStyle style,
            ByteSink out) {
        int next = first;
        out.putByte('{');
        for (int i = 0; i < lengths[depth]; i++) {
            if (i > 0) {
                out.putByte(',');
            }
            if (depth + 1 < lengths.length) {
                next = putDimension(elements, lengths, depth + 1, next, style, out);
            } else {
                putElement(elements.get(next++), style, out);
            }
        }
        out.putByte('}');
        return next;
    }

    private void putElement(@Nullable Object value, TextStyle style, ByteSink out) {
        if (value == null) {
            out.putUtf8("NULL");
            return;
        }
        int from = out.length();
        element.encodeText(value, style, out);
        if (needsQuotes(out, from)) {
            quote(out, from);
        }
    }

    private static boolean needsQuotes(ByteSink out, int from) {
        int length = out.length() - from;
        if (length == 0 || (length == 4 && isNull(out, from))) {
            return true;
        }
        for (int i = from; i < out.length(); i++) {
            byte b = out.byteAt(i);
            if (b == '"' || b == '\\' || b == '{' || b == '}' || b == ',' || Blank.is(b)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isNull(ByteSink out, int from) {
        return (out.byteAt(from) | 0x20) == 'n'
                && (out.byteAt(from + 1) | 0x20) == 'u'
                && (out.byteAt(from + 2) | 0x20) == 'l'
                && (out.byteAt(from + 3) | 0x20) == 'l';
    }

    /** Quotes what was written last, in place and from its end. */
    private static void quote(ByteSink out, int from) {
        int read = out.length() - 1;
        int escapes = 0;
        for (int i = from; i <= read; i++) {
            if (out.byteAt(i) == '"' || out.byteAt(i) == '\\') {
                escapes++;
            }
        }
        out.openGap(from, escapes + 1);
        out.putByte('"');
        // What was at i is now at i + escapes + 1; reading stays ahead of writing.
        int write = from;
        out.setByte(write++, '"');
        for (int i = from + escapes + 1; i < out.length() - 1; i++) {
            byte b = out.byteAt(i);
            if (b == '"' || b == '\\') {
                out.setByte(write++, '\\');
            }
            out.setByte(write++, b);
        }
    }

    @Override
    public void encodeBinary(Object value, ByteSink out) {
        var array = array(value);
        var lengths = array.dimensions();
        boolean isEmpty = array.elements().isEmpty();
        out.putInt(isEmpty ? 0 : lengths.length);
        out.putInt(array.elements().contains(null) ? 1 : 0);
        out.putInt(element.oid());
        if (isEmpty) {
            return;
        }
        for (int length : lengths) {
            out.putInt(length);
            out.putInt(1);
        }
        for (var each : array.elements()) {
            int lengthAt = out.length();
            out.putInt(-1);
            if (each != null) {
                element.encodeBinary(each, out);
                out.setInt(lengthAt, out.length() - lengthAt - 4);
            }
        }
    }

    private PgArray array(Object value) {
        return switch (value) {
            case PgArray array -> array;
            case List<?> list -> nested(list.toArray());
            case Object[] objects -> nested(objects);
            case CharSequence text -> parse(text.toString(), TextStyle.DEFAULT);
            default -> throw Refusal.javaClass(element.displayName() + "[]", value);
        };
    }

    private PgArray nested(Object[] objects) {
        var lengths = new ArrayList<Integer>();
        Object level = objects;
        while (level instanceof Object[] array && array.length > 0) {
            lengths.add(array.length);
            level = array[0];
        }
        var elements = new ArrayList<@Nullable Object>();
        flatten(objects, lengths, 0, elements);
        int[] dimensions = lengths.stream().mapToInt(Integer::intValue).toArray();
        return new PgArray(element.oid(), dimensions, elements);
    }

    private void flatten(
            Object[] objects, List<Integer> lengths, int depth, List<@Nullable Object> into) {
        if (depth < lengths.size() && objects.length != lengths.get(depth)) {
            throw new PgException(
                    SqlState.ARRAY_SUBSCRIPT_ERROR,
                    "multidimensional arrays must have array expressions with matching dimensions");
        }
        for (var object : objects) {
            if (object instanceof Object[] inner) {
                flatten(inner, lengths, depth + 1, into);
            } else {
                into.add(object);
            }
        }
    }

    @Override
    public Object decodeText(String text, TextStyle style) {
        return parse(text, style);
    }

    private PgArray parse(String text, TextStyle style) {
        return new ArrayParser(text, element, style).parse();
    }

    @Override
    public Object decodeBinary(ByteBuffer in) {
        return decodeBinary(in, Encoding.UTF8);
    }

    @Override
    public Object decodeBinary(ByteBuffer in, Encoding encoding) {
        int depth = in.getInt();
        if (depth < 0) {
            throw Refusal.binary("invalid number of dimensions: " + depth);
        }
        if (depth > PgArray.DIMENSIONS_MAX) {
            throw new PgException(
                    SqlState.PROGRAM_LIMIT_EXCEEDED,
                    "number of array dimensions (%d) exceeds the maximum allowed (%d)"
                            .formatted(depth, PgArray.DIMENSIONS_MAX));
        }
        int flags = in.getInt();
        if (flags != 0 && flags != 1) {
            throw Refusal.binary("invalid array flags");
        }
        int oid = in.getInt();
        if (oid != element.oid()) {
            throw new PgException(
                    SqlState.DATATYPE_MISMATCH,
                    "binary data has array element type %d (%s) instead of expected %d (%s)"
                            .formatted(oid, PgType.of(oid), element.oid(), element));
        }
        var lengths = new int[depth];
        long count = depth == 0 ? 0 : 1;
        for (int i = 0; i < depth; i++) {
            lengths[i] = in.getInt();
            in.getInt();
            count = lengths[i] < 0 ? -1 : count * lengths[i];
            if (count < 0 || count > ELEMENTS_MAX) {
                throw new PgException(
                        SqlState.PROGRAM_LIMIT_EXCEEDED,
                        "array size exceeds the maximum allowed (%d)".formatted(ELEMENTS_MAX));
            }
        }
        if (count == 0) {
            return new PgArray(element.oid(), new int[0], List.of());
        }
        return new PgArray(element.oid(), lengths, elements((int) count, in, encoding));
    }

    private List<@Nullable Object> elements(int count, ByteBuffer in, Encoding encoding) {
        // Each takes four bytes at least: a count that the message cannot hold allocates nothing.
        if (in.remaining() < count * 4L) {
            throw Refusal.truncated();
        }
        var elements = new ArrayList<@Nullable Object>(count);
        for (int i = 1; i <= count; i++) {
            int length = in.getInt();
            if (length == -1) {
                elements.add(null);
                continue;
            }
            if (length < -1 || length > in.remaining()) {
                throw Refusal.binary("insufficient data left in message");
            }
            var one = in.slice(in.position(), length);
            in.position(in.position() + length);
            elements.add(element.receive(one, encoding));
            if (one.hasRemaining()) {
                throw Refusal.binary("improper binary format in array element " + i);
            }
        }
        return elements;
    }
}
