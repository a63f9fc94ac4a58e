package io.heliosdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliosdb.pg.Delivery;
import io.heliosdb.pg.Delivery.Notification;
import io.heliosdb.pubsub.OverflowPolicy;
import io.heliosdb.pubsub.SubscribeOptions;
import io.heliosdb.pubsub.Subscription;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A subscriber that stops reading costs neither heap nor the publisher's speed. */
class SlowSubscriberTest {
    private static final int NOTIFICATIONS = 100_000;
    private static final int PAIRS = 9;
    private static final int ROUND = 20_000;
    private static final double FLOOR = 0.95;
    private static final String PAYLOAD = "x".repeat(200);

    /** What they would take if they were held: text and object of each. */
    private static final long ALL_BYTES = NOTIFICATIONS * (PAYLOAD.length() + 100L);

    private static final SubscribeOptions QUEUE =
            new SubscribeOptions(OverflowPolicy.CATCH_UP, 1000);

    @TempDir private Path directory;

    @Test
    @Timeout(120)
    void aHundredThousandNotificationsWaitInTheLogAndComeInOrder() throws InterruptedException {
        try (var db = HeliosDb.open(directory);
                var slow = db.subscribe(QUEUE, "c")) {
            publish(db, 0, 5_000);
            receive(slow, 0, 5_000);
            long before = used();
            publish(db, 5_000, NOTIFICATIONS);
            long held = used() - before;
            receive(slow, 5_000, NOTIFICATIONS);
            db.notify("c", "live");
            assertThat(payload(slow)).isEqualTo("live");
            assertThat(held).isLessThan(ALL_BYTES / 2);
        }
    }

    @Test
    @Timeout(120)
    void aPublisherIsAsFastAsWithoutASlowSubscriber() {
        try (var db = HeliosDb.open(directory)) {
            rate(db);
            rate(db);
            var with = new ArrayList<Double>();
            var alike = new ArrayList<Double>();
            for (int pair = 0; pair < PAIRS; pair++) {
                double alone = rate(db);
                try (var slow = db.subscribe(QUEUE, "c")) {
                    with.add(rate(db) / alone);
                    assertThat(slow.isReady()).isTrue();
                }
                double first = rate(db);
                alike.add(rate(db) / first);
            }
            System.out.println("SlowSubscriberTest with/without " + print(with));
            System.out.println("SlowSubscriberTest alike        " + print(alike));
            with.sort(null);
            alike.sort(null);
            double floor = Math.min(FLOOR, alike.get(PAIRS / 4));
            assertThat(with.get(PAIRS / 2)).isGreaterThanOrEqualTo(floor);
        }
    }

    private static List<String> print(List<Double> ratios) {
        return ratios.stream().map("%.2f"::formatted).toList();
    }

    private static double rate(HeliosDb db) {
        long begin = System.nanoTime();
        publish(db, 0, ROUND);
        return ROUND / (double) (System.nanoTime() - begin);
    }

    private static void publish(HeliosDb db, int from, int to) {
        for (int i = from; i < to; i++) {
            db.notify("c", i + PAYLOAD);
        }
    }

    private static void receive(Subscription subscription, int from, int to)
            throws InterruptedException {
        for (int i = from; i < to; i++) {
            assertThat(payload(subscription)).isEqualTo(i + PAYLOAD);
        }
    }

    private static String payload(Subscription subscription) throws InterruptedException {
        Delivery next = subscription.receive(Duration.ofSeconds(30)).orElseThrow();
        return ((Notification) next).payload();
    }

    private static long used() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        var runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
