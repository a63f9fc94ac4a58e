package io.heliosdb;

import io.heliosdb.pg.Column;

import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/**
 * All rows of a result, in their order, held in memory; for a result too large for that see {@link
 * Connection#forEach}. Immutable.
 */
public final class Rows extends AbstractList<Row> implements RandomAccess {
    private final List<Column> columns;
    private final List<Row> rows;

    Rows(List<Column> columns, List<Row> rows) {
        this.columns = columns;
        this.rows = rows;
    }

    /**
     * The columns, known even where there are no rows.
     *
     * @return their names and types
     */
    public List<Column> columns() {
        return columns;
    }

    @Override
    public Row get(int index) {
        return rows.get(index);
    }

    @Override
    public int size() {
        return rows.size();
    }
}
