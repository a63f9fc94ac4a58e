package io.heliosdb.session;

import io.heliosdb.engine.EngineResult;

import org.jspecify.annotations.Nullable;

/** The rows of an engine's result. */
final class EngineRows implements Bound.Rows {
    private final EngineResult result;
    private final int columns;

    EngineRows(EngineResult result, int columns) {
        this.result = result;
        this.columns = columns;
    }

    @Override
    public boolean next() {
        return result.next();
    }

    @Override
    public @Nullable Object[] row() {
        var row = new @Nullable Object[columns];
        for (int i = 0; i < columns; i++) {
            row[i] = result.value(i);
        }
        return row;
    }

    long count() {
        return result.rowCount();
    }

    @Override
    public void close() {
        result.close();
    }
}
