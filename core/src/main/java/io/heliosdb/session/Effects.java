package io.heliosdb.session;

import io.heliosdb.pg.Identifier;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pubsub.ListenAction;
import io.heliosdb.pubsub.Message;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a transaction will do to others when it commits: notifications to send, channels to listen
 * to or to leave. The order is the order of issue; a duplicate within one transaction is sent once,
 * at the place of the first. Savepoints are marks in it, and rolling back forgets what came after
 * the mark. Confined to the session.
 *
 * @see <a href="https://www.postgresql.org/docs/15/sql-notify.html">PostgreSQL: NOTIFY</a>
 */
final class Effects {
    /** A place to go back to. */
    record Mark(int notifications, int actions) {}

    /** Up to here a duplicate is found by looking at them all. */
    private static final int SCANNED_MAX = 16;

    private final long bytesMax;
    private final List<Message> notifications = new ArrayList<>(4);
    private final List<ListenAction> actions = new ArrayList<>(2);
    private final Set<Message> seen = new HashSet<>();
    private long bytes;

    Effects(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    void addNotification(Message message) {
        if (isDuplicate(message)) {
            return;
        }
        bytes += weight(message);
        if (bytes > bytesMax) {
            bytes -= weight(message);
            throw new PgException(
                            SqlState.PROGRAM_LIMIT_EXCEEDED,
                            "the notifications of this transaction exceed " + bytesMax + " bytes")
                    .withHint("Commit more often, or raise max_transaction_bytes.");
        }
        notifications.add(message);
        if (!seen.isEmpty()) {
            seen.add(message);
        }
    }

    void add(ListenAction action) {
        actions.add(action);
    }

    Mark mark() {
        return new Mark(notifications.size(), actions.size());
    }

    /** Truncates to a mark; what came after it never happened. */
    void rollbackTo(Mark mark) {
        var undone = notifications.subList(mark.notifications, notifications.size());
        for (var message : undone) {
            bytes -= weight(message);
            seen.remove(message);
        }
        undone.clear();
        actions.subList(mark.actions, actions.size()).clear();
        if (notifications.size() <= SCANNED_MAX) {
            seen.clear();
        }
    }

    void clear() {
        if (!isEmpty()) {
            notifications.clear();
            actions.clear();
            seen.clear();
            bytes = 0;
        }
    }

    boolean isEmpty() {
        return notifications.isEmpty() && actions.isEmpty();
    }

    List<Message> notifications() {
        return notifications;
    }

    List<ListenAction> actions() {
        return actions;
    }

    private boolean isDuplicate(Message message) {
        if (notifications.size() > SCANNED_MAX) {
            if (seen.isEmpty()) {
                seen.addAll(notifications);
            }
            return seen.contains(message);
        }
        return notifications.contains(message);
    }

    private static long weight(Message message) {
        return Identifier.utf8Length(message.channel())
                + (long) Identifier.utf8Length(message.payload());
    }
}
