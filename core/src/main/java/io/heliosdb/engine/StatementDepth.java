package io.heliosdb.engine;

import org.h2.table.Table;
import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
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

    private long skipped;

    long level() {
        return level;
    }

    /** A plan begins; gives what {@link #leavePlan} takes. */
    long[] enterPlan(EnginePlan plan) {
        long[] before = {level, skipped};
        outer.push(plan);
        level = ((level >>> 16) + 1) << 16;
        skipped = 0;
        return before;
    }

    /** A plan ends; gives how many of its rows a trigger has skipped. */
    long leavePlan(long[] before) {
        long rows = skipped;
        outer.pop();
        level = before[0];
        skipped = before[1];
        return rows;
    }

    void enterRow() {
        level++;
    }

    void leaveRow() {
        level--;
    }

    void skipRow() {
        if ((level & 0xffff) == 0) {
            skipped++;
        }
    }

    /** The columns that the running UPDATE sets; null inside a foreign key's action. */
    @Nullable Set<String> updatedColumns(Table table) {
        var plan = outer.peek();
        return plan == null || (level & 0xffff) != 0 ? null : plan.updatedColumns(table);
    }
}
