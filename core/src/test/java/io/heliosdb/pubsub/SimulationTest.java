package io.heliosdb.pubsub;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliosdb.pg.Delivery;
import io.heliosdb.pg.Delivery.Gap;
import io.heliosdb.pg.Delivery.Notification;
import io.heliosdb.pg.Lsn;
import io.heliosdb.pg.PgException;
import io.heliosdb.pubsub.ListenAction.Listen;
import io.heliosdb.pubsub.ListenAction.Unlisten;
import io.heliosdb.pubsub.ListenAction.UnlistenAll;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Random transactions of several threads, and a model that needs no threads: given the position of
 * each transaction, what each subscriber may receive is what was notified while it listened.
 *
 * <p>Each session is one thread with a subscription of its own. It remembers what it committed and
 * what it received; when all are done the model replays the commits in the order of their
 * positions. Channels that a session left in between are not compared exactly: what was held for
 * them is dropped at a moment that depends on when the session polled. Then the received
 * notifications must still be a part of the model's, in order.
 */
class SimulationTest {
    private static final int SESSIONS = 4;
    private static final int TRANSACTIONS = 1_500;
    private static final int CHANNELS = 5;

    private record Committed(int session, List<ListenAction> actions, List<Message> messages) {}

    private final ConcurrentSkipListMap<Long, Committed> committed = new ConcurrentSkipListMap<>();

    @RepeatedTest(12)
    void everySubscriberReceivesWhatTheModelSays() throws InterruptedException {
        long seed = new Random().nextLong();
        System.out.println("SimulationTest seed " + seed);
        committed.clear();
        try (var pubsub = PubSub.open(PubSubOptions.defaults())) {
            var random = new Random(seed);
            var sessions = new ArrayList<Session>();
            for (int i = 0; i < SESSIONS; i++) {
                sessions.add(new Session(pubsub, i, random.nextLong()));
            }
            var threads = new ArrayList<Thread>();
            for (var session : sessions) {
                threads.add(
                        random.nextBoolean()
                                ? Thread.ofVirtual().start(session)
                                : Thread.ofPlatform().start(session));
            }
            for (var thread : threads) {
                thread.join();
            }
            for (var session : sessions) {
                assertThat(session.failure).as("seed %d", seed).isNull();
                session.received.addAll(session.subscription.poll());
                check(session, seed);
                session.subscription.close();
            }
            assertThat(pubsub.stats().channels()).as("seed %d", seed).isZero();
        }
    }

    private void check(Session session, long seed) {
        var positions = new ArrayList<Notification>();
        long missed = 0;
        for (var delivery : session.received) {
            switch (delivery) {
                case Notification notification -> positions.add(notification);
                case Gap gap -> missed += gap.missed();
                default -> throw new AssertionError("seed " + seed + ": " + delivery);
            }
        }
        var place = Comparator.comparing(Notification::lsn).thenComparingInt(Notification::ordinal);
        if (session.overflow != OverflowPolicy.COALESCE) {
            assertThat(positions).as("seed %d: order", seed).isSortedAccordingTo(place);
        }
        var distinct = new HashSet<>(positions);
        assertThat(distinct).as("seed %d: twice", seed).hasSameSizeAs(positions);
        var model = model(session);
        distinct.removeAll(model);
        assertThat(distinct).as("seed %d: %s", seed, session.overflow).isEmpty();
        if (!session.left) {
            assertThat(positions.size() + missed)
                    .as("seed %d: %s, lost in silence", seed, session.overflow)
                    .isEqualTo(model.size());
        }
    }

    private Set<Notification> model(Session session) {
        var listening = new HashSet<String>();
        var expected = new HashSet<Notification>();
        committed.forEach((lsn, transaction) -> {
            if (transaction.session() == session.number) {
                transaction.actions().forEach(action -> apply(action, listening));
            }
            var messages = transaction.messages();
            for (int i = 0; i < messages.size(); i++) {
                var message = messages.get(i);
                if (listening.contains(message.channel())) {
                    expected.add(
                            new Notification(
                                    new Lsn(lsn),
                                    i,
                                    transaction.session(),
                                    message.channel(),
                                    message.payload()));
                }
            }
        });
        return expected;
    }

    private static void apply(ListenAction action, Set<String> listening) {
        switch (action) {
            case Listen(var channel) -> listening.add(channel);
            case ListenAction.ListenFrom from -> throw new IllegalStateException();
            case Unlisten(var channel) -> listening.remove(channel);
            case UnlistenAll() -> listening.clear();
        }
    }

    /**
     * One thread that commits, abandons, listens and polls at random; now and then it publishes two
     * out of order.
     */
    private final class Session implements Runnable {
        final int number;
        final OverflowPolicy overflow;
        final Subscription subscription;
        final List<Delivery> received = new ArrayList<>();
        final boolean left;
        volatile @Nullable Throwable failure;

        private final PubSub pubsub;
        private final Random random;
        private final Map<Pending, Committed> inFlight = new HashMap<>();

        Session(PubSub pubsub, int number, long seed) {
            this.pubsub = pubsub;
            this.number = number;
            random = new Random(seed);
            var policies =
                    List.of(
                            OverflowPolicy.DROP_OLDEST,
                            OverflowPolicy.COALESCE,
                            OverflowPolicy.REFUSE);
            overflow = policies.get(random.nextInt(policies.size()));
            left = random.nextBoolean();
            subscription =
                    pubsub.openSubscription(
                            new SubscribeOptions(overflow, 1 + random.nextInt(200)));
        }

        @Override
        public void run() {
            try {
                for (int i = 0; i < TRANSACTIONS; i++) {
                    step();
                }
            } catch (RuntimeException | Error e) {
                failure = e;
            }
        }

        private void step() {
            switch (random.nextInt(8)) {
                case 0 -> received.addAll(subscription.poll());
                case 1 -> finish(begin(), false);
                case 2 -> outOfOrder();
                default -> finish(begin(), true);
            }
        }

        /** Appends a random transaction; null where a queue refuses it. */
        private @Nullable Pending begin() {
            var messages = new ArrayList<Message>();
            for (int i = random.nextInt(4); i > 0; i--) {
                messages.add(new Message(channel(), "p" + i));
            }
            var actions = new ArrayList<ListenAction>();
            if (random.nextInt(10) == 0) {
                actions.add(new Listen(channel()));
                if (left && random.nextBoolean()) {
                    actions.add(
                            random.nextInt(4) == 0 ? new UnlistenAll() : new Unlisten(channel()));
                }
            }
            try {
                var pending =
                        pubsub.append(messages, number, actions, subscription, PubSub.NO_DEADLINE);
                inFlight.put(pending, new Committed(number, actions, messages));
                return pending;
            } catch (PgException e) {
                assertThat(e.sqlState().code()).isEqualTo("54000");
                received.addAll(subscription.poll());
                return null;
            }
        }

        private void outOfOrder() {
            var first = begin();
            var second = begin();
            if (first == null || second == null) {
                finish(first, true);
                finish(second, true);
                return;
            }
            committed.put(second.lsn().value(), inFlight.remove(second));
            var other = Thread.startVirtualThread(() -> pubsub.publish(second));
            finish(first, random.nextBoolean());
            PubSubTest.join(other);
        }

        private void finish(@Nullable Pending pending, boolean publish) {
            if (pending == null) {
                return;
            }
            var transaction = inFlight.remove(pending);
            if (publish) {
                committed.put(pending.lsn().value(), transaction);
                pubsub.publish(pending);
            } else {
                pubsub.abandon(pending);
            }
        }

        private String channel() {
            return "c" + random.nextInt(CHANNELS);
        }
    }
}
