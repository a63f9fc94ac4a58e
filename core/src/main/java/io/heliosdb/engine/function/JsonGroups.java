package io.heliosdb.engine.function;

import io.heliosdb.engine.FunctionValues;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.type.Json;

import org.h2.value.Value;
import org.h2.value.ValueRow;
import org.h2.value.ValueVarchar;
import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.util.List;
import java.util.Map;

/**
 * JSON made of the values of a group, and printed over several lines.
 *
 * @see <a href="https://www.postgresql.org/docs/15/functions-aggregate.html">PostgreSQL: aggregate
 *     functions</a>
 */
public final class JsonGroups {
    private static final int INDENT = 4;

    private JsonGroups() {}

    /**
     * The values of a group as a json array.
     *
     * @param connection the caller's
     * @param values an array of them, or NULL for a group of none
     * @return NULL for a group of none
     */
    public static Value array(Connection connection, Value values) {
        return isNull(values) ? values : FunctionValues.json(arrayText(connection, values));
    }

    /**
     * The rows of a group as a json array, each on a line.
     *
     * @param connection the caller's
     * @param rows an array of objects, or NULL for a group of none
     * @return NULL for a group of none
     */
    public static Value rows(Connection connection, Value rows) {
        return isNull(rows) ? rows : FunctionValues.json(arrayText(connection, rows, ", \n "));
    }

    /**
     * The values of a group as a jsonb array.
     *
     * @param connection the caller's
     * @param values an array of them, or NULL for a group of none
     * @return NULL for a group of none
     */
    public static Value binaryArray(Connection connection, Value values) {
        return isNull(values)
                ? values
                : FunctionValues.json(Json.normalized(arrayText(connection, values)));
    }

    private static String arrayText(Connection connection, Value values) {
        return arrayText(connection, values, ", ");
    }

    private static String arrayText(Connection connection, Value values, String between) {
        var text = new JsonText(connection);
        String separator = "[";
        for (Value value : ArrayFunctions.list(values)) {
            text.raw(separator).value(value);
            separator = between;
        }
        return text.raw("]").toString();
    }

    /**
     * The pairs of a group as a json object, which has the same key as often as the group.
     *
     * @param connection the caller's
     * @param pairs an array of rows of a key and a value, or NULL for a group of none
     * @return NULL for a group of none
     * @throws PgException 22023 for a key that is NULL
     */
    public static Value object(Connection connection, Value pairs) {
        return isNull(pairs) ? pairs : FunctionValues.json(objectText(connection, pairs));
    }

    /**
     * The pairs of a group as a jsonb object, in which the last of equal keys is the one.
     *
     * @param connection the caller's
     * @param pairs an array of rows of a key and a value, or NULL for a group of none
     * @return NULL for a group of none
     * @throws PgException 22023 for a key that is NULL
     */
    public static Value binaryObject(Connection connection, Value pairs) {
        return isNull(pairs)
                ? pairs
                : FunctionValues.json(Json.normalized(objectText(connection, pairs)));
    }

    private static String objectText(Connection connection, Value pairs) {
        var text = new JsonText(connection);
        String separator = "{ ";
        for (Value pair : ArrayFunctions.list(pairs)) {
            Value[] both = ((ValueRow) pair).getList();
            if (isNull(both[0])) {
                throw new PgException(
                        SqlState.INVALID_PARAMETER_VALUE, "field name must not be null");
            }
            text.raw(separator).key(both[0]).raw(" : ").value(both[1]);
            separator = ", ";
        }
        return text.raw(" }").toString();
    }

    /**
     * A jsonb over several lines.
     *
     * @param json a jsonb
     * @return NULL for NULL
     */
    public static Value pretty(Value json) {
        if (isNull(json)) {
            return json;
        }
        var out = new StringBuilder();
        write(JsonChanges.root(FunctionValues.jsonb(json)), 0, out);
        return ValueVarchar.get(out.toString());
    }

    private static void write(@Nullable Object node, int depth, StringBuilder out) {
        char end;
        String separator = "\n";
        if (node instanceof Map<?, ?> object) {
            out.append('{');
            for (var entry : object.entrySet()) {
                out.append(separator).repeat(' ', (depth + 1) * INDENT);
                JsonText.quote((String) entry.getKey(), out);
                write(entry.getValue(), depth + 1, out.append(": "));
                separator = ",\n";
            }
            end = '}';
        } else if (node instanceof List<?> array) {
            out.append('[');
            for (Object element : array) {
                out.append(separator).repeat(' ', (depth + 1) * INDENT);
                write(element, depth + 1, out);
                separator = ",\n";
            }
            end = ']';
        } else {
            out.append(JsonTree.of(node));
            return;
        }
        out.append('\n').repeat(' ', depth * INDENT).append(end);
    }

    private static boolean isNull(Value value) {
        return value.getValueType() == Value.NULL;
    }
}
