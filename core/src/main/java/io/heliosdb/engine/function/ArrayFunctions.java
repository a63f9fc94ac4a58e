package io.heliosdb.engine.function;

import io.heliosdb.engine.FunctionValues;
import io.heliosdb.pg.Oid;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.type.PgArray;
import io.heliosdb.pg.type.PgType;

import org.h2.value.Value;
import org.h2.value.ValueArray;
import org.h2.value.ValueInteger;
import org.h2.value.ValueNull;
import org.h2.value.ValueVarchar;
import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Functions and operators of arrays of one dimension.
 *
 * @see <a href="https://www.postgresql.org/docs/15/functions-array.html">PostgreSQL: array
 *     functions and operators</a>
 */
public final class ArrayFunctions {
    private ArrayFunctions() {}

    /**
     * An element of an array.
     *
     * @param array an array
     * @param index the element's number, from 1
     * @return NULL where there is none
     */
    public static Value element(Value array, Value index) {
        if (!(array instanceof ValueArray known) || index.getValueType() == Value.NULL) {
            return ValueNull.INSTANCE;
        }
        Value[] elements = known.getList();
        int place = index.getInt();
        return place < 1 || place > elements.length ? ValueNull.INSTANCE : elements[place - 1];
    }

    /**
     * An array with one more element at its end.
     *
     * @param array an array, or NULL for an empty one
     * @param element the element
     * @return the longer array
     */
    public static Value append(Value array, Value element) {
        List<Value> list = list(array);
        list.add(element);
        return of(list);
    }

    /**
     * An array with one more element at its beginning.
     *
     * @param element the element
     * @param array an array, or NULL for an empty one
     * @return the longer array
     */
    public static Value prepend(Value element, Value array) {
        List<Value> list = list(array);
        list.addFirst(element);
        return of(list);
    }

    /**
     * Two arrays one after the other.
     *
     * @param first an array or NULL
     * @param second an array or NULL
     * @return NULL if both are
     */
    public static Value concat(Value first, Value second) {
        if (isNull(first) && isNull(second)) {
            return ValueNull.INSTANCE;
        }
        List<Value> list = list(first);
        list.addAll(list(second));
        return of(list);
    }

    /**
     * An array without the elements that equal a value.
     *
     * @param connection the caller's
     * @param array an array
     * @param element the value
     * @return NULL for NULL
     */
    public static Value remove(Connection connection, Value array, Value element) {
        if (isNull(array)) {
            return array;
        }
        List<Value> list = list(array);
        list.removeIf(each -> isSame(connection, each, element));
        return of(list, array);
    }

    /**
     * An array with another value in place of those that equal one.
     *
     * @param connection the caller's
     * @param array an array
     * @param from the value
     * @param to what stands for it
     * @return NULL for NULL
     */
    public static Value replace(Connection connection, Value array, Value from, Value to) {
        if (isNull(array)) {
            return array;
        }
        List<Value> list = list(array);
        list.replaceAll(each -> isSame(connection, each, from) ? to : each);
        return of(list, array);
    }

    /**
     * Elements of an array.
     *
     * @param array an array
     * @param from the number of the first, or NULL for the first of all
     * @param to the number of the last, or NULL for the last of all
     * @return empty where there is none; NULL for NULL
     */
    public static Value slice(Value array, Value from, Value to) {
        if (isNull(array)) {
            return array;
        }
        List<Value> list = list(array);
        int first = isNull(from) ? 1 : Math.max(1, from.getInt());
        int last = isNull(to) ? list.size() : Math.min(list.size(), to.getInt());
        return of(first > last ? new ArrayList<>() : list.subList(first - 1, last), array);
    }

    /**
     * An array without its last elements.
     *
     * @param array an array
     * @param count how many
     * @return NULL for NULL
     * @throws PgException 2202E where there are not so many
     */
    public static Value trim(Value array, Value count) {
        if (isNull(array) || isNull(count)) {
            return ValueNull.INSTANCE;
        }
        List<Value> list = list(array);
        int left = list.size() - count.getInt();
        if (left < 0 || left > list.size()) {
            throw new PgException(
                    new SqlState("2202E"),
                    "number of elements to trim must be between 0 and " + list.size());
        }
        return of(list.subList(0, left), array);
    }

    /**
     * Where an element stands first.
     *
     * @param connection the caller's
     * @param array an array
     * @param element what is looked for
     * @return from 1; null where it is not there
     */
    public static @Nullable Integer position(Connection connection, Value array, Value element) {
        if (isNull(array)) {
            return null;
        }
        List<Value> list = list(array);
        for (int i = 0; i < list.size(); i++) {
            if (isSame(connection, list.get(i), element)) {
                return i + 1;
            }
        }
        return null;
    }

    /**
     * Where an element stands.
     *
     * @param connection the caller's
     * @param array an array
     * @param element what is looked for
     * @return all places, from 1; NULL for NULL
     */
    public static Value positions(Connection connection, Value array, Value element) {
        if (isNull(array)) {
            return array;
        }
        List<Value> list = list(array);
        var places = new ArrayList<Value>();
        for (int i = 0; i < list.size(); i++) {
            if (isSame(connection, list.get(i), element)) {
                places.add(ValueInteger.get(i + 1));
            }
        }
        return of(places);
    }

    /**
     * The number of the last element.
     *
     * @param array an array
     * @param dimension 1
     * @return null for NULL, an empty array or another dimension
     */
    public static @Nullable Integer upper(Value array, Value dimension) {
        int length = isNull(array) ? 0 : list(array).size();
        return length == 0 || isNull(dimension) || dimension.getInt() != 1 ? null : length;
    }

    /**
     * The number of the first element.
     *
     * @param array an array
     * @param dimension 1
     * @return null for NULL, an empty array or another dimension
     */
    public static @Nullable Integer lower(Value array, Value dimension) {
        return upper(array, dimension) == null ? null : 1;
    }

    /**
     * How many dimensions an array has.
     *
     * @param array an array
     * @return null for NULL and an empty array
     */
    public static @Nullable Integer dimensions(Value array) {
        int dimensions = 0;
        Value inner = array;
        while (inner instanceof ValueArray values && values.getList().length > 0) {
            dimensions++;
            inner = values.getList()[0];
        }
        return dimensions == 0 ? null : dimensions;
    }

    /**
     * The bounds of an array.
     *
     * @param array an array
     * @return as {@code [1:2]}; null for NULL and an empty array
     */
    public static @Nullable String bounds(Value array) {
        var text = new StringBuilder();
        Value inner = array;
        while (inner instanceof ValueArray values && values.getList().length > 0) {
            text.append("[1:").append(values.getList().length).append(']');
            inner = values.getList()[0];
        }
        return text.isEmpty() ? null : text.toString();
    }

    /**
     * The elements of an array in one text.
     *
     * @param connection the caller's
     * @param array an array
     * @param separator what stands between them
     * @return null for NULL
     */
    public static @Nullable String toText(Connection connection, Value array, Value separator) {
        return toText(connection, array, separator, ValueNull.INSTANCE);
    }

    /**
     * The elements of an array in one text.
     *
     * @param connection the caller's
     * @param array an array
     * @param separator what stands between them
     * @param empty what stands for NULL; NULL to leave it out
     * @return null for NULL
     */
    public static @Nullable String toText(
            Connection connection, Value array, Value separator, Value empty) {
        if (isNull(array) || isNull(separator)) {
            return null;
        }
        var texts = new ArrayList<String>();
        for (Value element : list(array)) {
            String text =
                    isNull(element) ? empty.getString() : FunctionValues.text(element, connection);
            if (text != null) {
                texts.add(text);
            }
        }
        return String.join(String.valueOf(separator.getString()), texts);
    }

    /**
     * The parts of a text.
     *
     * @param text the text
     * @param separator what stands between them; NULL for one part per character
     * @return an array; NULL for NULL
     */
    public static Value ofText(Value text, Value separator) {
        return ofText(text, separator, ValueNull.INSTANCE);
    }

    /**
     * The parts of a text.
     *
     * @param text the text
     * @param separator what stands between them; NULL for one part per character
     * @param empty which part is NULL
     * @return an array; NULL for NULL
     */
    public static Value ofText(Value text, Value separator, Value empty) {
        String whole = text.getString();
        if (whole == null) {
            return ValueNull.INSTANCE;
        }
        String between = separator.getString();
        var parts = new ArrayList<Value>();
        for (String part : parts(whole, between)) {
            boolean isEmpty = part.equals(empty.getString());
            parts.add(isEmpty ? ValueNull.INSTANCE : ValueVarchar.get(part));
        }
        return of(parts);
    }

    private static List<String> parts(String whole, @Nullable String separator) {
        var parts = new ArrayList<String>();
        if (whole.isEmpty()) {
            return parts;
        }
        if (separator == null) {
            whole.codePoints().forEach(point -> parts.add(Character.toString(point)));
            return parts;
        }
        int from = 0;
        int next = separator.isEmpty() ? -1 : whole.indexOf(separator);
        while (next >= 0) {
            parts.add(whole.substring(from, next));
            from = next + separator.length();
            next = whole.indexOf(separator, from);
        }
        parts.add(whole.substring(from));
        return parts;
    }

    /**
     * Whether one array or jsonb holds another.
     *
     * @param connection the caller's
     * @param whole an array or a jsonb
     * @param part of the same type, or a text of it
     * @return null where one is NULL
     */
    public static @Nullable Boolean contains(Connection connection, Value whole, Value part) {
        if (isNull(whole) || isNull(part)) {
            return null;
        }
        if (whole.getValueType() == Value.JSON || part.getValueType() == Value.JSON) {
            return JsonChanges.contains(whole, part);
        }
        List<Object> elements = elements(connection, whole, part);
        for (Object element : elements(connection, part, whole)) {
            if (element == null || !elements.contains(element)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether one array or jsonb is held by another.
     *
     * @param connection the caller's
     * @param part an array or a jsonb
     * @param whole of the same type, or a text of it
     * @return null where one is NULL
     */
    public static @Nullable Boolean contained(Connection connection, Value part, Value whole) {
        return contains(connection, whole, part);
    }

    /**
     * Whether two arrays have an element in common.
     *
     * @param connection the caller's
     * @param left an array
     * @param right an array, or a text of one
     * @return null where one is NULL
     */
    public static @Nullable Boolean overlaps(Connection connection, Value left, Value right) {
        if (isNull(left) || isNull(right)) {
            return null;
        }
        List<Object> elements = elements(connection, left, right);
        for (Object element : elements(connection, right, left)) {
            if (element != null && elements.contains(element)) {
                return true;
            }
        }
        return false;
    }

    /** The elements of an array; a text is read as an array of the other's type. */
    private static List<Object> elements(Connection connection, Value value, Value other) {
        Object object = FunctionValues.toJava(value, connection);
        if (object instanceof String text) {
            int oid = FunctionValues.oid(other);
            boolean isArray = other.getValueType() == Value.ARRAY;
            object = PgType.of(isArray ? oid : Oid.TEXT_ARRAY).decodeText(text);
        }
        if (!(object instanceof PgArray array)) {
            throw FunctionValues.undefinedOperator(value, "@>", other);
        }
        var elements = new ArrayList<Object>();
        for (Object element : array.elements()) {
            elements.add(comparable(element));
        }
        return elements;
    }

    private static @Nullable Object comparable(@Nullable Object element) {
        return switch (element) {
            case BigDecimal number -> number.stripTrailingZeros();
            case Integer number -> (Object) number.longValue();
            case Short number -> (Object) number.longValue();
            case null, default -> element;
        };
    }

    private static boolean isSame(Connection connection, Value left, Value right) {
        if (isNull(left) || isNull(right)) {
            return isNull(left) && isNull(right);
        }
        if (right.getValueType() == Value.VARCHAR && left.getValueType() != Value.VARCHAR) {
            return Objects.equals(FunctionValues.text(left, connection), right.getString());
        }
        return Objects.equals(
                comparable(FunctionValues.toJava(left, connection)),
                comparable(FunctionValues.toJava(right, connection)));
    }

    private static boolean isNull(Value value) {
        return value.getValueType() == Value.NULL;
    }

    /** The elements of an array, to be changed; none for NULL. */
    static List<Value> list(Value array) {
        if (isNull(array)) {
            return new ArrayList<>();
        }
        if (array instanceof ValueArray values) {
            return new ArrayList<>(Arrays.asList(values.getList()));
        }
        throw FunctionValues.undefinedFunction("array function", array);
    }

    static Value of(List<Value> list) {
        return ValueArray.get(list.toArray(Value[]::new), null);
    }

    /** An array with the element type of another one. */
    private static Value of(List<Value> list, Value like) {
        return list.isEmpty()
                ? ValueArray.get(((ValueArray) like).getComponentType(), new Value[0], null)
                : of(list);
    }
}
