package io.heliosdb.relay;

import io.heliosdb.events.Consumer;
import io.heliosdb.pg.Delivery;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.Token;
import io.heliosdb.pubsub.Subscription;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One subscription of a peer. A virtual thread of its own takes what is committed and sends it;
 * while the client is slow the thread waits in the write, and what comes meanwhile waits in the
 * subscription's queue.
 */
final class Feed {
    private static final Duration LONG = Duration.ofDays(365);
    private static final int BATCH_EVENTS_MAX = 256;
    private static final int BATCH_BYTES_MAX = 64 * 1024;

    private final String id;
    private final List<String> channels;
    private final Subscription subscription;
    private final Link link;
    private final @Nullable AckWindow window;
    private final @Nullable Consumer consumer;
    private final Listener listener;
    private final byte[] head;
    private final AtomicBoolean isClosed = new AtomicBoolean();

    /** Written before the feed is closed. */
    private volatile boolean takenOver;

    /** Written by the feed's thread alone. */
    private final AtomicLong sent = new AtomicLong();

    /** What a feed tells its peer. */
    interface Listener {
        /** Events were handed to the client. */
        void delivered(List<Delivery.Notification> events);

        /** The subscription is over; null where its owner ended it. */
        void ended(Feed feed, @Nullable PgException cause);
    }

    /**
     * A feed that does nothing yet.
     *
     * @param id what the client calls it
     * @param channels what it asked for
     * @param subscription what it gets, closed with the feed
     * @param link the way to the client
     * @param window where acknowledgements are asked for
     * @param consumer whose position it moves; null for nobody's
     * @param listener who is told
     */
    Feed(
            String id,
            List<String> channels,
            Subscription subscription,
            Link link,
            @Nullable AckWindow window,
            @Nullable Consumer consumer,
            Listener listener) {
        this.id = id;
        this.channels = List.copyOf(channels);
        this.subscription = subscription;
        this.link = link;
        this.window = window;
        this.consumer = consumer;
        this.listener = listener;
        head = Outgoing.notificationHead(id);
    }

    String id() {
        return id;
    }

    List<String> channels() {
        return channels;
    }

    Subscription subscription() {
        return subscription;
    }

    /** What a subject's consumer is stored under. */
    static String consumerKey(String subject, String name) {
        return subject.length() + ":" + subject + '/' + name;
    }

    /** Whether it moves the position of a consumer of this name. */
    boolean isOf(String subject, String name) {
        return consumer != null && consumer.key().equals(consumerKey(subject, name));
    }

    /** How many events went to the client. */
    long sent() {
        return sent.get();
    }

    int unacknowledged() {
        return window == null ? 0 : window.unacknowledged();
    }

    /** What comes first, where it is there already; before the start. */
    @Nullable Delivery takeFirst() {
        try {
            return subscription.receive(Duration.ZERO).orElse(null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    /** Begins to send, with a delivery that was taken already; null for none. */
    void start(@Nullable Delivery first) {
        Thread.ofVirtual().name("heliosdb-feed").start(() -> run(first));
    }

    /**
     * The client has worked on everything up to a token.
     *
     * @throws PgException 55000 where no acknowledgements were asked for
     */
    void acknowledge(Token token) {
        if (window == null) {
            throw new PgException(
                            SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
                            "subscription \"" + id + "\" takes no acknowledgements")
                    .withHint("Subscribe with max_unacked or a consumer.");
        }
        var covered = window.acknowledge(token);
        if (covered != null && consumer != null) {
            consumer.moveTo(covered);
        }
    }

    /** Somebody else goes on under the consumer's name. */
    void takenOver() {
        takenOver = true;
        close();
    }

    /** Ends; what waits is dropped. */
    void close() {
        if (isClosed.compareAndSet(false, true)) {
            subscription.close();
            if (window != null) {
                window.close();
            }
        }
    }

    private void run(@Nullable Delivery first) {
        PgException cause = null;
        try {
            boolean goesOn = first == null || sendWhatWaits(first);
            while (goesOn && (window == null || window.awaitRoom())) {
                if (subscription.await(LONG)) {
                    goesOn = sendWhatWaits(null);
                }
            }
        } catch (EndOfFeed e) {
            cause = e.reason;
        } catch (IOException e) {
            // The link has closed itself, and says why to whoever is left.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            boolean byOwner = isClosed.get();
            close();
            if (consumer != null) {
                consumer.release();
            }
            listener.ended(this, takenOver ? taken() : byOwner ? null : cause);
        }
    }

    private PgException taken() {
        return new PgException(
                SqlState.OBJECT_IN_USE,
                "another connection goes on as the consumer of subscription \"" + id + '"');
    }

    private boolean sendWhatWaits(@Nullable Delivery first)
            throws IOException, InterruptedException, EndOfFeed {
        var batch = new Batch(window == null ? BATCH_EVENTS_MAX : window.room());
        if (first != null) {
            take(first, batch);
        }
        while (batch.hasRoom() && subscription.isReady()) {
            var next = subscription.receive(Duration.ZERO);
            if (next.isEmpty()) {
                break;
            }
            take(next.get(), batch);
        }
        batch.send();
        return !isClosed.get();
    }

    private void take(Delivery delivery, Batch batch) throws IOException, EndOfFeed {
        switch (delivery) {
            case Delivery.Notification event -> batch.add(event);
            case Delivery.Gap gap -> batch.messages.add(Outgoing.gap(id, gap));
            case Delivery.ConnectionLost lost -> {}
            case Delivery.Reconnected again -> {}
            case Delivery.Closed(var reason) -> {
                batch.send();
                throw new EndOfFeed(reason);
            }
        }
    }

    /** What goes out in one write. */
    private final class Batch {
        private final int eventsMax;
        private final List<Outgoing> messages = new ArrayList<>();
        private final List<Delivery.Notification> events = new ArrayList<>();
        private int bytes;

        Batch(int eventsMax) {
            this.eventsMax = Math.min(eventsMax, BATCH_EVENTS_MAX);
        }

        boolean hasRoom() {
            return events.size() < eventsMax && bytes < BATCH_BYTES_MAX;
        }

        void add(Delivery.Notification event) {
            var message = Outgoing.notification(head, event);
            messages.add(message);
            events.add(event);
            bytes += message.length();
            if (window != null) {
                window.sent(Source.token(event));
            }
        }

        void send() throws IOException {
            if (messages.isEmpty() || isClosed.get()) {
                return;
            }
            link.send(messages);
            sent.addAndGet(events.size());
            listener.delivered(events);
        }
    }

    /** The database ended the subscription. */
    private static final class EndOfFeed extends Exception {
        private final transient @Nullable PgException reason;

        EndOfFeed(@Nullable PgException reason) {
            super(null, null, false, false);
            this.reason = reason;
        }
    }
}
