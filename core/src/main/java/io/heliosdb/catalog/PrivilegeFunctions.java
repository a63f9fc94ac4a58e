package io.heliosdb.catalog;

import org.jspecify.annotations.Nullable;

/**
 * What a role may do. Every role that may connect may read and change every table, so the answer
 * for what there is is yes.
 *
 * @see <a href="https://www.postgresql.org/docs/15/functions-info.html">PostgreSQL: access
 *     privilege inquiry functions</a>
 */
public final class PrivilegeFunctions {
    private PrivilegeFunctions() {}

    /**
     * Whether the session's role may.
     *
     * @param object the object
     * @param privilege the privilege
     * @return true; null for null
     */
    public static @Nullable Boolean hasPrivilege(
            @Nullable String object, @Nullable String privilege) {
        return (object == null || privilege == null) ? null : Boolean.TRUE;
    }

    /**
     * Whether a role may.
     *
     * @param role the role
     * @param object the object
     * @param privilege the privilege
     * @return true; null for null
     */
    public static @Nullable Boolean hasPrivilege(
            @Nullable String role, @Nullable String object, @Nullable String privilege) {
        return role == null ? null : hasPrivilege(object, privilege);
    }

    /**
     * Whether the session's role may.
     *
     * @param table the table
     * @param column the column
     * @param privilege the privilege
     * @return true; null for null
     */
    public static @Nullable Boolean hasColumnPrivilege(
            @Nullable String table, @Nullable String column, @Nullable String privilege) {
        return column == null ? null : hasPrivilege(table, privilege);
    }

    /**
     * Whether a role may.
     *
     * @param role the role
     * @param table the table
     * @param column the column
     * @param privilege the privilege
     * @return true; null for null
     */
    public static @Nullable Boolean hasColumnPrivilege(
            @Nullable String role,
            @Nullable String table,
            @Nullable String column,
            @Nullable String privilege) {
        return role == null ? null : hasColumnPrivilege(table, column, privilege);
    }

    /**
     * Whether the session's role has a role.
     *
     * @param role the role
     * @param privilege how
     * @return true; null for null
     */
    public static @Nullable Boolean hasRole(@Nullable String role, @Nullable String privilege) {
        return hasPrivilege(role, privilege);
    }

    /**
     * Whether a role has another one.
     *
     * @param user the one
     * @param role the other
     * @param privilege how
     * @return true; null for null
     */
    public static @Nullable Boolean hasRole(
            @Nullable String user, @Nullable String role, @Nullable String privilege) {
        return user == null ? null : hasPrivilege(role, privilege);
    }

    /**
     * Whether rows are hidden from the session; none are.
     *
     * @param table the table
     * @return false; null for null
     */
    public static @Nullable Boolean isRowSecurityActive(@Nullable String table) {
        return table == null ? null : Boolean.FALSE;
    }
}
