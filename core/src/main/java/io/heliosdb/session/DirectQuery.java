package io.heliosdb.session;

import io.heliosdb.pg.PgException;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;

/**
 * Queries of the server's own for its client, beside the statements and portals that the client
 * has. Confined to the session's thread.
 */
public final class DirectQuery {
    private final Session session;

    /**
     * Queries in a session.
     *
     * @param session the client's
     */
    public DirectQuery(Session session) {
        this.session = session;
    }

    /**
     * Runs a query. Begins the implicit transaction that {@link Session#sync} ends.
     *
     * @param sql one query
     * @param types of its parameters
     * @param values of its parameters, as {@code pg.type} represents them
     * @return the first row; empty for none
     * @throws PgException 25P02 and what the query fails with
     */
    public List<@Nullable Object> firstRow(String sql, int[] types, List<@Nullable Object> values) {
        session.enterAsked();
        try {
            var statement = session.runner.parseSingle(sql);
            session.runner.begin(statement, false);
            try {
                var prepared = session.runner.prepare(statement, types);
                return read(new Bound("", prepared, values.toArray()));
            } finally {
                session.runner.end();
            }
        } catch (RuntimeException e) {
            throw session.failed(e);
        } finally {
            session.leave();
        }
    }

    private List<@Nullable Object> read(Bound bound) {
        try {
            session.runner.start(bound);
            var rows = bound.rows();
            return rows == null || rows.count() == 0 ? List.of() : Arrays.asList(rows.row(0));
        } finally {
            bound.close();
        }
    }
}
