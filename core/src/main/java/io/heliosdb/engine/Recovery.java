package io.heliosdb.engine;

import io.heliosdb.log.Log;
import io.heliosdb.log.LogFiles;
import io.heliosdb.log.LogRecord;
import io.heliosdb.pg.Lsn;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Opens an engine over a store and its log, and brings the one up to the other. */
final class Recovery {
    private Recovery() {}

    /** Opens with the log's directory seen through something. */
    static Engine open(EngineStore store, EngineOptions options, UnaryOperator<LogFiles> through) {
        return open(store, options, through, log -> {});
    }

    /** Tells of the log before a recovery lets go of what nobody holds. */
    static Engine open(
            EngineStore store,
            EngineOptions options,
            UnaryOperator<LogFiles> through,
            Consumer<Log> onLog) {
        var path = store.path().orElse(null);
        if (path == null) {
            return Engine.of(store, null);
        }
        FormatVersion.require(store.database().getStore().getMvStore());
        if (options.wal().isPresent()) {
            var log = EngineLog.open(store, options.wal().get(), path, through);
            try {
                onLog.accept(log.log());
                var engine = Engine.of(store, log);
                recover(engine, log);
                return engine;
            } catch (RuntimeException | Error e) {
                log.abandon();
                throw e;
            }
        }
        if (EngineLog.isBehindLog(store)) {
            takeOver(store, EngineLog.open(store, WalOptions.defaults(), path, through));
        }
        return Engine.of(store, null);
    }

    private static void recover(Engine engine, EngineLog log) {
        boolean isBehind = !log.isNew() && log.applied().compareTo(log.log().end()) < 0;
        if (isBehind) {
            replay(engine, log.log(), log.applied());
        }
        // Without room for it what was replayed is replayed once more next time.
        if (log.isNew() || (isBehind && log.room().isEnough())) {
            log.checkpoint();
        }
    }

    private static void replay(Engine engine, Log log, Lsn from) {
        try (var session = engine.newInternalSession(new QuietServices(engine.ownerName(), ""));
                var reader = log.reader(from)) {
            var redo = new Redo(session);
            @Nullable LogRecord record = reader.next().orElse(null);
            while (record != null) {
                var next = reader.next().orElse(null);
                redo.apply(record, next == null);
                record = next;
            }
        }
    }

    /** The store was kept with a log and is to be kept without one. */
    private static void takeOver(EngineStore store, EngineLog log) {
        try {
            recover(Engine.of(store, log), log);
            log.close();
            log.forget();
        } catch (IOException e) {
            throw new PgException(SqlState.IO_ERROR, "could not remove the log: " + e.getMessage());
        }
    }
}
