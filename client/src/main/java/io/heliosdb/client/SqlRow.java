package io.heliosdb.client;

import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A row as text.
 *
 * @param values null for NULL
 */
record SqlRow(List<@Nullable String> values) {
    /** All rows of a query. */
    static List<SqlRow> all(Connection connection, String sql, Object... parameters)
            throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            try (var rows = statement.executeQuery()) {
                int columns = rows.getMetaData().getColumnCount();
                var all = new ArrayList<SqlRow>();
                while (rows.next()) {
                    var values = new ArrayList<@Nullable String>(columns);
                    for (int i = 1; i <= columns; i++) {
                        values.add(rows.getString(i));
                    }
                    all.add(new SqlRow(values));
                }
                return all;
            }
        }
    }

    /** The first row of a query. */
    static Optional<SqlRow> first(Connection connection, String sql, Object... parameters)
            throws SQLException {
        return all(connection, sql, parameters).stream().findFirst();
    }

    /** A value; the word null for NULL. */
    String text(int column) {
        return String.valueOf(values.get(column));
    }

    boolean isNull(int column) {
        return values.get(column) == null;
    }
}
