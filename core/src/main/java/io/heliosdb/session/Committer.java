package io.heliosdb.session;

import io.heliosdb.engine.Engine;
import io.heliosdb.engine.EngineSession;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.Report;
import io.heliosdb.pg.Severity;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pubsub.PubSub;
import io.heliosdb.pubsub.Subscription;

import org.jspecify.annotations.Nullable;

import java.util.function.Consumer;

/**
 * The one place where a transaction becomes visible.
 *
 * <ol>
 *   <li>{@link PubSub#append} takes a place in the one order while the transaction's row locks are
 *       still held, so that conflicting transactions stand in it as they were serialised. It may
 *       refuse, and then nothing has happened.
 *   <li>The engine commits: rows are visible. A durable commit then waits for a group fsync that
 *       began after it.
 *   <li>{@link PubSub#publish} hands the notifications to the queues once every earlier place has
 *       got this far, and returns when they are there. Only then is the commit acknowledged.
 * </ol>
 *
 * <p>So a listener that has a notification sees the rows of its transaction; own and earlier
 * foreign notifications are in a session's queue before its commit is acknowledged; and nobody sees
 * a later event first. Between the append and the publication nothing can be cancelled or timed
 * out. A failure there leaves the outcome unknown, and fails the instance rather than guess.
 *
 * <p>Any thread, for its own session.
 */
final class Committer {
    private final Engine engine;
    private final PubSub pubSub;
    private final Consumer<PgException> failInstance;

    Committer(Engine engine, PubSub pubSub, Consumer<PgException> failInstance) {
        this.engine = engine;
        this.pubSub = pubSub;
        this.failInstance = failInstance;
    }

    /** Who commits, and how. */
    record Request(
            EngineSession rows,
            Effects effects,
            int pid,
            @Nullable Subscription own,
            boolean waitsForFsync,
            long deadlineNanos,
            Runnable onVisible) {}

    /**
     * Commits. A refusal before the append is thrown as it is, and the caller rolls back.
     *
     * @throws PgException 54000 where a queue is full, 53400 beyond max_channels, FATAL 57P02 where
     *     the outcome is unknown
     */
    void commit(Request request) {
        if (request.effects().isEmpty()) {
            commitRows(request);
            return;
        }
        var effects = request.effects();
        var pending =
                pubSub.append(
                        effects.notifications(),
                        request.pid(),
                        effects.actions(),
                        request.own(),
                        request.deadlineNanos());
        try {
            commitRows(request);
        } catch (RuntimeException | Error e) {
            pubSub.abandon(pending);
            throw outcomeUnknown(e);
        }
        pubSub.publish(pending);
    }

    private void commitRows(Request request) {
        boolean isDurable = request.rows().hasChanges();
        request.rows().commit();
        request.onVisible().run();
        if (isDurable) {
            if (request.waitsForFsync()) {
                engine.awaitDurable();
            } else {
                engine.flushSoon();
            }
        }
    }

    private PgException outcomeUnknown(Throwable cause) {
        var failure =
                new PgException(
                        new Report(
                                Severity.FATAL,
                                SqlState.CRASH_SHUTDOWN,
                                "commit outcome unknown",
                                cause.getMessage(),
                                "Reopen the database; it recovers to its last durable commit.",
                                0,
                                null),
                        cause);
        failInstance.accept(failure);
        return failure;
    }
}
