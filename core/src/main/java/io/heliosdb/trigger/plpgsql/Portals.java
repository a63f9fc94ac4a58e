package io.heliosdb.trigger.plpgsql;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.sql.SqlType;
import io.heliosdb.trigger.plpgsql.Instruction.Fetch;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The cursors that bodies have opened in a session, until the end of its transaction. A cursor
 * holds all the rows of its query, as they were when it was opened.
 *
 * @see <a href="https://www.postgresql.org/docs/15/plpgsql-cursors.html">PostgreSQL: cursors</a>
 */
final class Portals {
    private static final int OPEN_MAX = 10_000;

    private final SqlRunner sql;
    private final Assigner assigner;
    private final PlpgsqlHost host;
    private final Map<String, Portal> open = new HashMap<>();
    private long unnamed;

    /** An open cursor. */
    static final class Portal {
        private final RowShape shape;
        private final List<@Nullable Object[]> rows;
        private final boolean isForwardOnly;

        /** The number of the current row from 1; 0 before the first. */
        private int position;

        Portal(RowShape shape, List<@Nullable Object[]> rows, boolean isForwardOnly) {
            this.shape = shape;
            this.rows = rows;
            this.isForwardOnly = isForwardOnly;
        }

        RowShape shape() {
            return shape;
        }

        List<@Nullable Object[]> rows() {
            return rows;
        }
    }

    Portals(SqlRunner sql, Assigner assigner, PlpgsqlHost host) {
        this.sql = sql;
        this.assigner = assigner;
        this.host = host;
    }

    void open(Instruction.Open open, Frame frame) {
        var variable = open.cursor();
        String name = (String) frame.slots[variable.slot()];
        if (name != null && this.open.containsKey(name)) {
            throw new PgException(
                    SqlState.DUPLICATE_CURSOR, "cursor \"" + name + "\" already in use");
        }
        if (this.open.size() >= OPEN_MAX) {
            throw new PgException(
                    SqlState.PROGRAM_LIMIT_EXCEEDED, "more than " + OPEN_MAX + " cursors are open");
        }
        var outcome = outcome(open, frame);
        if (outcome.shape() == null) {
            throw new PgException(
                    new SqlState("42P11"), "cannot open a query that returns no rows as cursor");
        }
        if (name == null) {
            name = "<unnamed portal " + ++unnamed + '>';
            frame.slots[variable.slot()] = name;
        }
        boolean isForwardOnly = Boolean.FALSE.equals(open.isScroll());
        this.open.put(name, new Portal(outcome.shape(), outcome.rows(), isForwardOnly));
    }

    private SqlRunner.Outcome outcome(Instruction.Open open, Frame frame) {
        var bound = open.cursor().cursor();
        if (open.query() != null) {
            return sql.run(open.query(), frame, Integer.MAX_VALUE);
        }
        if (bound == null) {
            throw new IllegalStateException("a cursor without a query");
        }
        for (int i = 0; i < bound.arguments().size(); i++) {
            Object value = sql.value(open.arguments().get(i), frame);
            assigner.put(bound.arguments().get(i), value, sql.oid, frame);
        }
        return sql.run(bound.query(), frame, Integer.MAX_VALUE);
    }

    /** The cursor that a variable names. */
    Portal require(Variable variable, Frame frame) {
        if (!(frame.slots[variable.slot()] instanceof String name)) {
            throw new PgException(
                    SqlState.NULL_VALUE_NOT_ALLOWED,
                    "cursor variable \"" + variable.name() + "\" is null");
        }
        var portal = open.get(name);
        if (portal == null) {
            throw new PgException(
                    SqlState.INVALID_CURSOR_NAME, "cursor \"" + name + "\" does not exist");
        }
        return portal;
    }

    void close(Instruction.Close close, Frame frame) {
        require(close.cursor(), frame);
        forget(close.cursor(), frame);
    }

    void forget(Variable variable, Frame frame) {
        if (frame.slots[variable.slot()] instanceof String name) {
            open.remove(name);
        }
        if (variable.cursor() == null) {
            return;
        }
        frame.slots[variable.slot()] = variable.name();
    }

    /** The transaction has ended, and all cursors with it. */
    void clear() {
        open.clear();
    }

    // ---- FETCH and MOVE

    void fetch(Fetch fetch, Frame frame) {
        var portal = require(fetch.cursor(), frame);
        int count = count(fetch, frame);
        int before = portal.position;
        move(portal, fetch, count);
        boolean isOnRow = portal.position >= 1 && portal.position <= portal.rows.size();
        if (fetch.into() == null) {
            frame.rowCount = moved(fetch, before, portal, isOnRow);
        } else if (isOnRow) {
            assigner.into(fetch.into(), portal.shape, portal.rows.get(portal.position - 1), frame);
            frame.rowCount = 1;
        } else {
            assigner.intoNothing(fetch.into(), portal.shape, frame);
            frame.rowCount = 0;
        }
        frame.slots[frame.body.code().found().slot()] = frame.rowCount > 0;
    }

    private static long moved(Fetch fetch, int before, Portal portal, boolean isOnRow) {
        boolean isSingle =
                fetch.direction() == Instruction.Direction.ABSOLUTE
                        || fetch.direction() == Instruction.Direction.RELATIVE;
        if (isSingle) {
            return isOnRow ? 1 : 0;
        }
        int size = portal.rows.size();
        int from = Math.clamp(before, 0, size + 1);
        int distance = Math.abs(portal.position - from);
        return isOnRow || distance == 0 ? distance : distance - 1L;
    }

    private int count(Fetch fetch, Frame frame) {
        if (fetch.count() == null) {
            return fetch.fixed();
        }
        Object value = sql.value(fetch.count(), frame);
        Object number = Conversion.to(SqlType.INT4, value, sql.oid, host.textStyle());
        if (number == null) {
            throw new PgException(
                    SqlState.NULL_VALUE_NOT_ALLOWED,
                    "relative or absolute cursor position is null");
        }
        return (Integer) number;
    }

    private static void move(Portal portal, Fetch fetch, int count) {
        int size = portal.rows.size();
        long target =
                switch (fetch.direction()) {
                    case FORWARD, RELATIVE -> (long) portal.position + count;
                    case BACKWARD -> (long) portal.position - count;
                    case ABSOLUTE -> count >= 0 ? count : (long) size + 1 + count;
                };
        if (target < portal.position && portal.isForwardOnly) {
            throw new PgException(
                            SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
                            "cursor can only scan forward")
                    .withHint("Declare it with SCROLL option to enable backward scan.");
        }
        portal.position = (int) Math.clamp(target, 0, (long) size + 1);
    }
}
