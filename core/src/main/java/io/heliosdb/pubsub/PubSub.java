package io.heliosdb.pubsub;

import io.heliosdb.pg.Delivery;
import io.heliosdb.pg.Lsn;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.Token;
import io.heliosdb.pubsub.ListenAction.ListenFrom;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/**
 * Publish and subscribe with PostgreSQL's LISTEN/NOTIFY semantics: broadcast, one total order over
 * all channels, a transaction's notifications contiguous and in the order of issue, registrations
 * that count from their own commit on.
 *
 * <p>{@link #subscribe} and {@link #notify} are transactions of their own. A committer that has
 * rows to make visible uses the two steps behind them: {@link #append} fixes the place in the
 * order, and after the rows are visible {@link #publish} hands the notifications to every queue
 * once all earlier transactions have passed. Nothing is lost silently: see {@link OverflowPolicy}.
 *
 * <p>Every method may be called from any thread, platform or virtual.
 *
 * @see <a href="https://www.postgresql.org/docs/15/sql-notify.html">PostgreSQL: NOTIFY</a>
 */
public final class PubSub implements AutoCloseable {
    /** A deadline that never comes. */
    public static final long NO_DEADLINE = Long.MAX_VALUE;

    private final PubSubOptions options;
    private final Counters counters = new Counters();
    private final Room room = new Room();
    private final ConcurrentLinkedQueue<DeliveryQueue> releases = new ConcurrentLinkedQueue<>();
    private final Admission admission;
    private final Channels channels;
    private final CommitOrder order;

    /** Every queue that may still get something. */
    private final Set<DeliveryQueue> queues = ConcurrentHashMap.newKeySet();

    /** Why subscriptions are over, all of them; written once. */
    private volatile @Nullable PgException over;

    private final ListenGate gate;
    private final @Nullable Journal journal;

    /** Null where there is no history. */
    private final @Nullable Feed feed;

    private PubSub(PubSubOptions options, ListenGate gate, @Nullable Journal journal) {
        this.options = options;
        this.gate = gate;
        this.journal = journal;
        admission = new Admission(options.queueBytesMax(), room);
        var rules = options.history();
        MemoryHistory memory = null;
        long timeline = 0;
        if (journal != null) {
            timeline = journal.history().timeline();
            memory =
                    rules.has(HistoryRules.Kind.MEMORY)
                            ? new MemoryHistory(
                                    rules.memoryBytesMax(), Place.before(journal.next()))
                            : null;
        }
        channels =
                new Channels(
                        new Channels.Setup(
                                options.maxChannels(), timeline, rules, memory, releases::add),
                        admission,
                        counters);
        order = new CommitOrder(channels, admission, releases, journal, this::fail);
        feed =
                journal == null
                        ? null
                        : new Feed(
                                journal.history(),
                                rules,
                                memory,
                                order,
                                options.queueBytesMax(),
                                this::closed);
    }

    /**
     * Starts with no channel and nobody listening.
     *
     * @param options the limits
     * @return to be closed by the caller
     */
    public static PubSub open(PubSubOptions options) {
        return new PubSub(options, ListenGate.OPEN, null);
    }

    /**
     * Starts with no channel and nobody listening, for channels that live elsewhere.
     *
     * @param options the limits
     * @param gate what a subscription passes before it listens
     * @return to be closed by the caller
     */
    public static PubSub open(PubSubOptions options, ListenGate gate) {
        return new PubSub(options, gate, null);
    }

    /**
     * Starts with no channel and nobody listening, and records what is sent.
     *
     * @param options the limits
     * @param journal what gives transactions their places
     * @return to be closed by the caller
     */
    public static PubSub open(PubSubOptions options, Journal journal) {
        return new PubSub(options, ListenGate.OPEN, journal);
    }

    /**
     * Subscribes with the default queue.
     *
     * @param names the channels
     * @return a subscription that receives what commits from now on
     * @throws PgException 22023 and 22021 for a name that no channel can have, 53400 beyond
     *     max_channels, 0A000 where pubsub is not enabled
     */
    public Subscription subscribe(String... names) {
        return subscribe(options.subscribeOptions(), names);
    }

    /**
     * Subscribes.
     *
     * @param subscribeOptions the queue's bound and what happens at it
     * @param names the channels
     * @return a subscription that receives what commits from now on
     * @throws PgException as {@link #subscribe(String...)}; 55000 for CATCH_UP where no history is
     *     kept
     */
    public Subscription subscribe(SubscribeOptions subscribeOptions, String... names) {
        return subscribe(subscribeOptions, subscription -> subscription.listen(names));
    }

    /**
     * Subscribes to what was committed since a notification or a time, and goes on with what
     * commits from now on: nothing is left out in between and nothing comes twice. What is not kept
     * any more is told by a gap.
     *
     * @param subscribeOptions the queue's bound and what happens at it
     * @param since from where
     * @param names the channels; {@code *} and names that end in {@code .*} are wildcards
     * @return a subscription that receives what committed since
     * @throws PgException as {@link #subscribe(String...)}; 55000 where no history is kept, 58030
     *     where it cannot be read
     */
    public Subscription subscribe(SubscribeOptions subscribeOptions, Since since, String... names) {
        return subscribe(subscribeOptions, subscription -> subscription.listen(since, names));
    }

    /**
     * Subscribes to what was committed since a notification or a time, with the default queue.
     *
     * @param since from where
     * @param names as {@link #subscribe(SubscribeOptions, Since, String...)}
     * @return a subscription that receives what committed since
     * @throws PgException as {@link #subscribe(SubscribeOptions, Since, String...)}
     */
    public Subscription subscribe(Since since, String... names) {
        return subscribe(options.subscribeOptions(), since, names);
    }

    private Subscription subscribe(
            SubscribeOptions subscribeOptions, Consumer<Subscription> begin) {
        var subscription = openSubscription(subscribeOptions);
        try {
            begin.accept(subscription);
            return subscription;
        } catch (RuntimeException | Error e) {
            subscription.close();
            throw e;
        }
    }

    /**
     * What it takes to listen to a channel, or to all that a wildcard matches, from an earlier
     * place on. It is to be committed soon, with {@link #append} or {@link #reserve}.
     *
     * @param name a channel; {@code *} and what ends in {@code .*} is a wildcard
     * @param since from where; null for from now on
     * @return the action, with what is missing
     * @throws PgException 22023 and 22021 for a name that no channel can have, 55000 where no
     *     history is kept, 58030 where it cannot be read
     */
    public ListenFrom listenFrom(String name, @Nullable Since since) {
        requireChannel(name);
        boolean isWildcard = Wildcard.is(name);
        if (since == null) {
            return new ListenFrom(name, isWildcard, null);
        }
        var history = requireHistory();
        var start = history.history().start(since);
        if (!isWildcard && history.rules().kind(name) == HistoryRules.Kind.NONE) {
            start = withoutAny(start);
        }
        return new ListenFrom(name, isWildcard, start);
    }

    private static History.Start withoutAny(History.Start start) {
        var lsn = new Lsn(start.after().lsn());
        var gap = new Delivery.Gap(lsn, lsn, -1, false);
        return new History.Start(
                start.after(), start.line(), plus(start.gaps(), gap), plus(start.lead(), gap));
    }

    private static List<Delivery.Gap> plus(List<Delivery.Gap> gaps, Delivery.Gap gap) {
        var all = new ArrayList<>(gaps);
        all.add(gap);
        return all;
    }

    /**
     * Rejects what needs a history of notifications where there is none.
     *
     * @throws PgException 55000 where none is kept
     */
    public void requireHistoryKept() {
        requireHistory();
    }

    private Feed requireHistory() {
        if (feed == null) {
            throw new PgException(
                            SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
                            "no history of notifications is kept")
                    .withHint(
                            "It needs the log: a data directory, and enable_wal = true in the"
                                    + " section [database].");
        }
        return feed;
    }

    /** From where a subscription would go on that has taken everything so far. */
    Token token(DeliveryQueue queue) {
        var history = requireHistory().history();
        var place = queue.reached();
        return new Token(history.timelineAt(place), new Lsn(place.lsn()), place.ordinal());
    }

    /**
     * Notifies everybody who listens to a channel, in a transaction of its own.
     *
     * @param channel the channel's bare name
     * @param payload the payload
     * @throws PgException 22023 and 22021 for a name or a payload that cannot be sent, 54000 where
     *     a queue refuses, 57014 where the thread is interrupted while a queue blocks, 0A000 where
     *     pubsub is not enabled
     */
    public void notify(String channel, String payload) {
        requireChannel(channel);
        requirePayload(payload);
        publish(
                append(
                        List.of(new Message(channel, payload)),
                        options.pid(),
                        List.of(),
                        null,
                        NO_DEADLINE));
    }

    /**
     * Rejects what cannot be the name of a channel.
     *
     * @param channel a bare name
     * @throws PgException 22023 where it is empty or longer than 63 bytes, 22021 where it has no
     *     encoding
     */
    public void requireChannel(String channel) {
        Text.requireChannel(channel);
    }

    /**
     * Rejects what cannot be a payload.
     *
     * @param payload any text
     * @throws PgException 22023 where it is too long, 22021 where it has no encoding
     */
    public void requirePayload(String payload) {
        Text.requirePayload(payload, options.maxPayloadBytes());
    }

    /**
     * Rejects LISTEN, UNLISTEN and NOTIFY where they are switched off.
     *
     * @throws PgException 0A000 where pubsub is not enabled
     */
    public void requireEnabled() {
        if (!options.enabled()) {
            throw new PgException(SqlState.FEATURE_NOT_SUPPORTED, "LISTEN and NOTIFY are disabled")
                    .withHint("Set enabled = true in the section [pubsub].");
        }
    }

    /**
     * Opens a subscription that listens to nothing yet, for a session: its LISTEN comes with {@link
     * #append}.
     *
     * @param subscribeOptions the queue's bound and what happens at it
     * @return to be closed by the caller
     */
    public Subscription openSubscription(SubscribeOptions subscribeOptions) {
        if (subscribeOptions.overflow() == OverflowPolicy.CATCH_UP) {
            requireHistory();
        }
        var queue = new DeliveryQueue(subscribeOptions, counters, room, feed);
        queues.add(queue);
        admission.opened(queue);
        var cause = over;
        if (cause != null) {
            forget(queue);
            throw new PgException(cause.report(), cause);
        }
        return new Subscription(this, queue);
    }

    /**
     * Fixes a transaction's place in the order, after every check that could refuse it. From here
     * on it must be published or abandoned soon: every later transaction waits for it.
     *
     * @param notifications checked, and free of duplicates
     * @param pid the backend process id of the sender
     * @param actions what changes for {@code own}, in order; they take effect at this transaction's
     *     position
     * @param own the sender's own subscription, or null where it has none
     * @param deadlineNanos how long to wait for queues that block, as {@link System#nanoTime}
     *     counts, or {@link #NO_DEADLINE}
     * @return the place
     * @throws PgException 54000 where a queue refuses or the sender's own is full, 57014 at the
     *     deadline or where the thread is interrupted, 53400 beyond max_channels, 0A000 where
     *     pubsub is not enabled; nothing happened then
     */
    public Pending append(
            List<Message> notifications,
            int pid,
            List<ListenAction> actions,
            @Nullable Subscription own,
            long deadlineNanos) {
        var pending = reserve(notifications, pid, actions, own, deadlineNanos);
        Journal.Entry entry = null;
        try {
            if (journal != null && !notifications.isEmpty()) {
                entry = journal.prepare(notifications, pid);
            }
        } catch (RuntimeException | Error e) {
            release(pending);
            throw e;
        }
        place(pending, entry);
        return pending;
    }

    /**
     * The first half of {@link #append}: all that may refuse the transaction or has to be waited
     * for. It is to be followed by {@link #place} or {@link #release}.
     *
     * @param notifications as {@link #append}
     * @param pid as {@link #append}
     * @param actions as {@link #append}
     * @param own as {@link #append}
     * @param deadlineNanos as {@link #append}
     * @return without a place yet
     * @throws PgException as {@link #append}
     */
    public Pending reserve(
            List<Message> notifications,
            int pid,
            List<ListenAction> actions,
            @Nullable Subscription own,
            long deadlineNanos) {
        if (!notifications.isEmpty() || !actions.isEmpty()) {
            requireEnabled();
        }
        if (!actions.isEmpty() && own == null) {
            throw new IllegalArgumentException("who listens needs a subscription");
        }
        var queue = own == null ? null : own.queue();
        var pending = new Pending(notifications, pid, actions, queue);
        try {
            pending.channelsReserved = channels.reserve(actions);
            if (!notifications.isEmpty()) {
                admit(pending, deadlineNanos);
            }
            return pending;
        } catch (RuntimeException | Error e) {
            giveBack(pending);
            throw e;
        }
    }

    /**
     * The second half of {@link #append}.
     *
     * @param pending reserved
     * @param entry the transaction's record; null where it has none
     * @throws PgException where nothing is taken any more; nothing happened then
     */
    public void place(Pending pending, Journal.@Nullable Entry entry) {
        boolean isPlaced = false;
        try {
            order.append(pending, entry);
            isPlaced = true;
        } finally {
            if (!isPlaced) {
                giveBack(pending);
            }
            if (entry != null) {
                entry.settle(isPlaced);
            }
        }
    }

    /**
     * Gives up a transaction that has no place yet.
     *
     * @param pending reserved
     */
    public void release(Pending pending) {
        giveBack(pending);
    }

    /**
     * The transaction is visible, and durable where it has to be. Its notifications go to the
     * queues when every earlier transaction has passed; the call returns when they are there, so
     * that the commit may be acknowledged. An interrupt does not end the wait and stays set.
     *
     * @param pending appended, and neither published nor abandoned
     * @throws PgException the cause, where the instance failed; the outcome is unknown then
     */
    public void publish(Pending pending) {
        order.publish(pending);
    }

    /**
     * The transaction did not happen: its position passes and nobody hears of it.
     *
     * @param pending appended, and neither published nor abandoned
     */
    public void abandon(Pending pending) {
        order.abandon(pending);
    }

    /**
     * The instance failed. Nothing passes any more, every subscription ends with the cause after
     * what it has queued, and every thread that waits in {@link #publish} throws it.
     *
     * @param cause what everybody is told
     */
    public void fail(PgException cause) {
        order.fail(cause);
        endAll(cause);
    }

    /** {@return the position up to which every transaction has passed} */
    public Lsn delivered() {
        return new Lsn(order.delivered());
    }

    /**
     * Whether a transaction is visible and has been delivered. To be asked of one that has its
     * place already.
     *
     * @param lsn its position
     * @return whether it has passed, or was never on its way here
     */
    public boolean hasPassed(long lsn) {
        return order.hasPassed(lsn);
    }

    /**
     * How full the queue is that subscribers with {@link OverflowPolicy#REFUSE} share, as
     * pg_notification_queue_usage() tells.
     *
     * @return from 0 to 1
     */
    public double queueUsage() {
        return admission.usage();
    }

    /** {@return the options, as given} */
    public PubSubOptions options() {
        return options;
    }

    /** {@return the values of the counters now} */
    public PubSubStats stats() {
        return new PubSubStats(
                counters.sent.sum(),
                counters.delivered.sum(),
                counters.received.sum(),
                counters.dropped.sum(),
                queues.size(),
                channels.size(),
                queues.stream().mapToLong(DeliveryQueue::size).sum(),
                counters.leaked.sum(),
                counters.delays.stats());
    }

    /**
     * Ends every subscription after what it has queued, with 57P01, and takes no transaction any
     * more.
     */
    @Override
    public void close() {
        var cause = PgException.fatal(SqlState.ADMIN_SHUTDOWN, "the database is closed");
        order.refuse(cause);
        endAll(cause);
    }

    /**
     * Whether anybody listens to a channel.
     *
     * @param channel its bare name
     * @return as committed
     */
    public boolean isListenedTo(String channel) {
        return channels.has(channel);
    }

    ListenGate gate() {
        return gate;
    }

    /** The subscription is closed: its registrations end. */
    void closed(DeliveryQueue queue) {
        forget(queue);
        order.release(queue);
    }

    void leaked() {
        counters.leaked.increment();
    }

    private void forget(DeliveryQueue queue) {
        queues.remove(queue);
        admission.closed(queue);
    }

    private void endAll(PgException cause) {
        if (over == null) {
            over = cause;
        }
        for (var queue : List.copyOf(queues)) {
            order.exclusively(() -> queue.end(cause));
            closed(queue);
        }
    }

    private void admit(Pending pending, long deadlineNanos) {
        long bytes = admission.requireBytes(pending.messages, channels);
        if (bytes > 0) {
            pending.grant = new Admission.Grant(bytes, Set.of());
        }
        while (admission.anyTight()) {
            var full = reserve(pending);
            if (full == null) {
                return;
            }
            admission.awaitRoom(full, pending.own, deadlineNanos);
        }
    }

    private @Nullable DeliveryQueue reserve(Pending pending) {
        var reserved = Admission.noQueues();
        var full = new ArrayList<DeliveryQueue>(1);
        order.exclusively(() -> {
            var queue = admission.reserve(pending.messages, channels, reserved);
            if (queue != null) {
                full.add(queue);
            }
        });
        if (!full.isEmpty()) {
            return full.getFirst();
        }
        pending.grant = pending.grant.with(reserved);
        return null;
    }

    private void giveBack(Pending pending) {
        channels.giveBack(pending.channelsReserved);
        if (!pending.grant.isEmpty()) {
            order.exclusively(() -> admission.giveBack(pending.grant));
        }
    }
}
