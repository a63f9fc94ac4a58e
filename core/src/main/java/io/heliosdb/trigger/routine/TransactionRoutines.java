package io.heliosdb.trigger.routine;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * The routines as one transaction sees them: the committed ones with its own changes on top.
 * Confined to the session's thread.
 */
final class TransactionRoutines {
    private final RoutineCatalog catalog;
    private final List<RoutineChange> changes = new ArrayList<>();

    /** What {@link #visible} was derived from, and what came of it; null where that is stale. */
    private RoutineSet base = RoutineSet.EMPTY;

    private @Nullable RoutineSet derived;

    TransactionRoutines(RoutineCatalog catalog) {
        this.catalog = catalog;
    }

    RoutineSet visible() {
        var committed = catalog.committed();
        if (changes.isEmpty()) {
            return committed;
        }
        var set = derived;
        if (set == null || base != committed) {
            set = RoutineChange.applyAll(changes, committed);
            base = committed;
            derived = set;
        }
        return set;
    }

    void add(RoutineChange change) {
        changes.add(change);
        derived = null;
    }

    int mark() {
        return changes.size();
    }

    void rollbackTo(int mark) {
        changes.subList(mark, changes.size()).clear();
        derived = null;
    }

    void commit() {
        if (!changes.isEmpty()) {
            catalog.apply(List.copyOf(changes));
            rollbackTo(0);
        }
    }
}
