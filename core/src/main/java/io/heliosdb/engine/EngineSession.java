package io.heliosdb.engine;

import io.heliosdb.log.LogEntry.Notice;
import io.heliosdb.pg.PgException;

import org.h2.engine.Session;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.h2.util.TimeZoneProvider;
import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * One session with the store: at most one transaction, its statements one after another in whatever
 * thread calls; only {@link #cancel} may be called from another at the same time. A statement
 * outside {@link #begin} opens a transaction too, and it stays open until commit or rollback.
 */
public final class EngineSession implements AutoCloseable {
    private static final Map<SessionLocal, EngineSession> ALL = new ConcurrentHashMap<>();

    private final Engine engine;
    private final SessionLocal local;
    private final SessionServices services;
    private final boolean internal;
    private final Interruption interruption;
    private final StoreCalls calls;
    private final TemporaryObjects temporary;
    private @Nullable EnginePlan running;
    private @Nullable HookedTable bulkTable;
    private boolean isParsing;
    private final AtomicReference<@Nullable Object> companion = new AtomicReference<>();
    private final OpenTransaction transaction = new OpenTransaction();
    private final StatementDepth depth = new StatementDepth();
    private long statementNumber;

    EngineSession(Engine engine, SessionLocal local, SessionServices services, boolean internal) {
        this.engine = engine;
        this.local = local;
        this.services = services;
        this.internal = internal;
        interruption = new Interruption(local);
        calls = new StoreCalls(engine, local, interruption);
        temporary = new TemporaryObjects(local);
        local.setAutoCommit(false);
        ALL.put(local, this);
    }

    static boolean isKnown(SessionLocal local) {
        return ALL.containsKey(local);
    }

    static EngineSession of(SessionLocal local) {
        EngineSession session = ALL.get(local);
        if (session == null) {
            throw new IllegalStateException("a session of the store that the engine does not know");
        }
        return session;
    }

    /**
     * The session that calls a function written in Java.
     *
     * @param connection the function's first argument
     * @return the session
     */
    public static EngineSession of(Connection connection) {
        try {
            Session session = connection.unwrap(JdbcConnection.class).getSession();
            return of((SessionLocal) session);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Prepares a statement.
     *
     * @param sql one statement in the store's SQL, parameters as {@code ?1}
     * @return the plan, to be closed by the caller
     * @throws PgException 42601 with the position, 42P01, 42703, 42883 ...; 0A000 or 42501 for what
     *     reaches outside
     */
    public EnginePlan prepare(String sql) {
        return calls.guarded(sql, () -> new EnginePlan(this, sql, internal));
    }

    /**
     * Prepares a statement of the program's own, which may read and change the tables of {@link
     * Engine#SYSTEM_SCHEMA} inside the session's transaction. Never for text that a client wrote.
     *
     * @param sql one statement in the store's SQL, parameters as {@code ?1}
     * @return the plan, to be closed by the caller
     */
    public EnginePlan prepareSystem(String sql) {
        return calls.guarded(sql, () -> new EnginePlan(this, sql, true));
    }

    /**
     * Runs a statement of the program's own that returns no rows, as {@link #prepareSystem} has it.
     *
     * @param sql one statement in the store's SQL
     * @param values its parameters
     * @return how many rows it changed
     */
    public long executeSystem(String sql, @Nullable Object... values) {
        try (var plan = prepareSystem(sql);
                var result = plan.execute(values)) {
            return result.updateCount();
        }
    }

    /** Drops what is temporary. */
    public void dropTemporaryObjects() {
        calls.changing(
                "DISCARD TEMP",
                () -> {
                    temporary.drop();
                    return true;
                });
    }

    /**
     * Runs a statement that returns no rows.
     *
     * @param sql one statement in the store's SQL
     * @param values its parameters
     * @return how many rows it changed
     */
    public long execute(String sql, @Nullable Object... values) {
        try (var plan = prepare(sql);
                var result = plan.execute(values)) {
            return result.updateCount();
        }
    }

    /** Has many executions of a plan look like one statement to the row hook. */
    void asOneStatement(EnginePlan plan, HookedTable table, Runnable work) {
        calls.during(plan, () -> table.fireInsert(local, true));
        bulkTable = table;
        try {
            work.run();
        } finally {
            bulkTable = null;
        }
        calls.during(plan, () -> table.fireInsert(local, false));
    }

    /** Whether a statement of the table's is one of many that the row hook takes for one. */
    boolean isPartOfStatement(HookedTable table) {
        return table.equals(bulkTable) && calls.depth() == 1;
    }

    /**
     * Begins a transaction.
     *
     * @param isReadOnly whether it refuses to write, with 25006
     * @param isolation what it sees of others
     */
    public void begin(boolean isReadOnly, Isolation isolation) {
        if (transaction.isOpen()) {
            throw new IllegalStateException("a transaction is open");
        }
        if (local.getIsolationLevel() != isolation.level) {
            calls.guarded(
                    "",
                    () -> {
                        local.setIsolationLevel(isolation.level);
                        return true;
                    });
        }
        transaction.begin(isReadOnly);
    }

    /**
     * Makes the transaction's changes visible; durable they are after {@link Engine#awaitDurable}.
     *
     * @throws PgException 53100 or 54000 where the log refuses it; the transaction is still open
     *     then
     */
    public void commit() {
        if (engine.engineLog() == null) {
            commitNow();
            return;
        }
        try (var commit = prepareCommit(services.backendPid(), List.of())) {
            if (commit.isLogged()) {
                commit.append();
            }
            commit.complete(false, false);
        }
    }

    /**
     * Begins a commit that others have a part in: see {@link EngineCommit}.
     *
     * @param pid who commits
     * @param notifications what goes into the log with the rows
     * @return to be completed, and closed
     * @throws PgException 53100 where the disk is full, 54000 where the transaction is too large;
     *     it is still open then
     */
    public EngineCommit prepareCommit(int pid, List<Notice> notifications) {
        var log = engine.engineLog();
        if (log == null) {
            return new EngineCommit(this, null, null, hasChanges());
        }
        log.latch().enter();
        boolean isPrepared = false;
        try {
            var commit =
                    calls.guarded(
                            "COMMIT",
                            () ->
                                    new EngineCommit(
                                            this,
                                            log,
                                            log.prepare(local, pid, notifications),
                                            hasChanges()));
            isPrepared = true;
            return commit;
        } finally {
            if (!isPrepared) {
                log.latch().exit();
            }
        }
    }

    /** Makes the changes visible; what is logged of them has its place. */
    void commitNow() {
        calls.guarded(
                "COMMIT",
                () -> {
                    local.commit(false);
                    temporary.committed();
                    return true;
                });
        transaction.ended();
    }

    /** Undoes the transaction. */
    public void rollback() {
        calls.changing(
                "ROLLBACK",
                () -> {
                    local.rollback();
                    temporary.rollbackTo(0);
                    return true;
                });
        transaction.ended();
    }

    /**
     * Whether a transaction was begun and has not ended.
     *
     * @return whether there is one
     */
    public boolean inTransaction() {
        return transaction.isOpen();
    }

    boolean isReadOnly() {
        return transaction.isReadOnly();
    }

    /**
     * Whether the transaction has changed rows, so that its commit is worth waiting for.
     *
     * @return whether it has
     */
    public boolean hasChanges() {
        return local.containsUncommitted();
    }

    /**
     * Changes whether the transaction may write.
     *
     * @param isReadOnly whether it refuses to
     */
    public void setReadOnly(boolean isReadOnly) {
        transaction.setReadOnly(isReadOnly);
    }

    /**
     * Remembers this place in the transaction.
     *
     * @return the place
     */
    public Mark mark() {
        return new Mark(local.getTransaction().setSavepoint(), temporary.mark());
    }

    /**
     * Undoes what came after a place in the transaction.
     *
     * @param mark the place
     */
    public void rollbackTo(Mark mark) {
        calls.changing(
                "ROLLBACK TO",
                () -> {
                    Savepoints.rollbackTo(local, mark.logId());
                    temporary.rollbackTo(mark.temporary());
                    engine.rollbackFlag().rolledBack(local);
                    return true;
                });
    }

    /** Ends the statement that runs now, if any, with 57014, also while it sleeps or waits. */
    public void cancel() {
        interruption.cancel();
    }

    /**
     * Limits the wait for each lock.
     *
     * @param timeout zero for no limit
     */
    public void lockTimeout(Duration timeout) {
        calls.lockTimeout(timeout);
    }

    /**
     * Sets the time zone of timestamps without one.
     *
     * @param zone the zone
     */
    public void timeZone(ZoneId zone) {
        local.setTimeZone(TimeZoneProvider.ofId(zone.getId()));
    }

    /**
     * Sets the schemas in which names without one are looked up; new tables go into the first.
     *
     * @param schemas their names, the first of which must exist
     */
    public void searchPath(String... schemas) {
        calls.guarded(
                "",
                () -> {
                    local.setCurrentSchema(local.getDatabase().getSchema(schemas[0]));
                    local.setSchemaSearchPath(engine.searchPath(schemas));
                    return true;
                });
    }

    /**
     * Waits inside a statement; a cancel or an interrupt of the thread ends it with 57014.
     *
     * @param seconds how long; nothing where it is not above zero
     */
    public void sleep(double seconds) {
        double nanos = seconds * TimeUnit.SECONDS.toNanos(1);
        interruption.sleep(nanos >= Long.MAX_VALUE ? Long.MAX_VALUE : (long) nanos);
    }

    /**
     * What the functions of this session may use.
     *
     * @return as given when it was opened
     */
    public SessionServices services() {
        return services;
    }

    /**
     * The engine it belongs to.
     *
     * @return the engine
     */
    public Engine engine() {
        return engine;
    }

    /** Rolls back what is open and frees the session. */
    @Override
    public void close() {
        if (ALL.remove(local) == null) {
            return;
        }
        transaction.ended();
        engine.forget(this);
        if (engine.isUsable() && !local.isClosed()) {
            calls.changing(
                    "",
                    () -> {
                        local.rollback();
                        temporary.drop();
                        local.close();
                        return true;
                    });
        }
    }

    /**
     * The error of an upsert that would change a row twice.
     *
     * @return 21000
     */
    public static PgException affectedTwice() {
        return ConstraintErrors.twice();
    }

    /**
     * The columns that the statement assigns that runs now, as {@link EnginePlan#assigns} was told.
     *
     * @return their names; empty where it is no UPDATE
     */
    public Set<String> assignedColumns() {
        EnginePlan plan = running;
        return plan == null ? Set.of() : plan.assignedColumns();
    }

    /**
     * What only this session sees.
     *
     * @return its temporary tables, views and sequences
     */
    public TemporaryObjects temporary() {
        return temporary;
    }

    /**
     * Which schema the session sees, so that what was prepared for an older one is prepared anew.
     *
     * @return grows with each definition, those of temporary objects among them
     */
    public long schemaVersion() {
        return engine.schemaVersion() + temporary.version();
    }

    /**
     * What the row hook keeps with the session.
     *
     * @return a place for any object of its own
     */
    public AtomicReference<@Nullable Object> companion() {
        return companion;
    }

    SessionLocal local() {
        return local;
    }

    /** Whether its thread sleeps because another session has a row; false for one that looks. */
    boolean isAsleepBehind(int other) {
        return local.getBlockingSessionId() == other && interruption.isRunnerAsleep();
    }

    Interruption interruption() {
        return interruption;
    }

    int lockTimeoutMillis() {
        return calls.lockTimeoutMillis();
    }

    /** The schemas in which names are looked up, the one of new tables first. */
    List<String> searchPath() {
        var others = Stream.of(local.getSchemaSearchPath());
        return Stream.concat(Stream.of(local.getCurrentSchemaName()), others).distinct().toList();
    }

    boolean isInternal() {
        return internal;
    }

    /**
     * How deep inside statements the session is: a statement of a trigger is deeper than the one
     * that fires it, and what a foreign key does for a row is deeper than that row's statement.
     *
     * @return a number that grows with the depth
     */
    public long level() {
        return depth.level();
    }

    StatementDepth depth() {
        return depth;
    }

    /**
     * Whether a statement is being prepared, so that its functions are not to be called.
     *
     * @return whether one is
     */
    public boolean isParsing() {
        return isParsing;
    }

    /**
     * Does something inside a statement that runs, which may run statements itself. What the
     * statement goes on with is as it was.
     *
     * @param work what to do
     * @param <T> the type of its result
     * @return what it gives
     */
    public <T> T nested(Supplier<T> work) {
        boolean wasParsing = isParsing;
        isParsing = false;
        try (var _ = new NestedCall(local)) {
            return work.get();
        } finally {
            isParsing = wasParsing;
        }
    }

    Statement parse(String sql, boolean isSystem) {
        boolean wasParsing = isParsing;
        isParsing = true;
        try {
            return Statement.of(this, sql, isSystem);
        } finally {
            isParsing = wasParsing;
        }
    }

    /**
     * Which statement runs, so that what is kept for one is not used by the next.
     *
     * @return grows with each
     */
    public long statementNumber() {
        return statementNumber;
    }

    EngineResult run(EnginePlan plan, @Nullable Object[] values, boolean lazily) {
        statementNumber++;
        if (transaction.isReadOnly() && plan.isWrite()) {
            throw plan.isRefusedToWrite();
        }
        if (!plan.commitsImplicitly()) {
            EnginePlan outer = running;
            running = plan;
            try {
                return plan.changesStore()
                        ? calls.changing(plan.sql(), plan, () -> plan.executeNow(values))
                        : calls.guarded(plan.sql(), plan, () -> plan.executeNow(values, lazily));
            } finally {
                running = outer;
            }
        }
        try {
            return define(plan, values);
        } finally {
            engine.schemaChanged();
            transaction.ended();
        }
    }

    /** Computes what needs no statement, guarded as a statement is. */
    <T extends @Nullable Object> T evaluate(String sql, Supplier<T> work) {
        return calls.evaluated(sql, work);
    }

    private EngineResult define(EnginePlan plan, @Nullable Object[] values) {
        var log = engine.engineLog();
        if (log == null) {
            return calls.guarded(plan.sql(), plan, () -> Definition.inSlices(this, plan, values));
        }
        if (plan.isTemporary() || log.latch().isInside()) {
            return calls.changing(plan.sql(), plan, () -> Definition.inSlices(this, plan, values));
        }
        if (hasChanges()) {
            commit();
        }
        return calls.guarded(plan.sql(), plan, () -> new Definition(this, log, plan).run(values));
    }

    OpenTransaction transaction() {
        return transaction;
    }
}
