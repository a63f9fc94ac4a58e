package io.heliosdb.sql;

import java.util.List;

/**
 * A statement or condition of a trigger as the engine executes it.
 *
 * @param sql the text for the engine; {@code ?n} is the n-th reference
 * @param references what to bind, in order
 * @param returnsRows whether it is executed as a query, whose rows are to be read and dropped; a
 *     condition is a query of one Boolean
 * @param isWrite whether it changes rows
 */
public record BodyStatement(
        String sql, List<Reference> references, boolean returnsRows, boolean isWrite) {
    /** Copies the list. */
    public BodyStatement {
        references = List.copyOf(references);
    }

    /**
     * A value of the row that fires the trigger.
     *
     * @param old OLD.column or NEW.column
     * @param column the column's name
     */
    public record Reference(boolean old, String column) {}
}
