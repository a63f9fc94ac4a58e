package io.heliosdb.pgwire;

import io.heliosdb.session.Session;

/** The simple query protocol: a string of statements, its results as text. */
final class SimpleQuery {
    private final Session session;
    private final ResultWriter results;

    SimpleQuery(Session session, ResultWriter results) {
        this.session = session;
        this.results = results;
    }

    void run(String sql) {
        results.beginText();
        session.simpleQuery(sql, results);
    }
}
