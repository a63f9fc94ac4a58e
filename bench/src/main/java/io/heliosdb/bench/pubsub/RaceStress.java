package io.heliosdb.bench.pubsub;

import io.heliosdb.pg.Delivery;
import io.heliosdb.pg.Delivery.Notification;
import io.heliosdb.pubsub.ListenAction.Listen;
import io.heliosdb.pubsub.Message;
import io.heliosdb.pubsub.OverflowPolicy;
import io.heliosdb.pubsub.Pending;
import io.heliosdb.pubsub.PubSub;
import io.heliosdb.pubsub.PubSubOptions;
import io.heliosdb.pubsub.SubscribeOptions;
import io.heliosdb.pubsub.Subscription;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

import java.util.List;

/**
 * Races that have to end well however the threads interleave; two actors each, so that two
 * processors are enough. Run all: {@code java -cp ... org.openjdk.jcstress.Main -t
 * io.heliosdb.bench.pubsub}; the short mode is {@code -m sanity}.
 */
public final class RaceStress {
    private static final SubscribeOptions SMALL = new SubscribeOptions(OverflowPolicy.CLOSE, 64);

    private RaceStress() {}

    private static PubSub open() {
        return PubSub.open(PubSubOptions.defaults());
    }

    private static Subscription subscribe(PubSub pubsub) {
        return pubsub.subscribe(SMALL, "a");
    }

    /** The payloads in the order of receipt as a decimal number, with 9 for anything else. */
    private static int digits(List<Delivery> deliveries) {
        int digits = 0;
        for (var delivery : deliveries) {
            digits =
                    digits * 10
                            + (delivery instanceof Notification n
                                    ? n.payload().charAt(0) - '0'
                                    : 9);
        }
        return digits;
    }

    /**
     * A publisher and a poller: what is polled first and what is left make up everything, each
     * once.
     */
    @JCStressTest
    @Outcome(
            id = {"0, 12", "1, 2", "12, 0"},
            expect = Expect.ACCEPTABLE,
            desc = "each once")
    @Outcome(expect = Expect.FORBIDDEN, desc = "lost, twice or out of order")
    @State
    public static class PublishAndPoll {
        private final PubSub pubsub = open();
        private final Subscription subscription = subscribe(pubsub);

        /** For JCStress. */
        public PublishAndPoll() {}

        /** Notifies twice. */
        @Actor
        public void publish() {
            pubsub.notify("a", "1");
            pubsub.notify("a", "2");
        }

        /**
         * Polls while it does.
         *
         * @param result what came
         */
        @Actor
        public void poll(II_Result result) {
            result.r1 = digits(subscription.poll());
        }

        /**
         * Polls after it did.
         *
         * @param result what was left
         */
        @Arbiter
        public void rest(II_Result result) {
            result.r2 = digits(subscription.poll());
            subscription.close();
        }
    }

    /** Two publishers: whoever delivers, both are delivered, and both return only then. */
    @JCStressTest
    @Outcome(
            id = {"12", "21"},
            expect = Expect.ACCEPTABLE,
            desc = "both")
    @Outcome(expect = Expect.FORBIDDEN, desc = "left behind")
    @State
    public static class TwoPublishers {
        private final PubSub pubsub = open();
        private final Subscription subscription = subscribe(pubsub);

        /** For JCStress. */
        public TwoPublishers() {}

        /** Notifies. */
        @Actor
        public void first() {
            pubsub.notify("a", "1");
        }

        /** Notifies. */
        @Actor
        public void second() {
            pubsub.notify("a", "2");
        }

        /**
         * Polls after they did.
         *
         * @param result what came
         */
        @Arbiter
        public void rest(I_Result result) {
            result.r1 = digits(subscription.poll());
            subscription.close();
        }
    }

    /** Two transactions appended in a known order are published by two threads. */
    @JCStressTest
    @Outcome(id = "12", expect = Expect.ACCEPTABLE, desc = "in the order of the appends")
    @Outcome(expect = Expect.FORBIDDEN, desc = "out of order, or left behind")
    @State
    public static class PublishOutOfOrder {
        private final PubSub pubsub = open();
        private final Subscription subscription = subscribe(pubsub);
        private final Pending one = append("1");
        private final Pending two = append("2");

        /** For JCStress. */
        public PublishOutOfOrder() {}

        private Pending append(String payload) {
            return pubsub.append(
                    List.of(new Message("a", payload)), 1, List.of(), null, PubSub.NO_DEADLINE);
        }

        /** Publishes the later one. */
        @Actor
        public void second() {
            pubsub.publish(two);
        }

        /** Publishes the earlier one. */
        @Actor
        public void first() {
            pubsub.publish(one);
        }

        /**
         * Polls after they did.
         *
         * @param result what came
         */
        @Arbiter
        public void rest(I_Result result) {
            result.r1 = digits(subscription.poll());
            subscription.close();
        }
    }

    /** A subscription closes while something is delivered to it: nothing of it is left. */
    @JCStressTest
    @Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "gone")
    @Outcome(expect = Expect.FORBIDDEN, desc = "something stayed behind")
    @State
    public static class CloseAndDeliver {
        private final PubSub pubsub = open();
        private final Subscription subscription = subscribe(pubsub);

        /** For JCStress. */
        public CloseAndDeliver() {}

        /** Notifies. */
        @Actor
        public void publish() {
            pubsub.notify("a", "1");
        }

        /** Closes. */
        @Actor
        public void close() {
            subscription.close();
        }

        /**
         * Looks for what is left.
         *
         * @param result channels, subscriptions, and notifications after the end
         */
        @Arbiter
        public void rest(I_Result result) {
            int left = 0;
            for (var delivery : subscription.poll()) {
                left += delivery instanceof Notification ? 1 : 0;
            }
            result.r1 = left + pubsub.stats().channels() + pubsub.stats().subscriptions();
        }
    }

    /** LISTEN races NOTIFY: it is heard exactly if its position is the later one. */
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "as the positions say")
    @Outcome(expect = Expect.FORBIDDEN, desc = "lost, or heard from before")
    @State
    public static class ListenAndNotify {
        private final PubSub pubsub = open();
        private final Subscription subscription = pubsub.openSubscription(SMALL);
        private volatile long listenAt;
        private volatile long notifyAt;

        /** For JCStress. */
        public ListenAndNotify() {}

        /** Listens. */
        @Actor
        public void listen() {
            var pending =
                    pubsub.append(
                            List.of(),
                            1,
                            List.of(new Listen("a")),
                            subscription,
                            PubSub.NO_DEADLINE);
            listenAt = pending.lsn().value();
            pubsub.publish(pending);
        }

        /** Notifies. */
        @Actor
        public void publish() {
            var pending =
                    pubsub.append(
                            List.of(new Message("a", "1")), 1, List.of(), null, PubSub.NO_DEADLINE);
            notifyAt = pending.lsn().value();
            pubsub.publish(pending);
        }

        /**
         * Compares.
         *
         * @param result whether it is right
         */
        @Arbiter
        public void rest(I_Result result) {
            int expected = notifyAt > listenAt ? 1 : 0;
            result.r1 = subscription.poll().size() == expected ? 1 : 0;
            subscription.close();
        }
    }
}
