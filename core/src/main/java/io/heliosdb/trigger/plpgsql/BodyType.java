package io.heliosdb.trigger.plpgsql;

import io.heliosdb.sql.SqlType;
import io.heliosdb.sql.TableName;

/** The type of a parameter, variable or result. */
public sealed interface BodyType {
    /** {@code record}: the columns of whatever was assigned last. */
    BodyType RECORD = new AnyRow();

    /**
     * One value.
     *
     * @param type its type
     */
    record Scalar(SqlType type) implements BodyType {}

    /**
     * A row of a table.
     *
     * @param table the table's name; looked up when a body first runs
     */
    record RowOf(TableName table) implements BodyType {}

    /** {@code record}. */
    record AnyRow() implements BodyType {}

    /**
     * The type of a column, {@code table.column%TYPE}; looked up when a body first runs.
     *
     * @param table the table's name
     * @param column the column's
     */
    record ColumnOf(TableName table, String column) implements BodyType {}
}
