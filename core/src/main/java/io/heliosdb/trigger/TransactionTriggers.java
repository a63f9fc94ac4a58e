package io.heliosdb.trigger;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * The triggers as one transaction sees them: the committed ones with its own changes on top. A
 * savepoint is a count of changes, so that rolling back forgets what came after it. Confined to the
 * session's thread.
 */
final class TransactionTriggers {
    private final TriggerCatalog catalog;
    private final List<TriggerChange> changes = new ArrayList<>();

    /** What {@link #visible} was derived from, and what came of it; null where that is stale. */
    private TriggerSet base = TriggerSet.EMPTY;

    private @Nullable TriggerSet derived;

    TransactionTriggers(TriggerCatalog catalog) {
        this.catalog = catalog;
    }

    TriggerSet visible() {
        var committed = catalog.committed();
        if (changes.isEmpty()) {
            return committed;
        }
        var set = derived;
        if (set == null || base != committed) {
            set = TriggerChange.applyAll(changes, committed);
            base = committed;
            derived = set;
        }
        return set;
    }

    void put(Trigger trigger) {
        catalog.expect(trigger.table());
        add(new TriggerChange.Put(trigger));
    }

    void remove(Trigger trigger) {
        add(new TriggerChange.Remove(trigger));
    }

    int mark() {
        return changes.size();
    }

    boolean isUnchangedSince(int mark) {
        return changes.size() == mark;
    }

    void rollbackTo(int mark) {
        var undone = changes.subList(mark, changes.size());
        for (var change : undone) {
            if (change instanceof TriggerChange.Put(var trigger)) {
                catalog.noLongerExpect(trigger.table());
            }
        }
        undone.clear();
        derived = null;
    }

    void commit() {
        catalog.apply(List.copyOf(changes));
        rollbackTo(0);
    }

    private void add(TriggerChange change) {
        changes.add(change);
        derived = null;
    }
}
