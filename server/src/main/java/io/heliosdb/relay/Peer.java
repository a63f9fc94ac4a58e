package io.heliosdb.relay;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import io.heliosdb.events.Consumer;
import io.heliosdb.events.Consumers;
import io.heliosdb.pg.Delivery;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.Severity;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.Token;
import io.heliosdb.pubsub.SubscribeOptions;
import io.heliosdb.relay.ClientMessage.DeliveryOptions;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A connected browser or service: who it is, what it follows, what it asks for. Its client's
 * messages are handled one after another; everything else may come from any thread.
 */
final class Peer implements Feed.Listener {
    private static final int ID_LENGTH_MAX = 64;

    private final String name;
    private final Link link;
    private final RelayContext context;
    private final Rate rate;
    private final Instant since = Instant.now();
    private final AtomicBoolean isClosed = new AtomicBoolean();

    /** Guards what the peer follows; nothing is sent or subscribed while it is held. */
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Map<String, Feed> feeds = new LinkedHashMap<>();

    /** Replaced by a message of the client. */
    private volatile Grant grant;

    /** When something came from the client, as {@link System#nanoTime} counts. */
    private volatile long heardNanos = System.nanoTime();

    Peer(String name, Link link, Grant grant, RelayContext context) {
        this.name = name;
        this.link = link;
        this.grant = grant;
        this.context = context;
        rate = new Rate(context.limits().messagesPerSecondMax());
    }

    String name() {
        return name;
    }

    Grant grant() {
        return grant;
    }

    Link link() {
        return link;
    }

    Instant since() {
        return since;
    }

    List<Feed> feeds() {
        lock.lock();
        try {
            return List.copyOf(feeds.values());
        } finally {
            lock.unlock();
        }
    }

    /** Something came from the client. */
    void heard() {
        heardNanos = System.nanoTime();
    }

    /**
     * Handles a message of the client, and returns when it is answered.
     *
     * @throws IOException where the client does not take the answer
     */
    void onMessage(String json) throws IOException {
        heard();
        if (!rate.take()) {
            link.close(Link.POLICY_VIOLATION, "too many messages");
            return;
        }
        ClientMessage message;
        try {
            message = ClientMessage.read(json);
        } catch (PgException e) {
            link.send(Outgoing.error(null, e));
            if (e.sqlState().equals(SqlState.INVALID_TEXT_REPRESENTATION)) {
                link.close(Link.POLICY_VIOLATION, "a message is no JSON object of this protocol");
            }
            return;
        }
        try {
            handle(message);
        } catch (PgException e) {
            link.send(Outgoing.error(idOf(message), e));
        }
    }

    private void handle(ClientMessage message) throws IOException {
        switch (message) {
            case ClientMessage.Subscribe(var id, var channel, var delivery) ->
                    subscribe(id, List.of(channel), delivery);
            case ClientMessage.Ack(var id, var token) -> requireFeed(id).acknowledge(token);
            case ClientMessage.Unsubscribe(var id) -> requireFeed(id).close();
            case ClientMessage.Publish(var id, var channel, var payload) -> {
                publish(channel, payload);
                if (id != null) {
                    link.send(
                            Outgoing.of(json -> {
                                json.writeStringField("type", "published");
                                json.writeStringField("id", id);
                            }));
                }
            }
            case ClientMessage.Presence(var channel, var state) -> {
                grant.requireSubscribe(channel);
                context.presence().set(this, channel, state);
            }
            case ClientMessage.Broadcast(var channel, var payload) -> {
                grant.requirePublish(channel);
                context.presence().broadcast(this, channel, payload);
            }
            case ClientMessage.Authenticate(var token) -> authenticate(token);
            case ClientMessage.Ping() ->
                    link.send(Outgoing.of(json -> json.writeStringField("type", "pong")));
        }
    }

    private static @Nullable String idOf(ClientMessage message) {
        return switch (message) {
            case ClientMessage.Subscribe subscribe -> subscribe.id();
            case ClientMessage.Ack ack -> ack.id();
            case ClientMessage.Unsubscribe unsubscribe -> unsubscribe.id();
            case ClientMessage.Publish publish -> publish.id();
            case ClientMessage.Presence presence -> null;
            case ClientMessage.Broadcast broadcast -> null;
            case ClientMessage.Authenticate authenticate -> null;
            case ClientMessage.Ping ping -> null;
        };
    }

    private void publish(String channel, String payload) {
        grant.requirePublish(channel);
        if (ChannelPatterns.isWildcard(channel)) {
            throw new PgException(
                    SqlState.INVALID_PARAMETER_VALUE, "a wildcard cannot be published to");
        }
        context.source().publish(channel, payload);
    }

    /**
     * Begins a subscription, and tells the client from where.
     *
     * @throws PgException 42501 where the peer may not hear a channel, 42710 where it has a
     *     subscription of this id, 53400 beyond the most subscriptions, 55000 where it asks for
     *     history and there is none
     */
    void subscribe(String id, List<String> channels, DeliveryOptions delivery) throws IOException {
        channels.forEach(grant::requireSubscribe);
        requireNewId(id);
        var queue =
                new SubscribeOptions(
                        delivery.policy() == null
                                ? context.source().usualPolicy()
                                : delivery.policy(),
                        context.limits().queueSize());
        var window = window(delivery);
        var consumer = claim(delivery.consumer());
        var since =
                consumer == null || consumer.position() == null
                        ? delivery.since()
                        : consumer.position();
        var subscription = context.source().subscribe(queue, since, channels);
        var feed = new Feed(id, channels, subscription, link, window, consumer, this);
        if (!add(feed)) {
            feed.close();
            throw new PgException(
                            SqlState.CONFIGURATION_LIMIT_EXCEEDED,
                            "too many subscriptions: the limit is "
                                    + context.limits().subscriptionsMax())
                    .withHint("Unsubscribe, or raise max_subscriptions.");
        }
        if (consumer != null) {
            consumer.heldBy(feed::takenOver);
        }
        begin(feed, since);
    }

    private @Nullable Consumer claim(@Nullable String name) {
        if (name == null) {
            return null;
        }
        Consumers.requireName(name);
        return context.consumers().claim(Feed.consumerKey(grant.subject(), name));
    }

    /** Tells the client from where it gets what; a gap at the begin is told with it. */
    private void begin(Feed feed, @Nullable Token since) throws IOException {
        var token = context.source().token(feed.subscription());
        var first = since == null ? null : feed.takeFirst();
        boolean isRecovered =
                since != null && context.source().hasHistory() && !(first instanceof Delivery.Gap);
        link.send(Outgoing.subscribed(feed.id(), token, isRecovered));
        if (since != null && !context.source().hasHistory()) {
            link.send(Outgoing.gap(feed.id(), since));
        }
        feed.start(first);
    }

    private @Nullable AckWindow window(DeliveryOptions delivery) {
        if (delivery.unackedMax() == 0 && delivery.consumer() == null) {
            return null;
        }
        int max = context.limits().unackedMax();
        return new AckWindow(
                delivery.unackedMax() == 0 ? max : Math.min(max, delivery.unackedMax()));
    }

    private void requireNewId(String id) {
        if (id.isEmpty() || id.length() > ID_LENGTH_MAX) {
            throw new PgException(
                    SqlState.INVALID_PARAMETER_VALUE,
                    "invalid message: \"id\" must have 1 to " + ID_LENGTH_MAX + " characters");
        }
        lock.lock();
        try {
            if (feeds.containsKey(id)) {
                throw new PgException(
                        SqlState.DUPLICATE_OBJECT, "subscription \"" + id + "\" already exists");
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean add(Feed feed) {
        lock.lock();
        try {
            if (isClosed.get() || feeds.size() >= context.limits().subscriptionsMax()) {
                return false;
            }
            feeds.put(feed.id(), feed);
            return true;
        } finally {
            lock.unlock();
        }
    }

    private Feed requireFeed(String id) {
        lock.lock();
        try {
            var feed = feeds.get(id);
            if (feed == null) {
                throw new PgException(
                        SqlState.UNDEFINED_OBJECT, "subscription \"" + id + "\" does not exist");
            }
            return feed;
        } finally {
            lock.unlock();
        }
    }

    private void authenticate(String token) throws IOException {
        var next = context.credentials().grant(token);
        if (!next.subject().equals(grant.subject())) {
            throw new PgException(
                    SqlState.INVALID_AUTHORIZATION_SPECIFICATION,
                    "a connection stays with its subject");
        }
        grant = next;
        for (var feed : feeds()) {
            if (!feed.channels().stream().allMatch(next.subscribe()::allow)) {
                feed.close();
                link.send(
                        Outgoing.error(
                                feed.id(),
                                new PgException(
                                        SqlState.INSUFFICIENT_PRIVILEGE,
                                        "permission denied for channel \""
                                                + String.join("\", \"", feed.channels())
                                                + '"')));
            }
        }
        context.presence().recheck(this);
        link.send(Outgoing.of(json -> json.writeStringField("type", "authenticated")));
    }

    @Override
    public void delivered(List<Delivery.Notification> events) {
        context.metrics().delivered(events);
    }

    @Override
    public void ended(Feed feed, @Nullable PgException cause) {
        lock.lock();
        try {
            feeds.remove(feed.id(), feed);
        } finally {
            lock.unlock();
        }
        if (cause == null || isClosed.get()) {
            return;
        }
        try {
            link.send(Outgoing.error(feed.id(), cause));
        } catch (IOException e) {
            return; // who is gone is not told
        }
        if (cause.report().severity() == Severity.FATAL) {
            link.close(Link.GOING_AWAY, cause.report().message());
        }
    }

    /** Looks after the peer from time to time: its grant, its silence. */
    void check(Instant now, long nanos) {
        long silence = nanos - heardNanos;
        long limit = context.limits().idleTimeout().toNanos();
        if (grant.isExpired(now)) {
            link.close(Link.POLICY_VIOLATION, "the token has expired");
        } else if (silence > limit) {
            link.close(Link.POLICY_VIOLATION, "idle timeout");
        } else if (silence > limit / 2) {
            link.ping();
        }
    }

    /** The connection is over: everything of the peer ends. */
    void close() {
        if (!isClosed.compareAndSet(false, true)) {
            return;
        }
        context.presence().leaveAll(this);
        feeds().forEach(Feed::close);
        context.peers().remove(this);
    }
}
