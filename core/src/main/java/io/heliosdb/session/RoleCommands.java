package io.heliosdb.session;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.Report;
import io.heliosdb.pg.Severity;
import io.heliosdb.pg.SqlState;
import io.heliosdb.sql.RoleOptions;
import io.heliosdb.sql.Statement;

import org.jspecify.annotations.Nullable;

/**
 * CREATE, ALTER and DROP ROLE: changes of rows of a system table inside the session's transaction.
 * A password is stored as a SCRAM verifier only. Confined to the session.
 *
 * @see <a href="https://www.postgresql.org/docs/15/sql-createrole.html">PostgreSQL: CREATE ROLE</a>
 */
final class RoleCommands {
    private final SessionState session;

    RoleCommands(SessionState session) {
        this.session = session;
    }

    String create(Statement.CreateRole create) {
        session.requireSuperuser("permission denied to create role");
        var options = create.options();
        if (create.name().startsWith("pg_")) {
            throw new PgException(
                            new SqlState("42939"),
                            "role name \"" + create.name() + "\" is reserved")
                    .withDetail("Role names starting with \"pg_\" are reserved.");
        }
        if (exists(create.name())) {
            throw new PgException(
                    SqlState.DUPLICATE_OBJECT, "role \"" + create.name() + "\" already exists");
        }
        session.rows()
                .executeSystem(
                        "INSERT INTO heliosdb.roles (name, verifier, superuser, login, replication,"
                                + " connection_limit) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                        create.name(),
                        options.password()
                                .filter(given -> !given.isEmpty())
                                .map(Roles::verifier)
                                .orElse(null),
                        options.superuser().orElse(false),
                        options.login().orElse(false),
                        options.replication().orElse(false),
                        options.connectionLimit().orElse(-1));
        return "CREATE ROLE";
    }

    String alter(Statement.AlterRole alter) {
        var name = named(alter.name());
        boolean isOwnPassword = name.equals(session.user()) && onlyPassword(alter.options());
        if (!isOwnPassword) {
            session.requireSuperuser("permission denied");
        }
        requireRole(name);
        var options = alter.options();
        set(
                name,
                "verifier",
                options.password()
                        .map(given -> given.isEmpty() ? NULL : Roles.verifier(given))
                        .orElse(null));
        set(name, "superuser", options.superuser().orElse(null));
        set(name, "login", options.login().orElse(null));
        set(name, "replication", options.replication().orElse(null));
        set(name, "connection_limit", options.connectionLimit().orElse(null));
        return "ALTER ROLE";
    }

    String drop(Statement.DropRole drop) {
        session.requireSuperuser("permission denied to drop role");
        for (var name : drop.names()) {
            if (!exists(name)) {
                if (!drop.ifExists()) {
                    throw missing(name);
                }
                session.notice(
                        Report.of(
                                Severity.NOTICE,
                                new SqlState("00000"),
                                "role \"" + name + "\" does not exist, skipping"));
                continue;
            }
            if (name.equals(session.loginUser())) {
                throw new PgException(SqlState.OBJECT_IN_USE, "current user cannot be dropped");
            }
            if (name.equals(Roles.SUPERUSER)) {
                throw new PgException(
                        new SqlState("2BP01"),
                        "cannot drop role "
                                + name
                                + " because it is required by the database system");
            }
            session.rows().executeSystem("DELETE FROM heliosdb.roles WHERE name = ?1", name);
        }
        return "DROP ROLE";
    }

    private static final String NULL = "";

    private void set(String role, String column, @Nullable Object value) {
        if (value != null) {
            session.rows()
                    .executeSystem(
                            "UPDATE heliosdb.roles SET " + column + " = ?1 WHERE name = ?2",
                            value.equals(NULL) ? null : value,
                            role);
        }
    }

    private String named(String name) {
        return switch (name) {
            case "current_user", "current_role" -> session.user();
            case "session_user" -> session.sessionUser();
            default -> name;
        };
    }

    private static boolean onlyPassword(RoleOptions options) {
        return options.login().isEmpty()
                && options.superuser().isEmpty()
                && options.replication().isEmpty()
                && options.connectionLimit().isEmpty();
    }

    private void requireRole(String name) {
        if (!exists(name)) {
            throw missing(name);
        }
    }

    private boolean exists(String name) {
        try (var plan =
                        session.rows()
                                .prepareSystem("SELECT name FROM heliosdb.roles WHERE name = ?1");
                var rows = plan.execute(new @Nullable Object[] {name})) {
            return rows.next();
        }
    }

    private static PgException missing(String name) {
        return new PgException(SqlState.UNDEFINED_OBJECT, "role \"" + name + "\" does not exist");
    }
}
