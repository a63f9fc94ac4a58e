package io.heliosdb.bench.pubsub;

import io.heliosdb.pg.Delivery.Notification;
import io.heliosdb.pubsub.OverflowPolicy;
import io.heliosdb.pubsub.PubSub;
import io.heliosdb.pubsub.PubSubOptions;
import io.heliosdb.pubsub.SubscribeOptions;
import io.heliosdb.pubsub.Subscription;

import org.HdrHistogram.Histogram;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures the floors that publish and subscribe have to keep and prints one Markdown table: about
 * half a minute with the default of two seconds for each figure. {@code java -cp ... PubSubFigures
 * [seconds]}.
 *
 * <p>Latencies are times of single calls, or from before the call to the moment the receiver has
 * the notification.
 */
public final class PubSubFigures {
    private static final int SUBSCRIBERS = 1_000;
    private static final int PAYLOADS = 1_024;
    private static final long MICROS = 1_000;
    private static final long WAIT_NANOS = 10_000;

    private final long windowNanos;
    private final String[] payloads = new String[PAYLOADS];

    private PubSubFigures(double seconds) {
        windowNanos = (long) (seconds * 1e9);
        for (int i = 0; i < PAYLOADS; i++) {
            payloads[i] = Integer.toString(i);
        }
    }

    /**
     * Prints the table.
     *
     * @param args seconds for each figure, after as long a warm-up
     * @throws InterruptedException never: nobody interrupts it
     */
    public static void main(String[] args) throws InterruptedException {
        var figures = new PubSubFigures(args.length > 0 ? Double.parseDouble(args[0]) : 2);
        figures.rows().forEach(System.out::println);
    }

    /**
     * Measures everything.
     *
     * @param seconds for each figure
     * @return the lines of the table
     * @throws InterruptedException never: nobody interrupts it
     */
    public static List<String> measure(double seconds) throws InterruptedException {
        return new PubSubFigures(seconds).rows();
    }

    private List<String> rows() throws InterruptedException {
        var rows = new ArrayList<String>();
        rows.add("| in process | per second | p50 µs | p99 µs | p99.9 µs | floor |");
        rows.add("|---|---|---|---|---|---|");
        rows.add(row("notify, 1 subscriber", twice(this::notifyOne), "100,000/s, p99 < 1 ms"));
        rows.add(row("notify, 2 threads", twice(this::notifyTwoThreads), ""));
        rows.add(row("subscribe a new channel", twice(this::subscribe), "10,000/s, p99 < 100 µs"));
        rows.add(row("poll, one waits", twice(this::poll), "50,000/s, p99 < 500 µs"));
        rows.add(row("poll, empty", twice(this::pollEmpty), ""));
        rows.add(
                row(
                        "broadcast to 1,000, checked",
                        twice(this::broadcast),
                        "10,000/s, p99 < 10 ms"));
        rows.add(row("commit to parked receiver", twice(() -> receive(false)), ""));
        rows.add(row("commit to parked virtual receiver", twice(() -> receive(true)), ""));
        rows.add("");
        rows.add(Memory.line(SUBSCRIBERS));
        return rows;
    }

    private interface Run {
        Figure measure() throws InterruptedException;
    }

    /** Calls per second, and how long one took. */
    private record Figure(double perSecond, Histogram nanos) {}

    private static Figure twice(Run run) throws InterruptedException {
        run.measure();
        return run.measure();
    }

    private static String row(String name, Figure figure, String floor) {
        return String.format(
                Locale.ROOT,
                "| %s | %,.0f | %.1f | %.1f | %.1f | %s |",
                name,
                figure.perSecond(),
                micros(figure, 50),
                micros(figure, 99),
                micros(figure, 99.9),
                floor);
    }

    private static double micros(Figure figure, double percentile) {
        return (double) figure.nanos().getValueAtPercentile(percentile) / MICROS;
    }

    private static PubSub open() {
        return PubSub.open(PubSubOptions.defaults());
    }

    private static Histogram histogram() {
        return new Histogram(10_000_000_000L, 3);
    }

    private Figure notifyOne() {
        try (var pubsub = open();
                var subscription = pubsub.subscribe("orders")) {
            return timed(i -> {
                pubsub.notify("orders", payloads[i & (PAYLOADS - 1)]);
                if ((i & 0xFFF) == 0) {
                    subscription.poll();
                }
            });
        }
    }

    private Figure notifyTwoThreads() throws InterruptedException {
        try (var pubsub = open();
                var subscription =
                        pubsub.subscribe(
                                new SubscribeOptions(OverflowPolicy.DROP_OLDEST, 4096), "orders")) {
            var figures = new Figure[2];
            var other =
                    Thread.ofPlatform()
                            .start(() ->
                                    figures[1] =
                                            timed(i ->
                                                    pubsub.notify(
                                                            "orders",
                                                            payloads[i & (PAYLOADS - 1)])));
            figures[0] =
                    timed(i -> {
                        pubsub.notify("orders", payloads[i & (PAYLOADS - 1)]);
                        if ((i & 0x3FF) == 0) {
                            subscription.poll();
                        }
                    });
            other.join();
            figures[0].nanos().add(figures[1].nanos());
            return new Figure(figures[0].perSecond() + figures[1].perSecond(), figures[0].nanos());
        }
    }

    private Figure subscribe() {
        int batch = 100_000;
        var subscriptions = new ArrayList<Subscription>(batch);
        try (var pubsub = open()) {
            var figure =
                    timed(
                            i -> {
                                subscriptions.add(pubsub.subscribe("channel-" + i));
                                return subscriptions.size() == batch;
                            },
                            () -> {
                                subscriptions.forEach(Subscription::close);
                                subscriptions.clear();
                            });
            subscriptions.forEach(Subscription::close);
            return figure;
        }
    }

    private Figure poll() {
        try (var pubsub = open();
                var subscription = pubsub.subscribe("orders")) {
            var nanos = histogram();
            long calls = 0;
            long spent = 0;
            long end = System.nanoTime() + windowNanos;
            while (System.nanoTime() < end) {
                pubsub.notify("orders", payloads[(int) calls & (PAYLOADS - 1)]);
                long start = System.nanoTime();
                int got = subscription.poll().size();
                long took = System.nanoTime() - start;
                require(got == 1, "a poll lost a notification");
                nanos.recordValue(took);
                spent += took;
                calls++;
            }
            return new Figure(calls / (spent / 1e9), nanos);
        }
    }

    private Figure pollEmpty() {
        try (var pubsub = open();
                var subscription = pubsub.subscribe("orders")) {
            return timed(
                    i -> require(subscription.poll().isEmpty(), "something came from nowhere"));
        }
    }

    /**
     * One publisher; one thread goes round all subscribers, and each checks that nothing is missing
     * or out of order.
     */
    private Figure broadcast() throws InterruptedException {
        try (var pubsub = open()) {
            var checkers = new ArrayList<Checker>();
            for (int i = 0; i < SUBSCRIBERS; i++) {
                checkers.add(new Checker(pubsub.subscribe("orders"), payloads));
            }
            var round = new Round(checkers);
            var thread = Thread.ofPlatform().name("subscribers").start(round);
            var figure = publish(pubsub, round);
            round.stopAt = round.published;
            thread.join();
            for (var checker : checkers) {
                require(checker.next == round.published, "a broadcast was lost");
                checker.subscription.close();
            }
            return figure;
        }
    }

    private Figure publish(PubSub pubsub, Round round) {
        long start = System.nanoTime();
        long end = start + windowNanos;
        long sent = 0;
        while (System.nanoTime() < end) {
            while (sent - round.slowest > Round.AHEAD_MAX) {
                LockSupport.parkNanos(WAIT_NANOS);
            }
            round.sentAt[(int) sent & (Round.SLOTS - 1)] = System.nanoTime();
            pubsub.notify("orders", payloads[(int) sent & (PAYLOADS - 1)]);
            sent++;
            round.published = sent;
        }
        while (round.slowest < sent) {
            LockSupport.parkNanos(WAIT_NANOS);
        }
        return new Figure(sent / ((System.nanoTime() - start) / 1e9), round.nanos);
    }

    private static final class Checker {
        final Subscription subscription;
        final String[] payloads;
        long next;

        Checker(Subscription subscription, String[] payloads) {
            this.subscription = subscription;
            this.payloads = payloads;
        }

        void check() {
            for (var delivery : subscription.poll()) {
                var expected = payloads[(int) next & (PAYLOADS - 1)];
                require(
                        delivery instanceof Notification n && n.payload().equals(expected),
                        "a broadcast came out of order");
                next++;
            }
        }
    }

    /** Visits all subscribers again and again; latency is that of the last one visited. */
    private static final class Round implements Runnable {
        static final int AHEAD_MAX = 64;
        static final int SLOTS = 2 * AHEAD_MAX;

        final long[] sentAt = new long[SLOTS];
        final Histogram nanos = histogram();
        final List<Checker> checkers;

        /** Written by the publisher. */
        volatile long published;

        volatile long stopAt = Long.MAX_VALUE;

        /** Every subscriber has these; written by the thread of the subscribers. */
        volatile long slowest;

        Round(List<Checker> checkers) {
            this.checkers = checkers;
        }

        @Override
        public void run() {
            long seen = 0;
            while (seen < stopAt) {
                long least = Long.MAX_VALUE;
                for (var checker : checkers) {
                    checker.check();
                    least = Math.min(least, checker.next);
                }
                long now = System.nanoTime();
                for (; seen < least; seen++) {
                    nanos.recordValue(Math.max(0, now - sentAt[(int) seen & (SLOTS - 1)]));
                }
                if (slowest == seen) {
                    LockSupport.parkNanos(WAIT_NANOS);
                }
                slowest = seen;
            }
        }
    }

    /**
     * The receiver is parked before each notify; the sender waits until it has answered and gone to
     * sleep again.
     */
    private Figure receive(boolean virtual) throws InterruptedException {
        try (var pubsub = open()) {
            var subscription = pubsub.subscribe("orders");
            var receiver = new Receiver(subscription);
            var thread =
                    virtual
                            ? Thread.ofVirtual().start(receiver)
                            : Thread.ofPlatform().start(receiver);
            long calls = 0;
            long spent = 0;
            long end = System.nanoTime() + windowNanos;
            while (System.nanoTime() < end) {
                while (thread.getState() != Thread.State.TIMED_WAITING) {
                    Thread.onSpinWait();
                }
                long start = System.nanoTime();
                receiver.sentAt = start;
                pubsub.notify("orders", "");
                while (receiver.received == calls) {
                    Thread.onSpinWait();
                }
                spent += System.nanoTime() - start;
                calls++;
            }
            subscription.close();
            thread.join();
            return new Figure(calls / (spent / 1e9), receiver.nanos);
        }
    }

    private static final class Receiver implements Runnable {
        final Subscription subscription;
        final Histogram nanos = histogram();
        volatile long sentAt;

        /** Written by the receiver. */
        volatile long received;

        Receiver(Subscription subscription) {
            this.subscription = subscription;
        }

        @Override
        public void run() {
            try {
                long count = 0;
                while (subscription.receive(Duration.ofMinutes(1)).orElseThrow()
                        instanceof Notification) {
                    nanos.recordValue(System.nanoTime() - sentAt);
                    received = ++count;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private interface Call {
        void call(int i);
    }

    private interface Step {
        /** Returns whether it is time to clean up. */
        boolean call(int i);
    }

    private Figure timed(Call call) {
        return timed(
                i -> {
                    call.call(i);
                    return false;
                },
                () -> {});
    }

    /** The time of the clean-up does not count. */
    private Figure timed(Step step, Runnable cleanUp) {
        var nanos = histogram();
        long start = System.nanoTime();
        long end = start + windowNanos;
        long now = start;
        int calls = 0;
        while (now < end) {
            boolean full = step.call(calls++);
            long after = System.nanoTime();
            nanos.recordValue(after - now);
            now = after;
            if (full) {
                cleanUp.run();
                long cleaned = System.nanoTime();
                start += cleaned - now;
                end += cleaned - now;
                now = cleaned;
            }
        }
        return new Figure(calls / ((now - start) / 1e9), nanos);
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalStateException(otherwise);
        }
    }
}
