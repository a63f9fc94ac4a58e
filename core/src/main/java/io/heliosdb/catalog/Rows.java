package io.heliosdb.catalog;

import io.heliosdb.engine.CatalogRelation;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Collects the rows of a view, value by value under the names of its columns. */
final class Rows {
    private final CatalogRelation relation;
    private final Map<String, Integer> columns = new HashMap<>();
    private final List<@Nullable Object[]> list = new ArrayList<>();

    Rows(CatalogRelation relation) {
        this.relation = relation;
        for (int i = 0; i < relation.columns().size(); i++) {
            columns.put(relation.columns().get(i).name(), i);
        }
    }

    /**
     * Adds a row.
     *
     * @param pairs names of columns, each followed by its value; the other columns are null
     */
    void add(@Nullable Object... pairs) {
        var row = new @Nullable Object[columns.size()];
        for (int i = 0; i < pairs.length; i += 2) {
            Integer column = columns.get(String.valueOf(pairs[i]));
            if (column == null) {
                throw new IllegalStateException(relation.name() + " has no column " + pairs[i]);
            }
            row[column] = pairs[i + 1];
        }
        list.add(row);
    }

    void addRow(@Nullable Object[] row) {
        list.add(row);
    }

    void addAll(List<@Nullable Object[]> rows) {
        list.addAll(rows);
    }

    List<@Nullable Object[]> list() {
        return list;
    }
}
