package io.heliosdb.trigger.plpgsql;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.type.PgArray;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** One call of a body: its variables and where it stands. Confined to the session's thread. */
final class Frame {
    final CompiledBody body;

    /** A value as {@code pg.type} has it, or a {@link RowValue}; by slot. */
    final @Nullable Object[] slots;

    /** The rows of a function that returns a set. */
    final List<@Nullable Object[]> rows = new ArrayList<>(0);

    /** The columns of those rows, once there is one. */
    @Nullable RowShape rowShape;

    /** The statement that runs, for CONTEXT. */
    @Nullable Instruction at;

    /** What it is doing instead, where that is no statement. */
    @Nullable String doing;

    int doingLine;

    /** The SQL that it runs, for the CONTEXT of what that calls. */
    @Nullable Sql running;

    /** The result of the last statement, for GET DIAGNOSTICS. */
    long rowCount;

    /** What RETURN gave. */
    @Nullable Object result;

    int resultOid;

    /** The label that EXIT or CONTINUE named. */
    @Nullable String exitLabel;

    /** The error that a handler is about, with all of its CONTEXT. */
    @Nullable PgException handled;

    /** An error that was raised again, whose CONTEXT has this call already. */
    @Nullable PgException again;

    Frame(CompiledBody body) {
        this.body = body;
        this.slots = new @Nullable Object[body.size()];
    }

    /** The transition tables of a statement's trigger. */
    List<TriggerContext.TransitionTable> transitions = List.of();

    /** The transition table of a name; below 0 where there is none. */
    int transition(String name) {
        for (int i = 0; i < transitions.size(); i++) {
            if (transitions.get(i).name().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    RowShape transitionShape() {
        var shape = body.tableShape();
        if (shape == null) {
            throw new IllegalStateException("a transition table without a trigger");
        }
        return shape;
    }

    private PgArray transitionColumn(int table, int column) {
        var values = new ArrayList<@Nullable Object>();
        for (var row : transitions.get(table).rows()) {
            values.add(row[column]);
        }
        return PgArray.of(transitionShape().types().get(column).oid(), values);
    }

    @Nullable Object value(int slot, int column) {
        if (slot < 0) {
            return transitionColumn(~slot, column);
        }
        Object value = slots[slot];
        if (column == FrameNames.IS_NULL) {
            return !(value instanceof RowValue row) || row.isNull;
        }
        if (column < 0) {
            return value;
        }
        return value instanceof RowValue row ? row.values[column] : null;
    }

    /** The columns that a row variable has now; null where it has none yet. */
    @Nullable RowShape shape(Variable variable) {
        return slots[variable.slot()] instanceof RowValue row ? row.shape : body.shape(variable);
    }

    int requireColumn(Variable variable, RowShape shape, String field) {
        int column = shape.indexOf(field);
        if (column < 0) {
            throw new PgException(
                    SqlState.UNDEFINED_COLUMN,
                    "record \"" + variable.name() + "\" has no field \"" + field + '"');
        }
        return column;
    }

    /** The line of CONTEXT that says where this call stands. */
    String where() {
        String call = "PL/pgSQL function " + body.callName();
        if (doing != null) {
            return doingLine > 0 ? call + " line " + doingLine + ' ' + doing : call + ' ' + doing;
        }
        return at == null ? call : call + " line " + at.line() + " at " + at.kind();
    }
}
