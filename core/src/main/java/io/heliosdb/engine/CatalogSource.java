package io.heliosdb.engine;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * The rows of the system views. Called in the thread of a statement that reads one, which may be
 * inside a transaction; safe for use by many threads.
 */
public interface CatalogSource {
    /**
     * What the rows of a view depend on. Rows are kept as long as it gives an equal answer.
     *
     * @param session the session that reads
     * @param relation the view
     * @return compared by {@code equals}; null for rows that are to be asked for by each statement
     */
    @Nullable Object version(EngineSession session, CatalogRelation relation);

    /**
     * The rows of a view.
     *
     * @param session the session that reads
     * @param relation the view
     * @return a value for each column, as {@code pg.type} represents it
     */
    List<@Nullable Object[]> rows(EngineSession session, CatalogRelation relation);
}
