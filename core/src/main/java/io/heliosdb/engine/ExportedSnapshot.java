package io.heliosdb.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import io.heliosdb.pg.Lsn;

import org.h2.mvstore.tx.Transaction;
import org.h2.mvstore.tx.TransactionMap;
import org.h2.mvstore.tx.TransactionStore;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What one transaction sees, for others that are to see the same. It stays as long as the one who
 * exported it, and everybody who has it, since an open transaction keeps its pages. Any thread; the
 * session that takes it over is its own thread's.
 *
 * <p>What was not committed then is told by the number of its transaction, and numbers are given
 * out again; so a transaction that takes the snapshot over must not have a number that was in use
 * then, or it would take another's rows for its own. The store's version is pinned, and a missing
 * member fails when this class is loaded.
 */
public final class ExportedSnapshot implements AutoCloseable {
    private static final VarHandle SNAPSHOT;
    private static final VarHandle MAPS;
    private static final VarHandle OPEN;

    static {
        try {
            var lookup = MethodHandles.lookup();
            SNAPSHOT =
                    MethodHandles.privateLookupIn(TransactionMap.class, lookup)
                            .findVarHandle(
                                    TransactionMap.class,
                                    "snapshot",
                                    Class.forName("org.h2.mvstore.tx.Snapshot"));
            MAPS =
                    MethodHandles.privateLookupIn(Transaction.class, lookup)
                            .findVarHandle(Transaction.class, "transactionMaps", Map.class);
            OPEN =
                    MethodHandles.privateLookupIn(TransactionStore.class, lookup)
                            .findVarHandle(
                                    TransactionStore.class,
                                    "openTransactions",
                                    AtomicReference.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final EngineSession holder;
    private final Lsn lsn;
    private final Map<Integer, Object> snapshots = new HashMap<>();

    /** The numbers of the transactions that were open. */
    private final BitSet open;

    private final ReentrantLock lock = new ReentrantLock();

    /** Who exported it counts as one. */
    @GuardedBy("lock")
    private int users = 1;

    @GuardedBy("lock")
    private boolean isClosed;

    /** The holder has taken its snapshot, and nobody commits or writes now. */
    ExportedSnapshot(EngineSession holder, Lsn lsn) {
        this.holder = holder;
        this.lsn = lsn;
        open = (BitSet) openTransactions(holder).clone();
        maps(holder).forEach((id, map) -> snapshots.put(id, SNAPSHOT.get(map)));
    }

    private static TransactionStore store(EngineSession session) {
        return session.local().getDatabase().getStore().getTransactionStore();
    }

    private static BitSet openTransactions(EngineSession session) {
        return (BitSet) ((AtomicReference<?>) OPEN.get(store(session))).get();
    }

    @SuppressWarnings("unchecked") // the field's declared type
    private static Map<Integer, TransactionMap<?, ?>> maps(EngineSession session) {
        return (Map<Integer, TransactionMap<?, ?>>) MAPS.get(session.local().getTransaction());
    }

    /**
     * Where it is in the log.
     *
     * @return it shows what stands before, and nothing behind
     */
    public Lsn lsn() {
        return lsn;
    }

    /**
     * Begins a transaction that sees it.
     *
     * @param session without a transaction
     * @param isReadOnly whether it refuses to write
     * @param isolation with a snapshot of the transaction's own
     * @return false where the snapshot has ended
     */
    public boolean begin(EngineSession session, boolean isReadOnly, Isolation isolation) {
        lock.lock();
        try {
            if (isClosed) {
                return false;
            }
            users++;
        } finally {
            lock.unlock();
        }
        boolean isDone = false;
        try {
            beginApart(session, isReadOnly, isolation);
            try (var plan = session.prepareSystem("SELECT 1")) {
                plan.execute().close();
            }
            maps(session)
                    .forEach((id, map) -> {
                        var snapshot = snapshots.get(id);
                        if (snapshot != null) {
                            SNAPSHOT.set(map, snapshot);
                        }
                    });
            session.transaction().atEnd(this::release);
            isDone = true;
            return true;
        } finally {
            if (!isDone) {
                release();
            }
        }
    }

    /** Begins a transaction with a number that was not in use. */
    private void beginApart(EngineSession session, boolean isReadOnly, Isolation isolation) {
        List<Transaction> parked = new ArrayList<>();
        try {
            session.begin(isReadOnly, isolation);
            while (open.get(session.local().getTransaction().getId())) {
                session.rollback();
                parked.add(store(session).begin());
                session.begin(isReadOnly, isolation);
            }
        } finally {
            parked.forEach(Transaction::rollback);
        }
    }

    private void release() {
        lock.lock();
        try {
            users--;
            if (users > 0) {
                return;
            }
        } finally {
            lock.unlock();
        }
        holder.close();
    }

    /** Nobody can take it over any more. Once is enough. */
    @Override
    public void close() {
        lock.lock();
        try {
            if (isClosed) {
                return;
            }
            isClosed = true;
        } finally {
            lock.unlock();
        }
        release();
    }
}
