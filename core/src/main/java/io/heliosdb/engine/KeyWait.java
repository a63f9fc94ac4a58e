package io.heliosdb.engine;

import org.h2.api.ErrorCode;
import org.h2.engine.SessionLocal;
import org.h2.index.Index;
import org.h2.message.DbException;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.db.MVSecondaryIndex;
import org.h2.mvstore.tx.Transaction;
import org.h2.mvstore.tx.TransactionStore;
import org.h2.result.Row;
import org.h2.result.SearchRow;
import org.h2.value.Value;
import org.h2.value.VersionedValue;
import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The wait of a row that is to be written for the transaction that holds one of its unique keys.
 *
 * <p>The store itself waits for the primary key, inside the statement, and for any other key it
 * runs the whole statement again and again, busy, its earlier rows written twice. Here the row
 * alone is tried again, after a sleep that ends with that transaction, that a cancel ends, and that
 * takes part in the search for deadlocks; and between two tries whoever wants the latch alone gets
 * it. Of one row, confined to its thread.
 */
final class KeyWait {
    /** How long one wait of the store's takes, at most. */
    static final int SLICE_MILLIS = 50;

    private static final long UNKNOWN_HOLDER_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final MethodHandle TRANSACTION_ID;

    static {
        try {
            TRANSACTION_ID =
                    MethodHandles.privateLookupIn(TransactionStore.class, MethodHandles.lookup())
                            .findStatic(
                                    TransactionStore.class,
                                    "getTransactionId",
                                    MethodType.methodType(int.class, long.class));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final HookedTable table;
    private final SessionLocal session;
    private final Row row;
    private final @Nullable StatementLatch latch;
    private final long begun;

    KeyWait(
            HookedTable table,
            SessionLocal session,
            Row row,
            @Nullable StatementLatch latch,
            long begun) {
        this.table = table;
        this.session = session;
        this.row = row;
        this.latch = latch;
        this.begun = begun;
    }

    /**
     * Waits, after a try that began at a time has failed; then the next may be made.
     *
     * @throws DbException the failure, where it is none to wait for; LOCK_TIMEOUT_1 where the time
     *     is over or somebody has ended the wait
     */
    void after(DbException failure, long tryBegun) {
        requireNoVictim(session, table, failure);
        if (failure.getErrorCode() != ErrorCode.CONCURRENT_UPDATE_1) {
            throw failure;
        }
        boolean isEnded = hasWaited(failure) ? wasWoken(tryBegun) : !sleep();
        requireNoVictim(session, table, failure);
        isEnded |= EngineSession.of(session).interruption().isCancelled();
        boolean isLate = millisSince(begun) >= session.getLockTimeout();
        if (isEnded || isLate) {
            throw DbException.get(ErrorCode.LOCK_TIMEOUT_1, failure, table.getName());
        }
        rollbackFlag().rolledBack(session);
        if (latch != null) {
            latch.stepAside();
        }
    }

    /**
     * Another that found a deadlock may have chosen this transaction as the one to end, at a moment
     * when it was about to go on.
     */
    static void requireNoVictim(SessionLocal session, HookedTable table, DbException failure) {
        if (session.getTransaction().getStatus() != Transaction.STATUS_OPEN) {
            throw DbException.get(ErrorCode.DEADLOCK_1, failure, table.getName());
        }
    }

    /** Whether the store has waited in vain, as it does for the primary key. */
    private static boolean hasWaited(DbException failure) {
        return failure.getSQLException().getCause() instanceof MVStoreException cause
                && cause.getErrorCode() == DataUtils.ERROR_TRANSACTION_LOCKED;
    }

    /** Whether a wait has ended before its time, which only an interrupt does. */
    private static boolean wasWoken(long waitBegun) {
        return millisSince(waitBegun) < SLICE_MILLIS;
    }

    /** Sleeps until the holder of a key has ended; false where an interrupt ended it. */
    private boolean sleep() {
        var holder = holder();
        if (holder == null) {
            LockSupport.parkNanos(this, UNKNOWN_HOLDER_NANOS); // It has just ended, most likely.
            return !Thread.interrupted();
        }
        long waitBegun = System.nanoTime();
        try {
            return session.getTransaction().waitFor(holder, table.getName(), row, SLICE_MILLIS)
                    || !wasWoken(waitBegun);
        } catch (MVStoreException e) {
            if (e.getErrorCode() != DataUtils.ERROR_TRANSACTIONS_DEADLOCK) {
                throw e;
            }
            throw DbException.get(ErrorCode.DEADLOCK_1, e, table.getName());
        }
    }

    private @Nullable Transaction holder() {
        for (Index index : table.getIndexes()) {
            if (index instanceof MVSecondaryIndex unique && index.needsUniqueCheck(row)) {
                var holder = holder(unique);
                if (holder != null) {
                    return holder;
                }
            }
        }
        return null;
    }

    private @Nullable Transaction holder(MVSecondaryIndex index) {
        MVMap<SearchRow, VersionedValue<Value>> map = index.getMVMap();
        SearchRow first = bound(index, Long.MIN_VALUE);
        SearchRow last = bound(index, Long.MAX_VALUE);
        var keys = map.keyIterator(first);
        while (keys.hasNext()) {
            SearchRow key = keys.next();
            if (map.getKeyType().compare(key, last) > 0) {
                return null;
            }
            var version = map.get(key);
            long operation = version == null ? 0 : version.getOperationId();
            if (operation != 0) {
                var holder = rollbackFlag().transaction(transactionId(operation));
                if (holder != null && holder.getId() != session.getTransaction().getId()) {
                    return holder;
                }
            }
        }
        return null;
    }

    private RollbackFlag rollbackFlag() {
        return EngineSession.of(session).engine().rollbackFlag();
    }

    private SearchRow bound(MVSecondaryIndex index, long key) {
        SearchRow bound = index.getUniqueRowFactory().createRow();
        bound.copyFrom(row);
        bound.setKey(key);
        return bound;
    }

    private static int transactionId(long operation) {
        try {
            return (int) TRANSACTION_ID.invokeExact(operation);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static long millisSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }
}
