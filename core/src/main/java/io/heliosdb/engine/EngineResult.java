package io.heliosdb.engine;

import org.h2.engine.SessionLocal;
import org.h2.result.ResultInterface;
import org.h2.value.Value;
import org.jspecify.annotations.Nullable;

/**
 * What a statement gave: a number of rows changed, or rows to read, all of them computed already.
 * Outlives the statement, until it is closed. Used by one thread at a time.
 *
 * <p>The store could compute some queries row by row, as they are read. But a session then has one
 * statement at a time that the store keeps old pages for: the end of any other, as when a client
 * reads two portals in turn, lets go of the pages that the first one still reads.
 */
public final class EngineResult implements AutoCloseable {
    private final SessionLocal session;
    private final @Nullable ResultInterface rows;
    private final long updateCount;
    private Value[] current = Value.EMPTY_VALUES;

    EngineResult(SessionLocal session, @Nullable ResultInterface rows, long updateCount) {
        this.session = session;
        this.rows = rows;
        this.updateCount = updateCount;
    }

    /**
     * How many rows the statement changed.
     *
     * @return 0 for a query
     */
    public long updateCount() {
        return updateCount;
    }

    /**
     * How many rows there are to read.
     *
     * @return 0 for a statement without a result
     */
    public long rowCount() {
        return rows == null ? 0 : rows.getRowCount();
    }

    /**
     * Goes to the next row.
     *
     * @return whether there is one
     */
    public boolean next() {
        if (rows == null || !rows.next()) {
            return false;
        }
        current = rows.currentRow();
        return true;
    }

    /** Goes back to before the first row. */
    public void reset() {
        if (rows != null) {
            rows.reset();
        }
    }

    /**
     * A value of the current row.
     *
     * @param column its index, from 0
     * @return as {@code pg.type} represents it; null for NULL
     */
    public @Nullable Object value(int column) {
        return Values.toJava(current[column], session);
    }

    @Override
    public void close() {
        if (rows != null) {
            rows.close();
        }
    }
}
