package io.heliosdb.pg.type;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A growing run of bytes in network order, into which values and messages are written without
 * allocating anything but the run itself. Confined to one thread at a time.
 */
public final class ByteSink {
    /** The most bytes one sink holds, as PostgreSQL's string buffer. */
    static final int LENGTH_MAX = 0x3fff_ffff;

    private static final VarHandle SHORT =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private byte[] bytes;
    private int length;

    /** What texts are brought into; null leaves them in UTF-8. */
    private @Nullable CharacterSet characterSet;

    /**
     * An empty sink.
     *
     * @param capacity how many bytes it takes before it grows
     */
    public ByteSink(int capacity) {
        bytes = new byte[Math.max(capacity, 16)];
    }

    /**
     * How much has been written.
     *
     * @return the number of bytes
     */
    public int length() {
        return length;
    }

    /**
     * How much fits before it grows.
     *
     * @return the number of bytes
     */
    public int capacity() {
        return bytes.length;
    }

    /** Forgets everything written; the memory stays. */
    public void clear() {
        length = 0;
    }

    /**
     * Forgets what was written after a point.
     *
     * @param newLength how many bytes stay
     */
    public void truncate(int newLength) {
        if (newLength < 0 || newLength > length) {
            throw new IllegalArgumentException(newLength + " is not within " + length);
        }
        length = newLength;
    }

    /**
     * Gives the memory back where it has grown past a size; only an empty sink may shrink.
     *
     * @param capacity what to keep, in bytes
     */
    public void shrinkTo(int capacity) {
        if (length == 0 && bytes.length > capacity) {
            bytes = new byte[Math.max(capacity, 16)];
        }
    }

    /**
     * Appends one byte.
     *
     * @param value its low eight bits count
     */
    public void putByte(int value) {
        reserve(1);
        bytes[length++] = (byte) value;
    }

    /**
     * Appends two bytes.
     *
     * @param value its low sixteen bits count
     */
    public void putShort(int value) {
        reserve(2);
        SHORT.set(bytes, length, (short) value);
        length += 2;
    }

    /**
     * Appends four bytes.
     *
     * @param value the number
     */
    public void putInt(int value) {
        reserve(4);
        INT.set(bytes, length, value);
        length += 4;
    }

    /**
     * Appends eight bytes.
     *
     * @param value the number
     */
    public void putLong(long value) {
        reserve(8);
        LONG.set(bytes, length, value);
        length += 8;
    }

    /**
     * Appends bytes.
     *
     * @param value all of them
     */
    public void put(byte[] value) {
        put(value, 0, value.length);
    }

    /**
     * Appends part of an array.
     *
     * @param value the array
     * @param offset of the first byte
     * @param count how many
     */
    public void put(byte[] value, int offset, int count) {
        reserve(count);
        System.arraycopy(value, offset, bytes, length, count);
        length += count;
    }

    /**
     * Appends a text in UTF-8; half a surrogate pair becomes a question mark, as Java's encoder has
     * it.
     *
     * @param text any text
     */
    public void putUtf8(CharSequence text) {
        int chars = text.length();
        reserve(chars);
        for (int i = 0; i < chars; i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                putUtf8From(text, i);
                return;
            }
            bytes[length++] = (byte) c;
        }
    }

    /**
     * Chooses what {@link #convertFrom} brings texts into.
     *
     * @param encoding that the reader of these bytes speaks
     */
    public void encoding(Encoding encoding) {
        characterSet = encoding.characterSet();
    }

    /**
     * Brings the text that was written in UTF-8 after a point into the reader's encoding. Texts are
     * written as UTF-8 first, because in some encodings a byte of a character looks like ASCII.
     *
     * @param position where the text begins
     * @throws PgException 22P05 for a character that the encoding does not have; what is written
     *     from there on is lost
     */
    public void convertFrom(int position) {
        var set = characterSet;
        if (set != null) {
            set.convert(this, position);
        }
    }

    String textFrom(int position) {
        return new String(bytes, position, length - position, StandardCharsets.UTF_8);
    }

    private void putUtf8From(CharSequence text, int from) {
        int chars = text.length();
        reserve(Math.multiplyExact(chars - from, 3));
        for (int i = from; i < chars; i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                bytes[length++] = (byte) c;
            } else if (c < 0x800) {
                bytes[length++] = (byte) (0xc0 | c >> 6);
                bytes[length++] = (byte) (0x80 | (c & 0x3f));
            } else if (!Character.isSurrogate(c)) {
                bytes[length++] = (byte) (0xe0 | c >> 12);
                bytes[length++] = (byte) (0x80 | (c >> 6 & 0x3f));
                bytes[length++] = (byte) (0x80 | (c & 0x3f));
            } else if (i + 1 < chars && Character.isSurrogatePair(c, text.charAt(i + 1))) {
                int point = Character.toCodePoint(c, text.charAt(++i));
                bytes[length++] = (byte) (0xf0 | point >> 18);
                bytes[length++] = (byte) (0x80 | (point >> 12 & 0x3f));
                bytes[length++] = (byte) (0x80 | (point >> 6 & 0x3f));
                bytes[length++] = (byte) (0x80 | (point & 0x3f));
            } else {
                bytes[length++] = '?';
            }
        }
    }

    /**
     * Appends a number in decimal.
     *
     * @param value the number
     */
    public void putDecimal(long value) {
        if (value >= 0) {
            putDigits(value, 1);
        } else if (value == Long.MIN_VALUE) {
            putUtf8("-9223372036854775808");
        } else {
            putByte('-');
            putDigits(-value, 1);
        }
    }

    /**
     * Appends a number in decimal with leading zeros.
     *
     * @param value the number, not negative
     * @param width the fewest digits
     */
    public void putDigits(long value, int width) {
        int digits = 1;
        for (long rest = value / 10; rest != 0; rest /= 10) {
            digits++;
        }
        int count = Math.max(digits, width);
        reserve(count);
        long rest = value;
        for (int at = length + count - 1; at >= length; at--) {
            bytes[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += count;
    }

    /**
     * Overwrites four bytes, such as a length that is known only now.
     *
     * @param position of the first
     * @param value the number
     */
    public void setInt(int position, int value) {
        if (position < 0 || position > length - 4) {
            throw new IllegalArgumentException(position + " is not within " + length);
        }
        INT.set(bytes, position, value);
    }

    /**
     * Reads one byte back.
     *
     * @param position of the byte
     * @return the byte
     */
    public byte byteAt(int position) {
        if (position >= length) {
            throw new IllegalArgumentException(position + " is not within " + length);
        }
        return bytes[position];
    }

    /**
     * Opens a hole by moving what was written after a point; the hole's content is undefined.
     *
     * @param position where the hole begins
     * @param count its size in bytes
     */
    void openGap(int position, int count) {
        reserve(count);
        System.arraycopy(bytes, position, bytes, position + count, length - position);
        length += count;
    }

    /**
     * Overwrites one byte.
     *
     * @param position of the byte
     * @param value its low eight bits count
     */
    void setByte(int position, int value) {
        bytes[position] = (byte) value;
    }

    /**
     * Writes everything to a stream; the sink stays as it is.
     *
     * @param out the stream
     * @throws IOException from the stream
     */
    public void writeTo(OutputStream out) throws IOException {
        out.write(bytes, 0, length);
    }

    /**
     * Copies everything written.
     *
     * @return a new array
     */
    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, length);
    }

    /** Reads everything written as UTF-8. */
    @Override
    public String toString() {
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    /** Makes room for more bytes, so that the writes that follow only store. */
    private void reserve(int count) {
        if (count > bytes.length - length) {
            grow(count);
        }
    }

    private void grow(int count) {
        if (count > LENGTH_MAX - length) {
            throw new PgException(SqlState.PROGRAM_LIMIT_EXCEEDED, "out of memory")
                    .withDetail(
                            "Cannot enlarge string buffer containing %d bytes by %d more bytes."
                                    .formatted(length, count));
        }
        int wanted = (int) Math.min(LENGTH_MAX, Math.max(bytes.length * 2L, length + count));
        bytes = Arrays.copyOf(bytes, wanted);
    }
}
