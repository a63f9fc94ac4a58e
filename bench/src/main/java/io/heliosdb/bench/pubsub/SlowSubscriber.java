package io.heliosdb.bench.pubsub;

import io.heliosdb.HeliosDb;
import io.heliosdb.pg.Delivery.Notification;
import io.heliosdb.pubsub.Subscription;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How fast a publisher is while a subscriber does not read, in turns with nobody listening, and
 * pairs without any to know the noise. The subscriber then reads all, and its order is checked.
 * Arguments: a directory on the disk to measure, notifications of a turn, pairs.
 */
public final class SlowSubscriber {
    private static final double NANOS = 1e9;

    private SlowSubscriber() {}

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
            publish(db, count);
            var with = new ArrayList<Double>();
            var alike = new ArrayList<Double>();
            for (int pair = 0; pair < pairs; pair++) {
                double alone = publish(db, count);
                double beside = beside(db, count);
                double first = publish(db, count);
                double second = publish(db, count);
                with.add(beside / alone);
                alike.add(second / first);
                System.out.printf(
                        "pair %d: alone %.0f/s, with it %.0f/s, ratio %.3f; alike %.3f%n",
                        pair, alone, beside, beside / alone, second / first);
            }
            print("with a subscriber that does not read", with);
            print("alike", alike);
        }
    }

    private static void print(String what, List<Double> ratios) {
        ratios.sort(null);
        System.out.printf(
                "%s: median %.3f, lower quartile %.3f%n",
                what, ratios.get(ratios.size() / 2), ratios.get(ratios.size() / 4));
    }

    private static double beside(HeliosDb db, int count) throws InterruptedException {
        try (var slow = db.subscribe("c")) {
            double rate = publish(db, count);
            check(slow, count);
            return rate;
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

    private static double publish(HeliosDb db, int count) {
        long begin = System.nanoTime();
        for (int i = 0; i < count; i++) {
            db.notify("c", "number " + i);
        }
        return count / ((System.nanoTime() - begin) / NANOS);
    }
}
