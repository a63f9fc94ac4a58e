package io.heliosdb.engine;

import org.h2.engine.SessionLocal;
import org.h2.result.LazyResult;
import org.h2.result.ResultInterface;
import org.h2.value.Value;
import org.jspecify.annotations.Nullable;

import java.util.function.BooleanSupplier;

/**
 * What a statement gave: a number of rows changed, or rows to read. Outlives the statement, until
 * it is closed. Used by one thread at a time.
 *
 * <p>The rows are all computed already, but for those of a query that reads no table and was asked
 * to leave them: functions run as the rows are read. The store could leave those of tables, too.
 * But a session then has one statement at a time that the store keeps old pages for: the end of any
 * other, as when a client reads two portals in turn, lets go of the pages that the first one still
 * reads.
 */
public final class EngineResult implements AutoCloseable {
    private final SessionLocal session;
    private final @Nullable ResultInterface rows;
    private final long updateCount;
    private final Resumption resumption;
    private boolean isLazy;

    private Value[] current = Value.EMPTY_VALUES;

    EngineResult(SessionLocal session, @Nullable ResultInterface rows, long updateCount) {
        this.session = session;
        this.rows = rows;
        this.updateCount = updateCount;
        resumption = BooleanSupplier::getAsBoolean;
    }

    /** Rows that are computed as they are read. */
    EngineResult(SessionLocal session, LazyResult rows, Resumption resumption) {
        this.session = session;
        this.rows = rows;
        this.resumption = resumption;
        updateCount = 0;
        isLazy = true;
    }

    /** Runs a part of a statement that was left. */
    @FunctionalInterface
    interface Resumption {
        boolean run(BooleanSupplier work);
    }

    /**
     * Whether there may be rows that are not computed yet.
     *
     * @return whether there may
     */
    public boolean isLazy() {
        return isLazy;
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
     * How many rows there are to read; not known of lazy ones.
     *
     * @return 0 for a statement without a result
     */
    public long rowCount() {
        if (isLazy) {
            throw new IllegalStateException("rows that are not computed yet");
        }
        return rows == null ? 0 : rows.getRowCount();
    }

    /**
     * Goes to the next row.
     *
     * @return whether there is one
     */
    public boolean next() {
        if (rows == null || !(isLazy ? resumption.run(rows::next) : rows.next())) {
            return false;
        }
        current = rows.currentRow();
        return true;
    }

    /** Goes back to before the first row; not for a result that was lazy. */
    public void reset() {
        if (isLazy) {
            throw new IllegalStateException("rows that are gone");
        }
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
        isLazy = false;
        if (rows != null) {
            rows.close();
        }
    }
}
