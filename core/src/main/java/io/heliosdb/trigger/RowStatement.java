package io.heliosdb.trigger;

import io.heliosdb.engine.EngineExpression;
import io.heliosdb.engine.EnginePlan;
import io.heliosdb.engine.EngineSession;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.sql.BodyStatement;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.List;

/**
 * A statement or condition of a trigger, prepared: a row costs the binding of its values. Where a
 * trigger fires itself, each depth has a plan of its own. Confined to the session's thread.
 */
final class RowStatement implements AutoCloseable {
    /** How often an upsert that lost a race is run again before its error is reported. */
    private static final int UPSERT_TRIES = 100;

    private final EngineSession engine;
    private final String sql;

    /** For each parameter the place in the row; that in OLD is counted from -1 downwards. */
    private final int[] places;

    private final boolean isUpsert;

    /** Plans that no depth is using. */
    private final ArrayDeque<Plan> idle = new ArrayDeque<>(1);

    /** A plan and, where it reads no table, its values without a statement. */
    private record Plan(EnginePlan statement, @Nullable EngineExpression expression) {
        static Plan of(EnginePlan statement) {
            return new Plan(statement, statement.expression());
        }
    }

    private RowStatement(
            EngineSession engine, String sql, int[] places, boolean isUpsert, EnginePlan first) {
        this.engine = engine;
        this.sql = sql;
        this.places = places;
        this.isUpsert = isUpsert;
        idle.push(Plan.of(first));
    }

    /**
     * Prepares a statement.
     *
     * @param columns the names of the table's columns in their order
     */
    static RowStatement prepare(
            EngineSession engine, BodyStatement statement, List<String> columns) {
        int[] places = new int[statement.references().size()];
        for (int i = 0; i < places.length; i++) {
            var reference = statement.references().get(i);
            int place = columns.indexOf(reference.column());
            places[i] = reference.old() ? ~place : place;
        }
        return new RowStatement(
                engine,
                statement.sql(),
                places,
                isUpsert(statement),
                engine.prepare(statement.sql()));
    }

    /** ON CONFLICT and INSERT OR REPLACE reach the engine as MERGE, which can lose a race. */
    private static boolean isUpsert(BodyStatement statement) {
        return statement.sql().stripLeading().regionMatches(true, 0, "MERGE", 0, 5);
    }

    void run(@Nullable Object @Nullable [] oldRow, @Nullable Object @Nullable [] newRow) {
        var plan = borrow();
        try {
            if (plan.expression() != null) {
                plan.expression().evaluate(values(oldRow, newRow));
            } else {
                execute(plan.statement(), values(oldRow, newRow));
            }
        } finally {
            idle.push(plan);
        }
    }

    /** Whether this condition holds; NULL is no. */
    boolean isTrue(@Nullable Object @Nullable [] oldRow, @Nullable Object @Nullable [] newRow) {
        var plan = borrow();
        try {
            return plan.expression() != null
                    ? Boolean.TRUE.equals(plan.expression().value(values(oldRow, newRow)))
                    : isTrue(plan.statement(), values(oldRow, newRow));
        } finally {
            idle.push(plan);
        }
    }

    private static boolean isTrue(EnginePlan plan, @Nullable Object[] values) {
        try (var result = plan.execute(values)) {
            return result.next() && Boolean.TRUE.equals(result.value(0));
        }
    }

    private void execute(EnginePlan plan, @Nullable Object[] values) {
        for (int tries = 1; ; tries++) {
            try {
                plan.execute(values).close();
                return;
            } catch (PgException e) {
                boolean hasLostRace = isUpsert && e.sqlState().equals(SqlState.UNIQUE_VIOLATION);
                if (!hasLostRace || tries == UPSERT_TRIES) {
                    throw e;
                }
            }
        }
    }

    private Plan borrow() {
        var plan = idle.poll();
        return plan != null ? plan : Plan.of(engine.prepare(sql));
    }

    private @Nullable Object[] values(
            @Nullable Object @Nullable [] oldRow, @Nullable Object @Nullable [] newRow) {
        var values = new @Nullable Object[places.length];
        for (int i = 0; i < places.length; i++) {
            values[i] = places[i] < 0 ? value(oldRow, ~places[i]) : value(newRow, places[i]);
        }
        return values;
    }

    /** A row that the event does not have is one of NULLs. */
    private static @Nullable Object value(@Nullable Object @Nullable [] row, int place) {
        return row == null ? null : row[place];
    }

    @Override
    public void close() {
        idle.forEach(plan -> plan.statement().close());
        idle.clear();
    }
}
