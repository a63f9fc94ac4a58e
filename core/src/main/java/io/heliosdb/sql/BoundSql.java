package io.heliosdb.sql;

import java.util.List;

/**
 * A statement of a body as the engine executes it.
 *
 * @param sql the text for the engine; {@code ?n} is the n-th variable
 * @param variables what to bind, in order, as {@link BodyNames} called it
 * @param returnsRows whether it is executed as a query
 * @param isWrite whether it changes rows
 * @param retryOnUnique whether 23505 may be the race of two upserts, so that the statement is to be
 *     run again
 */
public record BoundSql(
        String sql,
        List<Object> variables,
        boolean returnsRows,
        boolean isWrite,
        boolean retryOnUnique) {
    /** Copies the list. */
    public BoundSql {
        variables = List.copyOf(variables);
    }
}
