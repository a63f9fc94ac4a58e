package io.heliosdb.catalog;

import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * What functions and procedures look like.
 *
 * @see <a href="https://www.postgresql.org/docs/15/functions-info.html">PostgreSQL: system catalog
 *     information functions</a>
 */
public final class RoutineFunctions {
    private RoutineFunctions() {}

    /**
     * The arguments of a function with their defaults.
     *
     * @param connection the caller's
     * @param oid the function
     * @return as they stand in its definition
     */
    public static @Nullable String arguments(Connection connection, @Nullable Long oid) {
        Context context = Caller.context(connection);
        Routine routine = oid == null ? null : Routines.of(context).find(oid);
        return routine == null ? null : RoutineText.arguments(context, routine, false);
    }

    /**
     * The arguments that tell a function from others of its name.
     *
     * @param connection the caller's
     * @param oid the function
     * @return as they stand in its definition, without defaults
     */
    public static @Nullable String identityArguments(Connection connection, @Nullable Long oid) {
        Context context = Caller.context(connection);
        Routine routine = oid == null ? null : Routines.of(context).find(oid);
        return routine == null ? null : RoutineText.arguments(context, routine, true);
    }

    /**
     * What a function returns.
     *
     * @param connection the caller's
     * @param oid the function
     * @return a type; null for a procedure
     */
    public static @Nullable String result(Connection connection, @Nullable Long oid) {
        Context context = Caller.context(connection);
        Routine routine = oid == null ? null : Routines.of(context).find(oid);
        return routine == null ? null : RoutineText.result(context, routine);
    }

    /**
     * The statement that creates a function.
     *
     * @param connection the caller's
     * @param oid the function
     * @return the statement; null for an unknown function
     */
    public static @Nullable String definition(Connection connection, @Nullable Long oid) {
        Context context = Caller.context(connection);
        Routine routine = oid == null ? null : Routines.of(context).find(oid);
        return routine == null ? null : RoutineText.of(context, routine);
    }

    /**
     * What stands for a parameter of a function where a call leaves it out.
     *
     * @param connection the caller's
     * @param oid the function
     * @param parameter the number of the parameter, from 1
     * @return an expression; null where there is none
     */
    public static @Nullable String argumentDefault(
            Connection connection, @Nullable Long oid, @Nullable Integer parameter) {
        Context context = Caller.context(connection);
        Routine routine = oid == null ? null : Routines.of(context).find(oid);
        return routine == null || parameter == null
                ? null
                : RoutineText.defaultOf(context, routine, parameter - 1);
    }

    /**
     * The names of types in a list of their oids.
     *
     * @param connection the caller's
     * @param types the oids
     * @return the names, with commas between
     */
    public static @Nullable String typeNames(
            Connection connection, @Nullable Long @Nullable [] types) {
        if (types == null) {
            return null;
        }
        var names = new Names(Caller.context(connection));
        return Arrays.stream(types)
                .map(each -> each == null ? "-" : names.typeText(each))
                .collect(Collectors.joining(", "));
    }

    /**
     * The body of a function in the standard's form, which no function here has.
     *
     * @param connection the caller's
     * @param oid the function
     * @return null
     */
    public static @Nullable String sqlBody(Connection connection, @Nullable Long oid) {
        return null;
    }
}
