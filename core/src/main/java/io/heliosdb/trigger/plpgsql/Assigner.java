package io.heliosdb.trigger.plpgsql;

import io.heliosdb.pg.Oid;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.type.PgArray;
import io.heliosdb.sql.SqlType;
import io.heliosdb.trigger.plpgsql.Instruction.Into;
import io.heliosdb.trigger.plpgsql.Instruction.Target;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Puts values into variables, in their types. */
final class Assigner {
    private static final int ELEMENTS_MAX = 1 << 24;

    private final SqlRunner sql;
    private final PlpgsqlHost host;

    Assigner(SqlRunner sql, PlpgsqlHost host) {
        this.sql = sql;
        this.host = host;
    }

    /** An assignment statement. */
    void assign(Instruction.Assign assign, Frame frame) {
        Object computed = sql.value(assign.value(), frame);
        int oid = sql.oid;
        try {
            if (assign.target().subscripts().isEmpty()) {
                put(assign.target(), computed, oid, frame);
            } else {
                putElement(assign.target(), computed, oid, frame);
            }
        } catch (PgException e) {
            throw isFolded(assign.value(), e)
                    ? SqlRunner.inSql(e, "PL/pgSQL assignment", assign.text())
                    : e;
        }
    }

    /**
     * Whether PostgreSQL converts the value while it plans the assignment, and says so in CONTEXT:
     * a constant, but not a text that cannot be read, for which it has a position.
     */
    private static boolean isFolded(Sql value, PgException e) {
        var constant = value.constant();
        return constant != null
                && constant.value() != null
                && (constant.oid() != Oid.UNKNOWN
                        || e.sqlState().equals(SqlState.STRING_DATA_RIGHT_TRUNCATION));
    }

    /** Puts a value into a variable or a field of one. */
    void put(Target target, @Nullable Object value, int oid, Frame frame) {
        var variable = target.variable();
        if (target.field() != null) {
            putField(variable, target.field(), value, oid, frame);
        } else if (variable.isRow()) {
            putRow(variable, value, frame);
        } else {
            put(variable, value, oid, frame);
        }
    }

    void put(Variable variable, @Nullable Object value, int oid, Frame frame) {
        var type = frame.body.type(variable);
        Object converted = convert(type, value, oid);
        if (converted == null && variable.isNotNull()) {
            throw nullRefused(variable);
        }
        frame.slots[variable.slot()] = converted;
    }

    @Nullable Object convert(SqlType type, @Nullable Object value, int oid) {
        if (value == null || (oid == type.oid() && type.modifier() < 0 && !type.isArray())) {
            return value;
        }
        return Conversion.to(type, value, oid, host.textStyle());
    }

    static PgException nullRefused(Variable variable) {
        return new PgException(
                SqlState.NULL_VALUE_NOT_ALLOWED,
                "null value cannot be assigned to variable \""
                        + variable.name()
                        + "\" declared NOT NULL");
    }

    private void putField(
            Variable variable, String field, @Nullable Object value, int oid, Frame frame) {
        var shape = frame.shape(variable);
        if (shape == null) {
            throw FrameNames.unassigned(variable);
        }
        int column = frame.requireColumn(variable, shape, field);
        var row =
                frame.slots[variable.slot()] instanceof RowValue known
                        ? known
                        : RowValue.empty(shape);
        frame.slots[variable.slot()] =
                row.with(column, convert(shape.types().get(column), value, oid));
    }

    private void putRow(Variable variable, @Nullable Object value, Frame frame) {
        switch (value) {
            case null -> putNull(variable, frame);
            case RowValue row -> putRow(variable, row.shape, row.values, frame);
            default ->
                    throw new PgException(
                            SqlState.DATATYPE_MISMATCH,
                            "cannot assign non-composite value to a record variable");
        }
    }

    /** Puts the columns of a row into a row variable: by their places, if it has its own. */
    void putRow(Variable variable, RowShape shape, @Nullable Object[] values, Frame frame) {
        var own = frame.body.shape(variable);
        frame.slots[variable.slot()] =
                own == null || own.equals(shape)
                        ? RowValue.of(shape, values)
                        : RowValue.of(own, converted(own, shape, values));
    }

    /** The values of a row in the types of another; columns that are missing are NULL. */
    @Nullable Object[] converted(RowShape target, RowShape shape, @Nullable Object[] values) {
        var list = new @Nullable Object[target.size()];
        for (int i = 0; i < list.length && i < values.length; i++) {
            list[i] = convert(target.types().get(i), values[i], shape.types().get(i).oid());
        }
        return list;
    }

    private static void putNull(Variable variable, Frame frame) {
        var own = frame.shape(variable);
        frame.slots[variable.slot()] = own == null ? null : RowValue.empty(own);
    }

    // ---- INTO

    /** Puts a row into what INTO names. */
    void into(Into into, RowShape shape, @Nullable Object[] row, Frame frame) {
        if (into.isRow()) {
            putRow(into.targets().getFirst().variable(), shape, row, frame);
            return;
        }
        for (int i = 0; i < into.targets().size(); i++) {
            Object value = i < row.length ? row[i] : null;
            int oid = i < row.length ? shape.types().get(i).oid() : Oid.UNKNOWN;
            put(into.targets().get(i), value, oid, frame);
        }
    }

    /** There is no row: all that INTO names becomes NULL. */
    void intoNothing(Into into, @Nullable RowShape shape, Frame frame) {
        if (into.isRow() && shape != null) {
            var variable = into.targets().getFirst().variable();
            var own = frame.body.shape(variable);
            frame.slots[variable.slot()] = RowValue.ofNulls(own == null ? shape : own);
            return;
        }
        for (var target : into.targets()) {
            put(target, null, Oid.UNKNOWN, frame);
        }
    }

    // ---- elements of arrays

    private void putElement(Target target, @Nullable Object value, int oid, Frame frame) {
        if (target.subscripts().size() > 1) {
            throw new PgException(
                    SqlState.FEATURE_NOT_SUPPORTED,
                    "assignment to an element of an array of more than one dimension is not"
                            + " supported");
        }
        var type = type(target, frame);
        if (!type.isArray()) {
            throw new PgException(
                    SqlState.DATATYPE_MISMATCH,
                    "cannot subscript type "
                            + type.name()
                            + " because it does not support"
                            + " subscripting");
        }
        Object subscript = sql.value(target.subscripts().getFirst(), frame);
        if (subscript == null) {
            throw new PgException(
                    SqlState.NULL_VALUE_NOT_ALLOWED,
                    "array subscript in assignment must not be null");
        }
        int index = (Integer) convertedInteger(subscript);
        var element = Conversion.element(type);
        Object converted = convert(element, value, oid);
        Object array = current(target, frame);
        var changed =
                with(array instanceof PgArray known ? known : null, element, index, converted);
        put(target, changed, type.oid(), frame);
    }

    private Object convertedInteger(Object subscript) {
        Object index = Conversion.to(SqlType.INT4, subscript, sql.oid, host.textStyle());
        return index == null ? 0 : index;
    }

    private static SqlType type(Target target, Frame frame) {
        if (target.field() == null) {
            return frame.body.type(target.variable());
        }
        var shape = frame.shape(target.variable());
        if (shape == null) {
            throw FrameNames.unassigned(target.variable());
        }
        return shape.types().get(frame.requireColumn(target.variable(), shape, target.field()));
    }

    private static @Nullable Object current(Target target, Frame frame) {
        Object value = frame.slots[target.variable().slot()];
        if (target.field() == null || !(value instanceof RowValue row)) {
            return value;
        }
        return row.values[frame.requireColumn(target.variable(), row.shape, target.field())];
    }

    private static PgArray with(
            @Nullable PgArray array, SqlType element, int index, @Nullable Object value) {
        var elements = new ArrayList<@Nullable Object>();
        if (array != null) {
            elements.addAll(array.elements());
        }
        if (index < 1 || index > ELEMENTS_MAX) {
            throw new PgException(SqlState.ARRAY_SUBSCRIPT_ERROR, "array subscript out of range");
        }
        if (index > elements.size()) {
            List<@Nullable Object> gap = Collections.nCopies(index - elements.size(), null);
            elements.addAll(gap);
        }
        elements.set(index - 1, value);
        return PgArray.of(element.oid(), elements);
    }
}
