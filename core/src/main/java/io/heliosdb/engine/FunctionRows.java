package io.heliosdb.engine;

import org.h2.tools.SimpleResultSet;
import org.jspecify.annotations.Nullable;

import java.sql.ResultSet;
import java.sql.Types;
import java.util.List;

/** The rows that a function in FROM gives, for libraries that do not know the engine. */
public final class FunctionRows {
    private final SimpleResultSet rows = new SimpleResultSet();

    /** No columns and no rows yet. */
    public FunctionRows() {}

    /**
     * Adds a column of texts.
     *
     * @param name its name
     * @return this
     */
    public FunctionRows text(String name) {
        rows.addColumn(name, Types.VARCHAR, Integer.MAX_VALUE, 0);
        return this;
    }

    /**
     * Adds a column of truth values.
     *
     * @param name its name
     * @return this
     */
    public FunctionRows truth(String name) {
        rows.addColumn(name, Types.BOOLEAN, 1, 0);
        return this;
    }

    /**
     * Adds rows.
     *
     * @param all each with one value for each column
     * @return what the function gives
     */
    public ResultSet of(List<@Nullable Object[]> all) {
        all.forEach(rows::addRow);
        return rows;
    }
}
