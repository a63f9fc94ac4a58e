package io.heliosdb.catalog;

import io.heliosdb.pg.Identifier;

import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.util.ArrayList;

/**
 * What functions and procedures look like.
 *
 * @see <a href="https://www.postgresql.org/docs/15/functions-info.html">PostgreSQL: system catalog
 *     information functions</a>
 */
public final class RoutineFunctions {
    private static final String TABLE = "t";

    private RoutineFunctions() {}

    /**
     * The arguments of a function with their defaults.
     *
     * @param connection the caller's
     * @param oid the function
     * @return as they stand in its definition
     */
    public static @Nullable String arguments(Connection connection, @Nullable Long oid) {
        return list(connection, oid, false);
    }

    /**
     * The arguments that tell a function from others of its name.
     *
     * @param connection the caller's
     * @param oid the function
     * @return as they stand in its definition, without defaults
     */
    public static @Nullable String identityArguments(Connection connection, @Nullable Long oid) {
        return list(connection, oid, true);
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
        if (routine == null || routine.kind().equals("p")) {
            return null;
        }
        var names = new Names(context);
        if (routine.modes().contains(TABLE)) {
            var columns = new ArrayList<String>();
            for (int i = 0; i < routine.modes().size(); i++) {
                if (routine.modes().get(i).equals(TABLE)) {
                    columns.add(argument(names, routine, i, ""));
                }
            }
            return "TABLE(" + String.join(", ", columns) + ')';
        }
        return (routine.isSet() ? "SETOF " : "") + names.typeText(routine.resultType());
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
        if (routine == null || oid == null) {
            return null;
        }
        boolean isProcedure = routine.kind().equals("p");
        var text =
                new StringBuilder(
                                isProcedure
                                        ? "CREATE OR REPLACE PROCEDURE "
                                        : "CREATE OR REPLACE FUNCTION ")
                        .append(
                                Identifier.quoteWhereNeeded(
                                        String.valueOf(
                                                context.model()
                                                        .namespaceName(routine.namespace()))))
                        .append('.')
                        .append(Identifier.quoteWhereNeeded(routine.name()))
                        .append('(')
                        .append(list(connection, oid, false))
                        .append(")\n");
        if (!isProcedure) {
            text.append(" RETURNS ").append(result(connection, oid)).append('\n');
        }
        text.append(" LANGUAGE ").append(language(routine.language())).append('\n');
        var options = new ArrayList<String>();
        if (routine.volatility().equals("i")) {
            options.add("IMMUTABLE");
        } else if (routine.volatility().equals("s")) {
            options.add("STABLE");
        }
        if (routine.isStrict()) {
            options.add("STRICT");
        }
        if (routine.isDefiner()) {
            options.add("SECURITY DEFINER");
        }
        if (!options.isEmpty()) {
            text.append(' ').append(String.join(" ", options)).append('\n');
        }
        String tag = isProcedure ? "$procedure$" : "$function$";
        return text.append("AS ")
                .append(tag)
                .append(routine.source())
                .append(tag)
                .append('\n')
                .toString();
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

    private static String language(long oid) {
        return switch ((int) oid) {
            case 12 -> "internal";
            case 13 -> "c";
            case 14 -> "sql";
            default -> "plpgsql";
        };
    }

    private static @Nullable String list(
            Connection connection, @Nullable Long oid, boolean isIdentity) {
        Context context = Caller.context(connection);
        Routine routine = oid == null ? null : Routines.of(context).find(oid);
        if (routine == null) {
            return null;
        }
        var names = new Names(context);
        int count =
                routine.allTypes().isEmpty()
                        ? routine.argumentTypes().size()
                        : routine.allTypes().size();
        var list = new ArrayList<String>();
        for (int i = 0; i < count; i++) {
            String mode = routine.modes().isEmpty() ? "i" : routine.modes().get(i);
            if (mode.equals(TABLE) || (isIdentity && mode.equals("o"))) {
                continue;
            }
            String word =
                    switch (mode) {
                        case "o" -> "OUT ";
                        case "b" -> "INOUT ";
                        case "v" -> "VARIADIC ";
                        default -> routine.kind().equals("p") ? "IN " : "";
                    };
            list.add(argument(names, routine, i, word));
        }
        return String.join(", ", list);
    }

    private static String argument(Names names, Routine routine, int i, String mode) {
        String name = i < routine.names().size() ? routine.names().get(i) : null;
        long type =
                routine.allTypes().isEmpty()
                        ? routine.argumentTypes().get(i)
                        : routine.allTypes().get(i);
        return mode
                + (name == null || name.isEmpty() ? "" : Identifier.quoteWhereNeeded(name) + ' ')
                + names.typeText(type);
    }
}
