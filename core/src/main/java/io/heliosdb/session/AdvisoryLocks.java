package io.heliosdb.session;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Locks that mean what applications agree on. A session may take one again and again, and has to
 * give it back as often; those of a transaction end with it.
 *
 * @see <a
 *     href="https://www.postgresql.org/docs/15/explicit-locking.html#ADVISORY-LOCKS">PostgreSQL:
 *     advisory locks</a>
 */
final class AdvisoryLocks {
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Map<Key, Map<Integer, Hold>> holds = new HashMap<>();

    /** What each session waits for. */
    @GuardedBy("lock")
    private final Map<Integer, Request> waiting = new HashMap<>();

    /** One number of 64 bits, or two of 32, which are different locks. */
    record Key(long number, boolean isPair) {}

    /** A lock as it is asked for. */
    record Request(Key key, boolean isShared, boolean isOfTransaction) {}

    /** How often a session has a lock. */
    private static final class Hold {
        final int[] counts = new int[4];

        static int index(Request request) {
            return (request.isShared ? 1 : 0) + (request.isOfTransaction ? 2 : 0);
        }

        boolean isExclusive() {
            return counts[0] + counts[2] > 0;
        }

        boolean isEmpty() {
            return counts[0] + counts[1] + counts[2] + counts[3] == 0;
        }
    }

    /** Takes a lock if nobody else has it; says whether. */
    boolean tryLock(int pid, Request request) {
        lock.lock();
        try {
            if (!blockers(pid, request).isEmpty()) {
                return false;
            }
            waiting.remove(pid);
            holds.computeIfAbsent(request.key, ignored -> new HashMap<>())
                    .computeIfAbsent(pid, ignored -> new Hold())
                    .counts[Hold.index(request)]++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Says that a session waits.
     *
     * @throws PgException 40P01 where those who have the lock wait for it
     */
    void waits(int pid, Request request) {
        lock.lock();
        try {
            waiting.put(pid, request);
            if (reaches(pid, pid, new HashSet<>())) {
                waiting.remove(pid);
                throw new PgException(SqlState.DEADLOCK_DETECTED, "deadlock detected")
                        .withHint("See server log for query details.");
            }
        } finally {
            lock.unlock();
        }
    }

    /** Says that a session waits no longer. */
    void waitEnded(int pid) {
        lock.lock();
        try {
            waiting.remove(pid);
        } finally {
            lock.unlock();
        }
    }

    /** Gives back a lock of the session; false where it has none. */
    boolean unlock(int pid, Key key, boolean isShared) {
        lock.lock();
        try {
            Map<Integer, Hold> holders = holds.getOrDefault(key, Map.of());
            Hold hold = holders.get(pid);
            int index = isShared ? 1 : 0;
            if (hold == null || hold.counts[index] == 0) {
                return false;
            }
            hold.counts[index]--;
            forget(key, pid, hold);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Gives back what a session has, or only what its transaction has. */
    void release(int pid, boolean ofSession, boolean ofTransaction) {
        lock.lock();
        try {
            for (Key key : Set.copyOf(holds.keySet())) {
                Hold hold = holds.get(key).get(pid);
                if (hold == null) {
                    continue;
                }
                if (ofSession) {
                    hold.counts[0] = 0;
                    hold.counts[1] = 0;
                }
                if (ofTransaction) {
                    hold.counts[2] = 0;
                    hold.counts[3] = 0;
                }
                forget(key, pid, hold);
            }
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void forget(Key key, int pid, Hold hold) {
        if (hold.isEmpty()) {
            Map<Integer, Hold> holders = holds.get(key);
            holders.remove(pid);
            if (holders.isEmpty()) {
                holds.remove(key);
            }
        }
    }

    /** The others whose holds a request conflicts with. */
    @GuardedBy("lock")
    private Set<Integer> blockers(int pid, Request request) {
        var blockers = new HashSet<Integer>();
        holds.getOrDefault(request.key, Map.of())
                .forEach((other, hold) -> {
                    if (other != pid && (!request.isShared || hold.isExclusive())) {
                        blockers.add(other);
                    }
                });
        return blockers;
    }

    /** Whether who blocks a session waits, in the end, for another. */
    @GuardedBy("lock")
    private boolean reaches(int pid, int target, Set<Integer> seen) {
        Request request = waiting.get(pid);
        if (request == null) {
            return false;
        }
        for (int blocker : blockers(pid, request)) {
            if (blocker == target || (seen.add(blocker) && reaches(blocker, target, seen))) {
                return true;
            }
        }
        return false;
    }
}
