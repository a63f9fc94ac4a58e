package io.heliosdb.catalog;

import java.util.Optional;

/** The numbers of schemas and types, for rows that a layer above makes. */
public interface ObjectNumbers {
    /**
     * A schema by its name.
     *
     * @param name the schema
     * @return its oid; 0 where there is none
     */
    int namespace(String name);

    /**
     * A type that users have made: the row of a table or view, an enumeration or a domain.
     *
     * @param schema its schema; nothing for the first of the search path that has one
     * @param name its name
     * @param isArray whether the type of arrays of it is meant
     * @return its oid; 0 where there is none
     */
    int type(Optional<String> schema, String name, boolean isArray);
}
