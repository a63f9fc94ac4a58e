package io.heliosdb.pg.copy;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.type.PgType;
import io.heliosdb.pg.type.TextStyle;
import io.heliosdb.pg.type.Utf8;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Rows as lines of text, or of CSV. */
final class CopyTextReader implements CopyReader {
    private final CopyLines lines;
    private final Shape shape;
    private final CopyFormat format;
    private final boolean isCsv;
    private final byte[] nullText;
    private final @Nullable String[] fields;

    /** A field without its escapes. */
    private byte[] scratch = new byte[256];

    private int scratchLength;
    private int count;
    private boolean isHeaderRead;

    CopyTextReader(CopySource source, Shape shape) {
        this.shape = shape;
        format = shape.format();
        isCsv = format.kind() == CopyFormat.Kind.CSV;
        lines = new CopyLines(source, format);
        nullText = format.nullText().getBytes(format.charset());
        fields = new @Nullable String[shape.columns().size()];
    }

    @Override
    public boolean next() {
        if (!isHeaderRead) {
            isHeaderRead = true;
            if (!skipHeader()) {
                return false;
            }
        }
        if (!lines.next()) {
            return false;
        }
        split(true);
        return true;
    }

    private boolean skipHeader() {
        if (format.header() == CopyFormat.Header.NONE) {
            return true;
        }
        if (!lines.next()) {
            return false;
        }
        if (format.header() == CopyFormat.Header.MATCH) {
            requireHeader();
        }
        return true;
    }

    private void requireHeader() {
        split(false);
        if (count != fields.length) {
            throw CopyLines.error(
                    "wrong number of fields in header line: got %d, expected %d"
                            .formatted(count, fields.length));
        }
        for (int i = 0; i < count; i++) {
            var wanted = shape.columns().get(i);
            var found = fields[i];
            if (found == null) {
                throw CopyLines.error(
                        "column name mismatch in header line field %d: got null value (\"%s\"), expected \"%s\""
                                .formatted(i + 1, format.nullText(), wanted));
            }
            if (!found.equals(wanted)) {
                throw CopyLines.error(
                        "column name mismatch in header line field %d: got \"%s\", expected \"%s\""
                                .formatted(i + 1, found, wanted));
            }
        }
    }

    // ---- fields

    private void split(boolean isRow) {
        Arrays.fill(fields, null);
        count = 0;
        if (fields.length == 0) {
            if (lines.lineTo() > lines.lineFrom()) {
                throw extra();
            }
            return;
        }
        int at = lines.lineFrom();
        while (at >= 0) {
            at = isCsv ? csvField(at, isRow) : textField(at, isRow);
        }
    }

    /** Reads a field; gives where the next one starts, or -1 after the last. */
    private int textField(int start, boolean isRow) {
        byte[] bytes = lines.bytes();
        int end = lines.lineTo();
        scratchLength = 0;
        boolean isPlain = true;
        int at = start;
        while (at < end && bytes[at] != format.delimiter()) {
            byte c = bytes[at++];
            if (c == '\\' && at < end) {
                isPlain = false;
                at = escaped(bytes, at, end);
            } else {
                put(c);
            }
        }
        boolean isNull = isNull(bytes, start, at);
        // A NULL's text may hold a backslash, so that it was not plain.
        add(isNull ? null : isPlain ? decode(bytes, start, at) : decodeScratch(), isRow);
        return at < end ? at + 1 : -1;
    }

    /** What follows a backslash. */
    private int escaped(byte[] bytes, int start, int end) {
        int at = start;
        byte c = bytes[at++];
        switch (c) {
            case 'b' -> put((byte) '\b');
            case 'f' -> put((byte) '\f');
            case 'n' -> put((byte) '\n');
            case 'r' -> put((byte) '\r');
            case 't' -> put((byte) '\t');
            case 'v' -> put((byte) 0x0b);
            case 'x' -> {
                int value = 0;
                int digits = 0;
                while (digits < 2 && at < end && Character.digit(bytes[at], 16) >= 0) {
                    value = value * 16 + Character.digit(bytes[at++], 16);
                    digits++;
                }
                put(digits == 0 ? c : (byte) value);
            }
            case '0', '1', '2', '3', '4', '5', '6', '7' -> {
                int value = c - '0';
                for (int i = 0; i < 2 && at < end && bytes[at] >= '0' && bytes[at] <= '7'; i++) {
                    value = value * 8 + bytes[at++] - '0';
                }
                put((byte) value);
            }
            default -> put(c);
        }
        return at;
    }

    private int csvField(int start, boolean isRow) {
        byte[] bytes = lines.bytes();
        int end = lines.lineTo();
        scratchLength = 0;
        boolean isQuoted = false;
        boolean inQuote = false;
        int at = start;
        while (true) {
            if (at >= end) {
                if (inQuote) {
                    throw CopyLines.error("unterminated CSV quoted field");
                }
                break;
            }
            byte c = bytes[at];
            if (!inQuote) {
                if (c == format.delimiter()) {
                    break;
                }
                if (c == format.quote()) {
                    isQuoted = true;
                    inQuote = true;
                } else {
                    put(c);
                }
            } else if (c == format.escape()
                    && at + 1 < end
                    && (bytes[at + 1] == format.escape() || bytes[at + 1] == format.quote())) {
                put(bytes[++at]);
            } else if (c == format.quote()) {
                inQuote = false;
            } else {
                put(c);
            }
            at++;
        }
        boolean isNull = !isQuoted && isNull(bytes, start, at);
        add(isNull ? null : decodeScratch(), isRow);
        return at < end ? at + 1 : -1;
    }

    private boolean isNull(byte[] bytes, int start, int end) {
        return Arrays.equals(bytes, start, end, nullText, 0, nullText.length);
    }

    private void add(@Nullable String field, boolean isRow) {
        if (count < fields.length) {
            fields[count] = isRow && isCsv ? forced(field) : field;
        } else if (isRow) {
            throw extra();
        }
        count++;
    }

    private @Nullable String forced(@Nullable String field) {
        if (field == null) {
            return shape.forceNotNull().get(count) ? format.nullText() : null;
        }
        return shape.forceNull().get(count) && field.equals(format.nullText()) ? null : field;
    }

    private static PgException extra() {
        return CopyLines.error("extra data after last expected column");
    }

    private void put(byte c) {
        if (scratchLength == scratch.length) {
            scratch = Arrays.copyOf(scratch, scratchLength * 2);
        }
        scratch[scratchLength++] = c;
    }

    private String decodeScratch() {
        return decode(scratch, 0, scratchLength);
    }

    private String decode(byte[] bytes, int start, int end) {
        return format.charset().equals(StandardCharsets.UTF_8)
                ? Utf8.decode(bytes, start, end - start)
                : new String(bytes, start, end - start, format.charset());
    }

    // ---- the row

    @Override
    public @Nullable Object value(int column, PgType type, TextStyle style) {
        if (column >= count) {
            throw CopyLines.error("missing data for column \"" + shape.columns().get(column) + '"');
        }
        var text = fields[column];
        return text == null ? null : type.decodeText(text, style);
    }

    @Override
    public long line() {
        return lines.line();
    }

    @Override
    public @Nullable String lineText() {
        return lines.isLineWhole()
                ? new String(
                        lines.bytes(),
                        lines.lineFrom(),
                        lines.lineTo() - lines.lineFrom(),
                        format.charset())
                : null;
    }

    @Override
    public @Nullable String fieldText(int column) {
        return fields[column];
    }
}
