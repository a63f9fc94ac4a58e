package io.heliosdb.engine;

import java.util.List;

/**
 * A function written in Java.
 *
 * @param name its name in SQL
 * @param owner the public class that holds the public static methods; those with different numbers
 *     of parameters are overloads, a first parameter of type {@code java.sql.Connection} is the
 *     caller's; for an aggregate the class that adds up the values of a group
 * @param method the methods' name
 * @param resultOid the type of its result, where the method's own says too little; else 0
 * @param argumentOids the types that parameters of a statement get as its arguments; those beyond
 *     are not inferred
 * @param isPure whether it gives the same for the same arguments, so that it may be computed before
 *     the statement is executed
 */
public record SqlFunction(
        String name,
        Class<?> owner,
        String method,
        int resultOid,
        List<Integer> argumentOids,
        boolean isPure) {
    /**
     * The {@link #resultOid} of a function whose values have the type of what stands beside it, as
     * in {@code COALESCE}.
     */
    public static final int TYPE_OF_OTHERS = -1;

    /** The {@link #resultOid} of a function that gives an array of arrays of texts. */
    public static final int TEXT_ARRAYS = -2;

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

    /**
     * A function that may have effects or another result at another time.
     *
     * @param name its name in SQL
     * @param owner the class that holds the methods
     * @param method the methods' name
     * @param resultOid the type of its result, or 0
     * @param argumentOids the types of parameters as its arguments
     */
    public SqlFunction(
            String name, Class<?> owner, String method, int resultOid, List<Integer> argumentOids) {
        this(name, owner, method, resultOid, argumentOids, false);
    }

    /** The same function under another name. */
    SqlFunction named(String other) {
        return new SqlFunction(other, owner, method, resultOid, argumentOids, isPure);
    }
}
