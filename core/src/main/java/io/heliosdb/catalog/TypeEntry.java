package io.heliosdb.catalog;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * A type, as {@code pg_type} has it.
 *
 * @param oid its number
 * @param name its internal name
 * @param namespace the oid of its schema
 * @param length its length; -1 for a variable one
 * @param isByValue whether it is passed by value
 * @param kind {@code b}, {@code c}, {@code d}, {@code e}, {@code p}, {@code r} or {@code m}
 * @param element the type of an array's elements; 0 for others
 * @param array the type of its arrays; 0 where there is none
 * @param base the type that a domain restricts; 0 for others
 * @param modifier a domain's modifier of it; -1 for none
 * @param relation the oid of the table whose rows it is the type of; 0 for others
 * @param alignment {@code c}, {@code s}, {@code i} or {@code d}
 * @param storage {@code p}, {@code e}, {@code m} or {@code x}
 * @param collation the oid of its collation; 0 where it has none
 * @param row what {@code pg_type} shows of a type that PostgreSQL has from the start; null for
 *     others
 */
record TypeEntry(
        int oid,
        String name,
        int namespace,
        int length,
        boolean isByValue,
        String kind,
        int element,
        int array,
        int base,
        int modifier,
        int relation,
        String alignment,
        String storage,
        int collation,
        @Nullable List<@Nullable Object> row) {

    /** Whether it is an array whose elements are of any length, as opposed to a vector. */
    boolean isArray() {
        return element != 0 && length == -1 && !name.endsWith("vector");
    }
}
