package io.heliosdb.trigger;

import io.heliosdb.engine.RowEvent;
import io.heliosdb.engine.TableId;
import io.heliosdb.engine.TablePlaces;
import io.heliosdb.sql.TriggerDefinition.Timing;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The committed triggers of an instance. Readers take a snapshot without a lock; a commit swaps it
 * for the next one whole, so nobody sees half a transaction. Thread-safe.
 */
public final class TriggerCatalog {
    /** Held by a commit while it derives the next snapshot from the last. */
    private final ReentrantLock swap = new ReentrantLock();

    private volatile TriggerSet committed = TriggerSet.EMPTY;

    /** How many open transactions have created triggers on a table; written by their sessions. */
    private final ConcurrentMap<TableId, Integer> pending = new ConcurrentHashMap<>();

    private final TablePlaces places = new TablePlaces();

    /** A catalog without triggers; {@link SessionTriggers#load} fills it when a database opens. */
    public TriggerCatalog() {}

    /**
     * The triggers that are committed now.
     *
     * @return a snapshot
     */
    public TriggerSet committed() {
        return committed;
    }

    /** Whether any session may have to fire something, its own uncommitted triggers included. */
    boolean mayFire(TableId table, RowEvent event) {
        return pending.containsKey(table)
                || committed.on(table).stream().anyMatch(each -> each.events().contains(event));
    }

    /** Whether any session may have to fire something before a row changes. */
    boolean mayFireBeforeRow(TableId table, RowEvent event) {
        return pending.containsKey(table)
                || !committed.moments(table).of(event, Timing.BEFORE, true).isEmpty();
    }

    void expect(TableId table) {
        pending.merge(table, 1, Integer::sum);
    }

    void noLongerExpect(TableId table) {
        pending.computeIfPresent(table, (key, count) -> count == 1 ? null : count - 1);
    }

    /** Where the tables with triggers are. */
    TablePlaces places() {
        return places;
    }

    void apply(List<TriggerChange> changes) {
        swap.lock();
        try {
            committed = TriggerChange.applyAll(changes, committed);
        } finally {
            swap.unlock();
        }
    }
}
