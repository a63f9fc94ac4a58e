package io.heliosdb.session;

import io.heliosdb.engine.Inspection;
import io.heliosdb.engine.Uninterruptibly;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.type.TextStyle;
import io.heliosdb.pubsub.Subscription;
import io.heliosdb.replication.ReplicationSlot;
import io.heliosdb.sql.Statement;
import io.heliosdb.sql.VoidArguments;

import org.jspecify.annotations.Nullable;

import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * One client's conversation with the database: settings, transaction, prepared statements, portals
 * and what it listens to. One thread at a time uses it, calls from several wait for each other;
 * {@link #cancel} and {@link #terminate} come from any thread and do not wait.
 */
public final class Session implements AutoCloseable {
    private static final int[] NO_OIDS = {};
    private static final @Nullable Object[] NO_PARAMETERS = {};

    /** How long {@link #close} waits for a statement that has been cancelled. */
    private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Instance instance;
    private final SessionRequest request;
    private final SessionState state;
    final StatementRunner runner;

    /** Held through every call that uses the session. */
    private final ReentrantLock use = new ReentrantLock();

    /** Why it was ended from outside; the first reason counts. */
    private final AtomicReference<Optional<PgException>> ended =
            new AtomicReference<>(Optional.empty());

    private final OffsetDateTime started = OffsetDateTime.now(ZoneOffset.UTC);
    private final Activity activity = new Activity();
    private volatile boolean isClosed;
    private @Nullable Future<?> idleTimer;
    private final ReportedSettings reported;

    Session(Instance instance, SessionRequest request, SessionState state) {
        this.instance = instance;
        this.request = request;
        this.state = state;
        runner = new StatementRunner(state);
        state.settings().onEncoding(request.client()::encodingChanged);
        reported = new ReportedSettings(state.settings(), request.client());
    }

    /**
     * The backend process id that notifications of this session carry.
     *
     * @return a positive number, unique while the session lives
     */
    public int pid() {
        return state.pid();
    }

    /**
     * The key that a CancelRequest must present.
     *
     * @return a random number
     */
    public int secretKey() {
        return state.secretKey();
    }

    /**
     * Who the client authenticated as.
     *
     * @return the role's name
     */
    public String user() {
        return request.user();
    }

    /** What the client calls itself. */
    String applicationName() {
        return state.settings().value("application_name");
    }

    OffsetDateTime started() {
        return started;
    }

    /** What it does now; any thread. */
    Activity.Now activity() {
        return activity.now();
    }

    /** Whether what it runs waits for another session's row; any thread. */
    boolean isBlocked() {
        return Inspection.isBlocked(state.rows());
    }

    /**
     * Whether its client may use replication slots.
     *
     * @return whether its role may
     */
    public boolean mayReplicate() {
        return new SessionReplication(state).isAllowed();
    }

    /**
     * Where the session stands.
     *
     * @return the status that ReadyForQuery carries
     */
    public TransactionStatus status() {
        return state.block().status();
    }

    /**
     * The settings that a client is told of at start-up, with their values.
     *
     * @return name and value, in PostgreSQL's order
     */
    public Map<String, String> reportedSettings() {
        return reported.told();
    }

    /**
     * The value of a setting.
     *
     * @param name its name
     * @return its value as SHOW prints it
     * @throws PgException 42704 for an unknown setting
     */
    public String setting(String name) {
        return state.settings().shown(name);
    }

    /**
     * Changes with every change of a setting, so that who keeps a value knows when it is old.
     *
     * @return a number that says nothing else
     */
    public int settingsVersion() {
        return state.settings().version();
    }

    /**
     * How values look by the session's settings.
     *
     * @return the same object until a setting changes
     */
    public TextStyle textStyle() {
        return state.textStyle();
    }

    /**
     * What has been delivered to the channels that this session listens to. The wire server takes
     * from it while the session stands outside a transaction.
     *
     * @return the same subscription for the session's whole life
     */
    public Subscription deliveries() {
        return state.deliveries();
    }

    /**
     * Whether the client has used {@code heliosdb_listen()}, so that it is told of a gap and goes
     * on; any other would believe that nothing is missing. Any thread.
     *
     * @return whether it takes gaps
     */
    public boolean takesGaps() {
        return state.takesGaps();
    }

    /**
     * Runs a query string of any number of statements as one implicit transaction, as the simple
     * query protocol does.
     *
     * @param sql the statements
     * @param out takes the results
     * @throws PgException what ended it; the transaction is rolled back, or failed where a block is
     *     open
     */
    public void simpleQuery(String sql, ResultReceiver out) {
        enterAsked();
        activity.runs(sql);
        try {
            forgetUnnamed();
            var parsed = runner.parse(sql);
            if (parsed.isEmpty()) {
                state.block().endImplicit();
                out.empty();
            }
            int last = parsed.size() - 1;
            for (int i = 0; i <= last; i++) {
                runInString(parsed.get(i), i == last, out);
            }
            state.cancellation().answer();
            tellSettings();
        } catch (RuntimeException e) {
            throw failed(e);
        } finally {
            leave();
        }
    }

    private <T> T inUse(Supplier<T> work) {
        enterAsked();
        try {
            return work.get();
        } catch (RuntimeException e) {
            throw failed(e);
        } finally {
            leave();
        }
    }

    private void runInString(Statement statement, boolean isLast, ResultReceiver out) {
        String tag;
        runner.begin(
                statement, !isLast || state.block().state() == TransactionBlock.State.IMPLICIT);
        try {
            var prepared = runner.prepare(statement, NO_OIDS);
            var bound = new Bound("", prepared, NO_PARAMETERS);
            if (state.portals().isOfBinaryCursor(statement)) {
                out.binary();
            }
            try {
                runner.start(bound, out::columns);
                runner.fetch(bound, 0, out);
                requireNotEnded();
                tag = bound.tag();
            } finally {
                bound.close();
            }
            if (isLast) {
                state.block().endImplicit();
            }
        } finally {
            runner.end();
        }
        out.complete(tag);
    }

    /**
     * Parses a statement and infers its types. Begins the implicit transaction that {@link #sync}
     * ends.
     *
     * @param name the name to keep it by; empty replaces the unnamed one
     * @param sql one statement, or none
     * @param parameterOids types given by the client; 0 or a missing one is inferred
     * @return the statement
     * @throws PgException 42601, 42P05, 25P02 and what preparing brings
     */
    public PreparedStatement parse(String name, String sql, int[] parameterOids) {
        enterAsked();
        activity.runs(sql);
        try {
            if (name.isEmpty()) {
                state.statements().forget("");
            }
            var statement = runner.parseSingle(VoidArguments.removed(sql, parameterOids));
            runner.begin(statement, false);
            try {
                var prepared = runner.prepare(statement, parameterOids);
                state.statements().keep(name, prepared, sql, false);
                return prepared;
            } finally {
                runner.end();
            }
        } catch (RuntimeException e) {
            throw failed(e);
        } finally {
            leave();
        }
    }

    /**
     * A prepared statement by name.
     *
     * @param name its name; empty for the unnamed one
     * @return the statement
     * @throws PgException 26000 where there is none
     */
    public PreparedStatement preparedStatement(String name) {
        try {
            return state.statements().require(name);
        } catch (PgException e) {
            throw failed(e);
        }
    }

    /**
     * Binds parameters.
     *
     * @param portalName the name to keep the portal by; empty replaces the unnamed one
     * @param statement what to bind; one of this session's
     * @param parameters one value a parameter, as {@code pg.type} represents it
     * @return the portal
     * @throws PgException 08P01 for a wrong number of parameters, 42P03, 25P02
     */
    public Portal bind(
            String portalName, PreparedStatement statement, List<@Nullable Object> parameters) {
        return inUse(() -> runner.bind(portalName, (Prepared) statement, parameters.toArray()));
    }

    /**
     * A portal by name.
     *
     * @param name its name; empty for the unnamed one
     * @return the portal
     * @throws PgException 34000 where there is none
     */
    public Portal portal(String name) {
        try {
            return state.portals().requirePortal(name);
        } catch (PgException e) {
            throw failed(e);
        }
    }

    /**
     * Runs a portal, or goes on with a suspended one. {@link ResultReceiver#columns} is not called.
     *
     * @param portal what to run; one of this session's
     * @param maxRows rows to give at most; 0 for all
     * @param out takes the results
     * @throws PgException what ended it; the batch has failed
     */
    public void execute(Portal portal, int maxRows, ResultReceiver out) {
        enterAsked();
        try {
            var bound = (Bound) portal;
            activity.runs(bound.prepared().statement().source());
            if (bound.prepared().statement() instanceof Statement.Empty) {
                out.empty();
                return;
            }
            runner.begin(bound.prepared().statement(), false);
            boolean isComplete;
            try {
                if (!bound.isStarted()) {
                    if (maxRows > 0) {
                        bound.limit();
                    }
                    runner.start(bound);
                }
                isComplete = runner.fetch(bound, maxRows, out);
                requireNotEnded();
            } finally {
                runner.end();
            }
            if (isComplete) {
                out.complete(bound.tag());
            } else {
                out.suspended();
            }
        } catch (RuntimeException e) {
            throw failed(e);
        } finally {
            leave();
        }
    }

    /**
     * Forgets a prepared statement; an unknown name is no error.
     *
     * @param name its name
     */
    public void closeStatement(String name) {
        state.statements().forget(name);
    }

    /**
     * Forgets a portal; an unknown name is no error.
     *
     * @param name its name
     */
    public void closePortal(String name) {
        state.portals().close(name);
    }

    /**
     * Marks the batch as failed after an error in the extended protocol that did not come from this
     * session, such as a parameter that does not decode.
     */
    public void failBatch() {
        enter();
        try {
            state.block().fail();
        } finally {
            leave();
        }
    }

    /**
     * Ends a batch: commits the implicit transaction, or rolls it back after an error.
     *
     * @throws PgException what made the commit fail
     */
    public void sync() {
        enter();
        try {
            state.block().endImplicit();
            state.cancellation().answer();
            tellSettings();
        } catch (RuntimeException e) {
            throw failed(e);
        } finally {
            leave();
        }
    }

    /**
     * What the session waits for now; any thread may ask.
     *
     * @return empty while it works
     */
    public Optional<WaitEvent> waitEvent() {
        if (!activity.now().state().equals("active")) {
            return Optional.of(WaitEvent.CLIENT);
        }
        return state.instance()
                .engine()
                .waitOf(state.rows())
                .map(wait ->
                        switch (wait) {
                            case FLUSH -> WaitEvent.FLUSH;
                            case TRANSACTION -> WaitEvent.LOCK;
                        });
    }

    /**
     * Makes a replication slot whose changes go on where what this transaction sees ends.
     *
     * @param name its name
     * @param plugin what its changes look like
     * @param isTemporary whether it goes with the session
     * @return the slot
     * @throws PgException at any other place than the beginning of a REPEATABLE READ transaction
     */
    public ReplicationSlot createSlotAtSnapshot(String name, String plugin, boolean isTemporary) {
        return inUse(() -> runner.createSlotAtSnapshot(name, plugin, isTemporary));
    }

    /**
     * Cancels the running statement with 57014; any thread may call it, and an idle session does
     * not mind.
     */
    public void cancel() {
        state.cancellation().cancelByUser();
    }

    /**
     * Ends the session from outside: its running statement fails with the reason, its transaction
     * is rolled back and its client is told. Any thread may call it; the first reason counts.
     *
     * @param reason a FATAL error
     */
    public void terminate(PgException reason) {
        if (isClosed || !ended.compareAndSet(Optional.empty(), Optional.of(reason))) {
            return;
        }
        state.cancellation().cancel(reason);
        request.client().terminated(reason);
        // Who ends its own session is in the middle of a statement, and closes after it.
        if (!use.isHeldByCurrentThread() && use.tryLock()) {
            try {
                closeNow();
            } finally {
                use.unlock();
            }
        }
    }

    /**
     * Ends the session: what is running is cancelled, what is open is rolled back, and a second
     * call does nothing. Any thread may call it. A statement that does not end within five seconds,
     * because what takes its rows waits for something, or that is in the middle of calling this,
     * has the session closed when it ends.
     */
    @Override
    public void close() {
        ended.compareAndSet(Optional.empty(), Optional.of(closed()));
        state.cancellation().cancel(closed());
        if (!use.isHeldByCurrentThread() && Uninterruptibly.tryLock(use, CLOSE_NANOS)) {
            try {
                closeNow();
            } finally {
                use.unlock();
            }
        }
    }

    private static PgException closed() {
        return PgException.fatal(SqlState.CONNECTION_FAILURE, "the connection has been closed");
    }

    String clientAddress() {
        return request.clientAddress();
    }

    private void enter() {
        use.lock();
        if (isClosed || ended.get().isPresent()) {
            use.unlock();
            throw ended.get().orElseGet(Session::closed);
        }
        var timer = idleTimer;
        if (timer != null) {
            timer.cancel(false);
            idleTimer = null;
        }
    }

    private void requireNotEnded() {
        ended.get()
                .ifPresent(reason -> {
                    throw reason;
                });
    }

    /** As {@link #enter}, with something that a cancel request can end. */
    void enterAsked() {
        enter();
        state.cancellation().ask();
    }

    void leave() {
        activity.waits(state.block().state());
        try {
            if (ended.get().isPresent()) {
                closeNow();
            } else if (state.block().isBlock() && state.settings().idleInTransactionMillis() > 0) {
                idleTimer =
                        instance.timers()
                                .after(
                                        state.settings().idleInTransactionMillis(),
                                        this::endIdleTransaction);
            }
        } finally {
            use.unlock();
        }
    }

    private void endIdleTransaction() {
        terminate(
                PgException.fatal(
                        SqlState.IDLE_IN_TRANSACTION_SESSION_TIMEOUT,
                        "terminating connection due to idle-in-transaction timeout"));
    }

    private void closeNow() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        state.portals().closeAll();
        state.statements().clear();
        instance.forget(this);
        state.close();
    }

    /** A statement failed: the transaction is undone or waits for its end. */
    PgException failed(RuntimeException thrown) {
        var error = state.cancellation().explain(BrokenInvariant.wrap(thrown));
        state.cancellation().answer();
        if (!isClosed) {
            state.block().fail();
        }
        return ended.get().orElse(error);
    }

    /** A query string takes the place of the unnamed statement and portal. */
    private void forgetUnnamed() {
        state.statements().forget("");
        closePortal("");
    }

    /**
     * Tells the client of reported settings that have changed, which it hears before it is told
     * that the session is ready.
     */
    public void tellSettings() {
        reported.tell();
    }
}
