package io.heliosdb.engine;

/**
 * A function written in Java.
 *
 * @param name its name in SQL
 * @param owner the public class that holds the public static methods; those with different numbers
 *     of parameters are overloads, a first parameter of type {@code java.sql.Connection} is the
 *     caller's
 * @param method the methods' name
 * @param resultOid the type of its result, where it is one that the store does not know; else 0
 */
public record SqlFunction(String name, Class<?> owner, String method, int resultOid) {}
