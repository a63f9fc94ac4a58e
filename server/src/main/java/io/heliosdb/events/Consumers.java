package io.heliosdb.events;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.Token;
import io.heliosdb.session.ConsumerPositions;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Named positions, kept in the database. A move is stored within a moment, together with others;
 * what a crash takes back of it is delivered again. A key belongs to the newest reader that asks
 * for it. Thread-safe.
 */
public final class Consumers implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Consumers.class.getName());
    private static final Duration DELAY = Duration.ofMillis(100);
    private static final int NAME_LENGTH_MAX = 63;

    private final ConsumerPositions positions;
    private final ScheduledExecutorService clock =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofVirtual().name("heliosdb-consumers").factory());
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Map<String, Consumer> active = new HashMap<>();

    @GuardedBy("lock")
    private final Map<String, Token> moved = new LinkedHashMap<>();

    /**
     * The consumers of a database.
     *
     * @param positions where they are kept
     */
    public Consumers(ConsumerPositions positions) {
        this.positions = positions;
    }

    /**
     * Refuses a name.
     *
     * @param name of a consumer
     * @throws PgException 22023 for a name that is empty or too long
     */
    public static void requireName(String name) {
        if (name.isEmpty() || name.length() > NAME_LENGTH_MAX) {
            throw new PgException(
                    SqlState.INVALID_PARAMETER_VALUE,
                    "a consumer's name has 1 to " + NAME_LENGTH_MAX + " characters");
        }
    }

    /**
     * Takes a position, away from whoever has it.
     *
     * @param key what it is stored under
     * @return the caller's until somebody else claims it
     */
    public Consumer claim(String key) {
        Consumer earlier;
        lock.lock();
        try {
            earlier = active.remove(key);
        } finally {
            lock.unlock();
        }
        if (earlier != null) {
            earlier.takeAway();
        }
        store();
        var consumer = new Consumer(this, key, positions.find(key).orElse(null));
        lock.lock();
        try {
            active.put(key, consumer);
        } finally {
            lock.unlock();
        }
        return consumer;
    }

    /**
     * Whether a reader has it.
     *
     * @param key what it is stored under
     * @return from the claim to the release
     */
    public boolean isHeld(String key) {
        lock.lock();
        try {
            return active.containsKey(key);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Forgets a position, and ends the reader that has it.
     *
     * @param key what it is stored under
     * @return whether there was one
     */
    public boolean drop(String key) {
        Consumer reader;
        lock.lock();
        try {
            reader = active.remove(key);
            moved.remove(key);
        } finally {
            lock.unlock();
        }
        boolean wasThere = positions.remove(key);
        if (reader != null) {
            reader.takeAway();
        }
        return wasThere;
    }

    /** A position was moved. */
    void changed(Consumer consumer) {
        var position = consumer.position();
        lock.lock();
        try {
            if (position == null || active.get(consumer.key()) != consumer || clock.isShutdown()) {
                return;
            }
            boolean isFirst = moved.isEmpty();
            moved.put(consumer.key(), position);
            if (isFirst) {
                var _ = clock.schedule(this::store, DELAY.toMillis(), TimeUnit.MILLISECONDS);
            }
        } finally {
            lock.unlock();
        }
    }

    /** A reader is over. */
    void released(Consumer consumer) {
        lock.lock();
        try {
            active.remove(consumer.key(), consumer);
        } finally {
            lock.unlock();
        }
    }

    /** Stores what has been moved, now. */
    public void store() {
        Map<String, Token> now;
        lock.lock();
        try {
            now = Map.copyOf(moved);
            moved.clear();
        } finally {
            lock.unlock();
        }
        if (now.isEmpty()) {
            return;
        }
        try {
            positions.store(now);
        } catch (PgException e) {
            LOG.log(Level.WARNING, "positions of consumers could not be stored", e);
        }
    }

    /** Ends where nothing can be stored any more. */
    void abandon() {
        clock.shutdownNow();
    }

    /** Stores what has been moved. */
    @Override
    public void close() {
        clock.shutdownNow();
        store();
    }
}
