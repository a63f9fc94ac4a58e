package io.heliosdb.engine;

import java.util.List;
import java.util.Optional;

/**
 * What a table or view looks like.
 *
 * @param id its name
 * @param oid its number, which it keeps as long as it is not altered
 * @param isView whether it is a view
 * @param columns its columns in order
 * @param primaryKey the names of its key's columns, empty where it has none
 * @param indexes its indexes, those of the primary key and the unique constraints among them
 */
public record TableInfo(
        TableId id,
        int oid,
        boolean isView,
        List<ColumnInfo> columns,
        List<String> primaryKey,
        List<IndexInfo> indexes) {

    /**
     * A column by its name.
     *
     * @param name its name
     * @return the column, where there is one
     */
    public Optional<ColumnInfo> column(String name) {
        return columns.stream().filter(column -> column.name().equals(name)).findFirst();
    }

    /**
     * The unique constraints and indexes, the primary key among them.
     *
     * @return those that allow no two rows of equal values
     */
    public List<IndexInfo> uniqueIndexes() {
        return indexes.stream().filter(IndexInfo::isUnique).toList();
    }
}
