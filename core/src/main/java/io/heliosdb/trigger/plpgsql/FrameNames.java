package io.heliosdb.trigger.plpgsql;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.sql.BodyNames;
import io.heliosdb.sql.SqlType;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * What the names in a piece of SQL mean in a frame; remembers the records whose columns it used.
 */
final class FrameNames implements BodyNames {
    private final Frame frame;
    private final Scope scope;
    private final List<Seen> seen = new ArrayList<>();

    /** In the place of a column: whether the row is NULL as a whole. */
    static final int IS_NULL = -2;

    /**
     * A value of the frame; {@code column} is -1 for a variable itself. A slot below 0 is a
     * transition table, counted from -1 downwards, whose column is an array.
     */
    record Place(int slot, int column) {}

    /** A record variable and the columns that it had. */
    record Seen(Variable variable, RowShape shape) {}

    FrameNames(Frame frame, Scope scope) {
        this.frame = frame;
        this.scope = scope;
    }

    List<Seen> seen() {
        return seen;
    }

    @Override
    public Conflict conflict() {
        return frame.body.conflict();
    }

    @Override
    public boolean isNumberedFromZero(List<String> path) {
        var trigger = frame.body.code().trigger();
        var found = scope.find(path);
        return trigger != null
                && found != null
                && trigger.facts().contains(found.variable())
                && found.variable().name().equals("tg_argv");
    }

    @Override
    public @Nullable Meaning find(List<String> path) {
        var found = scope.find(path);
        if (found == null) {
            return null;
        }
        var variable = found.variable();
        var rest = path.subList(found.used(), path.size());
        if (!variable.isRow()) {
            return rest.isEmpty()
                    ? new Value(new Place(variable.slot(), -1), frame.body.type(variable))
                    : null;
        }
        var shape = requireShape(variable);
        if (rest.isEmpty()) {
            var fields = new ArrayList<Field>();
            for (int i = 0; i < shape.size(); i++) {
                fields.add(new Field(shape.names().get(i), column(variable, shape, i)));
            }
            return new Row(fields, new Value(new Place(variable.slot(), IS_NULL), SqlType.BOOL));
        }
        return rest.size() > 1
                ? null
                : column(variable, shape, frame.requireColumn(variable, shape, rest.getFirst()));
    }

    @Override
    public @Nullable Row relation(String name) {
        int index = frame.transition(name);
        if (index < 0) {
            return null;
        }
        var shape = frame.transitionShape();
        var fields = new ArrayList<Field>();
        for (int i = 0; i < shape.size(); i++) {
            fields.add(
                    new Field(
                            shape.names().get(i),
                            new Value(new Place(~index, i), shape.types().get(i))));
        }
        return new Row(fields);
    }

    private static Value column(Variable variable, RowShape shape, int index) {
        return new Value(new Place(variable.slot(), index), shape.types().get(index));
    }

    private RowShape requireShape(Variable variable) {
        var shape = frame.shape(variable);
        if (shape == null) {
            throw unassigned(variable);
        }
        seen.add(new Seen(variable, shape));
        return shape;
    }

    static PgException unassigned(Variable variable) {
        return new PgException(
                        SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
                        "record \"" + variable.name() + "\" is not assigned yet")
                .withDetail("The tuple structure of a not-yet-assigned record is indeterminate.");
    }
}
