package io.heliosdb.trigger;

import io.heliosdb.engine.ColumnInfo;
import io.heliosdb.engine.EngineSession;
import io.heliosdb.engine.Inspection;
import io.heliosdb.engine.RowEvent;
import io.heliosdb.engine.TableInfo;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.sql.TriggerDefinition.Timing;
import io.heliosdb.trigger.plpgsql.TriggerContext;
import io.heliosdb.trigger.routine.SessionRoutines;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Objects;

/**
 * A trigger ready to fire in one session: its texts are rewritten and prepared, its references to
 * NEW and OLD are places in the row. Good for one version of the schema.
 */
final class CompiledTrigger implements AutoCloseable {
    private static final @Nullable Object[] NOTHING = {};

    /** What a trigger does for one firing; null skips the row. */
    private interface Action extends AutoCloseable {
        @Nullable Object @Nullable [] run(Firing firing);

        @Override
        void close();
    }

    private final Trigger trigger;
    private final long schemaVersion;

    /** Where the columns of UPDATE OF stand in the row; empty for any. */
    private final int[] watched;

    private final @Nullable RowStatement condition;
    private final Action action;

    private CompiledTrigger(
            Trigger trigger,
            long schemaVersion,
            int[] watched,
            @Nullable RowStatement condition,
            Action action) {
        this.trigger = trigger;
        this.schemaVersion = schemaVersion;
        this.watched = watched;
        this.condition = condition;
        this.action = action;
    }

    /**
     * Compiles a trigger.
     *
     * @throws PgException what is wrong with it, with its position in the trigger's source
     */
    static CompiledTrigger compile(
            Trigger trigger, EngineSession engine, TriggerHost host, SessionRoutines routines) {
        long version = engine.schemaVersion();
        var table =
                Inspection.table(engine, trigger.table()).orElseThrow(() -> missingTable(trigger));
        int[] watched = watched(trigger, table);
        return switch (trigger.action()) {
            case TriggerAction.SqlBody(var definition) -> {
                try (var compiler = new BodyCompiler(definition, table, engine, host)) {
                    var condition = definition.condition().map(compiler::compile).orElse(null);
                    var body = definition.body().stream().map(compiler::compile).toList();
                    compiler.keep();
                    yield new CompiledTrigger(
                            trigger, version, watched, condition, new Statements(body));
                }
            }
            case TriggerAction.CallFunction(var definition, var function) -> {
                var condition = ConditionCompiler.compile(definition, table, engine, host);
                var context =
                        new TriggerContext(
                                trigger.name(),
                                trigger.when(),
                                trigger.isRow() ? "ROW" : "STATEMENT",
                                table,
                                definition.arguments());
                yield new CompiledTrigger(
                        trigger,
                        version,
                        watched,
                        condition,
                        new Call(routines, function, context, trigger));
            }
            case TriggerAction.SendNotification(var channel, var payload) ->
                    new CompiledTrigger(
                            trigger, version, watched, null, new Send(host, channel, payload));
        };
    }

    long schemaVersion() {
        return schemaVersion;
    }

    /** Whether UPDATE OF and WHEN let it fire. */
    boolean isMet(Firing firing) {
        boolean isPassedOver =
                firing.event() == RowEvent.UPDATE && watched.length > 0 && !isTouched(firing);
        return !isPassedOver
                && (condition == null || condition.isTrue(firing.oldRow(), firing.newRow()));
    }

    /**
     * Fires.
     *
     * @return the row to go on with; null where it is to be skipped
     */
    @Nullable Object @Nullable [] fire(Firing firing) {
        if (!isMet(firing)) {
            return kept(firing);
        }
        return action.run(firing);
    }

    private static @Nullable Object[] kept(Firing firing) {
        var row = firing.newRow() == null ? firing.oldRow() : firing.newRow();
        return row == null ? NOTHING : row;
    }

    /** By the SET list; a foreign key's action has none, there the values tell. */
    private boolean isTouched(Firing firing) {
        var assigned = firing.assigned();
        if (assigned != null) {
            return trigger.columns().stream().anyMatch(assigned::contains);
        }
        var oldRow = firing.oldRow();
        var newRow = firing.newRow();
        if (oldRow == null || newRow == null) {
            return true;
        }
        for (int column : watched) {
            if (!Objects.deepEquals(oldRow[column], newRow[column])) {
                return true;
            }
        }
        return false;
    }

    private static int[] watched(Trigger trigger, TableInfo table) {
        var names = table.columns().stream().map(ColumnInfo::name).toList();
        int[] places = new int[trigger.columns().size()];
        for (int i = 0; i < places.length; i++) {
            String name = trigger.columns().get(i);
            places[i] = names.indexOf(name);
            if (places[i] < 0) {
                var missing =
                        new PgException(
                                SqlState.UNDEFINED_COLUMN,
                                "column \"%s\" of relation \"%s\" does not exist"
                                        .formatted(name, trigger.table().name()));
                throw trigger.action() instanceof TriggerAction.SqlBody
                        ? missing.withPosition(UpdateOf.position(trigger.source(), name))
                        : missing;
            }
        }
        return places;
    }

    private static PgException missingTable(Trigger trigger) {
        return new PgException(
                SqlState.UNDEFINED_TABLE,
                "relation \"%s\" does not exist".formatted(trigger.table().name()));
    }

    private record Statements(List<RowStatement> body) implements Action {
        @Override
        public @Nullable Object[] run(Firing firing) {
            for (var statement : body) {
                statement.run(firing.oldRow(), firing.newRow());
            }
            return kept(firing);
        }

        @Override
        public void close() {
            body.forEach(RowStatement::close);
        }
    }

    private record Call(
            SessionRoutines routines, int function, TriggerContext context, Trigger trigger)
            implements Action {
        @Override
        public @Nullable Object @Nullable [] run(Firing firing) {
            var fired =
                    new TriggerContext.Firing(
                            firing.event().name(),
                            firing.oldRow(),
                            firing.newRow(),
                            firing.transitions());
            var result = routines.calls().fire(function, context, fired);
            boolean isResultUsed = trigger.isRow() && trigger.timing() != Timing.AFTER;
            return isResultUsed ? result : kept(firing);
        }

        @Override
        public void close() {
            // The runtime keeps what it has compiled.
        }
    }

    private record Send(TriggerHost host, String channel, String payload) implements Action {
        @Override
        public @Nullable Object[] run(Firing firing) {
            host.notify(channel, payload);
            return NOTHING;
        }

        @Override
        public void close() {
            // Nothing is kept.
        }
    }

    @Override
    public void close() {
        if (condition != null) {
            condition.close();
        }
        action.close();
    }
}
