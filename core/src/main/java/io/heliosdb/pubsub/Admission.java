package io.heliosdb.pubsub;

import io.heliosdb.pg.Delivery.Notification;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Room for a transaction, asked for before its place in the order is fixed: after that a commit
 * cannot be refused and must not wait.
 *
 * <p>Two bounds. The queues with REFUSE share a budget of bytes, as the listeners of PostgreSQL
 * share its NOTIFY queue: what is used lies between the slowest one's position and the head. The
 * tail is cached and looked for again only when the budget seems used up, so a grant costs the same
 * however many listen. And each queue with REFUSE or BLOCK has its own capacity: while all are at
 * most half full nobody reserves (more transactions than the other half are never in flight); from
 * then on the queue is tight, and a transaction reserves a place in each tight queue it will reach.
 */
final class Admission {
    /**
     * What a transaction was promised; given back when it passes.
     *
     * @param bytes of the shared budget
     * @param queues that hold a place for it
     */
    record Grant(long bytes, Set<DeliveryQueue> queues) {
        static final Grant NONE = new Grant(0, Set.of());

        boolean isEmpty() {
            return bytes == 0 && queues.isEmpty();
        }

        Grant with(Set<DeliveryQueue> reserved) {
            return new Grant(bytes, reserved);
        }
    }

    private static final long TRANSACTION_BYTES = 64;
    private static final long MESSAGE_BYTES = 96;

    private final long bytesMax;
    private final Room room;
    private final Set<DeliveryQueue> refusing = ConcurrentHashMap.newKeySet();

    /** Bytes granted to transactions that have not passed. */
    private final AtomicLong promised = new AtomicLong();

    /** Bytes that went to the queues since the start; written by the deliverer. */
    private volatile long head;

    /**
     * No queue's position is below; only grows, a stale value only makes the next one look again.
     */
    private final AtomicLong tail = new AtomicLong();

    /** The deliverer's. */
    private final List<DeliveryQueue> tight = new ArrayList<>();

    /** How many are tight; written by the deliverer, read by committers. */
    private volatile int tightCount;

    Admission(long bytesMax, Room room) {
        this.bytesMax = bytesMax;
        this.room = room;
    }

    void opened(DeliveryQueue queue) {
        if (queue.overflow() == OverflowPolicy.REFUSE) {
            refusing.add(queue);
        }
    }

    void closed(DeliveryQueue queue) {
        refusing.remove(queue);
    }

    /** The deliverer's: the queue is out of use. */
    void released(DeliveryQueue queue) {
        closed(queue);
        if (queue.isTight()) {
            tight.remove(queue);
            tightCount = tight.size();
        }
    }

    /** Bytes of the shared budget for these messages, or 54000. */
    long requireBytes(List<Message> messages, Channels channels) {
        if (refusing.isEmpty() || !channels.reachRefusing(messages)) {
            return 0;
        }
        long bytes = bytes(messages);
        long granted = promised.addAndGet(bytes);
        if (head + granted - tail.get() > bytesMax && head + granted - slowest() > bytesMax) {
            promised.addAndGet(-bytes);
            throw full("queue_bytes_max");
        }
        return bytes;
    }

    boolean anyTight() {
        return tightCount > 0;
    }

    /** The deliverer's: a queue became tight. */
    void tightened(DeliveryQueue queue) {
        tight.add(queue);
        tightCount = tight.size();
    }

    /**
     * The deliverer's: reserves in every tight queue the messages reach, or in none and returns the
     * full one.
     */
    @Nullable DeliveryQueue reserve(
            List<Message> messages, Channels channels, Set<DeliveryQueue> reserved) {
        tight.removeIf(DeliveryQueue::relaxes);
        tightCount = tight.size();
        for (var queue : channels.tight(messages)) {
            if (!queue.tryReserve()) {
                reserved.forEach(DeliveryQueue::unreserve);
                reserved.clear();
                return queue;
            }
            reserved.add(queue);
        }
        return null;
    }

    /**
     * Waits for room in a full queue, or 54000 where nobody waits: with REFUSE, and for one's own
     * queue.
     */
    void awaitRoom(DeliveryQueue full, @Nullable DeliveryQueue own, long deadlineNanos) {
        if (full.overflow() == OverflowPolicy.REFUSE || full == own) {
            throw full("notification_queue_size");
        }
        room.await(full, deadlineNanos);
    }

    /** The deliverer's: the position of a transaction that goes to a queue with REFUSE. */
    long take(List<Message> messages) {
        long position = head;
        head = position + bytes(messages);
        return position;
    }

    /** The deliverer's: the position of what goes to no queue with REFUSE. */
    long head() {
        return head;
    }

    /** The deliverer's: the transaction passed, or was never appended. */
    void giveBack(Grant grant) {
        if (grant.bytes() > 0) {
            promised.addAndGet(-grant.bytes());
        }
        grant.queues().forEach(DeliveryQueue::unreserve);
    }

    double usage() {
        long from = head;
        return Math.clamp((double) (from - slowest()) / bytesMax, 0.0, 1.0);
    }

    /**
     * Looks for the slowest queue. The head is read first, so that what arrives meanwhile lies
     * above the result.
     */
    private long slowest() {
        long slowest = head;
        for (var queue : refusing) {
            slowest = Math.min(slowest, queue.oldestPosition());
        }
        tail.accumulateAndGet(slowest, Math::max);
        return slowest;
    }

    /**
     * What the messages take of the heap while they are queued, as an estimate from above for Latin
     * text.
     */
    private static long bytes(List<Message> messages) {
        long bytes = TRANSACTION_BYTES;
        for (var message : messages) {
            bytes += MESSAGE_BYTES + message.payload().length();
        }
        return bytes;
    }

    /** The same estimate for what is in a queue. */
    static long bytes(Notification[] notifications) {
        long bytes = TRANSACTION_BYTES;
        for (var notification : notifications) {
            bytes += MESSAGE_BYTES + notification.payload().length();
        }
        return bytes;
    }

    private static PgException full(String setting) {
        return new PgException(
                        SqlState.PROGRAM_LIMIT_EXCEEDED,
                        "too many notifications in the NOTIFY queue")
                .withHint(
                        "A listener is too slow: it must end its transaction, read, or raise "
                                + setting
                                + ".");
    }

    static Set<DeliveryQueue> noQueues() {
        return Collections.newSetFromMap(new IdentityHashMap<>());
    }
}
