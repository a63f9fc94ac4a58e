package io.heliosdb.catalog;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.Objects;

/**
 * Functions of arrays that clients' queries of the catalogs use. An array of the engine has one
 * dimension and begins with 1.
 *
 * @see <a href="https://www.postgresql.org/docs/15/functions-array.html">PostgreSQL: array
 *     functions</a>
 */
public final class ArrayFunctions {
    private ArrayFunctions() {}

    /**
     * The elements as text, without nulls.
     *
     * @param array the array
     * @param separator what stands between them
     * @return the text; null for null
     */
    public static @Nullable String toText(
            @Nullable String @Nullable [] array, @Nullable String separator) {
        return toText(array, separator, null);
    }

    /**
     * The elements as text.
     *
     * @param array the array
     * @param separator what stands between them
     * @param forNull what stands for a null; nulls are left out where it is null
     * @return the text; null for null
     */
    public static @Nullable String toText(
            @Nullable String @Nullable [] array,
            @Nullable String separator,
            @Nullable String forNull) {
        if (array == null || separator == null) {
            return null;
        }
        var text = new StringBuilder();
        boolean isFirst = true;
        for (String each : array) {
            String shown = each == null ? forNull : each;
            if (shown != null) {
                text.append(isFirst ? "" : separator).append(shown);
                isFirst = false;
            }
        }
        return text.toString();
    }

    /**
     * The array without an element.
     *
     * @param array the array
     * @param element what is left out wherever it stands
     * @return the others
     */
    public static @Nullable String @Nullable [] remove(
            @Nullable String @Nullable [] array, @Nullable String element) {
        return array == null
                ? null
                : Arrays.stream(array)
                        .filter(each -> !Objects.equals(each, element))
                        .toArray(String[]::new);
    }

    /**
     * The number of the last element.
     *
     * @param array the array
     * @param dimension the dimension
     * @return null for an empty array and for a dimension that it does not have
     */
    public static @Nullable Integer upper(
            @Nullable String @Nullable [] array, @Nullable Integer dimension) {
        return array == null || array.length == 0 || dimension == null || dimension != 1
                ? null
                : (Integer) array.length;
    }

    /**
     * The number of the first element.
     *
     * @param array the array
     * @param dimension the dimension
     * @return null for an empty array and for a dimension that it does not have
     */
    public static @Nullable Integer lower(
            @Nullable String @Nullable [] array, @Nullable Integer dimension) {
        return upper(array, dimension) == null ? null : (Integer) 1;
    }

    /**
     * Where an element stands.
     *
     * @param array the array
     * @param element the element
     * @return null where it does not
     */
    public static @Nullable Integer position(
            @Nullable String @Nullable [] array, @Nullable String element) {
        for (int i = 0; array != null && i < array.length; i++) {
            if (Objects.equals(array[i], element)) {
                return i + 1;
            }
        }
        return null;
    }
}
