package io.heliosdb.pubsub;

import io.heliosdb.pg.Delivery.Notification;

/**
 * What a committed transaction notified on channels that somebody listens to: the one object that
 * all queues share. Immutable once it is in a queue.
 */
final class QueuedTransaction {
    final long lsn;

    /** Its number among all that passed. */
    final long sequence;

    final Notification[] notifications;

    /** What it takes of the heap while it is queued, as an estimate. */
    final long bytes;

    /** Bytes that went through the budget of REFUSE before this transaction. */
    final long position;

    /** When it was handed to the queues, as {@link System#nanoTime} counts. */
    final long queuedNanos = System.nanoTime();

    QueuedTransaction(long lsn, long sequence, Notification[] notifications, long position) {
        this.lsn = lsn;
        this.sequence = sequence;
        this.notifications = notifications;
        bytes = Admission.bytes(notifications);
        this.position = position;
    }
}
