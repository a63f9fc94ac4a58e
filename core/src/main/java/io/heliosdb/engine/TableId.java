package io.heliosdb.engine;

/**
 * The name of a table.
 *
 * @param schema its schema
 * @param name its name there
 */
public record TableId(String schema, String name) {}
