package io.heliosdb.trigger;

import io.heliosdb.engine.RowEvent;
import io.heliosdb.engine.TableId;
import io.heliosdb.sql.TriggerDefinition;
import io.heliosdb.sql.TriggerDefinition.Timing;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A trigger of a table. Immutable; compiled by each session that fires it.
 *
 * @param table the table it belongs to
 * @param name its name, unique on that table
 * @param timing before or after the row is written
 * @param events what fires it
 * @param columns the columns of UPDATE OF; empty for any column
 * @param action what it does, its WHEN condition included
 * @param source the CREATE TRIGGER statement it comes from
 * @param enabled whether it fires at all
 * @see <a href="https://www.sqlite.org/lang_createtrigger.html">SQLite: CREATE TRIGGER</a>
 */
public record Trigger(
        TableId table,
        String name,
        Timing timing,
        Set<RowEvent> events,
        List<String> columns,
        TriggerAction action,
        String source,
        boolean enabled) {

    /** Copies the collections. */
    public Trigger {
        events = Set.copyOf(events);
        columns = List.copyOf(columns);
    }

    /** The trigger that a statement describes, on a table that has been found. */
    static Trigger of(TriggerDefinition definition, TableId table) {
        return new Trigger(
                table,
                definition.name(),
                definition.timing(),
                definition.events().stream().map(Trigger::event).collect(Collectors.toSet()),
                definition.columns(),
                new TriggerAction.SqlBody(definition),
                definition.source(),
                true);
    }

    /** The same trigger on a table that has a new name. */
    Trigger on(TableId renamed) {
        return new Trigger(renamed, name, timing, events, columns, action, source, enabled);
    }

    /** The same trigger, switched on or off. */
    Trigger enabled(boolean changed) {
        return new Trigger(table, name, timing, events, columns, action, source, changed);
    }

    boolean fires(RowEvent event, Timing moment) {
        return enabled && timing == moment && events.contains(event);
    }

    /** The context of an error in it, as a report says it. */
    String where() {
        return "trigger \"%s\" on table \"%s\"".formatted(name, table.name());
    }

    private static RowEvent event(TriggerDefinition.Event event) {
        return switch (event) {
            case INSERT -> RowEvent.INSERT;
            case UPDATE -> RowEvent.UPDATE;
            case DELETE -> RowEvent.DELETE;
        };
    }
}
