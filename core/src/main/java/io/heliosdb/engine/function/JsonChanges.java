package io.heliosdb.engine.function;

import io.heliosdb.engine.FunctionValues;
import io.heliosdb.pg.Oid;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.type.PgArray;
import io.heliosdb.pg.type.PgType;

import org.h2.value.Value;
import org.h2.value.ValueJson;
import org.h2.value.ValueNull;
import org.h2.value.ValueVarchar;
import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Functions and operators that look into jsonb values or make changed ones.
 *
 * @see <a href="https://www.postgresql.org/docs/15/functions-json.html">PostgreSQL: JSON functions
 *     and operators</a>
 */
public final class JsonChanges {
    private JsonChanges() {}

    private static boolean isNull(Value value) {
        return value.getValueType() == Value.NULL;
    }

    /** A json as maps, lists, texts, numbers, Booleans and null. */
    static @Nullable Object root(Value json) {
        String text =
                json instanceof ValueJson stored
                        ? new String(stored.getBytesNoCopy(), StandardCharsets.UTF_8)
                        : String.valueOf(json.getString());
        return JsonTree.parse(text).root();
    }

    private static Value json(@Nullable Object root) {
        return FunctionValues.json(JsonTree.of(root).toString());
    }

    /** The keys of a path: an array of texts, or its text. */
    private static List<String> path(Value path) {
        var steps = new ArrayList<String>();
        if (path.getValueType() == Value.ARRAY) {
            for (Value step : ArrayFunctions.list(path)) {
                steps.add(String.valueOf(step.getString()));
            }
            return steps;
        }
        String text = String.valueOf(path.getString());
        var array = (PgArray) PgType.of(Oid.TEXT_ARRAY).decodeText(text);
        for (Object step : array.elements()) {
            steps.add(String.valueOf(step));
        }
        return steps;
    }

    /**
     * What lies at a path, as {@code #>} gives it.
     *
     * @param json a json
     * @param path keys and indexes
     * @return NULL where there is nothing
     */
    public static Value at(Value json, Value path) {
        JsonTree found = find(json, path);
        return found == null ? ValueNull.INSTANCE : FunctionValues.json(found.toString());
    }

    /**
     * What lies at a path, as {@code #>>} gives it.
     *
     * @param json a json
     * @param path keys and indexes
     * @return NULL where there is nothing
     */
    public static Value textAt(Value json, Value path) {
        JsonTree found = find(json, path);
        String text = found == null ? null : found.toText();
        return text == null ? ValueNull.INSTANCE : ValueVarchar.get(text);
    }

    private static @Nullable JsonTree find(Value json, Value path) {
        if (isNull(json) || isNull(path)) {
            return null;
        }
        JsonTree at = JsonTree.of(root(json));
        for (String step : path(path)) {
            at = at == null ? null : at.step(step);
        }
        return at;
    }

    /** Whether one jsonb holds another. */
    static boolean contains(Value whole, Value part) {
        return contains(root(whole), root(part), true);
    }

    private static boolean contains(
            @Nullable Object whole, @Nullable Object part, boolean isOutermost) {
        if (whole instanceof Map<?, ?> object && part instanceof Map<?, ?> wanted) {
            for (var entry : wanted.entrySet()) {
                boolean found =
                        object.containsKey(entry.getKey())
                                && contains(object.get(entry.getKey()), entry.getValue(), false);
                if (!found) {
                    return false;
                }
            }
            return true;
        }
        if (whole instanceof List<?> array && part instanceof List<?> wanted) {
            for (Object each : wanted) {
                if (array.stream().noneMatch(element -> contains(element, each, false))) {
                    return false;
                }
            }
            return true;
        }
        if (isOutermost && whole instanceof List<?> array && !(part instanceof Map<?, ?>)) {
            return array.stream().anyMatch(element -> isSame(element, part));
        }
        return isSame(whole, part);
    }

    private static boolean isSame(@Nullable Object left, @Nullable Object right) {
        if (left instanceof BigDecimal number && right instanceof BigDecimal other) {
            return number.compareTo(other) == 0;
        }
        boolean isTree = left instanceof Map<?, ?> || left instanceof List<?>;
        return !isTree && (left == null ? right == null : left.equals(right));
    }

    /**
     * Whether a text is a key of an object, or an element of an array.
     *
     * @param json a jsonb
     * @param key the text
     * @return null where one is NULL
     */
    public static @Nullable Boolean exists(Value json, Value key) {
        return (isNull(json) || isNull(key))
                ? null
                : (Boolean) exists(root(json), String.valueOf(key.getString()));
    }

    private static boolean exists(@Nullable Object root, String key) {
        return root instanceof Map<?, ?> object
                ? object.containsKey(key)
                : root instanceof List<?> array ? array.contains(key) : key.equals(root);
    }

    /**
     * Whether any of some texts is a key.
     *
     * @param json a jsonb
     * @param keys the texts
     * @return null where one is NULL
     */
    public static @Nullable Boolean existsAny(Value json, Value keys) {
        if (isNull(json) || isNull(keys)) {
            return null;
        }
        Object root = root(json);
        return path(keys).stream().anyMatch(key -> exists(root, key));
    }

    /**
     * Whether all of some texts are keys.
     *
     * @param json a jsonb
     * @param keys the texts
     * @return null where one is NULL
     */
    public static @Nullable Boolean existsAll(Value json, Value keys) {
        if (isNull(json) || isNull(keys)) {
            return null;
        }
        Object root = root(json);
        return path(keys).stream().allMatch(key -> exists(root, key));
    }

    /**
     * Two jsonb values as one: objects with the keys of both, arrays one after the other.
     *
     * @param left a jsonb
     * @param right a jsonb
     * @return NULL where one is NULL
     */
    public static Value concat(Value left, Value right) {
        if (isNull(left) || isNull(right)) {
            return ValueNull.INSTANCE;
        }
        Object first = root(left);
        Object second = root(right);
        if (first instanceof Map<?, ?> object && second instanceof Map<?, ?> other) {
            var both = new LinkedHashMap<Object, @Nullable Object>(object);
            both.putAll(other);
            return json(both);
        }
        var both = new ArrayList<@Nullable Object>();
        add(both, first);
        add(both, second);
        return json(both);
    }

    private static void add(List<@Nullable Object> list, @Nullable Object root) {
        if (root instanceof List<?> array) {
            list.addAll(array);
        } else {
            list.add(root);
        }
    }

    /**
     * A jsonb without keys or an element.
     *
     * @param json an object or an array
     * @param what a key, keys, or the index of an element
     * @return NULL where one is NULL
     */
    public static Value minus(Value json, Value what) {
        if (isNull(json) || isNull(what)) {
            return ValueNull.INSTANCE;
        }
        Object root = root(json);
        boolean isIndex =
                what.getValueType() == Value.INTEGER || what.getValueType() == Value.BIGINT;
        if (!(root instanceof Map<?, ?>) && !(root instanceof List<?>)) {
            throw new PgException(SqlState.INVALID_PARAMETER_VALUE, "cannot delete from scalar");
        }
        if (isIndex) {
            if (!(root instanceof List<?> array)) {
                throw new PgException(
                        SqlState.INVALID_PARAMETER_VALUE,
                        "cannot delete from object using integer index");
            }
            int index = what.getInt() < 0 ? array.size() + what.getInt() : what.getInt();
            var left = new ArrayList<@Nullable Object>(array);
            if (index >= 0 && index < left.size()) {
                left.remove(index);
            }
            return json(left);
        }
        List<String> keys =
                what.getValueType() == Value.ARRAY
                        ? path(what)
                        : List.of(String.valueOf(what.getString()));
        if (root instanceof Map<?, ?> object) {
            var left = new LinkedHashMap<Object, @Nullable Object>(object);
            keys.forEach(left::remove);
            return json(left);
        }
        var left = new ArrayList<@Nullable Object>((List<?>) root);
        left.removeIf(keys::contains);
        return json(left);
    }

    /**
     * A jsonb without what lies at a path.
     *
     * @param json a jsonb
     * @param path keys and indexes
     * @return NULL where one is NULL
     */
    public static Value without(Value json, Value path) {
        if (isNull(json) || isNull(path)) {
            return ValueNull.INSTANCE;
        }
        return json(changed(root(json), path(path), 0, (node, step) -> removed(node, step)));
    }

    /**
     * A jsonb with another value at a path.
     *
     * @param arguments a jsonb, the path, the value, and whether it is made where it is missing
     * @return NULL where one is NULL
     */
    public static Value set(Value... arguments) {
        for (Value argument : arguments) {
            if (isNull(argument)) {
                return ValueNull.INSTANCE;
            }
        }
        boolean isMade = arguments.length < 4 || arguments[3].getBoolean();
        Object value = root(arguments[2]);
        return json(
                changed(
                        root(arguments[0]),
                        path(arguments[1]),
                        0,
                        (node, step) -> put(node, step, value, isMade)));
    }

    /**
     * A jsonb with one value more at a path.
     *
     * @param arguments a jsonb, the path, the value, and whether it comes after the element there
     * @return NULL where one is NULL
     * @throws PgException 22023 where an object has the key, or there is neither object nor array
     */
    public static Value insert(Value... arguments) {
        for (Value argument : arguments) {
            if (isNull(argument)) {
                return ValueNull.INSTANCE;
            }
        }
        boolean isAfter = arguments.length > 3 && arguments[3].getBoolean();
        Object root = root(arguments[0]);
        Object value = root(arguments[2]);
        if (!(root instanceof Map<?, ?>) && !(root instanceof List<?>)) {
            throw new PgException(SqlState.INVALID_PARAMETER_VALUE, "cannot set path in scalar");
        }
        return json(
                changed(
                        root,
                        path(arguments[1]),
                        0,
                        (node, step) -> inserted(node, step, value, isAfter)));
    }

    private static Object inserted(
            Object node, String step, @Nullable Object value, boolean isAfter) {
        if (node instanceof Map<?, ?> object) {
            if (object.containsKey(step)) {
                throw new PgException(
                                SqlState.INVALID_PARAMETER_VALUE, "cannot replace existing key")
                        .withHint("Try using the function jsonb_set to replace key value.");
            }
            return put(node, step, value, true);
        }
        if (node instanceof List<?> array) {
            var copy = new ArrayList<@Nullable Object>(array);
            int index = index(array, step);
            int place = index < 0 || !isAfter ? index : index + 1;
            copy.add(Math.clamp(place, 0, array.size()), value);
            return copy;
        }
        return node;
    }

    /** What becomes of an object or an array at the last step of a path. */
    private interface Change {
        @Nullable Object apply(Object node, String step);
    }

    private static @Nullable Object changed(
            @Nullable Object node, List<String> path, int depth, Change change) {
        if (node == null || path.isEmpty()) {
            return node;
        }
        String step = path.get(depth);
        if (depth == path.size() - 1) {
            return change.apply(node, step);
        }
        if (node instanceof Map<?, ?> object && object.containsKey(step)) {
            var copy = new LinkedHashMap<Object, @Nullable Object>(object);
            copy.put(step, changed(object.get(step), path, depth + 1, change));
            return copy;
        }
        if (node instanceof List<?> array) {
            int index = index(array, step);
            if (index >= 0 && index < array.size()) {
                var copy = new ArrayList<@Nullable Object>(array);
                copy.set(index, changed(array.get(index), path, depth + 1, change));
                return copy;
            }
        }
        return node;
    }

    private static int index(List<?> array, String step) {
        try {
            int index = Integer.parseInt(step);
            return index < 0 ? array.size() + index : index;
        } catch (NumberFormatException e) {
            throw new PgException(
                    SqlState.INVALID_TEXT_REPRESENTATION,
                    "path element at position 1 is not an integer: \"" + step + '"');
        }
    }

    private static Object removed(Object node, String step) {
        if (node instanceof Map<?, ?> object) {
            var copy = new LinkedHashMap<Object, @Nullable Object>(object);
            copy.remove(step);
            return copy;
        }
        if (node instanceof List<?> array) {
            var copy = new ArrayList<@Nullable Object>(array);
            int index = index(array, step);
            if (index >= 0 && index < array.size()) {
                copy.remove(index);
            }
            return copy;
        }
        return node;
    }

    private static Object put(Object node, String step, @Nullable Object value, boolean isMade) {
        if (node instanceof Map<?, ?> object) {
            var copy = new LinkedHashMap<Object, @Nullable Object>(object);
            if (isMade || copy.containsKey(step)) {
                copy.put(step, value);
            }
            return copy;
        }
        if (node instanceof List<?> array) {
            var copy = new ArrayList<@Nullable Object>(array);
            int index = index(array, step);
            if (index >= 0 && index < array.size()) {
                copy.set(index, value);
            } else if (isMade) {
                copy.add(index < 0 ? 0 : array.size(), value);
            }
            return copy;
        }
        return node;
    }

    /**
     * A json without the keys whose values are null.
     *
     * @param json a json
     * @return NULL for NULL
     */
    public static Value withoutNulls(Value json) {
        return isNull(json) ? json : json(withoutNulls(root(json)));
    }

    /**
     * A json without the keys whose values are null, in its own order and without blanks.
     *
     * @param json a json
     * @return NULL for NULL
     */
    public static Value compactWithoutNulls(Value json) {
        if (isNull(json)) {
            return json;
        }
        var out = new StringBuilder();
        compact(root(json), out);
        return FunctionValues.json(out.toString());
    }

    private static void compact(@Nullable Object node, StringBuilder out) {
        if (node instanceof Map<?, ?> object) {
            out.append('{');
            int begun = out.length();
            object.forEach((key, value) -> {
                if (value != null) {
                    JsonText.quote((String) key, out.append(out.length() == begun ? "" : ","));
                    compact(value, out.append(':'));
                }
            });
            out.append('}');
        } else if (node instanceof List<?> array) {
            out.append('[');
            int begun = out.length();
            for (Object element : array) {
                compact(element, out.append(out.length() == begun ? "" : ","));
            }
            out.append(']');
        } else {
            out.append(JsonTree.of(node));
        }
    }

    private static @Nullable Object withoutNulls(@Nullable Object node) {
        if (node instanceof Map<?, ?> object) {
            var copy = new TreeMap<Object, @Nullable Object>();
            object.forEach((key, value) -> {
                if (value != null) {
                    copy.put(key, withoutNulls(value));
                }
            });
            return copy;
        }
        return node instanceof List<?> array
                ? new ArrayList<>(array.stream().map(JsonChanges::withoutNulls).toList())
                : node;
    }

    /**
     * What a json is.
     *
     * @param json a json
     * @return the name of its type; null for NULL
     */
    public static @Nullable String type(Value json) {
        if (isNull(json)) {
            return null;
        }
        return switch (root(json)) {
            case null -> "null";
            case Map<?, ?> object -> "object";
            case List<?> array -> "array";
            case String text -> "string";
            case BigDecimal number -> "number";
            default -> "boolean";
        };
    }

    private static List<?> array(Value json) {
        Object root = root(json);
        if (root instanceof List<?> array) {
            return array;
        }
        throw new PgException(
                SqlState.INVALID_PARAMETER_VALUE,
                root instanceof Map<?, ?>
                        ? "cannot get array length of a non-array"
                        : "cannot get array length of a scalar");
    }

    /**
     * How many elements an array has.
     *
     * @param json an array
     * @return null for NULL
     */
    public static @Nullable Integer length(Value json) {
        return isNull(json) ? null : (Integer) array(json).size();
    }

    /**
     * The elements of an array.
     *
     * @param json an array
     * @return an array of json; NULL for NULL
     */
    public static Value elements(Value json) {
        if (isNull(json)) {
            return json;
        }
        var list = new ArrayList<Value>();
        for (Object element : array(json)) {
            list.add(json(element));
        }
        return ArrayFunctions.of(list);
    }

    /**
     * The elements of an array as texts.
     *
     * @param json an array
     * @return an array of texts; NULL for NULL
     */
    public static Value texts(Value json) {
        if (isNull(json)) {
            return json;
        }
        var list = new ArrayList<Value>();
        for (Object element : array(json)) {
            String text = JsonTree.of(element).toText();
            list.add(text == null ? ValueNull.INSTANCE : ValueVarchar.get(text));
        }
        return ArrayFunctions.of(list);
    }

    /**
     * The keys of an object.
     *
     * @param json an object
     * @return an array of texts; NULL for NULL
     */
    public static Value keys(Value json) {
        if (isNull(json)) {
            return json;
        }
        if (!(root(json) instanceof Map<?, ?> object)) {
            throw new PgException(
                    SqlState.INVALID_PARAMETER_VALUE, "cannot call jsonb_object_keys on a scalar");
        }
        var list = new ArrayList<Value>();
        for (Object key : object.keySet()) {
            list.add(ValueVarchar.get((String) key));
        }
        return ArrayFunctions.of(list);
    }
}
