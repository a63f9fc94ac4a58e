package io.heliosdb.engine;

import org.h2.engine.SessionLocal;
import org.h2.mvstore.tx.Transaction;
import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Takes back a flag that the store leaves on transactions.
 *
 * <p>A transaction that goes back to a savepoint, as after each failed statement, may free rows
 * that others wait for. The store marks it so that they look again, and never takes the mark away:
 * from then on whoever needs one of its rows looks again and again until it ends, busy, and sees
 * neither his lock timeout nor a cancel. So the mark goes after a moment, when all who waited have
 * been woken. Who comes later waits as usual.
 *
 * <p>In between they are busy, for {@link #HOLD_MILLIS}: long enough for a thread that was just
 * about to wait for a row, which is free by now, to find the mark.
 */
final class RollbackFlag implements AutoCloseable {
    private static final long HOLD_MILLIS = 10;
    private static final long THREAD_IDLE_SECONDS = 10;

    /** The store's layout of a transaction's state. */
    private static final long FLAG = 1L << 45;

    private static final int STATUS_SHIFT = 41;
    private static final int STATUS_MASK = 15;

    private static final VarHandle TRANSACTION;
    private static final VarHandle STATE;

    static {
        try {
            TRANSACTION =
                    MethodHandles.privateLookupIn(SessionLocal.class, MethodHandles.lookup())
                            .findVarHandle(SessionLocal.class, "transaction", Transaction.class);
            var inTransaction =
                    MethodHandles.privateLookupIn(Transaction.class, MethodHandles.lookup());
            STATE =
                    inTransaction.findVarHandle(
                            Transaction.class, "statusAndLogId", AtomicLong.class);
            requireLayout(inTransaction);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Supplier<Iterable<EngineSession>> sessions;
    private final ScheduledThreadPoolExecutor timer;

    /**
     * Watches the sessions of an engine.
     *
     * @param sessions those that are open now
     */
    RollbackFlag(Supplier<Iterable<EngineSession>> sessions) {
        this.sessions = sessions;
        timer =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().daemon().name("heliosdb-rollback-flag").factory());
        timer.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy()); // once closed
        timer.setKeepAliveTime(THREAD_IDLE_SECONDS, TimeUnit.SECONDS);
        timer.allowCoreThreadTimeOut(true);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    private static void requireLayout(MethodHandles.Lookup inTransaction)
            throws ReflectiveOperationException {
        var hasRollback =
                inTransaction.findStatic(
                        Transaction.class,
                        "hasRollback",
                        MethodType.methodType(boolean.class, long.class));
        var status =
                inTransaction.findStatic(
                        Transaction.class,
                        "getStatus",
                        MethodType.methodType(int.class, long.class));
        long open = (long) Transaction.STATUS_OPEN << STATUS_SHIFT;
        try {
            if (!(boolean) hasRollback.invokeExact(FLAG)
                    || (boolean) hasRollback.invokeExact(~FLAG)
                    || (int) status.invokeExact(open) != Transaction.STATUS_OPEN) {
                throw new IllegalStateException("the state of the store's transactions has moved");
            }
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * To be called when a statement has failed and when a transaction has gone back to a savepoint.
     *
     * @param local the session
     */
    void rolledBack(SessionLocal local) {
        var transaction = (@Nullable Transaction) TRANSACTION.get(local);
        if (transaction != null && (state(transaction).get() & FLAG) != 0) {
            wake(transaction);
            clearLater(transaction, local.getId());
        }
    }

    /** The transaction of a number, of whatever session; null where it has ended. */
    @Nullable Transaction transaction(int id) {
        for (var session : sessions.get()) {
            var transaction = (@Nullable Transaction) TRANSACTION.get(session.local());
            if (transaction != null && transaction.getId() == id) {
                return transaction;
            }
        }
        return null;
    }

    private void clearLater(Transaction transaction, int owner) {
        var _ = timer.schedule(() -> clear(transaction, owner), HOLD_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void clear(Transaction transaction, int owner) {
        for (var session : sessions.get()) {
            if (session.isAsleepBehind(owner)) {
                wake(transaction);
                clearLater(transaction, owner);
                return;
            }
        }
        var state = state(transaction);
        long now = state.get();
        while ((now & FLAG) != 0 && isOpen(now) && !state.compareAndSet(now, now & ~FLAG)) {
            now = state.get();
        }
    }

    /** The store wakes those who wait before it sets the mark, and then they do not see it. */
    @SuppressWarnings("SynchronizeOnNonFinalField") // the monitor that the store waits on
    private static void wake(Transaction transaction) {
        synchronized (transaction) {
            transaction.notifyAll();
        }
    }

    private static boolean isOpen(long state) {
        return ((state >>> STATUS_SHIFT) & STATUS_MASK) == Transaction.STATUS_OPEN;
    }

    private static AtomicLong state(Transaction transaction) {
        return (AtomicLong) STATE.get(transaction);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
