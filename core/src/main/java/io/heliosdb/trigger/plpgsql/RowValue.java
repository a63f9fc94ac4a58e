package io.heliosdb.trigger.plpgsql;

import org.jspecify.annotations.Nullable;

/** The value of a row variable. Immutable; an assignment to a field makes another. */
final class RowValue {
    final RowShape shape;

    /** Never written to. */
    final @Nullable Object[] values;

    /** Whether the row as a whole is NULL, as OLD is in an INSERT. */
    final boolean isNull;

    private RowValue(RowShape shape, @Nullable Object[] values, boolean isNull) {
        this.shape = shape;
        this.values = values;
        this.isNull = isNull;
    }

    static RowValue of(RowShape shape, @Nullable Object[] values) {
        return new RowValue(shape, values, false);
    }

    /** A row all of whose columns are NULL, and which is one. */
    static RowValue ofNulls(RowShape shape) {
        return of(shape, new @Nullable Object[shape.size()]);
    }

    /** The row that is NULL itself. */
    static RowValue empty(RowShape shape) {
        return new RowValue(shape, new @Nullable Object[shape.size()], true);
    }

    RowValue with(int column, @Nullable Object value) {
        var copy = values.clone();
        copy[column] = value;
        return of(shape, copy);
    }
}
