package io.heliosdb.trigger;

import io.heliosdb.engine.EngineSession;
import io.heliosdb.engine.RowEvent;
import io.heliosdb.engine.RowHook;
import io.heliosdb.engine.TableId;
import io.heliosdb.sql.TriggerDefinition.Timing;

import org.jspecify.annotations.Nullable;

/** Leads what the engine tells of a row to the triggers of the session whose statement it is. */
final class TriggerHook implements RowHook {
    private final TriggerCatalog catalog;

    TriggerHook(TriggerCatalog catalog) {
        this.catalog = catalog;
    }

    @Override
    public boolean wants(TableId table, RowEvent event) {
        return catalog.mayFire(table, event);
    }

    @Override
    public void beforeStatement(EngineSession session, TableId table, RowEvent event) {}

    @Override
    public void afterStatement(EngineSession session, TableId table, RowEvent event) {}

    @Override
    public @Nullable Object @Nullable [] beforeRow(
            EngineSession session,
            TableId table,
            RowEvent event,
            @Nullable Object @Nullable [] oldRow,
            @Nullable Object @Nullable [] newRow) {
        fire(session, table, event, Timing.BEFORE, oldRow, newRow);
        return newRow == null ? oldRow : newRow;
    }

    @Override
    public void afterRow(
            EngineSession session,
            TableId table,
            RowEvent event,
            @Nullable Object @Nullable [] oldRow,
            @Nullable Object @Nullable [] newRow) {
        fire(session, table, event, Timing.AFTER, oldRow, newRow);
    }

    private void fire(
            EngineSession session,
            TableId table,
            RowEvent event,
            Timing moment,
            @Nullable Object @Nullable [] oldRow,
            @Nullable Object @Nullable [] newRow) {
        var triggers = catalog.session(session);
        if (triggers != null) {
            triggers.fire(table, event, moment, oldRow, newRow);
        }
    }
}
