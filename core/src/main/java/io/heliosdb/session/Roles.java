package io.heliosdb.session;

import io.heliosdb.engine.Engine;
import io.heliosdb.engine.EngineResult;
import io.heliosdb.engine.EngineSession;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.proto.ScramVerifier;

import org.jspecify.annotations.Nullable;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The roles of an instance: rows of a system table, read anew each time, so that a change counts as
 * soon as it is committed. Thread-safe.
 */
final class Roles implements AutoCloseable {
    /** The role that exists from the start. */
    static final String SUPERUSER = "postgres";

    private final EngineSession reader;

    /** Held while the reader is used. */
    private final ReentrantLock lock = new ReentrantLock();

    Roles(EngineSession reader) {
        this.reader = reader;
    }

    /**
     * Makes the system table, with the one role that exists from the start, where it is not there
     * yet.
     */
    static void define(EngineSession system) {
        system.execute("CREATE SCHEMA IF NOT EXISTS " + Engine.SYSTEM_SCHEMA);
        system.execute(
                "CREATE TABLE IF NOT EXISTS heliosdb.roles ("
                        + "name CHARACTER VARYING PRIMARY KEY, verifier CHARACTER VARYING,"
                        + " superuser BOOLEAN NOT NULL, login BOOLEAN NOT NULL,"
                        + " replication BOOLEAN NOT NULL, connection_limit INTEGER NOT NULL)");
        system.execute(
                "INSERT INTO heliosdb.roles SELECT ?1, NULL, TRUE, TRUE, TRUE, -1"
                        + " WHERE NOT EXISTS (SELECT 1 FROM heliosdb.roles)",
                SUPERUSER);
    }

    Optional<Role> find(String name) {
        lock.lock();
        try (var plan =
                        reader.prepare(
                                "SELECT name, verifier, superuser, login, replication,"
                                        + " connection_limit FROM heliosdb.roles WHERE name = ?1");
                var rows = plan.execute(new @Nullable Object[] {name})) {
            if (!rows.next()) {
                return Optional.empty();
            }
            return Optional.of(role(rows));
        } finally {
            reader.rollback();
            lock.unlock();
        }
    }

    /** All of them, by name. */
    List<Role> all() {
        lock.lock();
        try (var plan =
                        reader.prepare(
                                "SELECT name, verifier, superuser, login, replication,"
                                        + " connection_limit FROM heliosdb.roles ORDER BY name");
                var rows = plan.execute()) {
            var all = new ArrayList<Role>();
            while (rows.next()) {
                all.add(role(rows));
            }
            return all;
        } finally {
            reader.rollback();
            lock.unlock();
        }
    }

    private static Role role(EngineResult rows) {
        return new Role(
                String.valueOf(rows.value(0)),
                (String) rows.value(1),
                Boolean.TRUE.equals(rows.value(2)),
                Boolean.TRUE.equals(rows.value(3)),
                Boolean.TRUE.equals(rows.value(4)),
                rows.value(5) instanceof Number limit ? limit.intValue() : -1);
    }

    Role require(String name) {
        return find(name)
                .orElseThrow(() ->
                        new PgException(
                                SqlState.UNDEFINED_OBJECT, "role \"" + name + "\" does not exist"));
    }

    /** What is stored for a password: a verifier as given, or one made of a plain password. */
    static String verifier(String password) {
        return ScramVerifier.parse(password)
                .orElseGet(() ->
                        ScramVerifier.create(
                                password, ScramVerifier.ITERATIONS, new SecureRandom()))
                .encoded();
    }

    @Override
    public void close() {
        lock.lock();
        try {
            reader.close();
        } finally {
            lock.unlock();
        }
    }
}
