package io.heliosdb.engine;

import java.util.List;

/**
 * A function written in Java.
 *
 * @param name its name in SQL
 * @param owner the public class that holds the public static methods; those with different numbers
 *     of parameters are overloads, a first parameter of type {@code java.sql.Connection} is the
 *     caller's
 * @param method the methods' name
 * @param resultOid the type of its result, where the method's own says too little; else 0
 * @param argumentOids the types that parameters of a statement get as its arguments; those beyond
 *     are not inferred
 */
public record SqlFunction(
        String name, Class<?> owner, String method, int resultOid, List<Integer> argumentOids) {

    /** Copies the list. */
    public SqlFunction {
        argumentOids = List.copyOf(argumentOids);
    }

    /**
     * A function whose types are those of its methods.
     *
     * @param name its name in SQL
     * @param owner the class that holds the methods
     * @param method the methods' name
     */
    public SqlFunction(String name, Class<?> owner, String method) {
        this(name, owner, method, 0, List.of());
    }
}
