package io.heliosdb.sql;

import java.util.Optional;

/** What a rewriting asks about tables. Answers must hold for as long as the rewriting is kept. */
@FunctionalInterface
public interface SchemaLookup {
    /** A schema without tables. */
    SchemaLookup EMPTY = name -> Optional.empty();

    /**
     * Describes a table.
     *
     * @param name its name, folded; without a schema it is looked for along the search path
     * @return the table, or nothing where there is none
     */
    Optional<TableMetadata> table(TableName name);
}
