package io.heliosdb.sql;

import java.util.Optional;

/**
 * The type of an argument or result of a routine.
 *
 * @param name PostgreSQL's internal name of it, or of an array's elements; a table's or domain's
 *     own
 * @param schema the schema it was named with
 * @param oid its oid; 0 for a table's row or a domain, which only the schema knows
 * @param modifier its modifier, -1 where it has none
 * @param engine the engine's words for it
 * @param isArray whether it is an array
 */
public record RoutineType(
        String name,
        Optional<String> schema,
        int oid,
        int modifier,
        String engine,
        boolean isArray) {
    /** The oid of {@code record}. */
    public static final int RECORD = 2249;

    /** The oid of {@code void}. */
    public static final int VOID = 2278;

    /** The oid of {@code trigger}. */
    public static final int TRIGGER = 2279;

    /** The oid of {@code anyelement}. */
    public static final int ANY_ELEMENT = 2283;

    /** The oid of {@code anyarray}. */
    public static final int ANY_ARRAY = 2277;

    /** A row of columns that nobody has named. */
    public static final RoutineType RECORD_TYPE = pseudo("record", RECORD);

    /** No value. */
    public static final RoutineType VOID_TYPE = pseudo("void", VOID);

    private static final int ANY_NON_ARRAY = 2776;
    private static final int ANY_COMPATIBLE = 5077;

    /**
     * A type as statements name it.
     *
     * @param type the type
     * @return the same type
     */
    public static RoutineType of(SqlType type) {
        return new RoutineType(
                type.name(),
                Optional.empty(),
                type.oid(),
                type.modifier(),
                type.engine(),
                type.isArray());
    }

    /**
     * A type by its oid.
     *
     * @param oid one of PostgreSQL's own types
     * @return the type; text for an oid that is not known
     */
    public static RoutineType of(int oid) {
        SqlType type = SqlType.of(oid);
        return of(type == null ? SqlType.TEXT : type);
    }

    /** A type that is none of a column, or nothing where the name is that of a real one. */
    static Optional<RoutineType> pseudo(String name) {
        return switch (name) {
            case "void" -> Optional.of(VOID_TYPE);
            case "record" -> Optional.of(RECORD_TYPE);
            case "trigger" -> Optional.of(pseudo(name, TRIGGER));
            case "anyelement" -> Optional.of(pseudo(name, ANY_ELEMENT));
            case "anyarray" -> Optional.of(pseudo(name, ANY_ARRAY));
            case "anynonarray" -> Optional.of(pseudo(name, ANY_NON_ARRAY));
            case "anycompatible" -> Optional.of(pseudo(name, ANY_COMPATIBLE));
            default -> Optional.empty();
        };
    }

    private static RoutineType pseudo(String name, int oid) {
        return new RoutineType(name, Optional.empty(), oid, -1, "CHARACTER VARYING", false);
    }

    /**
     * Whether it stands for whatever type an argument has.
     *
     * @return whether it does
     */
    public boolean isPolymorphic() {
        return oid == ANY_ELEMENT
                || oid == ANY_ARRAY
                || oid == ANY_NON_ARRAY
                || oid == ANY_COMPATIBLE;
    }

    /**
     * Whether only the schema knows it: a table's row or a domain.
     *
     * @return whether it is one
     */
    public boolean isNamed() {
        return oid == 0;
    }

    /**
     * The type as PostgreSQL's messages name it.
     *
     * @return such as {@code character varying}
     */
    public String display() {
        return Operators.displayName(new SqlType(name, oid, modifier, engine));
    }

    /**
     * The type as statements name types.
     *
     * @return the same type
     */
    public SqlType sqlType() {
        return new SqlType(name, oid, modifier, engine);
    }
}
