package io.heliosdb.pubsub;

import io.heliosdb.pg.Delivery.Notification;
import io.heliosdb.pg.Lsn;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pubsub.ListenAction.Listen;
import io.heliosdb.pubsub.ListenAction.Unlisten;
import io.heliosdb.pubsub.ListenAction.UnlistenAll;
import io.heliosdb.pubsub.Registrations.Registration;

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

    Channels(
            int channelsMax,
            Admission admission,
            Counters counters,
            Consumer<DeliveryQueue> releases) {
        this.channelsMax = channelsMax;
        this.admission = admission;
        this.counters = counters;
        this.releases = releases;
    }

    /** Anybody's: how many channels there are. */
    int size() {
        return byName.size();
    }

    /** Anybody's: whether somebody listens to a channel. */
    boolean has(String channel) {
        return byName.containsKey(channel);
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
            var channel = byName.get(message.channel());
            if (channel != null && channel.refusing) {
                return true;
            }
        }
        return false;
    }

    /** The tight queues that these messages reach, each once. */
    Set<DeliveryQueue> tight(List<Message> messages) {
        var found = Admission.noQueues();
        for (var message : messages) {
            var channel = byName.get(message.channel());
            for (int i = 0; channel != null && i < channel.count; i++) {
                var member = channel.members[i];
                if (member != null && member.isTight()) {
                    found.add(member);
                }
            }
        }
        return found;
    }

    /** The transaction is committed and everything before it has passed. */
    void pass(Pending pending) {
        if (pending.own != null && !pending.own.isReleased()) {
            apply(pending.own, pending.actions, pending.lsn);
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
    private void apply(DeliveryQueue queue, List<ListenAction> actions, long lsn) {
        Map<String, Registration> left = new HashMap<>();
        for (var action : actions) {
            switch (action) {
                case Listen(var name) -> join(queue, name, lsn, left);
                case Unlisten(var name) -> unlisten(queue, name, left);
                case UnlistenAll() ->
                        queue.registrations().names().forEach(name -> unlisten(queue, name, left));
            }
        }
        queue.changed();
    }

    private void join(DeliveryQueue queue, String name, long lsn, Map<String, Registration> left) {
        if (queue.registrations().find(name) != null) {
            return;
        }
        var channel = byName.computeIfAbsent(name, Channel::new);
        var earlier = left.get(name);
        var registration = new Registration(channel, earlier == null ? lsn : earlier.from);
        registration.place = channel.add(queue);
        queue.listen(registration);
        if (queue.becomesTight()) {
            admission.tightened(queue);
        }
    }

    private void unlisten(DeliveryQueue queue, String name, Map<String, Registration> left) {
        var registration = queue.unlisten(name);
        if (registration != null) {
            left.putIfAbsent(name, registration);
            leave(queue, registration);
        }
    }

    private void leave(DeliveryQueue queue, Registration registration) {
        var channel = registration.channel;
        channel.remove(queue, registration.place);
        if (channel.isEmpty()) {
            byName.remove(channel.name);
        }
    }

    private void handOut(Pending pending) {
        var messages = pending.messages;
        if (messages.size() == 1) {
            var channel = byName.get(messages.getFirst().channel());
            if (channel != null) {
                var notification = notification(pending, 0, channel);
                handOut(pending, new Notification[] {notification}, new Channel[] {channel});
            }
            return;
        }
        var heard = new ArrayList<Channel>();
        var notifications = new ArrayList<Notification>();
        for (int ordinal = 0; ordinal < messages.size(); ordinal++) {
            var channel = byName.get(messages.get(ordinal).channel());
            if (channel != null) {
                heard.add(channel);
                notifications.add(notification(pending, ordinal, channel));
            }
        }
        if (!heard.isEmpty()) {
            handOut(
                    pending,
                    notifications.toArray(Notification[]::new),
                    heard.toArray(Channel[]::new));
        }
    }

    private static Notification notification(Pending pending, int ordinal, Channel channel) {
        var payload = pending.messages.get(ordinal).payload();
        return new Notification(new Lsn(pending.lsn), ordinal, pending.pid, channel.name, payload);
    }

    /** Puts the transaction into all queues, then fences once, then wakes whoever waits. */
    private void handOut(Pending pending, Notification[] notifications, Channel[] channels) {
        var transaction =
                new QueuedTransaction(pending.lsn, notifications, position(pending, channels));
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
            if (member != null && member.isNew(transaction.lsn)) {
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
        if (actions.size() == 1) {
            return actions.getFirst() instanceof Listen(var name) && !byName.containsKey(name)
                    ? 1
                    : 0;
        }
        var names = new HashSet<String>();
        for (var action : actions) {
            if (action instanceof Listen(var name) && !byName.containsKey(name)) {
                names.add(name);
            }
        }
        return names.size();
    }
}
