package io.heliosdb.engine;

import java.util.List;

/**
 * An enumeration.
 *
 * @param labels in order
 * @param uses the columns that are of it
 */
public record Enumeration(List<String> labels, List<Use> uses) {
    /**
     * A column.
     *
     * @param table its table
     * @param column its name
     */
    public record Use(TableId table, String column) {}
}
