package io.heliosdb.engine;

import org.h2.engine.SessionLocal;
import org.h2.table.Table;
import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Set;

/**
 * Which statements of one session run inside which, and how many of their rows triggers have
 * skipped. Confined to the session's thread.
 */
final class StatementDepth {
    /** The plans that run, each inside the one below it. */
    private final ArrayDeque<EnginePlan> outer = new ArrayDeque<>();

    /** The number of plans that run above 16 bits, below that of rows inside the last one. */
    private long level;

    private Rows rows = new Rows();

    /** The rows of the last plan. */
    static final class Rows {
        long changed;
        long returned;
        long skipped;

        /** Which of the changed rows were skipped, by their number; null for none. */
        @Nullable BitSet places;
    }

    /** What is around a plan that runs. */
    record Outside(long level, Rows rows) {}

    private @Nullable Connection connection;

    /** What functions written in Java get as their first argument; the same each time. */
    Connection connection(SessionLocal session) {
        var known = connection;
        if (known == null) {
            known = session.createConnection(false);
            connection = known;
        }
        return known;
    }

    long level() {
        return level;
    }

    /** A plan begins; gives what {@link #leavePlan} takes. */
    Outside enterPlan(EnginePlan plan) {
        var before = new Outside(level, rows);
        outer.push(plan);
        level = ((level >>> 16) + 1) << 16;
        rows = new Rows();
        return before;
    }

    /** A plan ends; gives how many of its rows a trigger has skipped. */
    long leavePlan(Outside before) {
        long skipped = rows.skipped;
        outer.pop();
        level = before.level;
        rows = before.rows;
        return skipped;
    }

    void enterRow() {
        level++;
    }

    void leaveRow() {
        level--;
    }

    /** The plan has changed a row. */
    void changedRow() {
        if (isOwnRow()) {
            rows.changed++;
        }
    }

    /** A trigger has skipped a row of the plan. */
    void skipRow() {
        if (!isOwnRow()) {
            return;
        }
        if (rows.places == null) {
            rows.places = new BitSet();
        }
        rows.places.set((int) rows.changed++);
        rows.skipped++;
    }

    /** Whether the row was not skipped that RETURNING comes to. */
    boolean isNextReturned() {
        var places = rows.places;
        return places == null || !places.get((int) rows.returned++);
    }

    private boolean isOwnRow() {
        return (level & 0xffff) == 0;
    }

    /** The columns that the running UPDATE sets; null inside a foreign key's action. */
    @Nullable Set<String> updatedColumns(Table table) {
        var plan = outer.peek();
        return plan == null || (level & 0xffff) != 0 ? null : plan.updatedColumns(table);
    }
}
