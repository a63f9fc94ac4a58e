package io.heliosdb.pg.copy;

import java.nio.charset.Charset;

/**
 * How the rows of a COPY look.
 *
 * @param kind text, CSV or binary
 * @param delimiter between two fields, one byte
 * @param nullText what stands for NULL
 * @param header the first line
 * @param quote around a field of CSV, one byte
 * @param escape before a quote inside a field of CSV, one byte
 * @param charset of text and CSV
 * @see <a href="https://www.postgresql.org/docs/15/sql-copy.html">PostgreSQL: COPY</a>
 */
public record CopyFormat(
        Kind kind,
        char delimiter,
        String nullText,
        Header header,
        char quote,
        char escape,
        Charset charset) {
    /** The three formats. */
    public enum Kind {
        /** A line for each row, escapes begin with a backslash. */
        TEXT,
        /** Comma separated values. */
        CSV,
        /** PostgreSQL's own, of no use to people. */
        BINARY
    }

    /** What the first line is. */
    public enum Header {
        /** A row. */
        NONE,
        /** The columns' names, which are not looked at. */
        LINE,
        /** The columns' names, which must be those of the table. */
        MATCH
    }

    /**
     * The code of the wire protocol.
     *
     * @return 0 text, 1 binary
     */
    public int wireFormat() {
        return kind == Kind.BINARY ? 1 : 0;
    }
}
