package io.heliosdb.engine;

import java.util.Optional;

/**
 * A column of a table.
 *
 * @param name its name
 * @param oid its type
 * @param typeModifier the type's modifier; -1 where it has none
 * @param type its type in the store's SQL
 * @param isNullable whether it may be null
 * @param isIdentity whether it counts by itself
 * @param isGeneratedAlways whether an identity refuses values given for it
 * @param isGenerated whether it is computed from other columns
 * @param defaultExpression its default in the store's SQL; for a generated column its expression
 */
public record ColumnInfo(
        String name,
        int oid,
        int typeModifier,
        String type,
        boolean isNullable,
        boolean isIdentity,
        boolean isGeneratedAlways,
        boolean isGenerated,
        Optional<String> defaultExpression) {}
