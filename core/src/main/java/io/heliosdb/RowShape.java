package io.heliosdb;

import io.heliosdb.pg.Column;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What all rows of one result share: their columns and where each name stands. Immutable. */
final class RowShape {
    private final List<Column> columns;
    private final Map<String, Integer> indexes = new HashMap<>();

    RowShape(List<Column> columns) {
        this.columns = List.copyOf(columns);
        for (int i = 0; i < columns.size(); i++) {
            indexes.putIfAbsent(columns.get(i).name(), i);
        }
    }

    List<Column> columns() {
        return columns;
    }

    /** The first column of that name, exactly as it stands or else in lower case; from 0. */
    int indexOf(String name) {
        var index = indexes.get(name);
        if (index == null) {
            index = indexes.get(name.toLowerCase(Locale.ROOT));
        }
        if (index == null) {
            throw new PgException(
                            SqlState.UNDEFINED_COLUMN, "column \"" + name + "\" does not exist")
                    .withHint("The result has the columns " + names() + ".");
        }
        return index;
    }

    Column column(int index) {
        if (index < 0 || index >= columns.size()) {
            throw new PgException(SqlState.UNDEFINED_COLUMN, "column " + index + " does not exist")
                    .withHint("Columns count from 0; the result has " + columns.size() + ".");
        }
        return columns.get(index);
    }

    private String names() {
        return String.join(", ", columns.stream().map(Column::name).toList());
    }
}
