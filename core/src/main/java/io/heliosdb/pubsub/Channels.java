package io.heliosdb.pubsub;

import io.heliosdb.pg.Delivery.Notification;
import io.heliosdb.pg.Lsn;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pubsub.ListenAction.Listen;
import io.heliosdb.pubsub.ListenAction.ListenFrom;
import io.heliosdb.pubsub.ListenAction.Unlisten;
import io.heliosdb.pubsub.ListenAction.UnlistenAll;
import io.heliosdb.pubsub.Registrations.Registration;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Who listens to what. Transactions pass here one after another in the order of their positions, so
 * the members of a channel are at any time exactly those whose registration covers the transaction
 * that passes: LISTEN, NOTIFY and UNLISTEN that race are settled by their places in the order and
 * by nothing else. Confined to the deliverer, except where a method says otherwise.
 */
final class Channels {
    private final ConcurrentHashMap<String, Channel> byName = new ConcurrentHashMap<>();
    private final int channelsMax;
    private final Admission admission;
    private final Counters counters;

    /** Takes queues that overflowed and have to be released. */
    private final Consumer<DeliveryQueue> releases;

    /** Channels that transactions in flight may bring into being. */
    private final AtomicInteger promised = new AtomicInteger();

    /** What is sent now belongs to this; 0 without a history. */
    private final long timeline;

    private final HistoryRules rules;

    /** Null where no channel has its history in memory. */
    private final @Nullable MemoryHistory memory;

    /** How many wildcards are listened to; written by the deliverer. */
    private volatile int wildcards;

    /** How many transactions have passed; the deliverer's. */
    private long sequence;

    /** What it is made of, beside its neighbours. */
    record Setup(
            int channelsMax,
            long timeline,
            HistoryRules rules,
            @Nullable MemoryHistory memory,
            Consumer<DeliveryQueue> releases) {}

    Channels(Setup setup, Admission admission, Counters counters) {
        channelsMax = setup.channelsMax;
        timeline = setup.timeline;
        rules = setup.rules;
        memory = setup.memory;
        releases = setup.releases;
        this.admission = admission;
        this.counters = counters;
    }

    /** Anybody's: how many channels there are. */
    int size() {
        return byName.size();
    }

    /** Anybody's: whether somebody listens to a channel. */
    boolean has(String channel) {
        return byName.containsKey(channel) || !matching(channel).isEmpty();
    }

    /** The channel, where it has listeners, and the wildcards that match it. */
    private List<Channel> hearing(String name) {
        var channel = byName.get(name);
        if (wildcards == 0) {
            return channel == null ? List.of() : List.of(channel);
        }
        var hearing = new ArrayList<>(matching(name));
        if (channel != null) {
            hearing.add(channel);
        }
        return hearing;
    }

    private List<Channel> matching(String name) {
        if (wildcards == 0) {
            return List.of();
        }
        var matching = new ArrayList<Channel>();
        Wildcard.forEach(
                name,
                wildcard -> {
                    var channel = byName.get(Wildcard.key(wildcard));
                    if (channel != null) {
                        matching.add(channel);
                    }
                });
        return matching;
    }

    /**
     * Anybody's: keeps room for the channels these actions may create, or 53400; returns how many.
     */
    int reserve(List<ListenAction> actions) {
        int wanted = created(actions);
        if (wanted > 0 && promised.addAndGet(wanted) + byName.size() > channelsMax) {
            promised.addAndGet(-wanted);
            throw new PgException(
                            SqlState.CONFIGURATION_LIMIT_EXCEEDED,
                            "too many channels: the limit is " + channelsMax)
                    .withHint("UNLISTEN channels that are no longer needed or raise max_channels.");
        }
        return wanted;
    }

    /** Anybody's: gives back what {@link #reserve} kept. */
    void giveBack(int reserved) {
        if (reserved > 0) {
            promised.addAndGet(-reserved);
        }
    }

    /** Anybody's: whether a listener with REFUSE would hear any of these; a hint. */
    boolean reachRefusing(List<Message> messages) {
        for (var message : messages) {
            for (var channel : hearing(message.channel())) {
                if (channel.refusing) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The tight queues that these messages reach, each once. */
    Set<DeliveryQueue> tight(List<Message> messages) {
        var found = Admission.noQueues();
        for (var message : messages) {
            for (var channel : hearing(message.channel())) {
                addTight(channel, found);
            }
        }
        return found;
    }

    private static void addTight(Channel channel, Set<DeliveryQueue> found) {
        for (int i = 0; i < channel.count; i++) {
            var member = channel.members[i];
            if (member != null && member.isTight()) {
                found.add(member);
            }
        }
    }

    /**
     * The transaction is committed and everything before it has passed.
     *
     * @param before the place of all that has passed
     */
    void pass(Pending pending, Place before) {
        sequence++;
        if (pending.own != null && !pending.own.isReleased() && !pending.actions.isEmpty()) {
            var own = pending.own;
            own.atomically(() -> apply(own, pending.actions, before));
            own.changed();
        }
        if (!pending.messages.isEmpty()) {
            counters.sent.add(pending.messages.size());
            handOut(pending);
        }
    }

    /** Takes a queue out of all its channels. */
    void release(DeliveryQueue queue) {
        for (var registration : queue.registrations().all()) {
            leave(queue, registration);
        }
        queue.release();
    }

    /**
     * Applies the actions in order. A channel that is left and joined again in one transaction is
     * at the end of the order but keeps what is held for it, as in PostgreSQL, where only the end
     * result of a transaction counts.
     */
    private void apply(DeliveryQueue queue, List<ListenAction> actions, Place before) {
        Map<String, Registration> left = new HashMap<>();
        for (var action : actions) {
            switch (action) {
                case Listen(var name) -> join(queue, name, before, left.get(name));
                case ListenFrom from -> join(queue, from, before, left.get(from.key()));
                case Unlisten(var name) -> {
                    unlisten(queue, name, left);
                    unlisten(queue, Wildcard.key(name), left);
                }
                case UnlistenAll() ->
                        queue.registrations().keys().forEach(key -> unlisten(queue, key, left));
            }
        }
    }

    private void join(
            DeliveryQueue queue, String key, Place before, @Nullable Registration earlier) {
        if (queue.registrations().find(key) != null) {
            return;
        }
        add(
                queue,
                earlier == null
                        ? new Registration(channel(key), sequence, before)
                        : new Registration(channel(key), earlier.from, earlier.replayAfter),
                before);
    }

    private void join(
            DeliveryQueue queue, ListenFrom from, Place before, @Nullable Registration earlier) {
        var start = from.start();
        if (start == null) {
            join(queue, from.key(), before, earlier);
            return;
        }
        var known = queue.unlisten(from.key());
        if (known != null) {
            leave(queue, known);
        }
        queue.fallBehind(start);
        add(queue, new Registration(channel(from.key()), sequence, start.after()), before);
    }

    private Channel channel(String key) {
        return byName.computeIfAbsent(key, Channel::new);
    }

    private void add(DeliveryQueue queue, Registration registration, Place before) {
        var channel = registration.channel;
        if (channel.isEmpty()) {
            countWildcard(channel, 1);
        }
        registration.place = channel.add(queue);
        queue.listen(registration, before);
        if (queue.becomesTight()) {
            admission.tightened(queue);
        }
    }

    private void countWildcard(Channel channel, int change) {
        int before = wildcards;
        wildcards = before + (channel.isWildcard() ? change : 0);
    }

    private void unlisten(DeliveryQueue queue, String key, Map<String, Registration> left) {
        var registration = queue.unlisten(key);
        if (registration != null) {
            left.putIfAbsent(key, registration);
            leave(queue, registration);
        }
    }

    private void leave(DeliveryQueue queue, Registration registration) {
        var channel = registration.channel;
        channel.remove(queue, registration.place);
        if (channel.isEmpty()) {
            byName.remove(channel.key);
            countWildcard(channel, -1);
        }
    }

    private void handOut(Pending pending) {
        var messages = pending.messages;
        if (messages.size() == 1 && wildcards == 0 && memory == null) {
            var channel = byName.get(messages.getFirst().channel());
            if (channel != null && isTaken(channel)) {
                var notification = notification(pending, 0, channel.key);
                handOut(pending, new Notification[] {notification}, new Channel[] {channel});
            }
            return;
        }
        var heard = new ArrayList<Channel>();
        var notifications = new ArrayList<Notification>();
        for (int i = 0; i < messages.size(); i++) {
            var name = messages.get(i).channel();
            var hearing = hearing(name);
            boolean isKept = memory != null && rules.kind(name) == HistoryRules.Kind.MEMORY;
            boolean isTaken = false;
            for (var channel : hearing) {
                if (isTaken(channel)) {
                    heard.add(channel);
                    isTaken = true;
                }
            }
            if (!isTaken && !isKept) {
                continue;
            }
            var notification = notification(pending, i, name);
            if (isKept && memory != null) {
                memory.add(notification);
            }
            if (isTaken) {
                notifications.add(notification);
            }
        }
        if (!heard.isEmpty()) {
            handOut(
                    pending,
                    notifications.toArray(Notification[]::new),
                    heard.toArray(Channel[]::new));
        }
    }

    /** Those who read from the history have what is sent delivered there. */
    private boolean isTaken(Channel channel) {
        if (channel.isTaken()) {
            return true;
        }
        counters.delivered.add(channel.count);
        return false;
    }

    private Notification notification(Pending pending, int number, String channel) {
        return new Notification(
                timeline,
                new Lsn(pending.at),
                pending.ordinal + number,
                pending.pid,
                channel,
                pending.messages.get(number).payload());
    }

    /** Puts the transaction into all queues, then fences once, then wakes whoever waits. */
    private void handOut(Pending pending, Notification[] notifications, Channel[] channels) {
        var transaction =
                new QueuedTransaction(
                        pending.at, sequence, notifications, position(pending, channels));
        long delivered = 0;
        for (var channel : channels) {
            offer(transaction, channel);
            delivered += channel.count;
        }
        counters.delivered.add(delivered);
        VarHandle.fullFence();
        for (var channel : channels) {
            wake(channel);
        }
    }

    private long position(Pending pending, Channel[] channels) {
        for (var channel : channels) {
            if (channel.refusing) {
                return admission.take(pending.messages);
            }
        }
        return admission.head();
    }

    private void offer(QueuedTransaction transaction, Channel channel) {
        var members = channel.members;
        for (int i = 0; i < channel.count; i++) {
            var member = members[i];
            if (member != null && member.isNew(transaction)) {
                settle(member, member.offer(transaction));
            }
        }
    }

    private void settle(DeliveryQueue member, DeliveryQueue.Outcome outcome) {
        switch (outcome) {
            case TAKEN -> {}
            case TIGHT -> admission.tightened(member);
            case FULL -> {
                member.end(DeliveryQueue.tooSlow());
                releases.accept(member);
            }
        }
    }

    private static void wake(Channel channel) {
        var members = channel.members;
        for (int i = 0; i < channel.count; i++) {
            var member = members[i];
            if (member != null) {
                member.wake();
            }
        }
    }

    /** How many channels the actions name that nobody listens to yet. */
    private int created(List<ListenAction> actions) {
        var names = new HashSet<String>();
        for (var action : actions) {
            var key =
                    switch (action) {
                        case Listen(var name) -> name;
                        case ListenFrom from -> from.key();
                        case Unlisten unlisten -> null;
                        case UnlistenAll all -> null;
                    };
            if (key != null && !byName.containsKey(key)) {
                names.add(key);
            }
        }
        return names.size();
    }
}
