package io.heliosdb.session;

import io.heliosdb.engine.EngineResult;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * The rows of an engine's result, which gives them in order: a step back reads it from its start,
 * so that a way back is walked in blocks.
 */
final class EngineRows implements Bound.Rows {
    private static final int BLOCK_ROWS = 256;

    private final EngineResult result;
    private final int columns;

    /** The index of the row that the result gives next. */
    private long next;

    private long blockFrom;
    private List<@Nullable Object[]> block = List.of();

    /** The columns whose numbers are shown as names; null where there are none. */
    private final @Nullable RegNames names;

    /** The rows that were not computed yet when they were asked for all at once; else null. */
    private @Nullable List<@Nullable Object[]> rest;

    private long restFrom;

    EngineRows(EngineResult result, int columns, @Nullable RegNames names) {
        this.result = result;
        this.columns = columns;
        this.names = names;
    }

    @Override
    public long count() {
        if (isLazy()) {
            computeRest();
        }
        var left = rest;
        return left == null ? result.rowCount() : restFrom + left.size();
    }

    /** A portal that was given in parts and then is fetched from by its name. */
    private void computeRest() {
        var left = new ArrayList<@Nullable Object[]>();
        restFrom = next;
        for (var row = nextRow(); row != null; row = nextRow()) {
            left.add(row);
        }
        rest = left;
    }

    @Override
    public boolean isLazy() {
        return rest == null && result.isLazy();
    }

    @Override
    public @Nullable Object @Nullable [] nextRow() {
        if (!result.next()) {
            return null;
        }
        next++;
        return current();
    }

    @Override
    public @Nullable Object[] row(long index) {
        var left = rest;
        if (left != null) {
            return left.get(Math.toIntExact(index - restFrom)).clone();
        }
        if (index >= next) {
            return read(index);
        }
        if (index < blockFrom || index >= blockFrom + block.size()) {
            fill(index);
        }
        return block.get(Math.toIntExact(index - blockFrom)).clone();
    }

    private void fill(long last) {
        var rows = new ArrayList<@Nullable Object[]>(BLOCK_ROWS);
        long first = Math.max(0, last - BLOCK_ROWS + 1);
        result.reset();
        next = 0;
        for (long i = first; i <= last; i++) {
            rows.add(read(i));
        }
        blockFrom = first;
        block = rows;
    }

    private @Nullable Object[] read(long index) {
        while (next <= index) {
            if (!result.next()) {
                throw new IllegalStateException("row " + index + " of " + count());
            }
            next++;
        }
        return current();
    }

    private @Nullable Object[] current() {
        var row = new @Nullable Object[columns];
        for (int i = 0; i < columns; i++) {
            row[i] = result.value(i);
        }
        if (names != null) {
            names.apply(row);
        }
        return row;
    }

    @Override
    public void close() {
        block = List.of();
        result.close();
    }
}
