package io.heliosdb.pg.copy;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.type.PgType;
import io.heliosdb.pg.type.TextStyle;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** The rows of a COPY FROM, one after another. Holds one row at a time. Used by one thread. */
public sealed interface CopyReader permits CopyTextReader, CopyBinaryReader {
    /** The longest row, in bytes. */
    int ROW_BYTES_MAX = 256 << 20;

    /**
     * What is read.
     *
     * @param format the format
     * @param columns the names of the columns that are filled, in order
     * @param forceNotNull for each column whether NULL's text is an ordinary one
     * @param forceNull for each column whether NULL's text in quotes is NULL too
     */
    record Shape(
            CopyFormat format,
            List<String> columns,
            List<Boolean> forceNotNull,
            List<Boolean> forceNull) {
        /** Copies the lists. */
        public Shape {
            columns = List.copyOf(columns);
            forceNotNull = List.copyOf(forceNotNull);
            forceNull = List.copyOf(forceNull);
        }
    }

    /**
     * A reader.
     *
     * @param source the data
     * @param shape what it looks like
     * @return the reader, before the first row
     */
    static CopyReader of(CopySource source, Shape shape) {
        return shape.format().kind() == CopyFormat.Kind.BINARY
                ? new CopyBinaryReader(source, shape)
                : new CopyTextReader(source, shape);
    }

    /**
     * Goes to the next row.
     *
     * @return whether there is one
     * @throws PgException 22P04 for data that is not in the format, 22021
     */
    boolean next();

    /**
     * A value of the row. All of them are asked for, each once and in order.
     *
     * @param column its index from 0
     * @param type its type
     * @param style how it is read
     * @return null for NULL
     * @throws PgException 22P02, 22P03 and what else the type refuses
     */
    @Nullable Object value(int column, PgType type, TextStyle style);

    /**
     * The number of the row's line, or of the row where there are no lines.
     *
     * @return 0 before the first
     */
    long line();

    /**
     * The row as text, for a message.
     *
     * @return null where there is none
     */
    @Nullable String lineText();

    /**
     * A field as text, for a message.
     *
     * @param column its index from 0
     * @return null for NULL, or where there is none
     */
    @Nullable String fieldText(int column);
}
