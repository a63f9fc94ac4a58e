package io.heliosdb.session;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** Rows that a command of ours made, such as those of SHOW. */
final class OwnRows implements Bound.Rows {
    private final List<@Nullable Object[]> rows;

    OwnRows(List<@Nullable Object[]> rows) {
        this.rows = rows;
    }

    @Override
    public long count() {
        return rows.size();
    }

    @Override
    public @Nullable Object[] row(long index) {
        return rows.get(Math.toIntExact(index));
    }

    @Override
    public void close() {}
}
