package io.heliosdb.client;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Where a client gets its connections from, again after each loss. A {@code DataSource} is one by
 * {@code dataSource::getConnection}. What it opens must be, or unwrap to, a connection of pgjdbc;
 * it should give up within a time of its own, because nothing can interrupt it.
 */
@FunctionalInterface
public interface ConnectionSource {
    /**
     * Opens a connection that belongs to the caller, who closes it.
     *
     * @return in autocommit mode
     * @throws SQLException where the server cannot be reached or refuses
     */
    Connection open() throws SQLException;
}
