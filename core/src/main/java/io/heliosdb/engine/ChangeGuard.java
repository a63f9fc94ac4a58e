package io.heliosdb.engine;

/** Decides whether a statement may change rows of a table. Any thread. */
@FunctionalInterface
public interface ChangeGuard {
    /**
     * Called before each statement that updates or deletes rows, whether it finds any or not.
     *
     * @param table the table
     * @param event UPDATE or DELETE
     * @throws io.heliosdb.pg.PgException where it may not
     */
    void require(TableId table, RowEvent event);
}
