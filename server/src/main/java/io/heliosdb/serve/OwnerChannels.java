package io.heliosdb.serve;

import io.heliosdb.pg.Identifier;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.proto.BackendMessage;
import io.heliosdb.pg.proto.FrontendMessage;
import io.heliosdb.pubsub.ListenGate;
import io.heliosdb.pubsub.Message;
import io.heliosdb.pubsub.PubSub;
import io.heliosdb.pubsub.PubSubOptions;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The channels of an owner, as this process hears them: one session there listens to all that
 * anybody here subscribes to, and hands on what it hears in the order in which it comes. A
 * subscription passes the gate first, so that the owner has confirmed the LISTEN before it counts.
 * Nobody here listening any more, the owner is told with the next notification. Thread-safe.
 */
final class OwnerChannels implements ListenGate, AutoCloseable {
    private final OwnerConnection owner;
    private final PubSub pubSub = PubSub.open(PubSubOptions.defaults(), this);

    /** Orders what is sent with what is known of it; the one lock that is held while writing. */
    private final ReentrantLock sending = new ReentrantLock();

    /** Guarded by {@code sending}: the answers to come, in the order of the commands. */
    private final Queue<CompletableFuture<Boolean>> answers = new ArrayDeque<>();

    /** Guarded by {@code sending}: what the owner was told to listen to. */
    private final Map<String, Heard> heard = new HashMap<>();

    /** Written by the reader before everything else ends. */
    private volatile @Nullable PgException ended;

    private volatile boolean isClosed;

    private OwnerChannels(OwnerConnection owner) {
        this.owner = owner;
    }

    /** A channel of the owner: whether it is heard yet, and who is on the way to it. */
    private static final class Heard {
        private final CompletableFuture<Boolean> confirmed;
        private int entering;

        Heard(CompletableFuture<Boolean> confirmed) {
            this.confirmed = confirmed;
        }
    }

    static OwnerChannels open(Path socket) {
        var channels = new OwnerChannels(OwnerConnection.open(socket));
        Thread.ofVirtual().name("heliosdb-joined").start(channels::readUntilEnd);
        return channels;
    }

    PubSub pubSub() {
        return pubSub;
    }

    /** Throws 57P01 where the owner has ended. */
    void requireOwner() {
        var cause = ended;
        if (cause != null) {
            throw new PgException(cause.report(), cause);
        }
    }

    @Override
    public void enter(List<String> channels) {
        requireOwner();
        var confirmations = new ArrayList<CompletableFuture<Boolean>>(channels.size());
        sending.lock();
        try {
            for (var channel : channels) {
                var known = heard.get(channel);
                if (known == null) {
                    known = new Heard(send("LISTEN " + Identifier.quote(channel)));
                    heard.put(channel, known);
                }
                known.entering++;
                confirmations.add(known.confirmed);
            }
        } finally {
            sending.unlock();
        }
        try {
            for (var confirmation : confirmations) {
                await(confirmation);
            }
        } catch (RuntimeException e) {
            leave(channels);
            throw e;
        }
    }

    @Override
    public void leave(List<String> channels) {
        sending.lock();
        try {
            for (var channel : channels) {
                var known = heard.get(channel);
                if (known != null) {
                    known.entering--;
                    if (known.confirmed.isCompletedExceptionally() && known.entering == 0) {
                        heard.remove(channel);
                    }
                }
            }
        } finally {
            sending.unlock();
        }
    }

    private static void await(CompletableFuture<Boolean> confirmation) {
        try {
            confirmation.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PgException(
                    SqlState.QUERY_CANCELED, "canceling statement due to user request");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof PgException refusal
                    ? new PgException(refusal.report(), refusal)
                    : new CompletionException(e.getCause());
        }
    }

    /** Called with {@code sending} held. */
    private CompletableFuture<Boolean> send(String sql) {
        var answer = new CompletableFuture<Boolean>();
        answers.add(answer);
        owner.write(new FrontendMessage.Query(sql));
        owner.flush();
        return answer;
    }

    private void readUntilEnd() {
        try {
            @Nullable PgException refusal = null;
            while (true) {
                switch (owner.read()) {
                    case BackendMessage.NotificationResponse(int pid, var name, var payload) ->
                            deliver(pid, name, payload);
                    case BackendMessage.ErrorResponse(var report) ->
                            refusal = new PgException(report, null);
                    case BackendMessage.ReadyForQuery ready -> {
                        answered(refusal);
                        refusal = null;
                    }
                    default -> {}
                }
            }
        } catch (PgException e) {
            end(e);
        }
    }

    private void deliver(int pid, String channel, String payload) {
        if (!pubSub.isListenedTo(channel) && !isWanted(channel)) {
            return;
        }
        var message = List.of(new Message(channel, payload));
        pubSub.publish(pubSub.append(message, pid, List.of(), null, PubSub.NO_DEADLINE));
    }

    /** Whether somebody listens or is about to; otherwise the owner is told to be silent. */
    private boolean isWanted(String channel) {
        sending.lock();
        try {
            var known = heard.get(channel);
            if (known == null || known.entering > 0 || pubSub.isListenedTo(channel)) {
                return known != null;
            }
            heard.remove(channel);
            var _ = send("UNLISTEN " + Identifier.quote(channel));
            return false;
        } finally {
            sending.unlock();
        }
    }

    private void answered(@Nullable PgException refusal) {
        CompletableFuture<Boolean> answer;
        sending.lock();
        try {
            answer = answers.poll();
        } finally {
            sending.unlock();
        }
        if (answer == null) {
            return;
        }
        if (refusal == null) {
            answer.complete(true);
        } else {
            answer.completeExceptionally(refusal);
        }
    }

    private void end(PgException cause) {
        if (isClosed) {
            pubSub.close();
        } else {
            ended = cause;
            pubSub.fail(cause);
        }
        List<CompletableFuture<Boolean>> waiting;
        sending.lock();
        try {
            waiting = List.copyOf(answers);
            answers.clear();
        } finally {
            sending.unlock();
        }
        waiting.forEach(answer -> answer.completeExceptionally(cause));
        owner.close();
    }

    @Override
    public void close() {
        isClosed = true;
        pubSub.close();
        owner.close();
    }
}
