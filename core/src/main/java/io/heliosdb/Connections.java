package io.heliosdb;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.Severity;
import io.heliosdb.pg.SqlState;
import io.heliosdb.spi.Link;

import org.jspecify.annotations.Nullable;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * The connections of a database: those that users have, and a few idle ones that serve calls on the
 * database itself. Thread-safe.
 */
final class Connections implements AutoCloseable {
    private static final int IDLE_MAX = 16;

    private final Supplier<Link> opener;
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private final ConcurrentLinkedDeque<Connection> idle = new ConcurrentLinkedDeque<>();

    /** How many are in {@code idle}, or about to be. */
    private final AtomicInteger idleCount = new AtomicInteger();

    private final AtomicBoolean isClosed = new AtomicBoolean();

    Connections(Supplier<Link> opener) {
        this.opener = opener;
    }

    Connection connect() {
        requireOpen();
        var connection = new Connection(opener.get(), open::remove);
        open.add(connection);
        if (isClosed.get()) {
            connection.close();
            requireOpen();
        }
        return connection;
    }

    long execute(String sql, @Nullable Object... parameters) {
        return this.<Long, RuntimeException>with(each -> each.execute(sql, parameters));
    }

    Rows query(String sql, @Nullable Object... parameters) {
        return this.<Rows, RuntimeException>with(each -> each.query(sql, parameters));
    }

    Optional<Row> queryRow(String sql, @Nullable Object... parameters) {
        return this.<Optional<Row>, RuntimeException>with(each -> each.queryRow(sql, parameters));
    }

    <X extends Exception> void transaction(TransactionWork<X> work) throws X {
        this.<Boolean, X>with(connection -> {
            connection.transaction(work);
            return true;
        });
    }

    <T, X extends Exception> T transactionResult(TransactionFunction<T, X> work) throws X {
        return with(connection -> connection.<T, X>transactionResult(work));
    }

    /**
     * Lends a connection. It is kept where it is as good as a new one afterwards, so that no call
     * finds what another has left.
     */
    <T, X extends Exception> T with(TransactionFunction<T, X> work) throws X {
        requireOpen();
        var connection = borrow();
        boolean isWhole = false;
        try {
            T result = work.run(connection);
            requireNoTransaction(connection);
            isWhole = true;
            return result;
        } catch (PgException e) {
            isWhole = e.report().severity() == Severity.ERROR;
            throw e;
        } finally {
            giveBack(connection, isWhole && connection.isLikeNew());
        }
    }

    /** What was begun here could be ended by nobody, and is rolled back. */
    private static void requireNoTransaction(Connection connection) {
        if (connection.isInTransaction()) {
            throw new PgException(
                            SqlState.ACTIVE_SQL_TRANSACTION,
                            "a transaction was left open, and has been rolled back")
                    .withHint(
                            "Each call on the database is a transaction. Use transaction(), or"
                                    + " connect() for a connection that keeps one open.");
        }
    }

    private Connection borrow() {
        var kept = idle.pollFirst();
        if (kept == null) {
            return connect();
        }
        idleCount.decrementAndGet();
        return kept;
    }

    private void giveBack(Connection connection, boolean isLikeNew) {
        if (isLikeNew && idleCount.incrementAndGet() <= IDLE_MAX) {
            idle.addFirst(connection);
            if (isClosed.get()) {
                close();
            }
            return;
        }
        if (isLikeNew) {
            idleCount.decrementAndGet();
        }
        connection.close();
    }

    /** Refuses with 57P03 what comes after the end. */
    void requireOpen() {
        if (isClosed.get()) {
            throw PgException.fatal(SqlState.CANNOT_CONNECT_NOW, "the database is closed");
        }
    }

    @Override
    public void close() {
        isClosed.set(true);
        open.forEach(Connection::close);
        idle.clear();
    }
}
