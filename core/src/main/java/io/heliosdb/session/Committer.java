package io.heliosdb.session;

import io.heliosdb.engine.EngineCommit;
import io.heliosdb.engine.EngineSession;
import io.heliosdb.log.Latencies;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.Report;
import io.heliosdb.pg.Severity;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pubsub.HistoryRules;
import io.heliosdb.pubsub.Pending;
import io.heliosdb.pubsub.PubSub;
import io.heliosdb.pubsub.Subscription;

import org.jspecify.annotations.Nullable;

import java.util.function.Consumer;

/**
 * The one place where a transaction becomes visible.
 *
 * <ol>
 *   <li>{@link PubSub#reserve} takes room in the queues, and the engine encodes what the
 *       transaction did and takes space in the log. Both may refuse, and then nothing has happened.
 *   <li>{@link PubSub#place} takes a place in the one order, and in the log at that place, while
 *       the transaction's row locks are still held, so that conflicting transactions stand in it as
 *       they were serialised.
 *   <li>The group fsync of the log covers the record; then the engine commits: rows are visible
 *       once they are durable. A transaction that does not wait for the disk, or that only
 *       notifies, is visible at once. Without a log the rows are visible first, and a durable
 *       commit then waits for a group fsync of the store.
 *   <li>{@link PubSub#publish} hands the notifications to the queues once every earlier place has
 *       got this far, and returns when they are there. Only then is the commit acknowledged.
 * </ol>
 *
 * <p>So a listener that has a notification sees the rows of its transaction; own and earlier
 * foreign notifications are in a session's queue before its commit is acknowledged; and nobody sees
 * a later event first. Between the place and the publication nothing can be cancelled or timed out.
 * A failure there leaves the outcome unknown, and fails the instance rather than guess.
 *
 * <p>Any thread, for its own session.
 */
final class Committer {
    private final PubSub pubSub;
    private final HistoryRules rules;
    private final Consumer<PgException> failInstance;
    private final Latencies commits = new Latencies();

    Committer(PubSub pubSub, Consumer<PgException> failInstance) {
        this.pubSub = pubSub;
        rules = pubSub.options().history();
        this.failInstance = failInstance;
    }

    /** Who commits, and how. */
    record Request(
            EngineSession rows,
            Effects effects,
            int pid,
            @Nullable Subscription own,
            boolean waitsForFsync,
            boolean notifiesWait,
            long deadlineNanos,
            Runnable onVisible) {}

    /**
     * Commits. A refusal before the transaction has its place is thrown as it is, and the caller
     * rolls back.
     *
     * @throws PgException 54000 where a queue is full or the transaction too large, 53400 beyond
     *     max_channels, 53100 where the disk is full, FATAL 57P02 where the outcome is unknown
     */
    void commit(Request request) {
        if (!request.rows().hasChanges() && request.effects().isEmpty()) {
            run(request);
            return;
        }
        var event = new CommitEvent();
        event.begin();
        event.pid = request.pid();
        event.notifications = request.effects().notifications().size();
        event.isDurable = request.waitsForFsync();
        long begun = System.nanoTime();
        run(request);
        commits.add(System.nanoTime() - begun);
        event.commit();
    }

    /** How long commits took that had something to commit. */
    Latencies.Summary latencies() {
        return commits.summary();
    }

    private void run(Request request) {
        var reserved = request.effects().isEmpty() ? null : reserve(request);
        @Nullable Pending placed;
        try (var commit = prepare(request, reserved)) {
            placed = place(request, reserved, commit);
            complete(request, placed, commit);
        }
        if (placed != null) {
            pubSub.publish(placed);
        }
    }

    private Pending reserve(Request request) {
        var effects = request.effects();
        return pubSub.reserve(
                effects.notifications(),
                request.pid(),
                effects.actions(),
                request.own(),
                request.deadlineNanos());
    }

    private EngineCommit prepare(Request request, @Nullable Pending reserved) {
        try {
            var notices = LogJournal.notices(rules, request.effects().notifications());
            return request.rows().prepareCommit(request.pid(), notices);
        } catch (RuntimeException | Error e) {
            if (reserved != null) {
                pubSub.release(reserved);
            }
            throw e;
        }
    }

    /** Null where the transaction has neither effects nor a record. */
    private @Nullable Pending place(
            Request request, @Nullable Pending reserved, EngineCommit commit) {
        if (reserved == null && !commit.isLogged()) {
            return null;
        }
        var pending = reserved == null ? reserve(request) : reserved;
        pubSub.place(pending, commit.isLogged() ? () -> commit.append().value() : null);
        return pending;
    }

    private void complete(Request request, @Nullable Pending placed, EngineCommit commit) {
        try {
            commit.complete(request.waitsForFsync(), request.notifiesWait());
            request.onVisible().run();
        } catch (RuntimeException | Error e) {
            if (placed == null) {
                throw e;
            }
            pubSub.abandon(placed);
            throw outcomeUnknown(e);
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
