package io.heliosdb.engine;

import java.util.List;

/**
 * An index of a table.
 *
 * @param name its name; that of the constraint where it belongs to one
 * @param columns the names of its columns in order
 * @param isUnique whether it allows no two rows of equal values
 * @param isPrimaryKey whether it is the primary key's
 */
public record IndexInfo(
        String name, List<String> columns, boolean isUnique, boolean isPrimaryKey) {}
