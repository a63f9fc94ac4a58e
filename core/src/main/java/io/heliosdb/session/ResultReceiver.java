package io.heliosdb.session;

import io.heliosdb.pg.Column;

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
