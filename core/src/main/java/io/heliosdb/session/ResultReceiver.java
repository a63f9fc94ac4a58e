package io.heliosdb.session;

import io.heliosdb.pg.Column;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.copy.CopySource;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** Takes the results of statements as they come, in the order of the wire protocol's messages. */
public interface ResultReceiver {
    /**
     * The rows of the next statement are binary, as those of a cursor declared BINARY; called
     * before {@link #columns}. Who takes values as they are need not care.
     */
    default void binary() {}

    /**
     * The shape of the rows that follow; called once for each statement that returns rows.
     *
     * @param columns the columns; empty for a SELECT without a select list
     */
    void columns(List<Column> columns);

    /**
     * The session wants the data of a COPY FROM.
     *
     * @param format 0 text, 1 binary
     * @param columns how many columns there are
     * @return where the data come from
     */
    default CopySource copyIn(int format, int columns) {
        throw noCopy("COPY FROM STDIN");
    }

    /**
     * The data of a COPY TO follow.
     *
     * @param format 0 text, 1 binary
     * @param columns how many columns there are
     * @return where they go
     */
    default CopySink copyOut(int format, int columns) {
        throw noCopy("COPY TO STDOUT");
    }

    private static PgException noCopy(String command) {
        return new PgException(
                        SqlState.FEATURE_NOT_SUPPORTED,
                        command + " is for clients that are connected to the server")
                .withHint("Use INSERT or SELECT.");
    }

    /**
     * One row.
     *
     * @param values one value for each column, as {@code pg.type} represents it; the array is the
     *     receiver's to keep
     */
    void row(@Nullable Object[] values);

    /**
     * A statement is done.
     *
     * @param tag its command tag, such as {@code INSERT 0 1}
     */
    void complete(String tag);

    /** The query string held no statement. */
    void empty();

    /** The row limit is reached; the portal holds more. */
    void suspended();
}
