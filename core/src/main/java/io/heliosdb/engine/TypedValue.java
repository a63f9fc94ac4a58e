package io.heliosdb.engine;

import org.jspecify.annotations.Nullable;

/**
 * A value with its type.
 *
 * @param value as {@code pg.type} represents it; null for NULL
 * @param oid its type
 */
public record TypedValue(@Nullable Object value, int oid) {}
