package io.heliosdb.sql;

import java.util.List;

/**
 * An enumeration, as a rewriting asks about it.
 *
 * @param name its name with its schema
 * @param labels in order
 * @param uses the columns that are of it
 */
public record EnumLabels(TableName name, List<String> labels, List<Use> uses) {
    /**
     * A column.
     *
     * @param table its table, with its schema
     * @param column its name
     */
    public record Use(TableName table, String column) {}
}
