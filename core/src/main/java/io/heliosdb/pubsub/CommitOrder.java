package io.heliosdb.pubsub;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.Report;
import io.heliosdb.pg.Severity;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pubsub.Pending.State;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The one order. A transaction gets its position under {@code order}, which is held for a few
 * instructions; it passes to the queues when it is published and everything before it has passed.
 *
 * <p>Whoever has work and gets {@code delivery} is the deliverer for that moment and does
 * everybody's work, in the order of positions: passing published transactions, taking released
 * queues out of their channels. Whoever does not get the lock leaves, or parks until its own
 * transaction has passed. No work is left behind: a thread announces its work first (the state of
 * its transaction, the list of releases) and tries the lock second; the deliverer unlocks first and
 * looks for work second. {@code head} moves before the link behind it is cut, so whoever finds no
 * link either reads on from a newer head or is seen by that last look.
 *
 * <p>Lock order: {@code delivery} before a queue's lock; {@code order} inside nothing.
 */
final class CommitOrder {
    /**
     * How many transactions one thread passes before it hands over to a thread that waits for its
     * own.
     */
    private static final int TURN = 256;

    private final ReentrantLock order = new ReentrantLock();
    private final ReentrantLock delivery = new ReentrantLock();
    private final Channels channels;
    private final Admission admission;

    /** Null where nothing is recorded. */
    private final @Nullable Journal journal;

    private final ConcurrentLinkedQueue<DeliveryQueue> releases;

    /** Told, by the deliverer, that passing a transaction broke. */
    private final Consumer<PgException> failed;

    @GuardedBy("order")
    private Pending tail;

    /** The last transaction that passed; written by the deliverer. */
    private volatile Pending head;

    /** Set once, under {@code order}: nothing more is appended. */
    private volatile @Nullable PgException refusal;

    /** Set once, under {@code delivery}: nothing more passes. */
    private volatile @Nullable PgException failure;

    CommitOrder(
            Channels channels,
            Admission admission,
            ConcurrentLinkedQueue<DeliveryQueue> releases,
            @Nullable Journal journal,
            Consumer<PgException> failed) {
        this.journal = journal;
        this.failed = failed;
        tail = Pending.origin();
        tail.end = journal == null ? 1 : journal.next();
        head = tail;
        this.channels = channels;
        this.admission = admission;
        this.releases = releases;
    }

    /** The position of the last transaction that passed. */
    long delivered() {
        return head.lsn;
    }

    /** The place of the last transaction that passed: everything up to it is in the queues. */
    Place place() {
        var last = head;
        return new Place(last.end - 1, last.unrecorded);
    }

    /**
     * Whether what has its place at a position has passed. What has none of its own here, such as a
     * definition, counts as passed once nothing is on its way.
     */
    boolean hasPassed(long lsn) {
        var last = head;
        return last.lsn >= lsn || last.next == null;
    }

    /** Fixes the transaction's place, which is that of its record, if it has one. */
    void append(Pending pending, Journal.@Nullable Entry entry) {
        order.lock();
        try {
            if (refusal != null) {
                throw new PgException(refusal.report(), refusal);
            }
            pending.lsn = place(entry);
            pending.isRecorded = entry != null;
            pending.end = end(pending);
            tail.next = pending;
            tail = pending;
        } finally {
            order.unlock();
        }
    }

    @GuardedBy("order")
    private long place(Journal.@Nullable Entry entry) {
        if (entry != null) {
            return entry.append();
        }
        return journal == null ? tail.lsn + 1 : journal.next();
    }

    @GuardedBy("order")
    private long end(Pending pending) {
        if (journal == null) {
            return pending.lsn + 1;
        }
        return pending.isRecorded ? journal.next() : pending.lsn;
    }

    void publish(Pending pending) {
        pending.finish(State.PUBLISHED);
        deliver();
        if (pending.state != State.PASSED) {
            awaitPassing(pending);
        }
    }

    void abandon(Pending pending) {
        pending.finish(State.ABANDONED);
        deliver();
    }

    /** The queue's registrations end as soon as nobody delivers. */
    void release(DeliveryQueue queue) {
        releases.add(queue);
        deliver();
    }

    /** Runs a step as the deliverer; it neither waits nor calls foreign code. */
    void exclusively(Runnable step) {
        delivery.lock();
        try {
            step.run();
        } finally {
            delivery.unlock();
        }
        deliver();
    }

    /** From now on nothing is appended; what is in flight still passes. */
    void refuse(PgException cause) {
        order.lock();
        try {
            refusal = refusal == null ? cause : refusal;
        } finally {
            order.unlock();
        }
    }

    /** From now on nothing is appended and nothing passes; whoever waits learns the cause. */
    void fail(PgException cause) {
        refuse(cause);
        delivery.lock();
        try {
            failure = failure == null ? cause : failure;
        } finally {
            delivery.unlock();
        }
        for (var waiting = head.next; waiting != null; waiting = waiting.next) {
            LockSupport.unpark(waiting.waiter);
        }
        deliver();
    }

    private void awaitPassing(Pending pending) {
        boolean interrupted = false;
        pending.waiter = Thread.currentThread();
        try {
            while (true) {
                deliver();
                if (pending.state == State.PASSED) {
                    return;
                }
                requireSound();
                LockSupport.park(this);
                interrupted |= Thread.interrupted();
            }
        } finally {
            pending.waiter = null;
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void requireSound() {
        var cause = failure;
        if (cause != null) {
            throw new PgException(cause.report(), cause);
        }
    }

    private void deliver() {
        while (hasWork()) {
            if (!delivery.tryLock()) {
                return;
            }
            boolean tired;
            try {
                releaseQueues();
                tired = !passFinished();
            } catch (RuntimeException | Error e) {
                failed.accept(outcomeUnknown(e));
                throw e;
            } finally {
                delivery.unlock();
            }
            if (tired && handOver()) {
                return;
            }
        }
    }

    private static PgException outcomeUnknown(Throwable cause) {
        var report = Report.of(Severity.FATAL, SqlState.CRASH_SHUTDOWN, "commit outcome unknown");
        return new PgException(report, cause);
    }

    private boolean hasWork() {
        return !releases.isEmpty() || (failure == null && isFinished(head.next));
    }

    private static boolean isFinished(@Nullable Pending pending) {
        return pending != null && pending.state != State.APPENDED;
    }

    /**
     * Wakes the thread that waits for the first transaction to pass, if it waits, to be the
     * deliverer.
     */
    private boolean handOver() {
        var first = head.next;
        var waiter = first == null ? null : first.waiter;
        LockSupport.unpark(waiter);
        return waiter != null;
    }

    @GuardedBy("delivery")
    private void releaseQueues() {
        for (var queue = releases.poll(); queue != null; queue = releases.poll()) {
            if (!queue.isReleased()) {
                channels.release(queue);
                admission.released(queue);
            }
        }
    }

    /** Passes what is finished at the head; returns false where a turn was not enough. */
    @GuardedBy("delivery")
    private boolean passFinished() {
        for (int passed = 0; failure == null; passed++) {
            var first = head.next;
            if (first == null || first.state == State.APPENDED) {
                return true;
            }
            if (passed == TURN) {
                return false;
            }
            pass(first);
        }
        return true;
    }

    @GuardedBy("delivery")
    private void pass(Pending first) {
        locate(first);
        if (first.state == State.PUBLISHED) {
            channels.pass(first, place());
        }
        admission.giveBack(first.grant);
        channels.giveBack(first.channelsReserved);
        var before = head;
        head = first;
        before.next = null;
        first.passed();
        LockSupport.unpark(first.waiter);
    }

    /**
     * Gives its notifications their places. Those of a transaction without a record stand before
     * the next record, and count on from the ones that stand there already.
     */
    @GuardedBy("delivery")
    private void locate(Pending first) {
        first.at = first.lsn;
        if (journal == null) {
            return;
        }
        var before = head;
        int earlier = before.end == first.end ? before.unrecorded : 0;
        if (first.isRecorded) {
            return;
        }
        first.at = first.lsn - 1;
        first.ordinal = earlier + 1;
        first.unrecorded = earlier + first.messages.size();
    }
}
