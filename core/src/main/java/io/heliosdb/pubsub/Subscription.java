package io.heliosdb.pubsub;

import io.heliosdb.pg.Delivery;
import io.heliosdb.pg.Delivery.Closed;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.Report;
import io.heliosdb.pg.Severity;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.Token;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger.Level;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators.AbstractSpliterator;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What one subscriber receives, in the one order of commits: notifications, gaps where its bound
 * took something, and the end. Several threads may take from one subscription; each delivery goes
 * to one of them. A subscription that is dropped without {@link #close} is cleaned up and counted
 * as leaked.
 */
public final class Subscription implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Subscription.class.getName());
    private static final Cleaner CLEANER = Cleaner.create();
    private static final Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE);

    private final PubSub pubsub;
    private final DeliveryQueue queue;
    private final Release release;
    private final Cleaner.Cleanable cleanable;
    private final AtomicBoolean handled = new AtomicBoolean();

    /** What must happen once, by a close or, without one, when the subscription is unreachable. */
    private static final class Release implements Runnable {
        private final PubSub pubsub;
        private final DeliveryQueue queue;

        /** Written by the owner before it cleans. */
        private volatile boolean closing;

        Release(PubSub pubsub, DeliveryQueue queue) {
            this.pubsub = pubsub;
            this.queue = queue;
        }

        @Override
        public void run() {
            boolean leaked = !closing && !queue.isEnded();
            queue.discard();
            pubsub.closed(queue);
            if (leaked) {
                pubsub.leaked();
            }
        }
    }

    Subscription(PubSub pubsub, DeliveryQueue queue) {
        this.pubsub = pubsub;
        this.queue = queue;
        release = new Release(pubsub, queue);
        cleanable = CLEANER.register(this, release);
    }

    DeliveryQueue queue() {
        return queue;
    }

    /**
     * Takes all that waits; never blocks.
     *
     * @return in order; empty where nothing waits, which allocates nothing. The end comes once
     */
    public List<Delivery> poll() {
        try {
            return queue.poll();
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Takes the next delivery, and waits for it.
     *
     * @param timeout how long to wait; zero or less does not wait
     * @return empty where nothing came in time. After the end, the end again and at once
     * @throws InterruptedException where the thread is interrupted while it waits; nothing is taken
     *     then
     */
    public Optional<Delivery> receive(Duration timeout) throws InterruptedException {
        return Optional.ofNullable(receiveNanos(nanos(timeout)));
    }

    /**
     * Waits until something can be taken, and takes nothing; allocates nothing.
     *
     * @param timeout how long to wait
     * @return whether something waits, the end included
     * @throws InterruptedException where the thread is interrupted while it waits
     */
    public boolean await(Duration timeout) throws InterruptedException {
        try {
            return queue.await(nanos(timeout));
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Hands over all that waits, one after another; never blocks for more and allocates nothing.
     * What the consumer throws ends the call; what it was given is taken, the rest still waits.
     *
     * @param consumer called without any lock
     * @return whether there was anything
     */
    public boolean drainTo(Consumer<? super Delivery> consumer) {
        return drainTo(consumer, Integer.MAX_VALUE);
    }

    /**
     * Hands over what waits, as {@link #drainTo(Consumer)}, but not too much of it.
     *
     * @param consumer called without any lock
     * @param most how many deliveries at most
     * @return whether there was anything
     */
    public boolean drainTo(Consumer<? super Delivery> consumer, int most) {
        int count = 0;
        try {
            while (count < most && queue.isReady()) {
                var delivery = queue.take();
                if (delivery == null) {
                    break;
                }
                count++;
                consumer.accept(delivery);
            }
        } finally {
            Reference.reachabilityFence(this);
        }
        return count > 0;
    }

    /**
     * Whether something waits, the end included; without a lock.
     *
     * @return whether a poll would probably give something
     */
    public boolean isReady() {
        return queue.isReady();
    }

    /**
     * Everything from now on, as it comes; the last element is the end. Waiting for an element
     * fails with 57014 where the thread is interrupted.
     *
     * @return sequential, ordered, without end until the subscription ends
     */
    public Stream<Delivery> stream() {
        var each =
                new AbstractSpliterator<Delivery>(
                        Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL) {
                    private boolean ended;

                    @Override
                    public boolean tryAdvance(Consumer<? super Delivery> action) {
                        if (ended) {
                            return false;
                        }
                        var delivery = receiveForStream();
                        ended = delivery instanceof Closed;
                        action.accept(delivery);
                        return true;
                    }
                };
        return StreamSupport.stream(each, false);
    }

    /**
     * The notifications alone, for who would rather fail than look at a gap.
     *
     * @return a view with the same calls that throws on anything else
     */
    public Notifications notifications() {
        return new Notifications(this);
    }

    /**
     * Hands every delivery to a handler, one at a time, on a virtual thread of its own, until and
     * with the end. A handler that throws is reported once and ends the subscription with that
     * cause.
     *
     * @param handler foreign code; may block and may close the subscription
     * @return this subscription
     * @throws IllegalStateException where there is a handler already
     */
    public Subscription onDelivery(Consumer<? super Delivery> handler) {
        if (handled.getAndSet(true)) {
            throw new IllegalStateException("a subscription has one handler");
        }
        Thread.ofVirtual().name("heliosdb-subscription").start(() -> handle(handler));
        return this;
    }

    /**
     * Listens to more channels, in a transaction of its own.
     *
     * @param channels their bare names; those that are listened to already stay as they are
     * @throws PgException as {@link PubSub#subscribe(String...)}
     */
    public void listen(String... channels) {
        pubsub.requireEnabled();
        for (var channel : channels) {
            pubsub.requireChannel(channel);
        }
        var names = List.of(channels);
        pubsub.gate().enter(names);
        try {
            change(channels, ListenAction.Listen::new);
        } finally {
            pubsub.gate().leave(names);
        }
    }

    /**
     * Listens to more channels in a transaction of its own, beginning with what was committed since
     * a notification or a time: that comes first, then what commits from now on, nothing left out
     * and nothing twice. Channels that are listened to already are replayed as well.
     *
     * @param since from where
     * @param channels their bare names; {@code *} and names that end in {@code .*} are wildcards
     * @throws PgException as {@link PubSub#subscribe(SubscribeOptions, Since, String...)}
     */
    public void listen(Since since, String... channels) {
        pubsub.requireEnabled();
        change(channels, name -> pubsub.listenFrom(name, since));
    }

    /**
     * Listens to all channels that a wildcard matches, in a transaction of its own.
     *
     * @param wildcards {@code *}, or a prefix and {@code .*}; other names are taken literally
     * @throws PgException as {@link PubSub#subscribe(String...)}
     */
    public void listenAll(String... wildcards) {
        pubsub.requireEnabled();
        change(wildcards, name -> pubsub.listenFrom(name, null));
    }

    /**
     * From where a subscription to the same channels would go on that has everything this one was
     * given so far. What another thread has taken and not worked on yet counts as given.
     *
     * @return the place behind the last delivery that was taken; where all are taken, behind
     *     everything that was committed
     * @throws PgException 55000 where no history is kept
     */
    public Token token() {
        try {
            return pubsub.token(queue);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Stops to listen, in a transaction of its own, and drops what is held of these channels.
     *
     * @param channels their bare names
     */
    public void unlisten(String... channels) {
        change(channels, ListenAction.Unlisten::new);
    }

    /**
     * What the subscription listens to, as committed.
     *
     * @return in the order in which it began to
     */
    public List<String> channels() {
        try {
            return queue.channels();
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Whether the subscription has ended, by its owner, its bound, a handler or the database.
     *
     * @return whether nothing more will be queued
     */
    public boolean isEnded() {
        return queue.isEnded();
    }

    /** Drops what is queued and ends; who waits gets the end. A second call does nothing. */
    @Override
    public void close() {
        release.closing = true;
        cleanable.clean();
    }

    @Nullable Delivery receiveNanos(long timeoutNanos) throws InterruptedException {
        try {
            long deadline = System.nanoTime() + timeoutNanos;
            while (true) {
                var delivery = queue.take();
                if (delivery != null || !queue.await(deadline - System.nanoTime())) {
                    return delivery;
                }
            }
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    private Delivery receiveForStream() {
        try {
            return receive();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PgException(
                    SqlState.QUERY_CANCELED, "canceling statement due to user request");
        }
    }

    private Delivery receive() throws InterruptedException {
        while (true) {
            var delivery = receiveNanos(nanos(FOREVER));
            if (delivery != null) {
                return delivery;
            }
        }
    }

    private void handle(Consumer<? super Delivery> handler) {
        try {
            Delivery delivery;
            do {
                delivery = receive();
                handler.accept(delivery);
            } while (!(delivery instanceof Closed));
        } catch (InterruptedException e) {
            close();
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, "a delivery handler failed; its subscription ends", e);
            abort(e);
        }
    }

    private void abort(Throwable thrown) {
        var report =
                Report.of(
                        Severity.ERROR,
                        SqlState.INTERNAL_ERROR,
                        "a delivery handler failed: " + thrown);
        queue.abort(new PgException(report, thrown));
        close();
    }

    private void change(String[] channels, Function<String, ListenAction> action) {
        var actions = Arrays.stream(channels).map(action).toList();
        pubsub.publish(pubsub.append(List.of(), 0, actions, this, PubSub.NO_DEADLINE));
    }

    private static long nanos(Duration timeout) {
        return timeout.compareTo(FOREVER) >= 0 ? Long.MAX_VALUE : Math.max(0, timeout.toNanos());
    }
}
