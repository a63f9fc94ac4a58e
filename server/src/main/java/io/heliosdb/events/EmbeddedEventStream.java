package io.heliosdb.events;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import io.heliosdb.client.events.EventStream;
import io.heliosdb.pg.Delivery;
import io.heliosdb.pg.Delivery.Closed;
import io.heliosdb.pg.Delivery.Notification;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.Token;
import io.heliosdb.pubsub.Subscription;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** A subscription, and the consumer whose position it moves. */
final class EmbeddedEventStream implements EventStream {
    private final Subscription subscription;
    private final @Nullable Consumer consumer;
    private final java.util.function.Consumer<EmbeddedEventStream> onClose;

    /** Held by who takes from the subscription, also while it waits; before the other lock. */
    private final ReentrantLock taking = new ReentrantLock();

    private final ReentrantLock lock = new ReentrantLock();

    /** Taken from the subscription and by nobody from here; written by who takes. */
    private volatile @Nullable Delivery ahead;

    /** The position before that; set before it is taken. */
    private volatile @Nullable Token beforeAhead;

    /** Why it was ended by another reader, or by who dropped the consumer. */
    private volatile @Nullable PgException cause;

    /** The newest event that was taken. */
    @GuardedBy("lock")
    private @Nullable Token given;

    @GuardedBy("lock")
    private @Nullable Token acknowledged;

    EmbeddedEventStream(
            Subscription subscription,
            @Nullable Consumer consumer,
            java.util.function.Consumer<EmbeddedEventStream> onClose) {
        this.subscription = subscription;
        this.consumer = consumer;
        this.onClose = onClose;
    }

    @Override
    public Optional<Delivery> receive(Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        if (!taking.tryLock(Math.max(0, timeout.toNanos()), TimeUnit.NANOSECONDS)) {
            return Optional.empty();
        }
        try {
            var first = ahead;
            if (first != null) {
                ahead = null;
                beforeAhead = null;
                return given(first);
            }
            var delivery = subscription.receive(Duration.ofNanos(deadline - System.nanoTime()));
            return delivery.isEmpty() ? delivery : given(delivery.get());
        } finally {
            taking.unlock();
        }
    }

    private Optional<Delivery> given(Delivery delivery) {
        if (delivery instanceof Closed && cause != null) {
            return Optional.of(new Closed(cause));
        }
        if (delivery instanceof Notification event) {
            lock.lock();
            try {
                var token = event.token().orElseThrow();
                if (given == null || compare(token, given) > 0) {
                    given = token;
                }
            } finally {
                lock.unlock();
            }
        }
        return Optional.of(delivery);
    }

    @Override
    public void ack(Token token) {
        if (consumer == null) {
            return;
        }
        Token done;
        lock.lock();
        try {
            var last = given;
            if (last == null || (acknowledged != null && compare(token, acknowledged) <= 0)) {
                return;
            }
            // What was not given yet cannot be done.
            done = compare(token, last) < 0 ? token : last;
            acknowledged = done;
        } finally {
            lock.unlock();
        }
        consumer.moveTo(done);
    }

    /** The place behind all that is done; empty while something given is open. */
    Optional<Token> settledPosition() {
        lock.lock();
        try {
            if (given != null && !given.equals(acknowledged)) {
                return Optional.empty();
            }
        } finally {
            lock.unlock();
        }
        return isBehind() || subscription.isEnded()
                ? Optional.empty()
                : Optional.of(subscription.token());
    }

    /**
     * Whether there is something to take. Only who takes finds that out where the history is not
     * read to its end yet, so one delivery is taken ahead.
     */
    private boolean isBehind() {
        if (!taking.tryLock()) {
            return subscription.isReady(); // A reader waits, and reads.
        }
        try {
            if (ahead == null) {
                beforeAhead = subscription.token();
                ahead = subscription.receive(Duration.ZERO).orElse(null);
                if (ahead == null) {
                    beforeAhead = null;
                }
            }
            return ahead != null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        } finally {
            taking.unlock();
        }
    }

    boolean isOf(String key) {
        return consumer != null && consumer.key().equals(key);
    }

    @Override
    public Token position() {
        // In this order: what is taken ahead after the first look is known at the second.
        var behind = subscription.token();
        var before = beforeAhead;
        return before == null ? behind : before;
    }

    /** Ends it for a reason of others. */
    void end(PgException why) {
        cause = why;
        subscription.close();
        onClose.accept(this);
    }

    @Override
    public void close() {
        if (consumer != null && cause == null) {
            // A quiet consumer's place does not grow old while it has a reader.
            settledPosition().ifPresent(consumer::moveTo);
            consumer.release();
        }
        subscription.close();
        onClose.accept(this);
    }

    private static int compare(Token one, Token other) {
        int order = one.lsn().compareTo(other.lsn());
        return order != 0 ? order : Integer.compare(one.ordinal(), other.ordinal());
    }
}
