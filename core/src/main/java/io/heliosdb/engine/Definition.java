package io.heliosdb.engine;

import org.h2.api.ErrorCode;
import org.h2.message.DbException;
import org.jspecify.annotations.Nullable;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A change of the schema under a log: alone, logged as its text, and in the store's file before it
 * is acknowledged. A table that another transaction has locked is waited for outside, since that
 * transaction could not end otherwise.
 */
final class Definition {
    /** How long it waits for a table while everybody else waits for it. */
    private static final int TABLE_LOCK_MILLIS = 10;

    /** How long a change of the schema waits for a table before it looks for a cancel. */
    private static final int SCHEMA_LOCK_SLICE_MILLIS = 50;

    private static final long ALONE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long ALONE_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long PAUSE_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(50);

    private final EngineSession session;
    private final EngineLog log;
    private final EnginePlan plan;

    Definition(EngineSession session, EngineLog log, EnginePlan plan) {
        this.session = session;
        this.log = log;
        this.plan = plan;
    }

    /** Runs it, inside the session's guard. */
    EngineResult run(@Nullable Object[] values) {
        long deadline =
                System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(session.lockTimeoutMillis());
        long pause = PAUSE_NANOS;
        while (true) {
            if (enterAlone()) {
                var result = tryAlone(values);
                if (result != null) {
                    return result;
                }
            }
            boolean isLate = System.nanoTime() - deadline >= 0;
            if (isLate || session.interruption().isCancelled()) {
                throw session.interruption().waitEnded(isLate);
            }
            LockSupport.parkNanos(this, pause);
            pause = Math.min(pause * 2, PAUSE_NANOS_MAX);
        }
    }

    private boolean enterAlone() {
        if (log.latch().tryEnterAlone(ALONE_NANOS)) {
            return true;
        }
        log.latch().want();
        try {
            return log.latch().tryEnterAlone(ALONE_NANOS_MAX);
        } finally {
            log.latch().unwant();
        }
    }

    /** Null where a table is locked; then nothing has happened. */
    private @Nullable EngineResult tryAlone(@Nullable Object[] values) {
        boolean isInside = true;
        var local = session.local();
        var path = session.searchPath();
        long version = local.getDatabase().getModificationMetaId();
        local.setLockTimeout(TABLE_LOCK_MILLIS);
        try {
            EngineResult result;
            boolean isLogged;
            var record = log.prepareDefinition(path, plan.sql());
            boolean isAppended = false;
            try (var change = session.engine().tableHistory().begin()) {
                result = plan.executeNow(values);
                settle(session, plan);
                isLogged =
                        local.getDatabase().getModificationMetaId() != version
                                || plan.isTruncation();
                if (isLogged) {
                    change.defined(log.log().append(record));
                    isAppended = true;
                }
            } finally {
                if (!isAppended) {
                    log.log().release(record);
                }
            }
            if (isLogged) {
                session.engine().tableHistory().forgetBefore(log.log().oldest());
                isInside = false;
                log.checkpointAlone();
            }
            return result;
        } catch (DbException e) {
            if (e.getErrorCode() != ErrorCode.LOCK_TIMEOUT_1) {
                throw e;
            }
            return null;
        } finally {
            local.setLockTimeout(session.lockTimeoutMillis());
            if (isInside) {
                log.latch().exitAlone();
            }
        }
    }

    /**
     * Does what the store does after other definitions: commits it, and says that it was one. Then
     * sees to the checks that came with it.
     */
    static void settle(EngineSession session, EnginePlan plan) {
        if (plan.isQuietDefinition()) {
            session.local().commit(true);
            session.local().getDatabase().getNextModificationMetaId();
        }
        session.engine().checkExpressions().settle();
    }

    /**
     * Runs a change of the schema, which looks for a cancel only between its attempts to lock a
     * table; nothing has happened when one fails.
     */
    static EngineResult inSlices(
            EngineSession session, EnginePlan plan, @Nullable Object[] values) {
        long deadline =
                System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(session.lockTimeoutMillis());
        try {
            while (true) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                session.local().setLockTimeout(Math.clamp(left, 1, SCHEMA_LOCK_SLICE_MILLIS));
                try {
                    var result = plan.executeNow(values);
                    settle(session, plan);
                    return result;
                } catch (DbException e) {
                    if (e.getErrorCode() != ErrorCode.LOCK_TIMEOUT_1) {
                        throw e;
                    }
                    if (session.interruption().isCancelled() || left <= SCHEMA_LOCK_SLICE_MILLIS) {
                        throw session.interruption().waitEnded(left <= SCHEMA_LOCK_SLICE_MILLIS);
                    }
                }
            }
        } finally {
            session.local().setLockTimeout(session.lockTimeoutMillis());
        }
    }
}
