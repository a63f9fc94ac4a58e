package io.heliosdb.trigger;

import io.heliosdb.engine.EngineSession;
import io.heliosdb.engine.RowEvent;
import io.heliosdb.engine.TableId;
import io.heliosdb.sql.TriggerDefinition.Timing;
import io.heliosdb.trigger.TriggerSet.Moments;
import io.heliosdb.trigger.plpgsql.TriggerContext.TransitionTable;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Fires the triggers of the statements that one session runs, each at its moment: BEFORE STATEMENT
 * and BEFORE ROW at once; AFTER ROW when all rows are written, in their order and for each row by
 * the triggers' names; then AFTER STATEMENT; and after those what foreign keys have done to other
 * tables. Confined to the session's thread.
 *
 * @see <a href="https://www.postgresql.org/docs/15/trigger-definition.html">PostgreSQL: overview of
 *     trigger behavior</a>
 */
final class StatementTriggers {
    private static final RowEvent[] EVENTS = RowEvent.values();

    /** The order in which a statement that may do several things tells of its end. */
    private static final List<RowEvent> LAST_EVENTS =
            List.of(RowEvent.UPDATE, RowEvent.INSERT, RowEvent.DELETE, RowEvent.TRUNCATE);

    /** A row that has changed. */
    @SuppressWarnings("ArrayRecordComponent") // Rows are arrays everywhere; nobody compares them.
    private record Change(
            RowEvent event,
            @Nullable Object @Nullable [] oldRow,
            @Nullable Object @Nullable [] newRow) {}

    /** A statement that has begun and not ended. */
    private static final class Frame {
        final long level;
        final TableId table;
        final @Nullable Set<String> assigned;
        final Object mark;
        final List<Change> changes = new ArrayList<>();
        final List<Runnable> actions = new ArrayList<>();
        private @Nullable TriggerSet set;
        private @Nullable Moments moments;

        /** The table's triggers as of now. */
        @SuppressWarnings("ReferenceEquality") // Another set is another object.
        Moments triggers(TriggerSet now) {
            var known = moments;
            if (known == null || set != now) {
                known = now.moments(table);
                set = now;
                moments = known;
            }
            return known;
        }

        Frame(long level, TableId table, @Nullable Set<String> assigned, Object mark) {
            this.level = level;
            this.table = table;
            this.assigned = assigned;
            this.mark = mark;
        }
    }

    private final TransactionTriggers transaction;
    private final TriggerFiring firing;
    private final DeferredTriggers deferred;
    private final EngineSession engine;
    private final TriggerHost host;
    private final ArrayDeque<Frame> frames = new ArrayDeque<>();

    StatementTriggers(
            TransactionTriggers transaction,
            TriggerFiring firing,
            DeferredTriggers deferred,
            EngineSession engine,
            TriggerHost host) {
        this.transaction = transaction;
        this.firing = firing;
        this.deferred = deferred;
        this.engine = engine;
        this.host = host;
    }

    void begin(TableId table, Set<RowEvent> events, @Nullable Set<String> assigned) {
        long level = engine.level();
        Frame failed = null;
        while (!frames.isEmpty() && frames.peek().level >= level) {
            // A statement that failed, or one that the engine runs anew.
            failed = frames.pop();
        }
        if (failed != null && failed.level == level && failed.table.equals(table)) {
            host.rollbackEffects(failed.mark);
        }
        var frame = new Frame(level, table, assigned, host.markEffects());
        frames.push(frame);
        for (RowEvent event : EVENTS) {
            if (events.contains(event)) {
                fireStatement(frame, event, Timing.BEFORE, List.of());
            }
        }
    }

    boolean isReplaced(TableId view, RowEvent event) {
        return !transaction.visible().moments(view).of(event, Timing.INSTEAD, true).isEmpty();
    }

    @Nullable Object @Nullable [] insteadOfRow(
            TableId view,
            RowEvent event,
            @Nullable Object @Nullable [] oldRow,
            @Nullable Object @Nullable [] newRow) {
        return fireForRow(view, event, Timing.INSTEAD, oldRow, newRow);
    }

    @Nullable Object @Nullable [] beforeRow(
            TableId table,
            RowEvent event,
            @Nullable Object @Nullable [] oldRow,
            @Nullable Object @Nullable [] newRow) {
        return fireForRow(table, event, Timing.BEFORE, oldRow, newRow);
    }

    /** Each trigger gets the row that the one before it has given. */
    private @Nullable Object @Nullable [] fireForRow(
            TableId table,
            RowEvent event,
            Timing moment,
            @Nullable Object @Nullable [] oldRow,
            @Nullable Object @Nullable [] newRow) {
        var frame = frame(table);
        var row = new Firing(event, oldRow, newRow, frame.assigned, List.of());
        for (var trigger : frame.triggers(transaction.visible()).of(event, moment, true)) {
            var result = firing.fire(trigger, row);
            if (result == null) {
                return null;
            }
            if (newRow != null) {
                row = row.with(result);
            }
        }
        return newRow == null ? oldRow : row.newRow();
    }

    void afterRow(
            TableId table,
            RowEvent event,
            @Nullable Object @Nullable [] oldRow,
            @Nullable Object @Nullable [] newRow) {
        var frame = frame(table);
        if (frame.triggers(transaction.visible()).keepsRows(event)) {
            frame.changes.add(new Change(event, oldRow, newRow));
        }
    }

    private Frame frame(TableId table) {
        long level = engine.level();
        while (!frames.isEmpty() && frames.peek().level > level) {
            frames.pop();
        }
        var frame = frames.peek();
        if (frame != null && frame.level == 0 && frame.table.equals(table)) {
            // One statement of the client's by many of the engine's.
            return frame;
        }
        if (frame == null || frame.level != level || !frame.table.equals(table)) {
            // The trigger came while the statement was already running.
            frame = new Frame(level, table, null, host.markEffects());
            frames.push(frame);
        }
        return frame;
    }

    void end(TableId table, Set<RowEvent> events) {
        var frame = frame(table);
        frames.pop();
        boolean isInner = !frames.isEmpty() && (engine.level() & 0xffff) != 0;
        if (isInner) {
            // A foreign key's action: its triggers wait for those of the statement around it.
            var outer = frames.peek();
            outer.actions.add(() -> fireAfter(frame, events));
            outer.actions.addAll(frame.actions);
            return;
        }
        fireAfter(frame, events);
        for (int i = 0; i < frame.actions.size(); i++) {
            frame.actions.get(i).run();
        }
    }

    private void fireAfter(Frame frame, Set<RowEvent> events) {
        for (var change : frame.changes) {
            fireRow(frame, change);
        }
        for (RowEvent event : LAST_EVENTS) {
            if (events.contains(event)) {
                fireStatement(frame, event, Timing.AFTER, frame.changes);
            }
        }
    }

    private void fireRow(Frame frame, Change change) {
        var row = new Firing(change.event, change.oldRow, change.newRow, frame.assigned, List.of());
        var triggers = frame.triggers(transaction.visible());
        for (var trigger : triggers.of(change.event, Timing.AFTER, true)) {
            if (deferred.isDeferred(trigger)) {
                if (firing.isMet(trigger, row)) {
                    deferred.add(trigger, row);
                }
            } else {
                firing.fire(trigger, withTransitions(trigger, row, frame.changes));
            }
        }
    }

    private void fireStatement(Frame frame, RowEvent event, Timing timing, List<Change> changes) {
        var triggers = frame.triggers(transaction.visible());
        for (var trigger : triggers.of(event, timing, false)) {
            firing.fire(
                    trigger,
                    withTransitions(
                            trigger,
                            new Firing(event, null, null, frame.assigned, List.of()),
                            changes));
        }
    }

    private static Firing withTransitions(Trigger trigger, Firing firing, List<Change> changes) {
        if (!(trigger.action() instanceof TriggerAction.CallFunction(var definition, var _))
                || !trigger.hasTransitions()) {
            return firing;
        }
        var oldRows = new ArrayList<@Nullable Object[]>();
        var newRows = new ArrayList<@Nullable Object[]>();
        for (var change : changes) {
            if (change.event == firing.event()) {
                if (change.oldRow != null) {
                    oldRows.add(change.oldRow);
                }
                if (change.newRow != null) {
                    newRows.add(change.newRow);
                }
            }
        }
        var tables = new ArrayList<TransitionTable>();
        definition.oldTable().ifPresent(name -> tables.add(new TransitionTable(name, oldRows)));
        definition.newTable().ifPresent(name -> tables.add(new TransitionTable(name, newRows)));
        return firing.with(List.copyOf(tables));
    }
}
