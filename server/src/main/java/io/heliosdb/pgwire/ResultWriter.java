package io.heliosdb.pgwire;

import io.heliosdb.pg.Column;
import io.heliosdb.pg.Oid;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.copy.CopySource;
import io.heliosdb.pg.proto.BackendWriter;
import io.heliosdb.pg.proto.CopyDirection;
import io.heliosdb.pg.type.PgType;
import io.heliosdb.session.CopySink;
import io.heliosdb.session.ResultReceiver;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.List;

/**
 * Writes results as they come: a value is encoded once, into the output buffer, and a full buffer
 * goes to the client. Confined to the backend's thread.
 */
final class ResultWriter implements ResultReceiver {
    /** All columns as text. */
    static final int[] TEXT = {};

    /** All columns as binary. */
    static final int[] BINARY = {1};

    private static final PgType[] NO_TYPES = {};

    private final BackendWriter writer;
    private final SessionStyle style;
    private final ClientCopy copy;
    private int[] formats = TEXT;
    private PgType[] types = NO_TYPES;
    private boolean isNextBinary;

    ResultWriter(BackendWriter writer, SessionStyle style, ClientCopy copy) {
        this.writer = writer;
        this.copy = copy;
        this.style = style;
    }

    /** A simple query begins: its rows are text, and each statement announces its columns. */
    void beginText() {
        formats = TEXT;
        types = NO_TYPES;
        isNextBinary = false;
    }

    /**
     * A portal begins: its columns are known, and {@link #columns} is not called.
     *
     * @param asked the formats from Bind: none for all text, one for all, or one each
     * @throws PgException 22023 for a format that does not exist
     */
    void beginPortal(@Nullable List<Column> columns, int[] asked) {
        for (int format : asked) {
            if (format != 0 && format != 1) {
                throw new PgException(
                        SqlState.INVALID_PARAMETER_VALUE, "unsupported format code: " + format);
            }
        }
        formats = asked;
        types = columns == null ? NO_TYPES : typesOf(columns);
    }

    private PgType[] typesOf(List<Column> columns) {
        var found = new PgType[columns.size()];
        boolean isStyled = false;
        for (int i = 0; i < found.length; i++) {
            int oid = columns.get(i).typeOid();
            found[i] = PgType.of(oid);
            isStyled |= !isPlain(oid);
        }
        if (isStyled) {
            writer.style(style.current());
        }
        return found;
    }

    /**
     * Whether values of a type look the same by all settings; most rows are of such types alone.
     */
    private static boolean isPlain(int oid) {
        return switch (oid) {
            case Oid.INT2,
                    Oid.INT4,
                    Oid.INT8,
                    Oid.BOOL,
                    Oid.TEXT,
                    Oid.VARCHAR,
                    Oid.BPCHAR,
                    Oid.NAME,
                    Oid.NUMERIC,
                    Oid.UUID,
                    Oid.JSON,
                    Oid.JSONB,
                    Oid.OID,
                    Oid.VOID ->
                    true;
            default -> false;
        };
    }

    @Override
    public void binary() {
        isNextBinary = true;
    }

    @Override
    public void columns(List<Column> columns) {
        formats = isNextBinary ? BINARY : TEXT;
        isNextBinary = false;
        types = typesOf(columns);
        try {
            writer.rowDescription(columns, formats);
        } catch (IOException e) {
            throw ClientGone.because(e);
        }
    }

    @Override
    public CopySource copyIn(int format, int columns) {
        copy.begin(CopyDirection.IN, format, columns);
        return copy;
    }

    @Override
    public CopySink copyOut(int format, int columns) {
        copy.begin(CopyDirection.OUT, format, columns);
        return copy;
    }

    @Override
    public void row(@Nullable Object[] values) {
        writer.beginDataRow(values.length);
        for (int i = 0; i < values.length; i++) {
            var value = values[i];
            if (value == null) {
                writer.nullValue();
            } else {
                writer.value(types[i], value, format(i));
            }
        }
        try {
            writer.endDataRow();
        } catch (IOException e) {
            throw ClientGone.because(e);
        }
    }

    private int format(int column) {
        return formats.length == 0 ? 0 : formats[formats.length == 1 ? 0 : column];
    }

    @Override
    public void complete(String tag) {
        try {
            writer.commandComplete(tag);
        } catch (IOException e) {
            throw ClientGone.because(e);
        }
    }

    @Override
    public void empty() {
        try {
            writer.emptyQueryResponse();
        } catch (IOException e) {
            throw ClientGone.because(e);
        }
    }

    @Override
    public void suspended() {
        try {
            writer.portalSuspended();
        } catch (IOException e) {
            throw ClientGone.because(e);
        }
    }
}
