package io.heliosdb;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;

/**
 * One statement of a connection, parsed once and run many times. Used by one thread at a time, like
 * its connection, and closed with it.
 *
 * {@snippet :
 * try (var insert = connection.prepare("INSERT INTO readings (sensor, value) VALUES (?, ?)")) {
 *     for (int i = 0; i < 1000; i++) {
 *         insert.execute("s" + i % 10, i * 0.5);
 *     }
 * }
 * }
 */
public final class Statement implements AutoCloseable {
    private final Connection connection;
    private final String sql;

    Statement(Connection connection, String sql) {
        this.connection = connection;
        this.sql = sql;
    }

    /**
     * The statement's text.
     *
     * @return as given
     */
    public String sql() {
        return sql;
    }

    /**
     * Runs it.
     *
     * @param parameters one value a parameter
     * @return how many rows it changed, or returned
     */
    public long execute(@Nullable Object... parameters) {
        return connection.execute(sql, parameters);
    }

    /**
     * Runs it for its rows.
     *
     * @param parameters one value a parameter
     * @return all rows
     */
    public Rows query(@Nullable Object... parameters) {
        return connection.query(sql, parameters);
    }

    /**
     * Runs it for its first row.
     *
     * @param parameters one value a parameter
     * @return the row, where there is one
     */
    public Optional<Row> queryRow(@Nullable Object... parameters) {
        return connection.queryRow(sql, parameters);
    }

    /**
     * Runs it once for each list of parameters, all in one transaction.
     *
     * @param batch the lists
     * @return how many rows they changed together
     */
    public long executeBatch(Iterable<? extends List<? extends @Nullable Object>> batch) {
        return connection.transactionResult(same -> {
            long rows = 0;
            for (var parameters : batch) {
                rows += same.execute(sql, parameters.toArray());
            }
            return rows;
        });
    }

    /** Forgets the parsed statement; running it again parses it anew. */
    @Override
    public void close() {
        connection.forget(sql);
    }
}
