package io.heliosdb;

import io.heliosdb.pg.Column;
import io.heliosdb.pg.Oid;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.session.TransactionStatus;
import io.heliosdb.spi.Link;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A session of a database: it runs SQL, one statement after the other. Outside a transaction each
 * call commits by itself; what it writes and what it notifies become visible together. Used by one
 * thread at a time (a second one gets an {@link IllegalStateException}); connections are cheap, so
 * open one for each task. Only {@link #cancel} and {@link #close} may come from another thread.
 * Parameters are written {@code ?}, {@code ?1} or {@code $1}. Errors are {@link PgException}.
 *
 * {@snippet :
 * try (var connection = db.connect()) {
 *     connection.transaction(
 *             tx -> {
 *                 tx.execute("INSERT INTO orders (customer, amount) VALUES (?, ?)", "ada", 12.50);
 *                 tx.notify("orders", "new order");
 *             });
 *     long orders = connection.queryRow("SELECT count(*) FROM orders").orElseThrow().asLong(0);
 * }
 * }
 */
public final class Connection implements AutoCloseable {
    private static final int[] TWO_TEXTS = {Oid.TEXT, Oid.TEXT};

    private final Link link;
    private final Consumer<Connection> onClose;
    private final StatementCache statements;

    /** True while a statement runs; written by the thread that runs it. */
    private final AtomicBoolean isBusy = new AtomicBoolean();

    private final AtomicBoolean isClosed = new AtomicBoolean();

    /** What ran may have left something in the session. Confined as the link is. */
    private boolean hasTraces;

    /** Names savepoints, whether they are ours or a nested transaction's. */
    private int savepoints;

    Connection(Link link, Consumer<Connection> onClose) {
        this.link = link;
        this.onClose = onClose;
        this.statements = new StatementCache(link);
    }

    /**
     * Runs a statement; without parameters, also several with semicolons between them, which then
     * succeed or fail together. What LISTEN asks for comes to clients of the server only; in the
     * process, {@link HeliosDb#subscribe} is the way to hear of notifications.
     *
     * @param sql the statement
     * @param parameters one value a parameter: text, a number, a Boolean, bytes, a UUID, a
     *     java.time value, an enum, a list or array of these, or null
     * @return how many rows the last statement changed, or returned
     */
    public long execute(String sql, @Nullable Object... parameters) {
        return run(sql, parameters, row -> {}).count();
    }

    /**
     * Runs a statement for its rows.
     *
     * @param sql a SELECT, or any statement with RETURNING
     * @param parameters one value a parameter
     * @return all rows
     */
    public Rows query(String sql, @Nullable Object... parameters) {
        var rows = new ArrayList<Row>();
        var received = run(sql, parameters, rows::add);
        requireOneResult(received);
        return new Rows(received.columns(), rows);
    }

    /**
     * Runs a statement for its first row.
     *
     * @param sql a SELECT, or any statement with RETURNING
     * @param parameters one value a parameter
     * @return the row, where there is one
     */
    public Optional<Row> queryRow(String sql, @Nullable Object... parameters) {
        var first = new AtomicReference<@Nullable Row>();
        requireOneResult(run(sql, parameters, row -> first.compareAndSet(null, row)));
        return Optional.ofNullable(first.get());
    }

    /**
     * Runs a statement and hands on its rows one by one, without collecting them. What the consumer
     * throws ends the statement; it may not use this connection.
     *
     * @param consumer takes each row
     * @param sql a SELECT, or any statement with RETURNING
     * @param parameters one value a parameter
     * @return how many rows there were
     */
    public long forEach(Consumer<Row> consumer, String sql, @Nullable Object... parameters) {
        var received = run(sql, parameters, consumer);
        requireOneResult(received);
        return received.count();
    }

    /**
     * Parses a statement to run it many times.
     *
     * @param sql one statement
     * @return the statement
     * @throws PgException what is wrong with it
     */
    public Statement prepare(String sql) {
        Objects.requireNonNull(sql, "sql");
        exclusively(() -> statements.statement(sql, new int[0]));
        return new Statement(this, sql);
    }

    /**
     * Runs work in a transaction: committed when it returns, rolled back when it throws. Inside
     * another transaction it is a savepoint, so that it can fail alone.
     *
     * @param <X> what the work may throw
     * @param work what to do
     * @throws X what the work throws
     * @throws PgException 25P02 where a statement has failed and the work has hidden it; what the
     *     commit brings
     */
    public <X extends Exception> void transaction(TransactionWork<X> work) throws X {
        this.<Boolean, X>transactionResult(same -> {
            work.run(same);
            return true;
        });
    }

    /**
     * Runs work in a transaction, as {@link #transaction} does, and returns what it returns.
     *
     * @param <T> what the work returns
     * @param <X> what the work may throw
     * @param work what to do
     * @return what it returned
     * @throws X what the work throws
     */
    public <T, X extends Exception> T transactionResult(TransactionFunction<T, X> work) throws X {
        var scope = isInTransaction() ? Scope.nested("heliosdb_" + ++savepoints) : Scope.OUTERMOST;
        execute(scope.begin);
        try {
            T result = work.run(this);
            if (isFailed()) {
                throw new PgException(
                                SqlState.IN_FAILED_SQL_TRANSACTION,
                                "the transaction was rolled back because a statement in it failed")
                        .withHint(
                                "Let the statement's exception leave the work, or use a"
                                        + " savepoint.");
            }
            execute(scope.commit);
            return result;
        } catch (Throwable e) {
            rollback(scope, e);
            throw e;
        }
    }

    /** The three statements that frame a transaction or, inside one, its stand-in. */
    private record Scope(String begin, String commit, String rollback) {
        static final Scope OUTERMOST = new Scope("BEGIN", "COMMIT", "ROLLBACK");

        static Scope nested(String savepoint) {
            return new Scope(
                    "SAVEPOINT " + savepoint,
                    "RELEASE SAVEPOINT " + savepoint,
                    "ROLLBACK TO SAVEPOINT " + savepoint + "; RELEASE SAVEPOINT " + savepoint);
        }
    }

    /** Rolls back for a reason, which stays the one to be told of. */
    private void rollback(Scope scope, Throwable reason) {
        if (!isInTransaction() || isClosed.get()) {
            return;
        }
        try {
            execute(scope.rollback);
        } catch (RuntimeException e) {
            reason.addSuppressed(e);
        }
    }

    /**
     * Marks a place in the open transaction to go back to.
     *
     * @return the place
     * @throws PgException 25P01 outside a transaction
     */
    public Savepoint savepoint() {
        String name = "heliosdb_" + ++savepoints;
        execute("SAVEPOINT " + name);
        return new Savepoint(this, name);
    }

    /**
     * Sends a notification when the transaction commits; outside a transaction, at once.
     *
     * @param channel the channel's name, literally, of 1 to 63 bytes
     * @param payload fewer than {@code max_payload_bytes} (8,000) bytes of UTF-8
     * @throws PgException 22023 for a name or payload that is not allowed
     */
    public void notify(String channel, String payload) {
        Objects.requireNonNull(channel, "channel");
        Objects.requireNonNull(payload, "payload");
        exclusively(() -> {
            var statement = statements.statement("SELECT pg_notify($1, $2)", TWO_TEXTS);
            link.run(statement, List.of(channel, payload), new RowReceiver(row -> {}));
            return this;
        });
    }

    /**
     * Sends a notification without a payload when the transaction commits.
     *
     * @param channel the channel's name, literally, of 1 to 63 bytes
     */
    public void notify(String channel) {
        notify(channel, "");
    }

    /**
     * Whether a transaction is open.
     *
     * @return also true where it has failed
     */
    public boolean isInTransaction() {
        return link.status() != TransactionStatus.IDLE;
    }

    /**
     * Whether the open transaction has failed and can only be rolled back.
     *
     * @return false where none is open
     */
    public boolean isFailed() {
        return link.status() == TransactionStatus.FAILED;
    }

    /**
     * The number by which others know this session, such as the sender of its notifications.
     *
     * @return the backend process id
     */
    public int pid() {
        return link.pid();
    }

    /** Cancels the running statement with 57014; any thread may call it. */
    public void cancel() {
        link.cancel();
    }

    /**
     * Ends the session and rolls back what is open; a statement that is running is cancelled. Once
     * is enough, and any thread may call it.
     */
    @Override
    public void close() {
        if (isClosed.compareAndSet(false, true)) {
            link.close();
            onClose.accept(this);
        }
    }

    /** Whether it is as good as a new one: open, in no transaction, with no setting changed. */
    boolean isLikeNew() {
        return !isClosed.get() && !isInTransaction() && !hasTraces;
    }

    void forget(String sql) {
        if (!isClosed.get()) {
            exclusively(() -> {
                statements.forget(sql);
                return this;
            });
        }
    }

    private RowReceiver run(String sql, @Nullable Object[] parameters, Consumer<Row> consumer) {
        Objects.requireNonNull(sql, "sql");
        Objects.requireNonNull(parameters, "parameters");
        return exclusively(() -> {
            var receiver = new RowReceiver(consumer);
            try {
                if (parameters.length == 0) {
                    link.run(sql, receiver);
                } else {
                    runPrepared(sql, Parameters.of(parameters), receiver);
                }
                return receiver;
            } catch (PgException e) {
                receiver.rethrow();
                throw e;
            } finally {
                hasTraces |= receiver.leavesTraces();
            }
        });
    }

    private void runPrepared(String sql, Parameters parameters, RowReceiver receiver) {
        var statement = statements.statement(sql, parameters.oids());
        List<Column> columns = statement.columns();
        if (columns != null) {
            receiver.columns(columns);
        }
        link.run(statement, parameters.forTypes(statement.parameterOids()), receiver);
    }

    private static void requireOneResult(RowReceiver received) {
        if (received.results() != 1) {
            throw new PgException(
                            SqlState.SYNTAX_ERROR,
                            received.results() == 0
                                    ? "the statement returns no rows"
                                    : "more than one statement returns rows")
                    .withHint("Use execute, or query with one statement that returns rows.");
        }
    }

    private <T> T exclusively(Supplier<T> step) {
        if (isClosed.get()) {
            throw new PgException(SqlState.CONNECTION_DOES_NOT_EXIST, "the connection is closed");
        }
        if (!isBusy.compareAndSet(false, true)) {
            throw new IllegalStateException(
                    "the connection is running a statement already; use one connection a thread");
        }
        try {
            return step.get();
        } finally {
            isBusy.set(false);
        }
    }
}
