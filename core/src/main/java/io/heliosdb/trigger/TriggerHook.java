package io.heliosdb.trigger;

import io.heliosdb.engine.EngineSession;
import io.heliosdb.engine.RowEvent;
import io.heliosdb.engine.RowHook;
import io.heliosdb.engine.TableId;

import org.jspecify.annotations.Nullable;

import java.util.Set;

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
    public boolean wantsBeforeRow(TableId table, RowEvent event) {
        return catalog.mayFireBeforeRow(table, event);
    }

    /** The triggers of a session; null for one that the database uses for itself. */
    private static @Nullable SessionTriggers triggers(EngineSession session) {
        return (SessionTriggers) session.companion().get();
    }

    @Override
    public void beforeStatement(
            EngineSession session,
            TableId table,
            Set<RowEvent> events,
            @Nullable Set<String> assigned) {
        var triggers = triggers(session);
        if (triggers != null) {
            triggers.statements().begin(table, events, assigned);
        }
    }

    @Override
    public void afterStatement(EngineSession session, TableId table, Set<RowEvent> events) {
        var triggers = triggers(session);
        if (triggers != null) {
            triggers.statements().end(table, events);
        }
    }

    @Override
    public @Nullable Object @Nullable [] beforeRow(
            EngineSession session,
            TableId table,
            RowEvent event,
            @Nullable Object @Nullable [] oldRow,
            @Nullable Object @Nullable [] newRow) {
        var triggers = triggers(session);
        if (triggers == null) {
            return newRow == null ? oldRow : newRow;
        }
        return triggers.statements().beforeRow(table, event, oldRow, newRow);
    }

    @Override
    public void afterRow(
            EngineSession session,
            TableId table,
            RowEvent event,
            @Nullable Object @Nullable [] oldRow,
            @Nullable Object @Nullable [] newRow) {
        var triggers = triggers(session);
        if (triggers != null) {
            triggers.statements().afterRow(table, event, oldRow, newRow);
        }
    }

    @Override
    public boolean isReplaced(EngineSession session, TableId view, RowEvent event) {
        var triggers = triggers(session);
        return triggers != null && triggers.statements().isReplaced(view, event);
    }

    @Override
    public @Nullable Object @Nullable [] insteadOfRow(
            EngineSession session,
            TableId view,
            RowEvent event,
            @Nullable Object @Nullable [] oldRow,
            @Nullable Object @Nullable [] newRow) {
        var triggers = triggers(session);
        return triggers == null
                ? null
                : triggers.statements().insteadOfRow(view, event, oldRow, newRow);
    }
}
