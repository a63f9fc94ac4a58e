package io.heliosdb.session;

import static io.heliosdb.pubsub.Since.since;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliosdb.pg.Delivery;
import io.heliosdb.pg.Delivery.Gap;
import io.heliosdb.pg.Delivery.Notification;
import io.heliosdb.pg.Token;
import io.heliosdb.pubsub.Message;
import io.heliosdb.pubsub.OverflowPolicy;
import io.heliosdb.pubsub.PubSub;
import io.heliosdb.pubsub.SubscribeOptions;
import io.heliosdb.pubsub.Subscription;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Subscribers of every speed that are cut off at random and come back by token, while transactions
 * of several threads commit. One subscriber with a queue that is never full says what was sent, and
 * in which order; each of the others must get exactly that part of it which its channels are, in
 * that order, over all its cuts.
 */
class HistorySimulationTest {
    private static final int PUBLISHERS = 3;
    private static final int SUBSCRIBERS = 6;
    private static final int TRANSACTIONS = 1200;
    private static final List<String> CHANNELS =
            List.of("a", "b", "c", "p.a", "p.b.c", "m.x", "m.y");
    private static final Duration LAST = Duration.ofSeconds(1);

    @TempDir private Path parent;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    /** Some publishers are still at work. */
    private volatile boolean isOpen = true;

    @RepeatedTest(10)
    @Timeout(120)
    void nothingIsMissedAndNothingComesTwice() throws InterruptedException {
        long seed = System.nanoTime();
        System.out.println("HistorySimulationTest seed " + seed);
        var random = new Random(seed);
        isOpen = true;
        try (var instance =
                Histories.open(
                        parent.resolve("db" + seed), Histories.smallLog(), Histories.RULES)) {
            var pubSub = instance.pubSub();
            var all = pubSub.openSubscription(new SubscribeOptions(OverflowPolicy.CLOSE, 1 << 20));
            all.listenAll("*");
            var begin = all.token();
            var readers = new ArrayList<Reader>();
            var threads = new ArrayList<Thread>();
            for (int i = 0; i < SUBSCRIBERS; i++) {
                var reader = new Reader(pubSub, random.nextLong(), begin);
                readers.add(reader);
                threads.add(start(reader));
            }
            var counting = new Counting(pubSub, random.nextLong());
            threads.add(start(counting));
            publish(instance, random);
            isOpen = false;
            for (var thread : threads) {
                thread.join();
            }
            assertThat(failure.get()).as("seed " + seed).isNull();
            check(seed, all.poll(), readers, counting);
        }
    }

    private void publish(Instance instance, Random random) throws InterruptedException {
        var publishers = new ArrayList<Thread>();
        for (int i = 0; i < PUBLISHERS; i++) {
            var publisher = new Publisher(instance, i, random.nextLong());
            publishers.add(start(publisher));
        }
        for (var publisher : publishers) {
            publisher.join();
        }
    }

    private static void check(
            long seed, List<Delivery> sent, List<Reader> readers, Counting counting) {
        for (var reader : readers) {
            var expected =
                    sent.stream()
                            .filter(delivery -> reader.wants((Notification) delivery))
                            .toList();
            int same = 0;
            while (same < Math.min(expected.size(), reader.received.size())
                    && expected.get(same).equals(reader.received.get(same))) {
                same++;
            }
            // The first that differs says enough.
            assertThat(reader.received.stream().skip(same).findFirst())
                    .as("seed %d, %s, %d cuts, number %d", seed, reader, reader.cuts, same)
                    .isEqualTo(expected.stream().skip(same).findFirst());
        }
        long unkept =
                sent.stream().filter(one -> ((Notification) one).channel().equals("n.x")).count();
        assertThat(counting.received + counting.missed).as("seed " + seed).isEqualTo(unkept);
    }

    private Thread start(Work work) {
        return Thread.ofVirtual()
                .start(() -> {
                    try {
                        work.run();
                    } catch (Throwable e) {
                        failure.compareAndSet(null, e);
                    }
                });
    }

    private interface Work {
        void run() throws Exception;
    }

    private record Publisher(Instance instance, int number, long seed) implements Work {
        @Override
        public void run() {
            var random = new Random(seed);
            try (var client = new Client(instance)) {
                client.run("create table if not exists t(i int)");
                for (int i = 0; i < TRANSACTIONS; i++) {
                    if (random.nextInt(20) == 0) {
                        client.run("insert into t values (1); notify a, '" + name(i) + "'");
                    } else {
                        Histories.commit(instance.pubSub(), messages(random, i));
                    }
                }
            }
        }

        private String name(int i) {
            return number + "." + i;
        }

        private Message[] messages(Random random, int i) {
            var messages = new Message[1 + random.nextInt(4)];
            for (int k = 0; k < messages.length; k++) {
                boolean isUnkept = random.nextInt(8) == 0;
                var channel = isUnkept ? "n.x" : CHANNELS.get(random.nextInt(CHANNELS.size()));
                messages[k] =
                        new Message(channel, name(i) + "." + k + "x".repeat(random.nextInt(80)));
            }
            return messages;
        }
    }

    /** Listens to some channels, is cut off now and then, and goes on by a token. */
    private final class Reader implements Work {
        private final PubSub pubSub;
        private final Random random;
        private final Set<String> channels = new HashSet<>();
        private final boolean hasWildcard;
        private final int capacity;
        private final List<Delivery> received = new ArrayList<>();
        private Token token;
        private int cuts;

        Reader(PubSub pubSub, long seed, Token begin) {
            this.pubSub = pubSub;
            random = new Random(seed);
            token = begin;
            CHANNELS.stream().filter(any -> random.nextBoolean()).forEach(channels::add);
            channels.add("a");
            hasWildcard = random.nextBoolean();
            capacity = 1 << random.nextInt(10);
        }

        @Override
        public String toString() {
            return channels + (hasWildcard ? " and p.*" : "") + ", capacity " + capacity;
        }

        boolean wants(Notification notification) {
            return channels.contains(notification.channel())
                    || (hasWildcard && notification.channel().startsWith("p."));
        }

        @Override
        public void run() throws InterruptedException {
            while (true) {
                boolean isLast = !isOpen;
                try (var subscription = subscribe()) {
                    boolean isDry = read(subscription, isLast ? Integer.MAX_VALUE : some());
                    token = random.nextBoolean() ? lastToken() : subscription.token();
                    if (isLast && isDry) {
                        return;
                    }
                }
                cuts++;
            }
        }

        private Token lastToken() {
            return received.isEmpty()
                    ? token
                    : ((Notification) received.getLast()).token().orElseThrow();
        }

        private Subscription subscribe() {
            var names = new ArrayList<>(channels);
            if (hasWildcard) {
                names.add("p.*");
            }
            return pubSub.subscribe(
                    new SubscribeOptions(OverflowPolicy.CATCH_UP, capacity),
                    since(token),
                    names.toArray(String[]::new));
        }

        private int some() {
            return 1 + random.nextInt(1 << random.nextInt(11));
        }

        /** Takes so many, or fewer where nothing comes any more; returns whether that was so. */
        private boolean read(Subscription subscription, int count) throws InterruptedException {
            for (int i = 0; i < count; ) {
                var next = next(subscription);
                if (next.isEmpty()) {
                    return true;
                }
                received.addAll(next);
                i += next.size();
                if (random.nextInt(100) == 0) {
                    LockSupport.parkNanos(50_000); // It is slow.
                }
            }
            return false;
        }

        private List<Delivery> next(Subscription subscription) throws InterruptedException {
            if (random.nextBoolean()) {
                var polled = subscription.poll();
                if (!polled.isEmpty()) {
                    return polled;
                }
            }
            return subscription.receive(LAST).stream().toList();
        }
    }

    /** Listens to what is not kept, is slow, and counts. */
    private final class Counting implements Work {
        private final Subscription subscription;
        private final Random random;
        private long received;
        private long missed;

        Counting(PubSub pubSub, long seed) {
            random = new Random(seed);
            subscription =
                    pubSub.subscribe(new SubscribeOptions(OverflowPolicy.CATCH_UP, 4), "n.x", "b");
        }

        @Override
        public void run() throws InterruptedException {
            while (true) {
                boolean isLast = !isOpen;
                @Nullable Delivery next = subscription.receive(LAST).orElse(null);
                switch (next) {
                    case Notification notification ->
                            received += notification.channel().equals("n.x") ? 1 : 0;
                    case Gap gap -> missed += gap.missed();
                    case null -> {
                        if (isLast) {
                            return;
                        }
                    }
                    default -> throw new AssertionError(next);
                }
                if (random.nextInt(50) == 0) {
                    LockSupport.parkNanos(50_000); // It is slow.
                }
            }
        }
    }
}
