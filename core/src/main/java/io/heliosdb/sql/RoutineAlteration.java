package io.heliosdb.sql;

/** What ALTER FUNCTION, PROCEDURE or ROUTINE changes. */
public sealed interface RoutineAlteration {

    /**
     * RENAME TO.
     *
     * @param name the new name
     */
    record Rename(String name) implements RoutineAlteration {}

    /**
     * OWNER TO.
     *
     * @param role the new owner
     */
    record Owner(String role) implements RoutineAlteration {}

    /**
     * SET SCHEMA.
     *
     * @param schema the new schema
     */
    record Move(String schema) implements RoutineAlteration {}

    /**
     * Options, such as STRICT.
     *
     * @param text as they are written
     */
    record Options(String text) implements RoutineAlteration {}
}
