package io.heliosdb.engine;

import io.heliosdb.pg.PgException;

import org.h2.api.ErrorCode;
import org.h2.engine.SessionLocal;
import org.h2.message.DbException;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The one way of a session into the store: one call at a time, which may make others inside,
 * cancellable, its errors put into our words, and its waits for locks limited. Confined to the
 * session's thread.
 */
final class StoreCalls {
    private static final int NO_LOCK_TIMEOUT = Integer.MAX_VALUE;

    private final Engine engine;
    private final SessionLocal local;
    private final Interruption interruption;
    private int lockTimeoutMillis = NO_LOCK_TIMEOUT;
    private int depth;

    StoreCalls(Engine engine, SessionLocal local, Interruption interruption) {
        this.engine = engine;
        this.local = local;
        this.interruption = interruption;
        local.setLockTimeout(lockTimeoutMillis);
    }

    /** How many calls are open, one inside the other. */
    int depth() {
        return depth;
    }

    int lockTimeoutMillis() {
        return lockTimeoutMillis;
    }

    /** Limits the wait for each lock; zero is no limit. */
    void lockTimeout(Duration timeout) {
        long millis = timeout.toMillis();
        lockTimeoutMillis =
                timeout.isZero() ? NO_LOCK_TIMEOUT : Math.clamp(millis, 1, NO_LOCK_TIMEOUT);
        local.setLockTimeout(lockTimeoutMillis);
    }

    <T extends @Nullable Object> T guarded(String sql, Supplier<T> work) {
        return guarded(sql, null, work);
    }

    /** A call that changes the store's maps: no checkpoint is made meanwhile. */
    <T> T changing(String sql, Supplier<T> work) {
        return changing(sql, null, work);
    }

    <T> T changing(String sql, @Nullable EnginePlan plan, Supplier<T> work) {
        var log = engine.engineLog();
        if (log == null) {
            return guarded(sql, plan, work);
        }
        log.latch().enter();
        try {
            return guarded(sql, plan, work);
        } finally {
            log.latch().exit();
        }
    }

    /** Something that belongs to a statement, before or after it. */
    void during(EnginePlan plan, Runnable work) {
        guarded(
                plan.sql(),
                plan,
                () -> {
                    work.run();
                    return true;
                });
    }

    /**
     * As {@link #guarded}, for what waits for no lock: inside a call, that call's guard will do.
     */
    <T extends @Nullable Object> T evaluated(String sql, Supplier<T> work) {
        if (depth == 0) {
            return guarded(sql, null, work);
        }
        try {
            return work.get();
        } catch (DbException e) {
            engine.rollbackFlag().rolledBack(local);
            throw translated(e, sql, null, System.nanoTime());
        } catch (RuntimeException e) {
            engine.rollbackFlag().rolledBack(local);
            throw ErrorMap.unexpected(e);
        }
    }

    <T extends @Nullable Object> T guarded(
            String sql, @Nullable EnginePlan plan, Supplier<T> work) {
        engine.requireAlive();
        long begun = System.nanoTime();
        local.lock();
        interruption.enter();
        depth++;
        try {
            return work.get();
        } catch (DbException e) {
            engine.rollbackFlag().rolledBack(local);
            throw translated(e, sql, plan, begun);
        } catch (RuntimeException e) {
            engine.rollbackFlag().rolledBack(local);
            throw ErrorMap.unexpected(e);
        } finally {
            depth--;
            interruption.exit();
            local.unlock();
        }
    }

    private PgException translated(
            DbException e, String sql, @Nullable EnginePlan plan, long begun) {
        int code = e.getErrorCode();
        if (code == ErrorCode.LOCK_TIMEOUT_1) {
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
            return interruption.waitEnded(millis >= lockTimeoutMillis);
        }
        if (code == ErrorCode.STATEMENT_WAS_CANCELED) {
            return Interruption.cancellation();
        }
        return ErrorMap.translate(e, sql, plan == null ? null : plan.tableName());
    }
}
