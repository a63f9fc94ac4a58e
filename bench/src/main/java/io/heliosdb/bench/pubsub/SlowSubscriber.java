package io.heliosdb.bench.pubsub;

import io.heliosdb.HeliosDb;
import io.heliosdb.pg.Delivery.Notification;
import io.heliosdb.pubsub.Subscription;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * How fast a publisher is while a subscriber does not read, in turns with nobody listening, and
 * pairs without any to know the noise; by the clock, and by the processor time of the publisher's
 * thread, which other processes disturb less. The subscriber then reads all, and its order is
 * checked. Arguments: a directory on the disk to measure, notifications of a turn, pairs.
 */
public final class SlowSubscriber {
    private static final double NANOS = 1e9;

    /** Turns that nobody prints: the code is compiled by then. */
    private static final int WARM_UP = 3;

    private SlowSubscriber() {}

    /** What a turn showed: notifications by second of the clock, and of the processor. */
    private record Turn(double byClock, double byProcessor) {}

    /** Two turns that are compared. */
    private record Pair(Turn first, Turn second) {
        double byClock() {
            return second.byClock / first.byClock;
        }

        double byProcessor() {
            return second.byProcessor / first.byProcessor;
        }
    }

    /**
     * Prints a line for each pair, and the medians.
     *
     * @param arguments the directory, notifications of a turn, pairs
     * @throws Exception where the disk fails
     */
    public static void main(String[] arguments) throws Exception {
        int count = Integer.parseInt(arguments[1]);
        int pairs = Integer.parseInt(arguments[2]);
        var directory = Files.createTempDirectory(Path.of(arguments[0]), "slow");
        try (var db = HeliosDb.open(directory)) {
            for (int i = 0; i < WARM_UP; i++) {
                publish(db, count);
                beside(db, count);
            }
            var with = new ArrayList<Pair>();
            var alike = new ArrayList<Pair>();
            for (int pair = 0; pair < pairs; pair++) {
                // Who is first changes: what the first leaves behind is paid by the second.
                if (pair % 2 == 0) {
                    var alone = publish(db, count);
                    with.add(new Pair(alone, beside(db, count)));
                } else {
                    var beside = beside(db, count);
                    with.add(new Pair(publish(db, count), beside));
                }
                alike.add(new Pair(publish(db, count), publish(db, count)));
                print(pair, with.getLast(), alike.getLast());
            }
            print("with a subscriber that does not read", with);
            print("alike", alike);
        }
    }

    private static void print(int number, Pair with, Pair alike) {
        System.out.printf(
                "pair %d: alone %.0f/s, with it %.0f/s, ratio %.3f (processor %.3f);"
                        + " alike %.3f (processor %.3f)%n",
                number,
                with.first.byClock,
                with.second.byClock,
                with.byClock(),
                with.byProcessor(),
                alike.byClock(),
                alike.byProcessor());
    }

    private static void print(String what, List<Pair> pairs) {
        System.out.printf(
                "%s: median %.3f, lower quartile %.3f; by processor time %.3f, %.3f%n",
                what,
                quantile(pairs, Pair::byClock, 2),
                quantile(pairs, Pair::byClock, 4),
                quantile(pairs, Pair::byProcessor, 2),
                quantile(pairs, Pair::byProcessor, 4));
    }

    private static double quantile(List<Pair> pairs, ToDoubleFunction<Pair> ratio, int part) {
        return pairs.stream().mapToDouble(ratio).sorted().toArray()[pairs.size() / part];
    }

    private static Turn beside(HeliosDb db, int count) throws InterruptedException {
        try (var slow = db.subscribe("c")) {
            var turn = publish(db, count);
            check(slow, count);
            return turn;
        }
    }

    private static void check(Subscription slow, int count) throws InterruptedException {
        long begin = System.nanoTime();
        for (int i = 0; i < count; i++) {
            var next = slow.receive(Duration.ofSeconds(10)).orElseThrow();
            if (!(next instanceof Notification one) || !one.payload().equals("number " + i)) {
                throw new IllegalStateException("number " + i + " is " + next);
            }
        }
        System.out.printf("  caught up at %.0f/s%n", count / ((System.nanoTime() - begin) / NANOS));
    }

    private static Turn publish(HeliosDb db, int count) {
        var threads = ManagementFactory.getThreadMXBean();
        long begin = System.nanoTime();
        long processor = threads.getCurrentThreadCpuTime();
        for (int i = 0; i < count; i++) {
            db.notify("c", "number " + i);
        }
        return new Turn(
                count / ((System.nanoTime() - begin) / NANOS),
                count / ((threads.getCurrentThreadCpuTime() - processor) / NANOS));
    }
}
