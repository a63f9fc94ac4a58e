package io.heliosdb.trigger;

import io.heliosdb.engine.EngineSession;
import io.heliosdb.engine.RowEvent;
import io.heliosdb.engine.TableId;
import io.heliosdb.engine.TableInfo;
import io.heliosdb.sql.TriggerDefinition.Timing;

import java.util.List;
import java.util.Optional;
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

    /** The oid of each table with triggers, by which it is found after it was renamed. */
    private final ConcurrentMap<TableId, Integer> oids = new ConcurrentHashMap<>();

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

    /** Remembers a table, so that {@link #locate} finds it under its next name. */
    void located(TableId table, EngineSession session) {
        session.engine()
                .schema()
                .table(table.schema(), table.name())
                .ifPresent(info -> oids.put(table, info.oid()));
    }

    /** Where a table that was there is now; empty where it is gone. */
    Optional<TableId> locate(TableId table, EngineSession session) {
        var schema = session.engine().schema();
        var same = schema.table(table.schema(), table.name());
        if (same.isPresent()) {
            oids.put(table, same.get().oid());
            return Optional.of(table);
        }
        var oid = oids.remove(table);
        if (oid == null) {
            return Optional.empty();
        }
        var renamed =
                schema.names().stream()
                        .flatMap(name -> schema.tables(name).stream())
                        .filter(info -> info.oid() == oid)
                        .map(TableInfo::id)
                        .findFirst();
        renamed.ifPresent(now -> oids.put(now, oid));
        return renamed;
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
