package io.heliosdb.trigger;

import io.heliosdb.engine.RowEvent;
import io.heliosdb.engine.TableId;
import io.heliosdb.sql.TriggerDefinition.Timing;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The triggers of every table at one moment, each table's in the order in which they fire: by name,
 * as in PostgreSQL. Immutable.
 */
public final class TriggerSet {
    /** No triggers at all. */
    public static final TriggerSet EMPTY = new TriggerSet(Map.of());

    private static final Comparator<Trigger> FIRING_ORDER = Comparator.comparing(Trigger::name);

    private final Map<TableId, List<Trigger>> byTable;
    private final Map<TableId, Moments> moments;

    private TriggerSet(Map<TableId, List<Trigger>> byTable) {
        this.byTable = byTable;
        var all = new HashMap<TableId, Moments>();
        byTable.forEach((table, triggers) -> all.put(table, new Moments(triggers)));
        moments = Map.copyOf(all);
    }

    /**
     * The triggers of one table by what they fire for, so that no row looks through all of them.
     */
    static final class Moments {
        private static final Moments NONE = new Moments(List.of());

        private final Map<RowEvent, Map<Timing, List<Trigger>>> rows =
                new EnumMap<>(RowEvent.class);
        private final Map<RowEvent, Map<Timing, List<Trigger>>> statements =
                new EnumMap<>(RowEvent.class);
        private final Set<RowEvent> transitions = EnumSet.noneOf(RowEvent.class);

        private Moments(List<Trigger> triggers) {
            for (RowEvent event : RowEvent.values()) {
                rows.put(event, byTiming(triggers, event, true));
                statements.put(event, byTiming(triggers, event, false));
                if (triggers.stream()
                        .anyMatch(each ->
                                each.hasTransitions() && each.fires(event, Timing.AFTER, false))) {
                    transitions.add(event);
                }
            }
        }

        private static Map<Timing, List<Trigger>> byTiming(
                List<Trigger> triggers, RowEvent event, boolean isRow) {
            var lists = new EnumMap<Timing, List<Trigger>>(Timing.class);
            for (Timing timing : Timing.values()) {
                lists.put(
                        timing,
                        triggers.stream()
                                .filter(each -> each.fires(event, timing, isRow))
                                .toList());
            }
            return lists;
        }

        /** The triggers that fire at a moment, in their order. */
        List<Trigger> of(RowEvent event, Timing timing, boolean isRow) {
            var lists = (isRow ? rows : statements).get(event);
            return lists == null ? List.of() : lists.getOrDefault(timing, List.of());
        }

        /** Whether the rows of a statement are kept until its end. */
        boolean keepsRows(RowEvent event) {
            return !of(event, Timing.AFTER, true).isEmpty() || transitions.contains(event);
        }
    }

    /** The triggers of a table by their moments. */
    Moments moments(TableId table) {
        return moments.getOrDefault(table, Moments.NONE);
    }

    /**
     * The triggers of a table.
     *
     * @param table its name
     * @return in firing order; empty where it has none
     */
    public List<Trigger> on(TableId table) {
        return byTable.getOrDefault(table, List.of());
    }

    /**
     * The tables that have triggers.
     *
     * @return their names, in no order
     */
    public List<TableId> tables() {
        return List.copyOf(byTable.keySet());
    }

    /**
     * Every trigger.
     *
     * @return each table's in firing order
     */
    public List<Trigger> all() {
        return byTable.values().stream().flatMap(List::stream).toList();
    }

    /**
     * Finds a trigger.
     *
     * @param table its table
     * @param name its name
     * @return the trigger, where the table has one of that name
     */
    public Optional<Trigger> find(TableId table, String name) {
        return on(table).stream().filter(trigger -> trigger.name().equals(name)).findFirst();
    }

    /**
     * Finds triggers by name alone, as SQLite's DROP TRIGGER does.
     *
     * @param name the name
     * @return those of that name on any table
     */
    public List<Trigger> named(String name) {
        return all().stream().filter(trigger -> trigger.name().equals(name)).toList();
    }

    /** This set with a trigger added, or put in the place of its namesake. */
    TriggerSet with(Trigger trigger) {
        var triggers = new ArrayList<>(without(trigger).on(trigger.table()));
        triggers.add(trigger);
        triggers.sort(FIRING_ORDER);
        return replaced(trigger.table(), triggers);
    }

    /** This set without the trigger of that table and name. */
    TriggerSet without(Trigger trigger) {
        var triggers = new ArrayList<>(on(trigger.table()));
        triggers.removeIf(other -> other.name().equals(trigger.name()));
        return replaced(trigger.table(), triggers);
    }

    private TriggerSet replaced(TableId table, List<Trigger> triggers) {
        var copy = new HashMap<>(byTable);
        if (triggers.isEmpty()) {
            copy.remove(table);
        } else {
            copy.put(table, List.copyOf(triggers));
        }
        return new TriggerSet(Map.copyOf(copy));
    }
}
