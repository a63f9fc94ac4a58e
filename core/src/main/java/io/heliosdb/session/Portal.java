package io.heliosdb.session;

import io.heliosdb.pg.Column;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** A statement bound to its parameters, ready to run or suspended in the middle of its rows. */
public interface Portal {
    /**
     * The columns it returns.
     *
     * @return null where it returns no rows
     */
    @Nullable List<Column> columns();

    /**
     * Whether its rows are binary where its client asks for no format.
     *
     * @return true for a cursor declared BINARY
     */
    boolean isBinary();
}
