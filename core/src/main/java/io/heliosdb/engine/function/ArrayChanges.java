package io.heliosdb.engine.function;

import io.heliosdb.engine.FunctionLibrary;
import io.heliosdb.engine.SqlFunction;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.h2.value.Value;
import org.h2.value.ValueArray;
import org.h2.value.ValueNull;

import java.util.Arrays;
import java.util.List;

/**
 * Arrays that are filled, and elements of them that are assigned.
 *
 * @see <a href="https://www.postgresql.org/docs/15/arrays.html#ARRAYS-MODIFYING">PostgreSQL:
 *     modifying arrays</a>
 */
public final class ArrayChanges implements FunctionLibrary {
    private static final int ELEMENTS_MAX = 134_217_727;

    /** For {@link java.util.ServiceLoader}. */
    public ArrayChanges() {}

    @Override
    public List<SqlFunction> functions() {
        return List.of(
                function("helios_array_fill", "fill"), function("helios_array_set", "assigned"));
    }

    private static SqlFunction function(String name, String method) {
        return new SqlFunction(
                name, ArrayChanges.class, method, SqlFunction.TYPE_OF_OTHERS, List.of(), true);
    }

    /**
     * An array of one value.
     *
     * @param element the value
     * @param lengths the lengths of its dimensions, of which there may be one
     * @return the array
     * @throws PgException 22004 for no lengths, 0A000 for several dimensions
     */
    public static Value fill(Value element, Value lengths) {
        if (!(lengths instanceof ValueArray known)) {
            throw new PgException(
                    new SqlState("22004"), "dimension array or low bound array cannot be null");
        }
        Value[] dimensions = known.getList();
        if (dimensions.length == 0) {
            return ValueArray.get(element.getType(), new Value[0], null);
        }
        if (dimensions.length > 1) {
            throw new PgException(
                    SqlState.FEATURE_NOT_SUPPORTED, "arrays of several dimensions are not filled");
        }
        var elements = new Value[limited(dimensions[0].getInt())];
        Arrays.fill(elements, element);
        return ValueArray.get(elements, null);
    }

    /**
     * An array with another value at a place; places between its end and that are NULL.
     *
     * @param array an array, or NULL for an empty one
     * @param index the place, from 1
     * @param element the value
     * @return the array
     * @throws PgException 22004 for a place that is NULL, 2202E for one below 1
     */
    public static Value assigned(Value array, Value index, Value element) {
        if (index.getValueType() == Value.NULL) {
            throw new PgException(
                    new SqlState("22004"), "array subscript in assignment must not be null");
        }
        Value[] before = array instanceof ValueArray known ? known.getList() : new Value[0];
        int place = index.getInt();
        if (place < 1) {
            throw new PgException(new SqlState("2202E"), "array subscript out of range");
        }
        Value[] after = Arrays.copyOf(before, Math.max(before.length, limited(place)));
        Arrays.fill(after, before.length, after.length, ValueNull.INSTANCE);
        after[place - 1] = element;
        return ValueArray.get(after, null);
    }

    private static int limited(int length) {
        if (length < 0 || length > ELEMENTS_MAX) {
            throw new PgException(
                    SqlState.PROGRAM_LIMIT_EXCEEDED,
                    "array size exceeds the maximum allowed (" + ELEMENTS_MAX + ')');
        }
        return length;
    }
}
