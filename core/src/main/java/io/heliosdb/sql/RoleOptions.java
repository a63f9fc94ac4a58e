package io.heliosdb.sql;

import java.util.Optional;

/**
 * The options of CREATE and ALTER ROLE; nothing where they say nothing.
 *
 * @param password the password as given, plain or a verifier; empty text for PASSWORD NULL
 * @param login LOGIN or NOLOGIN
 * @param superuser SUPERUSER or NOSUPERUSER
 * @param replication REPLICATION or NOREPLICATION
 * @param connectionLimit CONNECTION LIMIT
 */
public record RoleOptions(
        Optional<String> password,
        Optional<Boolean> login,
        Optional<Boolean> superuser,
        Optional<Boolean> replication,
        Optional<Integer> connectionLimit) {
    @Override
    public String toString() {
        // A password is never printed.
        return "RoleOptions[login="
                + login
                + ", superuser="
                + superuser
                + ", replication="
                + replication
                + ']';
    }
}
