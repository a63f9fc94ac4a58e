package io.heliosdb.pg.copy;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.type.ByteSink;
import io.heliosdb.pg.type.PgType;
import io.heliosdb.pg.type.TextStyle;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/** Writes the rows of a COPY TO. Used by one thread. */
public final class CopyWriter {
    private static final int CAPACITY = 512;

    private final CopyFormat format;
    private final List<PgType> types;
    private final List<Boolean> forceQuote;
    private final TextStyle style;
    private final byte[] nullText;
    private final ByteSink out = new ByteSink(CAPACITY);
    private final ByteSink field = new ByteSink(CAPACITY);

    /**
     * Creates a writer.
     *
     * @param format the format
     * @param types the types of the columns
     * @param forceQuote for each column whether its values are quoted in any case
     * @param style how values look
     */
    public CopyWriter(
            CopyFormat format, List<PgType> types, List<Boolean> forceQuote, TextStyle style) {
        this.format = format;
        this.types = List.copyOf(types);
        this.forceQuote = List.copyOf(forceQuote);
        this.style = style;
        nullText = format.nullText().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Whether the format is binary.
     *
     * @return false for text and CSV
     */
    public boolean isBinary() {
        return format.kind() == CopyFormat.Kind.BINARY;
    }

    /**
     * What comes before the first row.
     *
     * @param names of the columns
     * @return no bytes where there is nothing
     */
    public byte[] header(List<String> names) {
        out.clear();
        if (format.kind() == CopyFormat.Kind.BINARY) {
            out.put(CopyBinaryReader.SIGNATURE);
            out.putInt(0);
            out.putInt(0);
            return out.toByteArray();
        }
        if (format.header() == CopyFormat.Header.NONE) {
            return new byte[0];
        }
        for (int i = 0; i < names.size(); i++) {
            delimit(i);
            field.clear();
            field.putUtf8(names.get(i));
            if (format.kind() == CopyFormat.Kind.CSV) {
                putCsv(false, names.size() == 1);
            } else {
                putText();
            }
        }
        return line();
    }

    /**
     * A row.
     *
     * @param values one for each column
     * @return its bytes
     */
    public byte[] row(@Nullable Object[] values) {
        out.clear();
        if (format.kind() == CopyFormat.Kind.BINARY) {
            return binaryRow(values);
        }
        for (int i = 0; i < values.length; i++) {
            delimit(i);
            var value = values[i];
            if (value == null) {
                out.put(nullText);
                continue;
            }
            field.clear();
            types.get(i).encodeText(value, style, field);
            if (format.kind() == CopyFormat.Kind.CSV) {
                putCsv(forceQuote.get(i), values.length == 1);
            } else {
                putText();
            }
        }
        return line();
    }

    private byte[] binaryRow(@Nullable Object[] values) {
        out.putShort(values.length);
        for (int i = 0; i < values.length; i++) {
            var value = values[i];
            if (value == null) {
                out.putInt(-1);
                continue;
            }
            int length = out.length();
            out.putInt(0);
            types.get(i).encodeBinary(value, out);
            out.setInt(length, out.length() - length - 4);
        }
        return out.toByteArray();
    }

    /**
     * What comes after the last row.
     *
     * @return no bytes where there is nothing
     */
    public byte[] trailer() {
        return format.kind() == CopyFormat.Kind.BINARY ? new byte[] {-1, -1} : new byte[0];
    }

    private void delimit(int column) {
        if (column > 0) {
            out.putByte(format.delimiter());
        }
    }

    private void putText() {
        int length = field.length();
        for (int i = 0; i < length; i++) {
            byte c = field.byteAt(i);
            int letter =
                    switch (c) {
                        case '\b' -> 'b';
                        case '\f' -> 'f';
                        case '\n' -> 'n';
                        case '\r' -> 'r';
                        case '\t' -> 't';
                        case 0x0b -> 'v';
                        default -> 0;
                    };
            if (letter != 0) {
                out.putByte('\\');
                out.putByte(letter);
            } else if (c == format.delimiter() || c == '\\') {
                out.putByte('\\');
                out.putByte(c);
            } else {
                out.putByte(c);
            }
        }
    }

    private void putCsv(boolean isForced, boolean isAlone) {
        if (!isForced && !needsQuotes(isAlone)) {
            for (int i = 0; i < field.length(); i++) {
                out.putByte(field.byteAt(i));
            }
            return;
        }
        out.putByte(format.quote());
        for (int i = 0; i < field.length(); i++) {
            byte c = field.byteAt(i);
            if (c == format.quote() || c == format.escape()) {
                out.putByte(format.escape());
            }
            out.putByte(c);
        }
        out.putByte(format.quote());
    }

    private boolean needsQuotes(boolean isAlone) {
        int length = field.length();
        if (isNullText() || (isAlone && length == 2 && isEndMarker())) {
            return true;
        }
        for (int i = 0; i < length; i++) {
            byte c = field.byteAt(i);
            if (c == format.delimiter() || c == format.quote() || c == '\n' || c == '\r') {
                return true;
            }
        }
        return false;
    }

    private boolean isEndMarker() {
        return field.byteAt(0) == '\\' && field.byteAt(1) == '.';
    }

    private boolean isNullText() {
        if (field.length() != nullText.length) {
            return false;
        }
        for (int i = 0; i < nullText.length; i++) {
            if (field.byteAt(i) != nullText[i]) {
                return false;
            }
        }
        return true;
    }

    private byte[] line() {
        out.putByte('\n');
        byte[] bytes = out.toByteArray();
        return format.charset().equals(StandardCharsets.UTF_8) ? bytes : encoded(bytes);
    }

    private byte[] encoded(byte[] bytes) {
        var text = new String(bytes, StandardCharsets.UTF_8);
        try {
            ByteBuffer encoded = format.charset().newEncoder().encode(CharBuffer.wrap(text));
            var array = new byte[encoded.remaining()];
            encoded.get(array);
            return array;
        } catch (CharacterCodingException e) {
            throw unmappable(text);
        }
    }

    private PgException unmappable(String text) {
        var encoder = format.charset().newEncoder();
        int bad =
                text.codePoints()
                        .filter(c -> !encoder.canEncode(Character.toString(c)))
                        .findFirst()
                        .orElse('?');
        var hex = HexFormat.ofDelimiter(" ").withPrefix("0x");
        return new PgException(
                SqlState.UNTRANSLATABLE_CHARACTER,
                "character with byte sequence "
                        + hex.formatHex(Character.toString(bad).getBytes(StandardCharsets.UTF_8))
                        + " in encoding \"UTF8\" has no equivalent in encoding \""
                        + CopyEncodings.name(format.charset())
                        + '"');
    }
}
