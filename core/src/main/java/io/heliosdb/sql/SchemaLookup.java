package io.heliosdb.sql;

import java.util.List;
import java.util.Optional;

/** What a rewriting asks about tables. Answers must hold for as long as the rewriting is kept. */
@FunctionalInterface
public interface SchemaLookup {
    /** A schema without tables. */
    SchemaLookup EMPTY = name -> Optional.empty();

    /** What users call the schema of their temporary relations. */
    String TEMPORARY_ALIAS = "pg_temp";

    /**
     * Describes a table.
     *
     * @param name its name, folded; without a schema it is looked for along the search path
     * @return the table, or nothing where there is none
     */
    Optional<TableMetadata> table(TableName name);

    /**
     * The tables whose foreign keys refer to a table.
     *
     * @param name its name, folded
     * @return all but itself, with their schemas; none where there is no such table
     */
    default List<TableName> referencing(TableName name) {
        return List.of();
    }

    /**
     * The name of a table with its schema.
     *
     * @param name its name, folded
     * @return with the schema it is found in; as it was where there is no such table
     */
    default TableName qualified(TableName name) {
        return name;
    }

    /**
     * An enumeration.
     *
     * @param name its name, folded
     * @return nothing where there is none of that name
     */
    default Optional<EnumLabels> enumeration(TableName name) {
        return Optional.empty();
    }

    /**
     * Finds the routines of a name.
     *
     * @param name its name, folded; without a schema they are looked for along the search path
     * @return all of them, none where there is none
     */
    default List<RoutineSignature> routines(TableName name) {
        return List.of();
    }

    /**
     * The type that a domain is made of.
     *
     * @param type a type that only the schema knows
     * @return the type beneath; nothing where there is no such domain
     */
    default Optional<SqlType> domain(RoutineType type) {
        return Optional.empty();
    }

    /**
     * The schema of a temporary relation of the session: a table, view, index or sequence.
     *
     * @param name its name, folded
     * @return nothing where the name means another relation, or none
     */
    default Optional<String> temporary(TableName name) {
        return Optional.empty();
    }

    /**
     * The schema into which the session's temporary relations go.
     *
     * @return its name
     */
    default String temporarySchema() {
        return TEMPORARY_ALIAS;
    }
}
