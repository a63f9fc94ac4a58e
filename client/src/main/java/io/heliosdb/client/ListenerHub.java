package io.heliosdb.client;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import io.heliosdb.pg.Delivery;
import io.heliosdb.pg.Delivery.Closed;
import io.heliosdb.pg.Delivery.ConnectionLost;
import io.heliosdb.pg.Delivery.Gap;
import io.heliosdb.pg.Delivery.Notification;
import io.heliosdb.pg.Delivery.Reconnected;
import io.heliosdb.pg.PgException;

import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Many subscribers to many channels over one connection. A channel is listened to once, from its
 * first subscriber to its last; every subscriber has a bounded buffer of its own and gets, in
 * order, the notifications of its channels and word of every loss as {@link PgListener} gives it.
 * One that is slow holds up nobody. Safe for use by many threads.
 */
public final class ListenerHub implements AutoCloseable {
    /** As a listener's, but 1,024 deliveries for each subscriber, of which the oldest go. */
    public static final ListenerOptions DEFAULTS =
            ListenerOptions.DEFAULTS.withBuffer(1024, Overflow.DROP_OLDEST);

    private final ListenerOptions options;
    private final ListenerLink link;
    private final ReentrantLock lock = new ReentrantLock();

    /** Written under the lock, so that LISTEN and UNLISTEN are sent in the order of the counts. */
    private final Map<String, Channel> channels = new ConcurrentHashMap<>();

    private final Set<HubSubscription> subscriptions = ConcurrentHashMap.newKeySet();

    /** Who gets a channel, and the LISTEN that makes it so. */
    private static final class Channel {
        private final CopyOnWriteArrayList<HubSubscription> subscribers =
                new CopyOnWriteArrayList<>();
        private final CompletableFuture<Object> listening = ListenerLink.promise();
    }

    private ListenerHub(ConnectionSource source, ListenerOptions options) throws SQLException {
        if (options.overflow() == Overflow.BLOCK) {
            throw new IllegalArgumentException(
                    "a hub's subscribers cannot block: one would hold up all the others");
        }
        this.options = options;
        link = new ListenerLink(source, options, onRoom -> new Dispatch());
    }

    /**
     * Connects by URL.
     *
     * @param url as {@link PgListener#connect(String)}
     * @return a hub without subscribers
     * @throws PgException where the server cannot be reached or refuses
     */
    public static ListenerHub connect(String url) {
        return connect(new UrlSource(url, new Properties()), DEFAULTS);
    }

    /**
     * Connects by URL.
     *
     * @param url as {@link PgListener#connect(String)}
     * @param properties as pgjdbc has them
     * @param options how the connection is kept; buffer and overflow are each subscriber's. It
     *     reconnects at once in any case
     * @return a hub without subscribers
     * @throws PgException where the server cannot be reached or refuses
     */
    public static ListenerHub connect(String url, Properties properties, ListenerOptions options) {
        return connect(new UrlSource(url, properties), options);
    }

    /**
     * Takes a connection from anywhere, as {@link PgListener#connect(ConnectionSource,
     * ListenerOptions)}.
     *
     * @param source gives connections of pgjdbc
     * @param options as {@link #connect(String, Properties, ListenerOptions)}
     * @return a hub without subscribers
     * @throws PgException where no connection can be had
     */
    public static ListenerHub connect(ConnectionSource source, ListenerOptions options) {
        try {
            var hub = new ListenerHub(source, options.withReconnect(Reconnect.EAGER));
            hub.link.start();
            return hub;
        } catch (SQLException e) {
            throw ClientErrors.of(e);
        }
    }

    /**
     * Subscribes to a channel, and returns when the server has confirmed its LISTEN.
     *
     * @param channel its bare name
     * @param handler called for one delivery at a time on a virtual thread; may block. One that
     *     throws is reported once and ends its subscription
     * @return what ends it
     * @throws PgException as {@link PgListener#listen}
     */
    public HubSubscription subscribe(String channel, Consumer<? super Delivery> handler) {
        return subscribe(List.of(channel), handler);
    }

    /**
     * Subscribes to several channels, as {@link #subscribe(String, Consumer)}; their deliveries
     * come in one order.
     *
     * @param names their bare names
     * @param handler called for one delivery at a time
     * @return what ends it
     */
    public HubSubscription subscribe(Collection<String> names, Consumer<? super Delivery> handler) {
        var own = Set.copyOf(PgListener.requireNames(names));
        var subscription = new HubSubscription(this, own, options, handler);
        var waits = new ArrayList<CompletableFuture<Object>>(own.size());
        lock.lock();
        try {
            var fresh = new ArrayList<String>();
            for (var name : own) {
                var channel = channels.get(name);
                if (channel == null) {
                    channel = new Channel();
                    channels.put(name, channel);
                    fresh.add(name);
                }
                channel.subscribers.add(subscription);
                waits.add(channel.listening);
            }
            subscriptions.add(subscription);
            if (!fresh.isEmpty()) {
                link.enqueue(new Command.Listen(List.copyOf(fresh), promiseFor(fresh)));
            }
        } finally {
            lock.unlock();
        }
        link.wake();
        try {
            waits.forEach(Command::await);
        } catch (RuntimeException e) {
            subscription.close();
            throw e;
        }
        return subscription;
    }

    /** One answer for all the channels of a LISTEN. */
    @GuardedBy("lock")
    private CompletableFuture<Object> promiseFor(List<String> fresh) {
        var made = new ArrayList<Channel>();
        for (var name : fresh) {
            made.add(requireChannel(name));
        }
        var promise = ListenerLink.promise();
        var _ =
                promise.whenComplete((done, failed) -> {
                    for (var channel : made) {
                        if (failed == null) {
                            channel.listening.complete(done);
                        } else {
                            channel.listening.completeExceptionally(failed);
                        }
                    }
                });
        return promise;
    }

    private Channel requireChannel(String name) {
        var channel = channels.get(name);
        if (channel == null) {
            throw new IllegalStateException("the channel is not in the table: " + name);
        }
        return channel;
    }

    /**
     * What is listened to.
     *
     * @return the bare names that the server has confirmed
     */
    public Set<String> channels() {
        return link.channels();
    }

    /**
     * Whether there is a connection now, as far as is known.
     *
     * @return false from a loss to the reconnect
     */
    public boolean isConnected() {
        return link.isConnected();
    }

    void unsubscribe(HubSubscription subscription) {
        boolean any;
        lock.lock();
        try {
            var last = new LinkedHashSet<String>();
            for (var name : subscription.channels()) {
                var channel = channels.get(name);
                if (channel != null && channel.subscribers.remove(subscription)) {
                    if (channel.subscribers.isEmpty()) {
                        channels.remove(name);
                        last.add(name);
                    }
                }
            }
            subscriptions.remove(subscription);
            any = !last.isEmpty() && !link.isOver();
            if (any) {
                // Nobody waits for it: without a subscriber a notification is passed over.
                link.enqueue(new Command.Unlisten(List.copyOf(last), ListenerLink.promise()));
            }
        } finally {
            lock.unlock();
        }
        if (any) {
            link.wake();
        }
    }

    /**
     * Ends the connection and every subscription. All that the server sent before is delivered, and
     * then the end; handlers have had it all when this returns. Bounded by the time to close; again
     * without effect.
     */
    @Override
    public void close() {
        long deadline = System.nanoTime() + options.closeTimeout().toNanos();
        var all = List.copyOf(subscriptions);
        link.close(null);
        for (var subscription : all) {
            while (!subscription.isIdle() && System.nanoTime() < deadline) {
                LockSupport.parkNanos(this, 100_000);
            }
        }
    }

    /** Hands what is read to the subscribers; on the link's thread. */
    private final class Dispatch implements DeliverySink {
        @Override
        public void accept(Delivery delivery) {
            switch (delivery) {
                case Notification notification -> toChannel(notification);
                case ConnectionLost _, Reconnected _, Gap _, Closed _ -> toAll(delivery);
            }
        }

        private void toChannel(Notification notification) {
            @Nullable Channel channel = channels.get(notification.channel());
            if (channel != null) {
                for (var subscriber : channel.subscribers) {
                    subscriber.put(notification);
                }
            }
        }

        private void toAll(Delivery delivery) {
            for (var subscriber : subscriptions) {
                subscriber.put(delivery);
            }
        }

        @Override
        public boolean hasRoom() {
            return true;
        }

        @Override
        public boolean isEnded() {
            return false;
        }
    }
}
