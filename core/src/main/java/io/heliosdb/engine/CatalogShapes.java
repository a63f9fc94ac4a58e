package io.heliosdb.engine;

import org.jspecify.annotations.Nullable;

/**
 * Which system views there are; found by {@link java.util.ServiceLoader}, since views of users may
 * read them before a database is open as a whole. Safe for use by many threads.
 */
public interface CatalogShapes {
    /**
     * The shape of a system view.
     *
     * @param schema {@code pg_catalog} or {@code information_schema}
     * @param name its name
     * @return the shape; null where there is no such view
     */
    @Nullable CatalogRelation relation(String schema, String name);
}
