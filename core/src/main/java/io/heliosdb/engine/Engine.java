package io.heliosdb.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import io.heliosdb.log.Append;
import io.heliosdb.log.Log;
import io.heliosdb.log.LogCopy;
import io.heliosdb.log.LogEntry.Notice;
import io.heliosdb.log.LogRecord;
import io.heliosdb.pg.Lsn;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.h2.engine.Database;
import org.h2.engine.SessionLocal;
import org.h2.engine.User;
import org.h2.message.DbException;
import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * One open database: its store, its sessions, its functions and its row hook. Safe for use by many
 * threads. Changes are visible at commit and durable after {@link #awaitDurable}; a failure to
 * write ends the engine, never the process.
 */
public final class Engine implements AutoCloseable {
    /** The schema of the engine's own tables, which sessions of clients cannot reach. */
    public static final String SYSTEM_SCHEMA = "heliosdb";

    static final String CATALOG_SCHEMA = "pg_catalog";
    static final String INFORMATION_SCHEMA = "information_schema";

    /**
     * How many numbers a serial column takes at once, by which it is told from an identity column:
     * the store has one kind for both, and keeps this number with it.
     */
    public static final int SERIAL_CACHE = 31;

    private final EngineStore store;
    private final Database database;
    private final Flusher flusher;
    private final @Nullable EngineLog log;
    private final Hooks hooks;
    private final TableHistory tableHistory;
    private final CheckExpressions checkExpressions;
    private final RollbackFlag rollbackFlag = new RollbackFlag(this::openSessions);
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Set<EngineSession> sessions = new HashSet<>();

    @GuardedBy("lock")
    private boolean closed;

    private volatile boolean ended;

    private volatile @Nullable CachedSchema schema;

    private volatile @Nullable CatalogSource catalog;

    private record CachedSchema(long version, Schema schema) {}

    private Engine(EngineStore store, @Nullable EngineLog log) {
        this.store = store;
        this.log = log;
        database = store.database();
        hooks = Hooks.of(database);
        if (log != null) {
            hooks.latch(log.latch());
        }
        tableHistory = new TableHistory(this, store);
        checkExpressions = new CheckExpressions(store.keeper());
        flusher = new Flusher(store::flush, "heliosdb-flusher");
    }

    /**
     * Opens a database.
     *
     * @param options where and how
     * @return the engine, to be closed by the caller
     * @throws PgException 55006 where another engine holds the directory, 42501 or 58030 where it
     *     cannot be written, 58030 where the file cannot be read
     */
    public static Engine open(EngineOptions options) {
        return open(options, log -> {});
    }

    /**
     * Opens a database whose log has consumers from before.
     *
     * @param options where and how
     * @param onLog gets the log, where there is one, before a recovery lets go of what nobody
     *     holds; it reads nothing from it yet
     * @return the engine, to be closed by the caller
     * @throws PgException as {@link #open(EngineOptions)}
     */
    public static Engine open(EngineOptions options, Consumer<Log> onLog) {
        var store = EngineStore.open(options);
        try {
            return Recovery.open(store, options, files -> files, onLog);
        } catch (RuntimeException | Error e) {
            store.closeImmediately();
            throw e;
        }
    }

    /** An engine whose store is not up to its log yet. */
    static Engine of(EngineStore store, @Nullable EngineLog log) {
        return new Engine(store, log);
    }

    /**
     * Opens a session for a client.
     *
     * @param services what its functions may use
     * @return the session, to be closed by the caller
     */
    public EngineSession newSession(SessionServices services) {
        return newSession(services, false);
    }

    /**
     * Opens a session for the program itself, which may read and change the tables of {@link
     * #SYSTEM_SCHEMA}.
     *
     * @param services what its functions may use
     * @return the session, to be closed by the caller
     */
    public EngineSession newInternalSession(SessionServices services) {
        return newSession(services, true);
    }

    /**
     * Returns when every commit made before the call is on disk; many callers share one fsync. An
     * interrupt does not end the wait.
     *
     * @throws PgException FATAL 57P02 where that failed, now or before
     */
    public void awaitDurable() {
        if (log != null) {
            log.log().flush();
        } else if (store.isPersistent()) {
            flusher.awaitDurable();
        }
    }

    /**
     * Has every commit made before the call written soon, without waiting for it; with a log it is.
     */
    public void flushSoon() {
        if (log == null && store.isPersistent()) {
            flusher.flushSoon();
        }
    }

    /**
     * The tables as they are now. Cheap: described anew only after a change.
     *
     * @return a snapshot
     */
    public Schema schema() {
        long version = database.getModificationMetaId();
        CachedSchema cached = schema;
        if (cached == null || cached.version != version) {
            cached = new CachedSchema(version, Schema.of(database));
            schema = cached;
        }
        return cached.schema;
    }

    CheckExpressions checkExpressions() {
        return checkExpressions;
    }

    /**
     * What the tables looked like before.
     *
     * @return for readers of the log
     */
    public TableHistory tableHistory() {
        return tableHistory;
    }

    /**
     * What the lock file of a data directory says of its owner, also where that is this process.
     *
     * @param directory a data directory
     * @return its keys, such as {@code pid} and {@code socket}, and their values; empty where
     *     nobody has the directory open
     */
    public static Map<String, String> owner(Path directory) {
        return DataDirectory.owner(directory);
    }

    /**
     * Counts the changes of the schema, so that what was derived from it can be told to be old.
     *
     * @return a number that grows with each change
     */
    public long schemaVersion() {
        return database.getModificationMetaId();
    }

    /**
     * Counts a change of what calls mean as one of the schema, so that what was prepared before is
     * prepared anew.
     */
    public void routinesChanged() {
        database.getNextModificationMetaId();
    }

    /**
     * Sets the one hook that hears of changed rows.
     *
     * @param hook the hook
     */
    public void installRowHook(RowHook hook) {
        hooks.install(hook);
    }

    /**
     * Sets who decides which statements may update and delete rows.
     *
     * @param guard asked before each, but for those of the program's own
     */
    public void installGuard(ChangeGuard guard) {
        hooks.guard(guard);
    }

    /**
     * Sets where the rows of the system views come from; they are empty before.
     *
     * @param source the source
     */
    public void installCatalog(CatalogSource source) {
        catalog = source;
    }

    /**
     * Where the rows of the system views come from.
     *
     * @return what was installed; null before
     */
    public @Nullable CatalogSource catalog() {
        return catalog;
    }

    /** Asks the row hook anew which tables it wants. */
    public void rowHookChanged() {
        hooks.changed();
    }

    /**
     * Tells in the lock file how the owner of the directory can be reached.
     *
     * @param url a URL for clients
     * @param socket the path of a socket for other processes of this user
     */
    public void publish(String url, String socket) {
        store.publish(url, socket);
    }

    /** Ends every session, writes everything and closes the file. */
    @Override
    public void close() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
        } finally {
            lock.unlock();
        }
        for (EngineSession session : openSessions()) {
            session.cancel();
            session.close();
        }
        rollbackFlag.close();
        flusher.close();
        try {
            if (log != null) {
                log.close();
            }
        } finally {
            ended = true;
            Hooks.forget(database);
            if (log == null || log.isWritten()) {
                store.close();
            } else {
                store.closeImmediately();
            }
        }
    }

    /**
     * Writes everything to the store's file, as CHECKPOINT does, and returns when it is there.
     *
     * @throws PgException FATAL 57P02 where it cannot be written
     */
    public void checkpoint() {
        requireAlive();
        if (log != null) {
            log.checkpoint();
        } else {
            awaitDurable();
        }
    }

    /**
     * Copies the database, while it is used, so that the copy can be opened.
     *
     * @param target a directory that is empty or does not exist
     * @return everything before is in the copy, and nothing behind; zero where there is no log
     * @throws PgException 55000 for a database in memory, 58P02 where there is something in the
     *     target, 53100 or 58030 where it cannot be written
     */
    public Lsn backup(Path target) {
        requireAlive();
        if (log != null) {
            return log.backup(target);
        }
        if (!store.isPersistent()) {
            throw new PgException(
                    SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
                    "a database in memory has no files to copy");
        }
        awaitDurable();
        Backup.withoutLog(database.getStore().getMvStore(), target);
        return Lsn.ZERO;
    }

    /**
     * Makes a database of a copy, as it was at some moment after the copy was begun.
     *
     * @param copy a backup
     * @param later a database, open or not, or a log, whose records go on where those of the copy
     *     end; the copy itself for what it has
     * @param until where to end
     * @param target for the new database: a directory that is empty or does not exist
     * @return everything before is in the new database, and nothing behind
     * @throws PgException 58P01 where there is no copy or the log has no longer what is needed,
     *     22023 where the moment is before the copy, 58P02 where there is something in the target,
     *     XX001 where the log is damaged, 53100 or 58030 where the disk fails
     */
    public static Lsn restore(Path copy, Path later, LogCopy.Until until, Path target) {
        return Backup.restore(copy, later, until, target);
    }

    /**
     * What a session waits for now; any thread may ask.
     *
     * @param session one of this engine's
     * @return empty where it does not wait in here
     */
    public Optional<EngineWait> waitOf(EngineSession session) {
        if (session.interruption().isFlushing()) {
            return Optional.of(EngineWait.FLUSH);
        }
        return session.local().getBlockingSessionId() == 0
                ? Optional.empty()
                : Optional.of(EngineWait.TRANSACTION);
    }

    /**
     * What checkpoints have cost.
     *
     * @return empty where the engine keeps no log
     */
    public Optional<CheckpointStats> checkpoints() {
        return Optional.ofNullable(log).map(EngineLog::stats);
    }

    /**
     * The log, to be read.
     *
     * @return empty where the engine keeps none
     */
    public Optional<Log> log() {
        return Optional.ofNullable(log).map(EngineLog::log);
    }

    /**
     * Applies what a transaction of another log did, as a recovery does: rows without constraints
     * and triggers, sequences, definitions. The records are to be applied in their order, and by
     * one thread, before anybody else changes anything.
     *
     * @param record the record
     * @throws PgException XX001 where it does not fit to what is here
     */
    public void replay(LogRecord record) {
        try (var session = newInternalSession(new QuietServices(ownerName(), ""))) {
            new Redo(session).apply(record, false);
        }
    }

    /**
     * Prepares the record of a transaction that only notifies.
     *
     * @param pid the backend process id of the sender
     * @param notifications in the order of issue
     * @return to be appended or released
     * @throws IllegalStateException where there is no log
     * @throws PgException 53100 where the disk is full
     */
    public Append prepareNotifications(int pid, List<Notice> notifications) {
        if (log == null) {
            throw new IllegalStateException("there is no log");
        }
        return log.prepareNotifications(pid, notifications);
    }

    @Nullable EngineLog engineLog() {
        return log;
    }

    /** What was committed is to be on disk: now, or soon. */
    void settle(boolean waitsForDisk) {
        if (waitsForDisk) {
            awaitDurable();
        } else {
            flushSoon();
        }
    }

    RollbackFlag rollbackFlag() {
        return rollbackFlag;
    }

    private List<EngineSession> openSessions() {
        lock.lock();
        try {
            return new ArrayList<>(sessions);
        } finally {
            lock.unlock();
        }
    }

    String ownerName() {
        return store.ownerName();
    }

    boolean isUsable() {
        return !ended && flusher.failure() == null && (log == null || log.isSound());
    }

    void requireAlive() {
        if (ended) {
            throw PgException.fatal(
                    SqlState.CANNOT_CONNECT_NOW, "the database system is shutting down");
        }
        RuntimeException failure = flusher.failure();
        if (failure != null) {
            throw Flusher.unknownOutcome(failure);
        }
        if (log != null) {
            log.requireSound();
        }
    }

    void schemaChanged() {
        hooks.changed();
    }

    void forget(EngineSession session) {
        lock.lock();
        try {
            sessions.remove(session);
        } finally {
            lock.unlock();
        }
    }

    /** Functions are found in the catalog's schema, whatever the path says. */
    String[] searchPath(String... schemas) {
        var path = new LinkedHashSet<String>();
        for (String name : schemas) {
            if (database.findSchema(name) != null) {
                path.add(name);
            }
        }
        path.add(CATALOG_SCHEMA);
        return path.toArray(String[]::new);
    }

    private EngineSession newSession(SessionServices services, boolean internal) {
        requireAlive();
        lock.lock();
        try {
            if (closed) {
                throw PgException.fatal(
                        SqlState.CANNOT_CONNECT_NOW, "the database system is shutting down");
            }
            var user = new User(database, 0, services.user(), false);
            user.setAdmin(true);
            SessionLocal local = store.newSession(user);
            var session = new EngineSession(this, local, services, internal);
            sessions.add(session);
            session.searchPath("public");
            return session;
        } catch (DbException e) {
            throw ErrorMap.translate(e, "", null);
        } finally {
            lock.unlock();
        }
    }
}
