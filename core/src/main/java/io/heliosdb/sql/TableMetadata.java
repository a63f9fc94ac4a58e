package io.heliosdb.sql;

import io.heliosdb.pg.Oid;

import java.util.List;
import java.util.Optional;

/**
 * A table as a rewriting needs it.
 *
 * @param name its name
 * @param columns its columns in order
 * @param keys its primary key first, where it has one, then its unique constraints and unique
 *     indexes
 */
public record TableMetadata(String name, List<Column> columns, List<Key> keys) {
    /** Copies the lists. */
    public TableMetadata {
        columns = List.copyOf(columns);
        keys = List.copyOf(keys);
    }

    /**
     * A column by name.
     *
     * @param name its name
     * @return the column, or nothing where there is none
     */
    public Optional<Column> column(String name) {
        for (Column column : columns) {
            if (column.name().equals(name)) {
                return Optional.of(column);
            }
        }
        return Optional.empty();
    }

    /**
     * A column.
     *
     * @param name its name
     * @param oid its type
     * @param engineType its type in the engine's words, fit for CAST, such as {@code CHARACTER
     *     VARYING(20)}
     * @param defaultExpression its default in the engine's words
     * @param generated whether it is an identity or computed column
     */
    public record Column(
            String name,
            int oid,
            String engineType,
            Optional<String> defaultExpression,
            boolean generated) {
        boolean isJson() {
            return oid == Oid.JSON || oid == Oid.JSONB;
        }

        boolean isNumeric() {
            return oid == Oid.NUMERIC;
        }

        boolean isBoolean() {
            return engineType.equalsIgnoreCase("boolean");
        }

        boolean isBinary() {
            return engineType.regionMatches(true, 0, "binary", 0, 6)
                    || engineType.regionMatches(true, 0, "varbinary", 0, 9);
        }
    }

    /**
     * A primary key, unique constraint or unique index.
     *
     * @param name its name
     * @param primary whether it is the primary key
     * @param columns its columns
     */
    public record Key(String name, boolean primary, List<String> columns) {
        /** Copies the list. */
        public Key {
            columns = List.copyOf(columns);
        }
    }
}
