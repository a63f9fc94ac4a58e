package io.heliosdb.catalog;

import io.heliosdb.catalog.CatalogHost.RoleInfo;
import io.heliosdb.pg.Oid;
import io.heliosdb.pg.type.PgArray;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/** pg_authid, pg_roles, pg_user, pg_shadow, pg_group and pg_database. */
final class RoleRows {
    /** The numbers of roles follow from their names, so that they outlive a restart. */
    private static final int FIRST = 300_000_000;

    private static final int SPAN = 100_000_000;
    private static final String HIDDEN = "********";

    private RoleRows() {}

    static long oid(String role) {
        if (role.equals(Context.OWNER_NAME)) {
            return Context.OWNER;
        }
        for (@Nullable Object[] row : predefined()) {
            if (role.equals(row[1]) && row[0] instanceof Long known) {
                return known;
            }
        }
        var hash = new CRC32();
        hash.update(role.getBytes(StandardCharsets.UTF_8));
        return FIRST + hash.getValue() % SPAN;
    }

    static @Nullable String name(CatalogHost host, long oid) {
        for (@Nullable Object[] row : predefined()) {
            if (row[0] instanceof Long known && known == oid) {
                return (String) row[1];
            }
        }
        for (RoleInfo role : host.roles()) {
            if (oid(role.name()) == oid) {
                return role.name();
            }
        }
        return null;
    }

    private static List<@Nullable Object[]> predefined() {
        return BuiltIns.rows(SystemRelations.require(SystemRelations.PG_CATALOG, "pg_authid"));
    }

    static void authids(Context context, Rows rows) {
        rows.addAll(predefined());
        for (RoleInfo role : context.host().roles()) {
            rows.add(
                    "oid",
                    oid(role.name()),
                    "rolname",
                    role.name(),
                    "rolsuper",
                    role.isSuperuser(),
                    "rolinherit",
                    true,
                    "rolcreaterole",
                    role.isSuperuser(),
                    "rolcreatedb",
                    role.isSuperuser(),
                    "rolcanlogin",
                    role.canLogin(),
                    "rolreplication",
                    role.canReplicate(),
                    "rolbypassrls",
                    role.isSuperuser(),
                    "rolconnlimit",
                    role.connectionLimit(),
                    "rolpassword",
                    role.hasPassword() ? HIDDEN : null);
        }
    }

    static void roles(Context context, Rows rows) {
        for (@Nullable Object[] row : predefined()) {
            rows.add(
                    "oid",
                    row[0],
                    "rolname",
                    row[1],
                    "rolsuper",
                    false,
                    "rolinherit",
                    true,
                    "rolcreaterole",
                    false,
                    "rolcreatedb",
                    false,
                    "rolcanlogin",
                    false,
                    "rolreplication",
                    false,
                    "rolconnlimit",
                    -1,
                    "rolpassword",
                    HIDDEN,
                    "rolbypassrls",
                    false);
        }
        for (RoleInfo role : context.host().roles()) {
            rows.add(
                    "oid",
                    oid(role.name()),
                    "rolname",
                    role.name(),
                    "rolsuper",
                    role.isSuperuser(),
                    "rolinherit",
                    true,
                    "rolcreaterole",
                    role.isSuperuser(),
                    "rolcreatedb",
                    role.isSuperuser(),
                    "rolcanlogin",
                    role.canLogin(),
                    "rolreplication",
                    role.canReplicate(),
                    "rolconnlimit",
                    role.connectionLimit(),
                    "rolpassword",
                    HIDDEN,
                    "rolbypassrls",
                    role.isSuperuser());
        }
    }

    static void users(Context context, Rows rows) {
        for (RoleInfo role : context.host().roles()) {
            if (role.canLogin()) {
                rows.add(
                        "usename",
                        role.name(),
                        "usesysid",
                        oid(role.name()),
                        "usecreatedb",
                        role.isSuperuser(),
                        "usesuper",
                        role.isSuperuser(),
                        "userepl",
                        role.canReplicate(),
                        "usebypassrls",
                        role.isSuperuser(),
                        "passwd",
                        HIDDEN);
            }
        }
    }

    static void groups(Context context, Rows rows) {
        for (@Nullable Object[] row : predefined()) {
            rows.add("groname", row[1], "grosysid", row[0], "grolist", none());
        }
        for (RoleInfo role : context.host().roles()) {
            if (!role.canLogin()) {
                rows.add("groname", role.name(), "grosysid", oid(role.name()), "grolist", none());
            }
        }
    }

    private static PgArray none() {
        return PgArray.of(Oid.OID, new ArrayList<>());
    }

    static void databases(Context context, Rows rows) {
        rows.add(
                "oid",
                Context.DATABASE,
                "datname",
                context.host().database(),
                "datdba",
                Context.OWNER,
                "encoding",
                6,
                "datlocprovider",
                "c",
                "datistemplate",
                false,
                "datallowconn",
                true,
                "datconnlimit",
                -1,
                "datfrozenxid",
                716,
                "datminmxid",
                1,
                "dattablespace",
                1663,
                "datcollate",
                "C",
                "datctype",
                "C");
    }
}
