package io.heliosdb.client;

import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Makes a value of a row.
 *
 * @param <T> the value's type
 */
@FunctionalInterface
public interface RowMapper<T> {
    /**
     * Reads the current row.
     *
     * @param row stands on the row; must not be moved or closed
     * @return the value
     * @throws SQLException where a column cannot be read
     */
    T map(ResultSet row) throws SQLException;
}
