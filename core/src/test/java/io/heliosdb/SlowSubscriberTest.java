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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

/** A subscriber that stops reading costs no heap, and nobody waits for it. */
class SlowSubscriberTest {
    private static final int NOTIFICATIONS = 100_000;
    private static final int ROUND = 20_000;
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

    /** The publisher would never return if it waited for the one that waits for it. */
    @Test
    @Timeout(120)
    void aPublisherDoesNotWaitForASlowSubscriber() throws InterruptedException {
        var published = new CompletableFuture<Void>();
        var received = new ArrayList<String>();
        var last = new CountDownLatch(1);
        try (var db = HeliosDb.open(directory);
                var slow = db.subscribe(QUEUE, "c")) {
            slow.onDelivery(delivery -> {
                published.join();
                received.add(((Notification) delivery).payload());
                if (received.size() == ROUND) {
                    last.countDown();
                }
            });
            publish(db, 0, ROUND);
            published.complete(null);
            last.await();
        }
        assertThat(received)
                .isEqualTo(IntStream.range(0, ROUND).mapToObj(i -> i + PAYLOAD).toList());
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
