package io.heliosdb.pg.copy;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.type.PgType;
import io.heliosdb.pg.type.TextStyle;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Rows in PostgreSQL's binary format: a signature, rows of counted fields, and -1. */
final class CopyBinaryReader implements CopyReader {
    static final byte[] SIGNATURE = "PGCOPY\n\377\r\n\0".getBytes(StandardCharsets.ISO_8859_1);

    private static final int CRITICAL_FLAGS = 0xffff0000;

    private final CopySource source;
    private final Shape shape;
    private byte[] part = new byte[0];
    private int at;
    private boolean isStarted;
    private boolean isEnded;
    private long row;
    private long rowBytes;

    CopyBinaryReader(CopySource source, Shape shape) {
        this.source = source;
        this.shape = shape;
    }

    @Override
    public boolean next() {
        if (!isStarted) {
            isStarted = true;
            header();
        }
        if (isEnded) {
            return false;
        }
        row++;
        if (!hasMore()) {
            isEnded = true; // An end without -1 is taken, as PostgreSQL takes it.
            return false;
        }
        int count = int16();
        if (count == -1) {
            isEnded = true;
            if (hasMore()) {
                throw CopyLines.error("received copy data after EOF marker");
            }
            return false;
        }
        int expected = shape.columns().size();
        if (count != expected) {
            throw CopyLines.error("row field count is %d, expected %d".formatted(count, expected));
        }
        rowBytes = 0;
        return true;
    }

    private void header() {
        var found =
                hasMore() ? bytes(SIGNATURE.length, "COPY file signature not recognized") : null;
        if (!Arrays.equals(found, SIGNATURE)) {
            throw CopyLines.error("COPY file signature not recognized");
        }
        int flags = int32("invalid COPY file header (missing flags)");
        if ((flags & (1 << 16)) != 0) {
            throw CopyLines.error("invalid COPY file header (WITH OIDS)");
        }
        if ((flags & CRITICAL_FLAGS) != 0) {
            throw CopyLines.error("unrecognized critical flags in COPY file header");
        }
        int extension = int32("invalid COPY file header (missing length)");
        if (extension < 0) {
            throw CopyLines.error("invalid COPY file header (missing length)");
        }
        for (int i = 0; i < extension; i++) {
            oneByte("invalid COPY file header (wrong length)");
        }
    }

    private byte @Nullable [] field() {
        int length = int32("unexpected EOF in COPY data");
        if (length == -1) {
            return null;
        }
        if (length < 0) {
            throw CopyLines.error("invalid field size");
        }
        rowBytes += length;
        if (rowBytes > ROW_BYTES_MAX) {
            throw new PgException(
                    SqlState.PROGRAM_LIMIT_EXCEEDED,
                    "row of COPY is longer than " + ROW_BYTES_MAX + " bytes");
        }
        return bytes(length, "unexpected EOF in COPY data");
    }

    private int int16() {
        int high = oneByte("unexpected EOF in COPY data");
        return (short) (high << 8 | oneByte("unexpected EOF in COPY data"));
    }

    private int int32(String otherwise) {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            value = value << 8 | oneByte(otherwise);
        }
        return value;
    }

    /** The array grows as the data comes, so that a length alone costs nothing. */
    private byte[] bytes(int count, String otherwise) {
        var bytes = new byte[Math.min(count, Math.max(part.length - at, 16))];
        int filled = 0;
        while (filled < count) {
            if (!hasMore()) {
                throw CopyLines.error(otherwise);
            }
            int step = Math.min(count - filled, part.length - at);
            if (filled + step > bytes.length) {
                int larger = (int) Math.min(count, Math.max(filled + step, bytes.length * 2L));
                bytes = Arrays.copyOf(bytes, larger);
            }
            System.arraycopy(part, at, bytes, filled, step);
            at += step;
            filled += step;
        }
        return bytes;
    }

    private int oneByte(String otherwise) {
        if (!hasMore()) {
            throw CopyLines.error(otherwise);
        }
        return part[at++] & 0xff;
    }

    private boolean hasMore() {
        while (at == part.length) {
            byte[] next = source.next();
            if (next == null) {
                return false;
            }
            part = next;
            at = 0;
        }
        return true;
    }

    /** The values are read where they stand, so each once and in order. */
    @Override
    public @Nullable Object value(int column, PgType type, TextStyle style) {
        var bytes = field();
        return bytes == null ? null : type.decode(bytes, 1, style);
    }

    @Override
    public long line() {
        return row;
    }

    @Override
    public @Nullable String lineText() {
        return null;
    }

    @Override
    public @Nullable String fieldText(int column) {
        return null;
    }
}
