package io.heliosdb.pubsub;

import io.heliosdb.pg.Delivery.Notification;

/**
 * What a committed transaction notified on channels that somebody listens to: the one object that
 * all queues share. Immutable once it is in a queue.
 */
final class QueuedTransaction {
    final long lsn;
    final Notification[] notifications;

    /** Bytes that went through the budget of REFUSE before this transaction. */
    final long position;

    QueuedTransaction(long lsn, Notification[] notifications, long position) {
        this.lsn = lsn;
        this.notifications = notifications;
        this.position = position;
    }
}
