package io.heliosdb.trigger.plpgsql;

import io.heliosdb.engine.EngineExpression;
import io.heliosdb.engine.EnginePlan;
import io.heliosdb.engine.EngineSession;
import io.heliosdb.pg.Column;
import io.heliosdb.sql.BoundSql;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.List;

/**
 * A piece of SQL as it is prepared in one session: its variables are places in the frame. Where a
 * body runs inside itself, each depth has a plan of its own. Confined to the session's thread.
 */
final class Piece implements AutoCloseable {
    private final EngineSession engine;
    private final BoundSql sql;
    private final FrameNames.Place[] places;

    /** Record variables whose columns it was bound to. */
    private final List<FrameNames.Seen> seen;

    private final ArrayDeque<Plan> idle = new ArrayDeque<>(1);
    private final List<Column> columns;
    private final boolean isComputed;

    /** A plan and, where it reads no table, its values without a statement. */
    record Plan(EnginePlan statement, @Nullable EngineExpression expression) {
        static Plan of(EnginePlan statement) {
            return new Plan(statement, statement.expression());
        }
    }

    Piece(EngineSession engine, BoundSql sql, List<FrameNames.Seen> seen) {
        this.engine = engine;
        this.sql = sql;
        this.seen = List.copyOf(seen);
        places = sql.variables().toArray(FrameNames.Place[]::new);
        var first = Plan.of(engine.prepare(sql.sql()));
        columns = first.statement.columns();
        isComputed = first.expression != null;
        idle.push(first);
    }

    /** Whether the records that it uses still have the columns that it was bound to. */
    boolean fits(Frame frame) {
        for (int i = 0; i < seen.size(); i++) {
            var record = seen.get(i);
            if (!record.shape().equals(frame.shape(record.variable()))) {
                return false;
            }
        }
        return true;
    }

    BoundSql sql() {
        return sql;
    }

    List<Column> columns() {
        return columns;
    }

    /** Whether its values are computed without a statement. */
    boolean isComputed() {
        return isComputed;
    }

    Plan borrow() {
        var plan = idle.poll();
        return plan != null ? plan : Plan.of(engine.prepare(sql.sql()));
    }

    void giveBack(Plan plan) {
        idle.push(plan);
    }

    @Nullable Object[] values(Frame frame) {
        var values = new @Nullable Object[places.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = frame.value(places[i].slot(), places[i].column());
        }
        return values;
    }

    /** The values for a statement whose only variables are given in a list. */
    @Nullable Object[] values(@Nullable Object[] arguments) {
        var values = new @Nullable Object[places.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = arguments[places[i].slot()];
        }
        return values;
    }

    @Override
    public void close() {
        idle.forEach(plan -> plan.statement.close());
        idle.clear();
    }
}
