package io.heliosdb.catalog;

import io.heliosdb.engine.EngineSession;

import java.sql.Connection;

/** Finds the catalog of the session that calls a function. */
final class Caller {
    private Caller() {}

    static Context context(Connection connection) {
        EngineSession session = EngineSession.of(connection);
        if (session.engine().catalog() instanceof Catalog catalog) {
            return catalog.context(session);
        }
        throw new IllegalStateException("a function reads a catalog that is not there");
    }
}
