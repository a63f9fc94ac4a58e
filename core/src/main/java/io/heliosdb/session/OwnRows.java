package io.heliosdb.session;

import org.jspecify.annotations.Nullable;

import java.util.Iterator;
import java.util.List;

/** Rows that a command of ours made, such as those of SHOW. */
final class OwnRows implements Bound.Rows {
    private final Iterator<@Nullable Object[]> iterator;
    private @Nullable Object[] current = {};

    OwnRows(List<@Nullable Object[]> rows) {
        iterator = rows.iterator();
    }

    @Override
    public boolean next() {
        if (!iterator.hasNext()) {
            return false;
        }
        current = iterator.next();
        return true;
    }

    @Override
    public @Nullable Object[] row() {
        return current;
    }

    @Override
    public void close() {}
}
