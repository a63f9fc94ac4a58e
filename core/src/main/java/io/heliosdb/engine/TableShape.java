package io.heliosdb.engine;

import java.util.List;

/**
 * What a table looked like when a row of it was written: all that is needed to read the row from
 * the log.
 *
 * @param id its name
 * @param oid its number
 * @param columns its columns in order
 * @param primaryKey the names of its key's columns; empty where it has none
 * @param keys its unique indexes, the primary key among them
 */
public record TableShape(
        TableId id, int oid, List<ColumnShape> columns, List<String> primaryKey, List<Key> keys) {
    /** Copies the lists. */
    public TableShape {
        columns = List.copyOf(columns);
        primaryKey = List.copyOf(primaryKey);
        keys = List.copyOf(keys);
    }

    /**
     * A column.
     *
     * @param name its name
     * @param oid its type
     * @param typeModifier the type's modifier; -1 where it has none
     * @param isGenerated whether it is computed from other columns
     */
    public record ColumnShape(String name, int oid, int typeModifier, boolean isGenerated) {}

    /**
     * A unique index.
     *
     * @param name its name; that of the constraint where it belongs to one
     * @param columns the names of its columns
     */
    public record Key(String name, List<String> columns) {
        /** Copies the list. */
        public Key {
            columns = List.copyOf(columns);
        }
    }

    /**
     * The shape of a table as it is.
     *
     * @param table the table
     * @return its shape
     */
    public static TableShape of(TableInfo table) {
        return new TableShape(
                table.id(),
                table.oid(),
                table.columns().stream()
                        .map(column ->
                                new ColumnShape(
                                        column.name(),
                                        column.oid(),
                                        column.typeModifier(),
                                        column.isGenerated()))
                        .toList(),
                table.primaryKey(),
                table.uniqueIndexes().stream()
                        .map(index -> new Key(index.name(), index.columns()))
                        .toList());
    }
}
