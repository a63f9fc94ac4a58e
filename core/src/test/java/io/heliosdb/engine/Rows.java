package io.heliosdb.engine;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** Reads all rows of a query. */
final class Rows {
    private Rows() {}

    static List<List<@Nullable Object>> of(
            EngineSession session, String sql, @Nullable Object... parameters) {
        try (var plan = session.prepare(sql);
                var result = plan.execute(parameters)) {
            var rows = new ArrayList<List<@Nullable Object>>();
            while (result.next()) {
                var row = new ArrayList<@Nullable Object>();
                for (int i = 0; i < plan.columns().size(); i++) {
                    row.add(result.value(i));
                }
                rows.add(row);
            }
            return rows;
        }
    }
}
