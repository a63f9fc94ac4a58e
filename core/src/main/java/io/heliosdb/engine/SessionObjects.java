package io.heliosdb.engine;

import java.time.OffsetDateTime;
import java.util.List;

/** What a session holds besides rows, as the system views show it; nothing by default. */
public interface SessionObjects {
    /**
     * A cursor or portal.
     *
     * @param name its name; empty for the unnamed portal
     * @param statement what was sent to open it
     * @param isHold whether it outlives its transaction
     * @param isBinary whether its rows are binary
     * @param isScrollable whether it goes backward
     * @param createdAt when it was opened
     */
    record Cursor(
            String name,
            String statement,
            boolean isHold,
            boolean isBinary,
            boolean isScrollable,
            OffsetDateTime createdAt) {}

    /**
     * A prepared statement.
     *
     * @param name its name
     * @param statement what was sent to prepare it
     * @param preparedAt when
     * @param parameterOids the types of its parameters
     * @param isFromSql whether PREPARE made it, and not the protocol
     */
    record PreparedStatement(
            String name,
            String statement,
            OffsetDateTime preparedAt,
            List<Integer> parameterOids,
            boolean isFromSql) {}

    /**
     * The open cursors and portals, for pg_cursors.
     *
     * @return in order of opening
     */
    default List<Cursor> cursors() {
        return List.of();
    }

    /**
     * The prepared statements, for pg_prepared_statements.
     *
     * @return in order of preparing
     */
    default List<PreparedStatement> preparedStatements() {
        return List.of();
    }
}
