package io.heliosdb.trigger;

import io.heliosdb.engine.RowEvent;
import io.heliosdb.engine.TableId;
import io.heliosdb.sql.FunctionTriggerDefinition;
import io.heliosdb.sql.Statement;
import io.heliosdb.sql.TriggerDefinition;
import io.heliosdb.sql.TriggerDefinition.Timing;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A trigger of a table. Immutable; compiled by each session that fires it.
 *
 * @param oid its number
 * @param table the table it belongs to
 * @param name its name, unique on that table
 * @param timing before or after the row is written, or instead of that
 * @param isRow whether it fires for each row, rather than once for a statement
 * @param events what fires it
 * @param columns the columns of UPDATE OF; empty for any column
 * @param action what it does, its WHEN condition included
 * @param source the CREATE TRIGGER statement it comes from
 * @param mode {@code O} or {@code A} where it fires, {@code D} or {@code R} where it does not, as
 *     in pg_trigger
 * @see <a href="https://www.sqlite.org/lang_createtrigger.html">SQLite: CREATE TRIGGER</a>
 */
public record Trigger(
        int oid,
        TableId table,
        String name,
        Timing timing,
        boolean isRow,
        Set<RowEvent> events,
        List<String> columns,
        TriggerAction action,
        String source,
        char mode) {

    /** Rules and triggers of one table may have the same names. */
    private static final String RULE = "rule ";

    /** Copies the collections. */
    public Trigger {
        events = Set.copyOf(events);
        columns = List.copyOf(columns);
    }

    /** The trigger that a statement describes, on a table that has been found. */
    static Trigger of(TriggerDefinition definition, TableId table, int oid) {
        return new Trigger(
                oid,
                table,
                definition.name(),
                definition.timing(),
                true,
                definition.events().stream()
                        .map(event -> RowEvent.valueOf(event.name()))
                        .collect(Collectors.toSet()),
                definition.columns(),
                new TriggerAction.SqlBody(definition),
                definition.source(),
                'O');
    }

    /** The trigger that a statement describes, with its function's number. */
    static Trigger of(FunctionTriggerDefinition definition, TableId table, int oid, int function) {
        return new Trigger(
                oid,
                table,
                definition.name(),
                switch (definition.timing()) {
                    case "BEFORE" -> Timing.BEFORE;
                    case "AFTER" -> Timing.AFTER;
                    default -> Timing.INSTEAD;
                },
                definition.forEachRow(),
                definition.events().stream().map(RowEvent::valueOf).collect(Collectors.toSet()),
                definition.columns(),
                new TriggerAction.CallFunction(definition, function),
                definition.source(),
                'O');
    }

    /** The rule that a statement describes: what it does for INSERT comes last, else first. */
    static Trigger of(Statement.CreateRule rule, TableId table, int oid) {
        return new Trigger(
                oid,
                table,
                ruleName(rule.name()),
                rule.event().equals("INSERT") ? Timing.AFTER : Timing.BEFORE,
                false,
                Set.of(RowEvent.valueOf(rule.event())),
                List.of(),
                new TriggerAction.SendNotification(rule.channel(), rule.payload()),
                rule.source(),
                'O');
    }

    static String ruleName(String name) {
        return RULE + name;
    }

    /**
     * Whether it is a rule.
     *
     * @return whether CREATE RULE has made it
     */
    public boolean isRule() {
        return action instanceof TriggerAction.SendNotification;
    }

    /** The same trigger on a table that has a new name. */
    Trigger on(TableId renamed) {
        return new Trigger(
                oid, renamed, name, timing, isRow, events, columns, action, source, mode);
    }

    /** The same trigger, switched on or off. */
    Trigger enabled(char changed) {
        return new Trigger(
                oid, table, name, timing, isRow, events, columns, action, source, changed);
    }

    /** The same trigger with another name. */
    Trigger named(String changed) {
        return new Trigger(
                oid, table, changed, timing, isRow, events, columns, action, source, mode);
    }

    boolean isEnabled() {
        return mode == 'O' || mode == 'A';
    }

    boolean fires(RowEvent event, Timing moment, boolean forRow) {
        return isEnabled() && timing == moment && isRow == forRow && events.contains(event);
    }

    /** Whether it may wait for the commit. */
    boolean isDeferrable() {
        return action instanceof TriggerAction.CallFunction(var definition, var _)
                && definition.isDeferrable();
    }

    boolean isDeferred() {
        return action instanceof TriggerAction.CallFunction(var definition, var _)
                && definition.isDeferred();
    }

    /** Whether it reads the rows of its statement as tables. */
    boolean hasTransitions() {
        return action instanceof TriggerAction.CallFunction(var definition, var _)
                && (definition.oldTable().isPresent() || definition.newTable().isPresent());
    }

    /** The context of an error in it, as a report says it. */
    String where() {
        return "trigger \"%s\" on table \"%s\"".formatted(name, table.name());
    }

    /** When it fires, in the words of TG_WHEN. */
    String when() {
        return timing == Timing.INSTEAD ? "INSTEAD OF" : timing.name().toUpperCase(Locale.ROOT);
    }
}
