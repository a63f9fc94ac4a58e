package io.heliosdb.client;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;

import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.locks.ReentrantLock;

/** One connection that is kept for short statements, and opened again after a loss. Thread-safe. */
final class KeptConnection implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(KeptConnection.class.getName());

    /** After so long without use it is asked whether it lives. */
    private static final long TRUSTED_NANOS = Duration.ofSeconds(1).toNanos();

    private final UrlSource source;
    private final Duration timeout;

    /** Held while the connection is used. */
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private @Nullable Connection connection;

    @GuardedBy("lock")
    private long usedNanos;

    @GuardedBy("lock")
    private boolean closed;

    KeptConnection(UrlSource source, Duration timeout) {
        this.source = source;
        this.timeout = timeout;
    }

    /** What is done with it. */
    @FunctionalInterface
    interface Use<T> {
        /** Runs statements in autocommit mode. */
        T with(Connection connection) throws SQLException;
    }

    /**
     * Uses it.
     *
     * @throws PgException what the server or the driver says; 08003 once closed
     */
    <T> T use(Use<T> use) {
        lock.lock();
        try {
            var open = connection();
            try {
                var result = use.with(open);
                usedNanos = System.nanoTime();
                return result;
            } catch (SQLException e) {
                if (ClientErrors.endsConnection(e)) {
                    drop();
                }
                throw e;
            }
        } catch (SQLException e) {
            throw ClientErrors.of(e);
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private Connection connection() throws SQLException {
        if (closed) {
            throw new PgException(
                    SqlState.CONNECTION_DOES_NOT_EXIST, "this event source has been closed");
        }
        var kept = connection;
        if (kept != null) {
            int seconds = (int) Math.max(1, timeout.toSeconds());
            if (System.nanoTime() - usedNanos < TRUSTED_NANOS || kept.isValid(seconds)) {
                return kept;
            }
            drop();
        }
        var more = new Properties();
        PGProperty.APPLICATION_NAME.set(more, "heliosdb-events");
        kept = source.open(timeout, _ -> {}, more);
        kept.setNetworkTimeout(Runnable::run, Math.toIntExact(timeout.toMillis()));
        connection = kept;
        return kept;
    }

    @GuardedBy("lock")
    private void drop() {
        var kept = connection;
        connection = null;
        if (kept != null) {
            try {
                kept.close();
            } catch (SQLException e) {
                LOG.log(Level.DEBUG, "a broken connection did not close well", e);
            }
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            drop();
        } finally {
            lock.unlock();
        }
    }
}
