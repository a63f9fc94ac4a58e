package io.heliosdb.trigger.plpgsql;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * A variable of a body.
 *
 * @param slot its place in the frame
 * @param name its name
 * @param type its type
 * @param isConstant whether it cannot be assigned
 * @param isNotNull whether it refuses NULL
 * @param initial its first value; null for NULL
 * @param cursor the query that it is bound to, where it is a cursor
 * @param line where it was declared
 */
record Variable(
        int slot,
        String name,
        BodyType type,
        boolean isConstant,
        boolean isNotNull,
        @Nullable Sql initial,
        @Nullable BoundCursor cursor,
        int line) {

    /**
     * What CURSOR FOR binds.
     *
     * @param query its query
     * @param arguments its parameters, in order
     * @param isScroll whether it was declared SCROLL; null where nothing was said
     */
    record BoundCursor(Sql query, List<Variable> arguments, @Nullable Boolean isScroll) {}

    boolean isRow() {
        return type instanceof BodyType.RowOf || type instanceof BodyType.AnyRow;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return slot;
    }
}
