package io.heliosdb.engine.function;

import io.heliosdb.engine.FunctionValues;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.type.Json;

import org.h2.value.Value;
import org.h2.value.ValueNull;
import org.h2.value.ValueVarchar;
import org.jspecify.annotations.Nullable;

import java.sql.Connection;

/**
 * The functions that make JSON and take it apart.
 *
 * @see <a href="https://www.postgresql.org/docs/15/functions-json.html">PostgreSQL: JSON
 *     functions</a>
 * @see <a href="https://www.sqlite.org/json1.html">SQLite: JSON functions</a>
 */
public final class JsonFunctions {
    private JsonFunctions() {}

    /**
     * An object in PostgreSQL's json form, {@code {"a" : 1, "b" : 2}}.
     *
     * @param connection the caller's
     * @param arguments keys and values in turn
     * @return the object
     */
    public static Value jsonBuildObject(Connection connection, Value... arguments) {
        return FunctionValues.json(object(connection, " : ", ", ", arguments));
    }

    /**
     * An object in SQLite's form, {@code {"a":1,"b":2}}.
     *
     * @param connection the caller's
     * @param arguments keys and values in turn
     * @return the object
     */
    public static Value jsonObject(Connection connection, Value... arguments) {
        return FunctionValues.json(object(connection, ":", ",", arguments));
    }

    /**
     * An array in PostgreSQL's json form.
     *
     * @param connection the caller's
     * @param arguments its elements
     * @return the array
     */
    public static Value jsonBuildArray(Connection connection, Value... arguments) {
        return FunctionValues.json(array(connection, arguments));
    }

    /**
     * An object in jsonb's form.
     *
     * @param connection the caller's
     * @param arguments keys and values in turn
     * @return the object
     */
    public static Value jsonbBuildObject(Connection connection, Value... arguments) {
        return normal(object(connection, ":", ",", arguments));
    }

    /**
     * An array in jsonb's form.
     *
     * @param connection the caller's
     * @param arguments its elements
     * @return the array
     */
    public static Value jsonbBuildArray(Connection connection, Value... arguments) {
        return normal(array(connection, arguments));
    }

    /**
     * A value as json.
     *
     * @param connection the caller's
     * @param value any value
     * @return null for NULL
     */
    public static Value toJson(Connection connection, Value value) {
        return isNull(value)
                ? value
                : FunctionValues.json(new JsonText(connection).value(value).toString());
    }

    /**
     * A value as jsonb.
     *
     * @param connection the caller's
     * @param value any value
     * @return null for NULL
     */
    public static Value toJsonb(Connection connection, Value value) {
        return isNull(value) ? value : normal(new JsonText(connection).value(value).toString());
    }

    /**
     * A text read as json, which keeps it as it is.
     *
     * @param value a text or a json
     * @return null for NULL
     */
    public static Value parseJson(Value value) {
        return isNull(value) ? value : FunctionValues.checkedJson(text(value));
    }

    /**
     * A text read as jsonb.
     *
     * @param value a text or a json
     * @return null for NULL
     */
    public static Value parseJsonb(Value value) {
        return isNull(value) ? value : FunctionValues.jsonb(value);
    }

    /**
     * What lies below a value, as {@code ->} gives it.
     *
     * @param json a json
     * @param step a key, or an index of an array
     * @return NULL where there is nothing
     */
    public static Value get(Value json, Value step) {
        return extractPath(json, step);
    }

    /**
     * What lies below a value, as {@code ->>} gives it.
     *
     * @param json a json
     * @param step a key, or an index of an array
     * @return NULL where there is nothing
     */
    public static Value getText(Value json, Value step) {
        return extractPathText(json, step);
    }

    /**
     * What lies at a path.
     *
     * @param json a json
     * @param path keys and indexes
     * @return NULL where there is nothing
     */
    public static Value extractPath(Value json, Value... path) {
        JsonTree found = find(json, path);
        return found == null ? ValueNull.INSTANCE : FunctionValues.json(found.toString());
    }

    /**
     * What lies at a path, as text.
     *
     * @param json a json
     * @param path keys and indexes
     * @return NULL where there is nothing
     */
    public static Value extractPathText(Value json, Value... path) {
        JsonTree found = find(json, path);
        String text = found == null ? null : found.toText();
        return text == null ? ValueNull.INSTANCE : ValueVarchar.get(text);
    }

    private static @Nullable JsonTree find(Value json, Value... path) {
        if (isNull(json)) {
            return null;
        }
        JsonTree at = JsonTree.parse(text(json));
        for (Value step : path) {
            if (isNull(step) || at == null) {
                return null;
            }
            at = at.step(step.getString());
        }
        return at;
    }

    private static Value normal(String json) {
        return FunctionValues.json(Json.normalized(json));
    }

    private static String object(
            Connection connection, String colon, String comma, Value... arguments) {
        if (arguments.length % 2 != 0) {
            throw new PgException(
                            SqlState.INVALID_PARAMETER_VALUE,
                            "argument list must have even number of elements")
                    .withHint(
                            "The arguments of json_build_object() must consist of alternating"
                                    + " keys and values.");
        }
        var text = new JsonText(connection).raw("{");
        for (int i = 0; i < arguments.length; i += 2) {
            if (isNull(arguments[i])) {
                throw new PgException(
                        SqlState.INVALID_PARAMETER_VALUE,
                        "argument " + (i + 1) + " cannot be null");
            }
            text.raw(i == 0 ? "" : comma).key(arguments[i]).raw(colon).value(arguments[i + 1]);
        }
        return text.raw("}").toString();
    }

    private static String array(Connection connection, Value... arguments) {
        var text = new JsonText(connection).raw("[");
        for (int i = 0; i < arguments.length; i++) {
            text.raw(i == 0 ? "" : ", ").value(arguments[i]);
        }
        return text.raw("]").toString();
    }

    private static boolean isNull(Value value) {
        return value.getValueType() == Value.NULL;
    }

    private static String text(Value value) {
        String text = value.getString();
        return text == null ? "" : text;
    }
}
