package io.heliosdb.engine;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.h2.engine.ConnectionInfo;
import org.h2.engine.Database;
import org.h2.engine.SessionLocal;
import org.h2.engine.User;
import org.h2.message.DbException;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;

/**
 * The open store: how it is configured, written and closed.
 *
 * <p>It writes its file when {@link #flush} asks for it, and by itself only when much is unsaved:
 * its own timer is set out of reach, since a commit is to be durable when somebody waits for it and
 * at no other time. Its first session, opened here, stays open for as long as the store is and owns
 * the settings of the database.
 */
final class EngineStore {
    private static final String OWNER = "heliosdb";

    /** Words that PostgreSQL lets users give to columns and tables, and the store would not. */
    private static final String NON_KEYWORDS =
            "VALUE,KEY,DAY,MONTH,YEAR,HOUR,MINUTE,SECOND,INTERVAL,IF,UNKNOWN,ROW,SYMMETRIC,ASYMMETRIC"
                + ",MINUS,LOCALTIME,LOCALTIMESTAMP,ROWNUM,_ROWID_,GROUPS,OVER,PARTITION"
                + ",RANGE,ROWS,REGEXP,SETS,TOP,ILIKE,PRIMARY";

    /**
     * How long the store keeps what no version needs any more where it has no log, should the
     * latest be lost: longer than an fsync takes, and short enough that a busy file does not grow
     * by gigabytes.
     */
    static final int RETENTION_MILLIS = 2_000;

    private static final String SETTINGS =
            ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DATABASE_TO_UPPER=FALSE"
                    + ";DEFAULT_NULL_ORDERING=HIGH;ANALYZE_AUTO=0;BUILTIN_ALIAS_OVERRIDE=TRUE"
                    + ";DB_CLOSE_DELAY=-1;DB_CLOSE_ON_EXIT=FALSE;QUERY_CACHE_SIZE=0"
                    + ";TRACE_LEVEL_FILE=0;TRACE_LEVEL_SYSTEM_OUT=0"
                    + ";WRITE_DELAY=2147483647;AUTO_COMPACT_FILL_RATE=0"
                    + ";RETENTION_TIME="
                    + RETENTION_MILLIS
                    + ";DEFAULT_TABLE_ENGINE="
                    + HookedTableEngine.class.getName();

    private final SessionLocal keeper;
    private final Database database;
    private final @Nullable DataDirectory directory;
    private final EngineOptions options;

    private EngineStore(
            SessionLocal keeper, @Nullable DataDirectory directory, EngineOptions options) {
        this.keeper = keeper;
        this.directory = directory;
        this.options = options;
        database = keeper.getDatabase();
        database.setMode(StoreAccess.keepingScale(database.getMode()));
    }

    static EngineStore open(EngineOptions options) {
        Path path = options.directory().orElse(null);
        DataDirectory directory = path == null ? null : DataDirectory.open(options, path);
        try {
            String url = url(options, directory);
            var info = new ConnectionInfo(url, new Properties(), OWNER, "");
            SessionLocal keeper = org.h2.engine.Engine.createSession(info);
            return new EngineStore(keeper, directory, options);
        } catch (DbException e) {
            closeDirectory(directory);
            throw unreadable(directory, e);
        } catch (RuntimeException e) {
            closeDirectory(directory);
            throw e;
        }
    }

    Database database() {
        return database;
    }

    SessionLocal keeper() {
        return keeper;
    }

    /** The name of the user that owns every schema. */
    String ownerName() {
        return keeper.getUser().getName();
    }

    Optional<Path> path() {
        return Optional.ofNullable(directory).map(DataDirectory::path);
    }

    boolean isPersistent() {
        return directory != null;
    }

    SessionLocal newSession(User user) {
        SessionLocal session = StoreAccess.createSession(database, user);
        if (session == null) {
            throw PgException.fatal(
                    SqlState.CANNOT_CONNECT_NOW, "the database system is shutting down");
        }
        session.setNonKeywords(keeper.getNonKeywords());
        session.setAllowLiterals(true);
        return session;
    }

    /** Writes what is committed and fsyncs the file. */
    void flush() {
        MVStore store = database.getStore().getMvStore();
        try {
            store.commit();
            store.sync();
        } catch (MVStoreException e) {
            throw ErrorMap.storeFailure(e);
        }
        if (store.isClosed()) {
            throw ErrorMap.storeFailure(new IOException("the file is closed"));
        }
    }

    void publish(String url, String socket) {
        if (directory != null) {
            directory.publish(
                    new EngineOptions(
                            options.directory(),
                            options.cacheKb(),
                            options.pageBytes(),
                            url,
                            socket,
                            options.wal()));
        }
    }

    /** Closes the file and writes nothing. */
    void closeImmediately() {
        database.shutdownImmediately();
        closeDirectory(directory);
    }

    /** Writes everything and closes the file; never throws for a file that has failed before. */
    void close() {
        try {
            keeper.lock();
            try {
                keeper.prepareLocal("SHUTDOWN").executeUpdate(null);
            } finally {
                keeper.unlock();
            }
        } catch (DbException | MVStoreException e) {
            database.shutdownImmediately();
        } finally {
            closeDirectory(directory);
        }
    }

    private static String url(EngineOptions options, @Nullable DataDirectory directory) {
        if (directory == null) {
            return "jdbc:h2:mem:" + UUID.randomUUID() + SETTINGS + nonKeywords();
        }
        UninterruptibleFiles.register();
        OrderedFiles.register();
        return "jdbc:h2:"
                + (options.wal().isPresent() ? OrderedFiles.SCHEME : UninterruptibleFiles.SCHEME)
                + ":"
                + escape(directory.storeName())
                + SETTINGS
                + ";CACHE_SIZE="
                + options.cacheKb()
                + ";PAGE_SIZE="
                + options.pageBytes()
                + nonKeywords();
    }

    private static String nonKeywords() {
        return ";NON_KEYWORDS=" + NON_KEYWORDS;
    }

    private static String escape(String path) {
        if (path.indexOf(';') >= 0) {
            throw new PgException(
                    SqlState.IO_ERROR,
                    "data directory \"" + path + "\" has a semicolon in its name");
        }
        return path;
    }

    private static PgException unreadable(@Nullable DataDirectory directory, DbException e) {
        String where = directory == null ? "in memory" : "in \"" + directory.path() + "\"";
        var error =
                new PgException(SqlState.IO_ERROR, "could not open the database " + where)
                        .withDetail(ErrorMap.plainMessage(e));
        return new PgException(error.report(), e);
    }

    private static void closeDirectory(@Nullable DataDirectory directory) {
        Optional.ofNullable(directory).ifPresent(DataDirectory::close);
    }
}
