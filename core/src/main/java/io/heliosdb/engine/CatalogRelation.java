package io.heliosdb.engine;

import java.util.List;

/**
 * The shape of a system view.
 *
 * @param schema {@code pg_catalog} or {@code information_schema}
 * @param name its name
 * @param oid its number
 * @param columns its columns in order
 */
public record CatalogRelation(String schema, String name, int oid, List<Attribute> columns) {
    /**
     * A column.
     *
     * @param name its name
     * @param typeOid its type; the base type where that is a domain
     * @param typeModifier the type's modifier; -1 where it has none
     */
    public record Attribute(String name, int typeOid, int typeModifier) {}

    /** Copies the list. */
    public CatalogRelation {
        columns = List.copyOf(columns);
    }
}
