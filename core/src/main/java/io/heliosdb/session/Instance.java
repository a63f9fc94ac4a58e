package io.heliosdb.session;

import io.heliosdb.catalog.Catalog;
import io.heliosdb.engine.Engine;
import io.heliosdb.log.Latencies;
import io.heliosdb.log.Log;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pubsub.OverflowPolicy;
import io.heliosdb.pubsub.PubSub;
import io.heliosdb.pubsub.SubscribeOptions;
import io.heliosdb.replication.PublicationCatalog;
import io.heliosdb.replication.Replication;
import io.heliosdb.replication.ReplicationSlots;
import io.heliosdb.trigger.SessionTriggers;
import io.heliosdb.trigger.TriggerCatalog;
import io.heliosdb.trigger.routine.RoutineCatalog;
import io.heliosdb.trigger.routine.SessionRoutines;

import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One open database: its engine, channels, roles, triggers and sessions. Safe for use by many
 * threads. Closing it ends every session; a failure between the append and the visibility of a
 * commit ends them with 57P02, and opening the database again recovers it.
 */
public final class Instance implements AutoCloseable {
    /** The one database, by the name that clients connect to. */
    public static final String DATABASE = "postgres";

    private final AdvisoryLocks advisoryLocks = new AdvisoryLocks();
    private final InstanceOptions options;
    private final Engine engine;
    private final PubSub pubSub;
    private final Committer committer;
    private final TriggerCatalog triggers;
    private final RoutineCatalog routines;
    private final PublicationCatalog publications;
    private final Replication replication;
    private final Roles roles;
    private final ConsumerPositions consumers;
    private final Catalog catalog;
    private final ExportedSnapshots snapshots = new ExportedSnapshots();
    private final Timers timers = new Timers();
    private final SecureRandom random = new SecureRandom();
    private final Map<Integer, Session> sessions = new ConcurrentHashMap<>();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger lastPid = new AtomicInteger();
    private final AtomicBoolean isClosed = new AtomicBoolean();
    private final AtomicReference<Optional<PgException>> failure =
            new AtomicReference<>(Optional.empty());
    private final CompletableFuture<PgException> failed = new CompletableFuture<>();

    private Instance(
            InstanceOptions options,
            Engine engine,
            PubSub pubSub,
            Roles roles,
            TriggerCatalog triggers,
            RoutineCatalog routines,
            PublicationCatalog publications,
            Replication replication) {
        this.options = options;
        this.engine = engine;
        this.pubSub = pubSub;
        this.roles = roles;
        this.triggers = triggers;
        this.routines = routines;
        consumers = new ConsumerPositions(engine.newInternalSession(new SystemServices()));
        this.publications = publications;
        this.replication = replication;
        catalog = new Catalog(new SessionCatalog(this));
        engine.installCatalog(catalog);
        committer = new Committer(pubSub, this::fail);
        lastPid.set(options.pubSub().pid());
    }

    /**
     * Opens a database.
     *
     * @param options where it lives and what bounds it
     * @return the open database, to be closed by the caller
     * @throws PgException 55006 where another process or instance has it, 58030 where the directory
     *     cannot be used
     */
    public static Instance open(InstanceOptions options) {
        var slots = new AtomicReference<Optional<ReplicationSlots>>(Optional.empty());
        var engine =
                Engine.open(options.engine(), log -> slots.set(Optional.of(slots(options, log))));
        try {
            var pubSub =
                    engine.log()
                            .map(log ->
                                    PubSub.open(options.pubSub(), journal(engine, log, options)))
                            .orElseGet(() -> PubSub.open(options.pubSub()));
            var triggers = new TriggerCatalog();
            var routines = new RoutineCatalog();
            var publications = new PublicationCatalog();
            try (var system = engine.newInternalSession(new SystemServices())) {
                Roles.define(system);
                ConsumerPositions.define(system);
                SessionRoutines.load(routines, system);
                SessionTriggers.load(triggers, system, routines);
                publications.load(system);
                system.commit();
            }
            engine.awaitDurable();
            engine.installRowHook(SessionTriggers.hook(triggers));
            engine.installGuard(publications.guard(engine));
            var roles = new Roles(engine.newInternalSession(new SystemServices()));
            var replication = replication(options, engine, pubSub, publications, slots.get());
            return new Instance(
                    options, engine, pubSub, roles, triggers, routines, publications, replication);
        } catch (RuntimeException | Error e) {
            engine.close();
            throw e;
        }
    }

    private static LogJournal journal(Engine engine, Log log, InstanceOptions options) {
        return new LogJournal(engine, log, options.pubSub().history());
    }

    /**
     * A session's own queue: where there is a log a full one is read from there; without one it
     * refuses the notifier, as PostgreSQL does. Both lose nothing. Where nobody takes from it, it
     * stands in nobody's way.
     */
    SubscribeOptions listenOptions(SessionClient client) {
        if (!client.takesDeliveries()) {
            return new SubscribeOptions(OverflowPolicy.DROP_OLDEST, 1);
        }
        var overflow = engine.log().isPresent() ? OverflowPolicy.CATCH_UP : OverflowPolicy.REFUSE;
        return new SubscribeOptions(overflow, options.pubSub().notificationQueueSize());
    }

    private static Replication replication(
            InstanceOptions options,
            Engine engine,
            PubSub pubSub,
            PublicationCatalog publications,
            Optional<ReplicationSlots> slots) {
        return slots.map(found ->
                        Replication.open(
                                publications,
                                () -> engine.newInternalSession(new SystemServices()),
                                engine.log().orElseThrow(),
                                pubSub::hasPassed,
                                found,
                                options.walSendersMax()))
                .orElseGet(() -> Replication.none(publications));
    }

    /** The slots of a database that is being opened. */
    private static ReplicationSlots slots(InstanceOptions options, Log log) {
        return new ReplicationSlots(
                log,
                options.engine().directory().orElseThrow(),
                options.replicationSlotsMax(),
                options.slotIdleTimeout());
    }

    /**
     * Opens a session for a client that has been authenticated.
     *
     * @param request who and what for
     * @return the session, to be closed by the caller
     * @throws PgException FATAL 28000 for an unknown role, 3D000 for an unknown database, 53300
     *     beyond max_connections, 57P03 while the instance closes, 22023 or 42704 for a bad setting
     */
    public Session openSession(SessionRequest request) {
        requireOpen();
        requireLogin(request);
        if (open.incrementAndGet() > options.maxConnections()) {
            open.decrementAndGet();
            throw PgException.fatal(
                    SqlState.TOO_MANY_CONNECTIONS, "sorry, too many clients already");
        }
        try {
            var settings = new Settings(defaults(request));
            var session = register(request, settings);
            if (isClosed.get()) {
                session.terminate(shutdown());
                throw PgException.fatal(
                        SqlState.CANNOT_CONNECT_NOW, "the database system is shutting down");
            }
            return session;
        } catch (RuntimeException | Error e) {
            open.decrementAndGet();
            throw e;
        }
    }

    /**
     * The stored password verifier of a role, as PostgreSQL stores it.
     *
     * @param role its name
     * @return the verifier; empty where the role does not exist, may not log in or has no password
     */
    public Optional<String> verifier(String role) {
        return roles.find(role)
                .filter(Role::canLogin)
                .flatMap(known -> Optional.ofNullable(known.verifier()));
    }

    /**
     * Gives the role {@code postgres} a password, as the environment of a container does at its
     * first start.
     *
     * @param password the plain password or a verifier
     */
    public void superuserPassword(String password) {
        try (var session = engine.newInternalSession(new SystemServices())) {
            session.execute(
                    "UPDATE heliosdb.roles SET verifier = ?1 WHERE name = ?2",
                    Roles.verifier(password),
                    Roles.SUPERUSER);
            session.commit();
        }
        engine.awaitDurable();
    }

    /**
     * Cancels what a session is running, as a CancelRequest does; a wrong key does nothing.
     *
     * @param pid the session's process id
     * @param secretKey its key
     */
    public void cancel(int pid, int secretKey) {
        var session = sessions.get(pid);
        if (session != null && session.secretKey() == secretKey) {
            session.cancel();
        }
    }

    AdvisoryLocks advisoryLocks() {
        return advisoryLocks;
    }

    /**
     * The channels of this database.
     *
     * @return the one of this instance
     */
    public PubSub pubSub() {
        return pubSub;
    }

    /**
     * The positions of named consumers.
     *
     * @return those of this instance
     */
    public ConsumerPositions consumers() {
        return consumers;
    }

    /**
     * Whether sessions can work.
     *
     * @return false from the moment it closes or fails
     */
    public boolean isOpen() {
        return !isClosed.get() && failure.get().isEmpty();
    }

    /**
     * Where the rows live.
     *
     * @return the engine of this instance
     */
    public Engine engine() {
        return engine;
    }

    /**
     * How long commits took that had something to commit, from the statement to the
     * acknowledgement.
     *
     * @return since it was opened
     */
    public Latencies.Summary commits() {
        return committer.latencies();
    }

    /**
     * How it was opened.
     *
     * @return the options
     */
    public InstanceOptions options() {
        return options;
    }

    /**
     * What ends this instance before it is closed: a commit whose outcome is unknown.
     *
     * @return completed with the reason, 57P02, once every session has been told; never where the
     *     instance does not fail
     */
    public CompletionStage<PgException> failure() {
        return failed.minimalCompletionStage();
    }

    /** Ends every session with 57P01, then makes the file complete; a second call does nothing. */
    @Override
    public void close() {
        if (!isClosed.compareAndSet(false, true)) {
            return;
        }
        endSessions(shutdown());
        timers.close();
        pubSub.close();
        roles.close();
        consumers.close();
        replication.close();
        engine.close();
    }

    Committer committer() {
        return committer;
    }

    Catalog catalog() {
        return catalog;
    }

    TriggerCatalog triggers() {
        return triggers;
    }

    /**
     * Slots and change streams.
     *
     * @return those of this instance
     */
    public Replication replication() {
        return replication;
    }

    /**
     * The snapshots that sessions offer to others.
     *
     * @return those of this instance
     */
    public ExportedSnapshots snapshots() {
        return snapshots;
    }

    PublicationCatalog publications() {
        return publications;
    }

    RoutineCatalog routines() {
        return routines;
    }

    Roles roles() {
        return roles;
    }

    Timers timers() {
        return timers;
    }

    List<Session> sessions() {
        return List.copyOf(sessions.values());
    }

    Optional<Session> session(int pid) {
        return Optional.ofNullable(sessions.get(pid));
    }

    void forget(Session session) {
        if (sessions.remove(session.pid(), session)) {
            replication.sessionEnded(session.pid());
            open.decrementAndGet();
        }
    }

    private Session register(SessionRequest request, Settings settings) {
        while (true) {
            int pid = lastPid.updateAndGet(last -> last == Integer.MAX_VALUE ? 1 : last + 1);
            if (sessions.containsKey(pid)) {
                continue;
            }
            var state = new SessionState(this, pid, random.nextInt(), request, settings);
            var session = new Session(this, request, state);
            if (sessions.putIfAbsent(pid, session) == null) {
                return session;
            }
            state.close();
        }
    }

    private Map<String, String> defaults(SessionRequest request) {
        var defaults = new HashMap<>(options.settings());
        defaults.put("session_authorization", request.user());
        boolean isSuperuser = roles.find(request.user()).map(Role::isSuperuser).orElse(false);
        defaults.put("is_superuser", isSuperuser ? "on" : "off");
        request.settings()
                .forEach((name, value) -> {
                    if (Setting.require(name).isFixed()) {
                        throw new PgException(
                                SqlState.CANT_CHANGE_RUNTIME_PARAM,
                                "parameter \"" + name + "\" cannot be changed");
                    }
                    defaults.put(name, value);
                });
        return defaults;
    }

    private void requireLogin(SessionRequest request) {
        var role = roles.find(request.user());
        if (role.isEmpty()) {
            throw PgException.fatal(
                    SqlState.INVALID_AUTHORIZATION_SPECIFICATION,
                    "role \"" + request.user() + "\" does not exist");
        }
        if (!role.get().canLogin()) {
            throw PgException.fatal(
                    SqlState.INVALID_AUTHORIZATION_SPECIFICATION,
                    "role \"" + request.user() + "\" is not permitted to log in");
        }
        if (!request.database().equals(DATABASE)) {
            throw PgException.fatal(
                    SqlState.INVALID_CATALOG_NAME,
                    "database \"" + request.database() + "\" does not exist");
        }
        int limit = role.get().connectionLimit();
        if (limit >= 0 && sessionsOf(request.user()) >= limit) {
            throw PgException.fatal(
                    SqlState.TOO_MANY_CONNECTIONS,
                    "too many connections for role \"" + request.user() + "\"");
        }
    }

    private long sessionsOf(String user) {
        return sessions.values().stream().filter(session -> session.user().equals(user)).count();
    }

    private void requireOpen() {
        failure.get()
                .ifPresent(cause -> {
                    throw cause;
                });
        if (isClosed.get()) {
            throw PgException.fatal(
                    SqlState.CANNOT_CONNECT_NOW, "the database system is shutting down");
        }
    }

    /** The instance cannot go on: nobody is told a guess about what is committed. */
    private void fail(PgException cause) {
        if (failure.compareAndSet(Optional.empty(), Optional.of(cause))) {
            pubSub.fail(cause);
            endSessions(cause);
            failed.complete(cause);
        }
    }

    private void endSessions(PgException reason) {
        for (var session : sessions()) {
            session.terminate(reason);
        }
    }

    private static PgException shutdown() {
        return PgException.fatal(
                SqlState.ADMIN_SHUTDOWN, "terminating connection due to administrator command");
    }
}
