package io.heliosdb.trigger;

import io.heliosdb.engine.ColumnInfo;
import io.heliosdb.engine.EngineSession;
import io.heliosdb.engine.RowEvent;
import io.heliosdb.engine.TableInfo;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Objects;

/**
 * A trigger ready to fire in one session: its texts are rewritten and prepared, its references to
 * NEW and OLD are places in the row. Good for one version of the schema.
 */
final class CompiledTrigger implements AutoCloseable {
    private final long schemaVersion;

    /** Where the columns of UPDATE OF stand in the row; empty for any. */
    private final int[] watched;

    private final @Nullable RowStatement condition;
    private final List<RowStatement> body;

    private CompiledTrigger(
            long schemaVersion,
            int[] watched,
            @Nullable RowStatement condition,
            List<RowStatement> body) {
        this.schemaVersion = schemaVersion;
        this.watched = watched;
        this.condition = condition;
        this.body = body;
    }

    /**
     * Compiles a trigger.
     *
     * @throws PgException what is wrong with it, with its position in the trigger's source
     */
    static CompiledTrigger compile(Trigger trigger, EngineSession engine, TriggerHost host) {
        long version = engine.engine().schemaVersion();
        var table =
                engine.engine()
                        .schema()
                        .table(trigger.table().schema(), trigger.table().name())
                        .orElseThrow(() -> missingTable(trigger));
        int[] watched = watched(trigger, table);
        return switch (trigger.action()) {
            case TriggerAction.SqlBody(var definition) -> {
                try (var compiler = new BodyCompiler(definition, table, engine, host)) {
                    var condition = definition.condition().map(compiler::compile).orElse(null);
                    var body = definition.body().stream().map(compiler::compile).toList();
                    compiler.keep();
                    yield new CompiledTrigger(version, watched, condition, body);
                }
            }
        };
    }

    long schemaVersion() {
        return schemaVersion;
    }

    void fire(
            RowEvent event,
            @Nullable Object @Nullable [] oldRow,
            @Nullable Object @Nullable [] newRow) {
        if (event == RowEvent.UPDATE && watched.length > 0 && !isChanged(oldRow, newRow)) {
            return;
        }
        if (condition != null && !condition.isTrue(oldRow, newRow)) {
            return;
        }
        for (var statement : body) {
            statement.run(oldRow, newRow);
        }
    }

    private boolean isChanged(
            @Nullable Object @Nullable [] oldRow, @Nullable Object @Nullable [] newRow) {
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
                throw new PgException(
                                SqlState.UNDEFINED_COLUMN,
                                "column \"%s\" of relation \"%s\" does not exist"
                                        .formatted(name, trigger.table().name()))
                        .withPosition(UpdateOf.position(trigger.source(), name));
            }
        }
        return places;
    }

    private static PgException missingTable(Trigger trigger) {
        return new PgException(
                SqlState.UNDEFINED_TABLE,
                "relation \"%s\" does not exist".formatted(trigger.table().name()));
    }

    @Override
    public void close() {
        if (condition != null) {
            condition.close();
        }
        body.forEach(RowStatement::close);
    }
}
