package io.heliosdb.engine;

import org.jspecify.annotations.Nullable;

import java.util.Set;

/**
 * Hears of every statement and row that changes a table it wants, in the thread and inside the
 * statement that changes it; what it throws fails the statement. Rows are arrays of one value per
 * column, in the table's order, as {@code pg.type} represents them. Called by many threads at once.
 */
public interface RowHook {
    /**
     * Whether the hook wants to hear of an event on a table. The answer is kept until {@link
     * Engine#rowHookChanged} or a change of the schema.
     *
     * @param table the table
     * @param event the event
     * @return whether the other methods shall be called for it
     */
    boolean wants(TableId table, RowEvent event);

    /**
     * Whether the hook wants to hear of an event that it {@link #wants} before each row, too. The
     * answer is kept as long.
     *
     * @param table the table
     * @param event the event
     * @return whether {@link #beforeRow} shall be called for it
     */
    default boolean wantsBeforeRow(TableId table, RowEvent event) {
        return true;
    }

    /**
     * A statement begins, also one that will touch no row. Called again when the engine runs the
     * statement anew after a concurrent update: what the first attempt led to is undone in the
     * tables and must be forgotten by the hook.
     *
     * @param session the session whose statement it is
     * @param table the table
     * @param events what it may do to rows, as far as the hook wants to hear of it
     * @param assigned the columns that it gives values to by UPDATE; null where no statement names
     *     them, as in a foreign key's action
     */
    void beforeStatement(
            EngineSession session,
            TableId table,
            Set<RowEvent> events,
            @Nullable Set<String> assigned);

    /**
     * A statement has done its work.
     *
     * @param session the session whose statement it is
     * @param table the table
     * @param events what it may have done to rows, as far as the hook wants to hear of it
     */
    void afterStatement(EngineSession session, TableId table, Set<RowEvent> events);

    /**
     * A row is about to change.
     *
     * @param session the session whose statement it is
     * @param table the table
     * @param event the event
     * @param oldRow the row as it is; null for an insert
     * @param newRow the row as it shall be; null for a delete
     * @return the row to write instead, which may be {@code newRow} itself; for a delete anything
     *     but null; null skips the row
     */
    @Nullable Object @Nullable [] beforeRow(
            EngineSession session,
            TableId table,
            RowEvent event,
            @Nullable Object @Nullable [] oldRow,
            @Nullable Object @Nullable [] newRow);

    /**
     * A row has changed.
     *
     * @param session the session whose statement it is
     * @param table the table
     * @param event the event
     * @param oldRow the row as it was; null for an insert
     * @param newRow the row as it is; null for a delete
     */
    void afterRow(
            EngineSession session,
            TableId table,
            RowEvent event,
            @Nullable Object @Nullable [] oldRow,
            @Nullable Object @Nullable [] newRow);

    /**
     * Whether the hook puts something in the place of an event on a view.
     *
     * @param session the session whose statement it is
     * @param view the view
     * @param event the event
     * @return whether {@link #insteadOfRow} shall be called; else the statement fails
     */
    boolean isReplaced(EngineSession session, TableId view, RowEvent event);

    /**
     * A row of a view is to change, for which the hook does something else.
     *
     * @param session the session whose statement it is
     * @param view the view
     * @param event the event
     * @param oldRow the row as it is; null for an insert
     * @param newRow the row as it shall be; null for a delete
     * @return the row that RETURNING gives, for a delete anything but null; null for a row that
     *     does not count
     */
    @Nullable Object @Nullable [] insteadOfRow(
            EngineSession session,
            TableId view,
            RowEvent event,
            @Nullable Object @Nullable [] oldRow,
            @Nullable Object @Nullable [] newRow);
}
