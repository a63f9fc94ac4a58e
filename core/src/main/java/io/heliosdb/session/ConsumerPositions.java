package io.heliosdb.session;

import io.heliosdb.engine.EngineSession;
import io.heliosdb.pg.Token;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How far named consumers have come: rows of a system table. A position counts when it is
 * committed; a crash may take back the last ones, so that what came after is delivered again.
 * Thread-safe.
 */
public final class ConsumerPositions implements AutoCloseable {
    private final EngineSession session;

    /** Held while the session is used. */
    private final ReentrantLock lock = new ReentrantLock();

    ConsumerPositions(EngineSession session) {
        this.session = session;
    }

    /** Makes the system table where it is not there yet. */
    static void define(EngineSession system) {
        system.execute(
                "CREATE TABLE IF NOT EXISTS heliosdb.consumers ("
                        + "name CHARACTER VARYING PRIMARY KEY,"
                        + " position CHARACTER VARYING NOT NULL)");
    }

    /**
     * Looks a position up.
     *
     * @param consumer its name
     * @return behind which event it goes on; empty where nothing was stored
     */
    public Optional<Token> find(String consumer) {
        lock.lock();
        try (var plan = session.prepare("SELECT position FROM heliosdb.consumers WHERE name = ?1");
                var rows = plan.execute(new @Nullable Object[] {consumer})) {
            return rows.next()
                    ? Optional.of(Token.parse(String.valueOf(rows.value(0))))
                    : Optional.empty();
        } finally {
            session.rollback();
            lock.unlock();
        }
    }

    /**
     * Stores positions, all or none; does not wait for the disk.
     *
     * @param positions by name
     */
    public void store(Map<String, Token> positions) {
        lock.lock();
        try {
            positions.forEach((name, token) ->
                    session.execute(
                            "MERGE INTO heliosdb.consumers (name, position) KEY (name)"
                                    + " VALUES (?1, ?2)",
                            name,
                            token.toString()));
            session.commit();
        } catch (RuntimeException | Error e) {
            session.rollback();
            throw e;
        } finally {
            lock.unlock();
        }
    }

    /**
     * All positions whose names begin alike.
     *
     * @param prefix what they begin with
     * @return by name, in its order
     */
    public SortedMap<String, Token> all(String prefix) {
        lock.lock();
        try (var plan =
                        session.prepare(
                                "SELECT name, position FROM heliosdb.consumers WHERE LEFT(name,"
                                        + " CHAR_LENGTH(?1)) = ?1");
                var rows = plan.execute(new @Nullable Object[] {prefix})) {
            var all = new TreeMap<String, Token>();
            while (rows.next()) {
                all.put(String.valueOf(rows.value(0)), Token.parse(String.valueOf(rows.value(1))));
            }
            return all;
        } finally {
            session.rollback();
            lock.unlock();
        }
    }

    /**
     * Forgets a position; does not wait for the disk.
     *
     * @param consumer its name
     * @return whether there was one
     */
    public boolean remove(String consumer) {
        boolean isThere = find(consumer).isPresent();
        lock.lock();
        try {
            session.execute("DELETE FROM heliosdb.consumers WHERE name = ?1", consumer);
            session.commit();
            return isThere;
        } catch (RuntimeException | Error e) {
            session.rollback();
            throw e;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            session.close();
        } finally {
            lock.unlock();
        }
    }
}
