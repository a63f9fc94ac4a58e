package io.heliosdb.catalog;

import io.heliosdb.engine.EngineSession;

/** What the rows of a view are made of, for one statement. */
record Context(EngineSession session, Model model, CatalogHost host) {
    /** The superuser that owns everything. */
    static final int OWNER = 10;

    static final String OWNER_NAME = "postgres";

    /** PostgreSQL's oid of the first database. */
    static final int DATABASE = 5;

    SearchNames names() {
        return new SearchNames(session, model);
    }
}
