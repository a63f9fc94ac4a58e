package io.heliosdb.trigger.routine;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The committed routines of an instance. Readers take a snapshot without a lock; a commit swaps it
 * for the next one whole. Thread-safe.
 */
public final class RoutineCatalog {
    /** Numbers of routines and triggers are far above those of tables, which count from 16384. */
    public static final int FIRST_OID = 1_000_000_000;

    /** Held by a commit while it derives the next snapshot from the last. */
    private final ReentrantLock swap = new ReentrantLock();

    private final AtomicInteger lastOid = new AtomicInteger(FIRST_OID);

    private volatile RoutineSet committed = RoutineSet.EMPTY;

    /** A catalog without routines; {@link SessionRoutines#load} fills it. */
    public RoutineCatalog() {}

    /**
     * The routines that are committed now.
     *
     * @return a snapshot
     */
    public RoutineSet committed() {
        return committed;
    }

    /**
     * A number that no routine and no trigger has had since the database was opened.
     *
     * @return the next oid
     */
    public int nextOid() {
        return lastOid.incrementAndGet();
    }

    /**
     * A number is taken.
     *
     * @param oid the number of an object that was read at opening
     */
    public void taken(int oid) {
        lastOid.accumulateAndGet(oid, Math::max);
    }

    void apply(List<RoutineChange> changes) {
        swap.lock();
        try {
            committed = RoutineChange.applyAll(changes, committed);
        } finally {
            swap.unlock();
        }
    }
}
