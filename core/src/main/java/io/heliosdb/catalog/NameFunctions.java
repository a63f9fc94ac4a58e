package io.heliosdb.catalog;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.util.ArrayList;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Names of objects and their numbers, both ways: the reg types, and what is visible without a
 * schema.
 *
 * @see <a href="https://www.postgresql.org/docs/15/datatype-oid.html">PostgreSQL: object identifier
 *     types</a>
 */
public final class NameFunctions {
    private NameFunctions() {}

    private static @Nullable Long read(
            Connection connection,
            @Nullable String text,
            BiFunction<Names, String, @Nullable Long> find,
            Function<String, RuntimeException> missing) {
        if (text == null) {
            return null;
        }
        String name = text.strip();
        if (name.equals("-")) {
            return 0L;
        }
        if (Names.isNumber(name)) {
            return Long.parseLong(name);
        }
        Long oid = find.apply(new Names(Caller.context(connection)), name);
        if (oid == null) {
            throw missing.apply(name);
        }
        return oid;
    }

    private static @Nullable Long look(
            Connection connection,
            @Nullable String text,
            BiFunction<Names, String, @Nullable Long> find) {
        return text == null || Names.isNumber(text.strip())
                ? null
                : find.apply(new Names(Caller.context(connection)), text.strip());
    }

    private static @Nullable String shown(
            Connection connection, @Nullable Long oid, BiFunction<Names, Long, String> show) {
        return oid == null ? null : show.apply(new Names(Caller.context(connection)), oid);
    }

    /**
     * A text as regclass.
     *
     * @param connection the caller's
     * @param text a name or a number
     * @return the oid
     */
    public static @Nullable Long regclass(Connection connection, @Nullable String text) {
        return read(connection, text, Names::relation, Names::noRelation);
    }

    /**
     * A text as regtype.
     *
     * @param connection the caller's
     * @param text a name or a number
     * @return the oid
     */
    public static @Nullable Long regtype(Connection connection, @Nullable String text) {
        return read(connection, text, Names::type, Names::noType);
    }

    /**
     * A text as regproc.
     *
     * @param connection the caller's
     * @param text a name or a number
     * @return the oid
     */
    public static @Nullable Long regproc(Connection connection, @Nullable String text) {
        return read(connection, text, Names::function, Names::noFunction);
    }

    /**
     * A text as regprocedure.
     *
     * @param connection the caller's
     * @param text a name with the types of its arguments, or a number
     * @return the oid
     */
    public static @Nullable Long regprocedure(Connection connection, @Nullable String text) {
        return read(connection, text, Names::function, Names::noFunction);
    }

    /**
     * A text as regnamespace.
     *
     * @param connection the caller's
     * @param text a name or a number
     * @return the oid
     */
    public static @Nullable Long regnamespace(Connection connection, @Nullable String text) {
        return read(connection, text, Names::namespace, Names::noNamespace);
    }

    /**
     * A text as regrole.
     *
     * @param connection the caller's
     * @param text a name or a number
     * @return the oid
     */
    public static @Nullable Long regrole(Connection connection, @Nullable String text) {
        return read(connection, text, Names::role, Names::noRole);
    }

    /**
     * A regclass as text.
     *
     * @param connection the caller's
     * @param oid the number
     * @return the name
     */
    public static @Nullable String regclassText(Connection connection, @Nullable Long oid) {
        return shown(connection, oid, Names::relationText);
    }

    /**
     * A regtype as text.
     *
     * @param connection the caller's
     * @param oid the number
     * @return the name
     */
    public static @Nullable String regtypeText(Connection connection, @Nullable Long oid) {
        return shown(connection, oid, Names::typeText);
    }

    /**
     * A regproc as text.
     *
     * @param connection the caller's
     * @param oid the number
     * @return the name
     */
    public static @Nullable String regprocText(Connection connection, @Nullable Long oid) {
        return shown(connection, oid, Names::functionText);
    }

    /**
     * A regprocedure as text.
     *
     * @param connection the caller's
     * @param oid the number
     * @return the name with the types of its arguments
     */
    public static @Nullable String regprocedureText(Connection connection, @Nullable Long oid) {
        return shown(connection, oid, Names::procedureText);
    }

    /**
     * A regnamespace as text.
     *
     * @param connection the caller's
     * @param oid the number
     * @return the name
     */
    public static @Nullable String regnamespaceText(Connection connection, @Nullable Long oid) {
        return shown(connection, oid, Names::namespaceText);
    }

    /**
     * A regrole as text.
     *
     * @param connection the caller's
     * @param oid the number
     * @return the name
     */
    public static @Nullable String regroleText(Connection connection, @Nullable Long oid) {
        return shown(connection, oid, Names::roleText);
    }

    /**
     * The oid of a relation.
     *
     * @param connection the caller's
     * @param name its name
     * @return null where there is none
     */
    public static @Nullable Long toRegclass(Connection connection, @Nullable String name) {
        return look(connection, name, Names::relation);
    }

    /**
     * The oid of a type.
     *
     * @param connection the caller's
     * @param name its name
     * @return null where there is none
     */
    public static @Nullable Long toRegtype(Connection connection, @Nullable String name) {
        return look(connection, name, Names::type);
    }

    /**
     * The oid of a function.
     *
     * @param connection the caller's
     * @param name its name
     * @return null where there is none
     */
    public static @Nullable Long toRegproc(Connection connection, @Nullable String name) {
        return look(connection, name, Names::function);
    }

    /**
     * The oid of a function.
     *
     * @param connection the caller's
     * @param name its name with the types of its arguments
     * @return null where there is none
     * @throws PgException 22P02 for a name without arguments
     */
    public static @Nullable Long toRegprocedure(Connection connection, @Nullable String name) {
        if (name != null && name.indexOf('(') < 0) {
            throw new PgException(
                    SqlState.INVALID_TEXT_REPRESENTATION, "expected a left parenthesis");
        }
        return toRegproc(connection, name);
    }

    /**
     * The oid of a schema.
     *
     * @param connection the caller's
     * @param name its name
     * @return null where there is none
     */
    public static @Nullable Long toRegnamespace(Connection connection, @Nullable String name) {
        return look(connection, name, Names::namespace);
    }

    /**
     * The oid of a role.
     *
     * @param connection the caller's
     * @param name its name
     * @return null where there is none
     */
    public static @Nullable Long toRegrole(Connection connection, @Nullable String name) {
        return look(connection, name, Names::role);
    }

    /**
     * The SQL name of a type.
     *
     * @param connection the caller's
     * @param oid the type
     * @param modifier its modifier; null where none is known
     * @return such as {@code character varying(10)}
     */
    public static @Nullable String formatType(
            Connection connection, @Nullable Long oid, @Nullable Integer modifier) {
        if (oid == null) {
            return null;
        }
        Context context = Caller.context(connection);
        return TypeNames.of(context.model(), oid.intValue(), modifier, context.names().path());
    }

    /**
     * The name of a role.
     *
     * @param connection the caller's
     * @param oid the role
     * @return its name
     */
    public static @Nullable String userById(Connection connection, @Nullable Long oid) {
        if (oid == null) {
            return null;
        }
        String name = RoleRows.name(Caller.context(connection).host(), oid);
        return name == null ? "unknown (OID=" + oid + ')' : name;
    }

    /**
     * The schemas of the search path.
     *
     * @param connection the caller's
     * @param withImplicit whether pg_catalog is among them
     * @return in order
     */
    public static String @Nullable [] currentSchemas(
            Connection connection, @Nullable Boolean withImplicit) {
        if (withImplicit == null) {
            return null;
        }
        var path = new ArrayList<>(Caller.context(connection).names().path());
        if (withImplicit && !path.contains(SystemRelations.PG_CATALOG)) {
            path.addFirst(SystemRelations.PG_CATALOG);
        }
        return path.toArray(String[]::new);
    }

    /**
     * Whether a relation is found by its name alone.
     *
     * @param connection the caller's
     * @param oid the relation
     * @return null for an unknown one
     */
    public static @Nullable Boolean isTableVisible(Connection connection, @Nullable Long oid) {
        Context context = Caller.context(connection);
        var named = oid == null ? null : context.model().named(oid.intValue());
        if (named == null) {
            return null;
        }
        var found = context.model().visible(named.name(), context.names().path());
        return found != null && found.oid() == named.oid();
    }

    /**
     * Whether a type is found by its name alone.
     *
     * @param connection the caller's
     * @param oid the type
     * @return null for an unknown one
     */
    public static @Nullable Boolean isTypeVisible(Connection connection, @Nullable Long oid) {
        Context context = Caller.context(connection);
        TypeEntry type = oid == null ? null : context.model().types().find(oid.intValue());
        if (type == null) {
            return null;
        }
        TypeEntry found = context.model().visibleType(type.name(), context.names().path());
        return found != null && found.oid() == type.oid();
    }

    /**
     * Whether a function is found by its name alone.
     *
     * @param connection the caller's
     * @param oid the function
     * @return whether it is
     */
    public static @Nullable Boolean isFunctionVisible(Connection connection, @Nullable Long oid) {
        return oid == null
                ? null
                : (Boolean) new Names(Caller.context(connection)).isFunctionVisible(oid);
    }

    /**
     * Whether an object is found that only PostgreSQL itself has: its schema is always searched.
     *
     * @param oid the object
     * @return true; null for null
     */
    public static @Nullable Boolean isBuiltInVisible(@Nullable Long oid) {
        return oid == null ? null : Boolean.TRUE;
    }
}
