package io.heliosdb.trigger.plpgsql;

import io.heliosdb.pg.Column;
import io.heliosdb.pg.PgException;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * Runs bodies in one session, in whatever thread runs its statement. What a body's statements are
 * prepared to is kept, for each body and version of the schema, up to a bound. Values are as {@code
 * pg.type} represents them, a row is an {@code Object[]} with one of them for each column.
 *
 * <p>Errors carry CONTEXT lines of the bodies they went through, and no position.
 */
public interface BodyRuntime extends AutoCloseable {
    /**
     * Calls a function that gives one value.
     *
     * @param body the function
     * @param arguments one for each of its inputs
     * @return its value; an array of values for a row; null for NULL and void
     * @throws PgException what the body raises or its statements fail with; 2F005 without RETURN,
     *     54001 too deep
     */
    @Nullable Object call(PlpgsqlBody body, @Nullable Object... arguments);

    /**
     * Calls a function that gives a set.
     *
     * @param body the function
     * @param arguments one for each of its inputs
     * @param expected for a set of {@code record} without OUT parameters the columns that the
     *     caller's column definition list says; else empty
     * @return all its rows
     * @throws PgException as {@link #call}
     */
    Rows callSet(PlpgsqlBody body, List<Column> expected, @Nullable Object... arguments);

    /**
     * Calls a procedure, or runs a DO block.
     *
     * @param body the procedure
     * @param arguments one for each of its inputs
     * @return one value for each OUT and INOUT parameter
     * @throws PgException as {@link #call}
     */
    @Nullable Object[] callProcedure(PlpgsqlBody body, @Nullable Object... arguments);

    /**
     * Runs a trigger function.
     *
     * @param body the function
     * @param trigger the trigger; the same object for all rows of one version of its table
     * @param firing the event and its rows
     * @return the row that the function returns, in the table's columns; null for none
     * @throws PgException as {@link #call}
     */
    @Nullable Object @Nullable [] fire(
            PlpgsqlBody body, TriggerContext trigger, TriggerContext.Firing firing);

    /** Closes what is prepared. */
    @Override
    void close();

    /**
     * The rows of a set.
     *
     * @param columns their columns; one for a set of values
     * @param rows the rows
     */
    record Rows(List<Column> columns, List<@Nullable Object[]> rows) {
        /** Copies the columns. */
        public Rows {
            columns = List.copyOf(columns);
        }
    }
}
