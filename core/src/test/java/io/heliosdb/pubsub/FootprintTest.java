package io.heliosdb.pubsub;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;

import io.heliosdb.pg.Delivery;

import org.junit.jupiter.api.Test;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What subscriptions cost in memory, and that it comes back. */
class FootprintTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final PubSub pubsub = PubSub.open(PubSubOptions.defaults());

    @Test
    void aThousandChannelsWithASubscriberEachTakeLessThanAMegabyteAndGiveItBack() {
        long leastWith = Long.MAX_VALUE;
        long leastAfter = Long.MAX_VALUE;
        for (int round = 0; round < 6; round++) {
            long before = used();
            var subscriptions = subscribe(1000);
            leastWith = Math.min(leastWith, Math.abs(used() - before));
            subscriptions.forEach(Subscription::close);
            subscriptions.clear();
            leastAfter = Math.min(leastAfter, Math.abs(used() - before));
        }

        // The least of some rounds: what the JVM itself loads and compiles meanwhile is not ours.
        assertThat(leastWith).isBetween(100L * 1000, 1124L * 1000);
        assertThat(leastAfter).isLessThan(64 * 1024);
        assertThat(pubsub.stats().subscriptions()).isZero();
        assertThat(pubsub.stats().channels()).isZero();
    }

    @Test
    void aSubscriptionThatIsDroppedWithoutACloseIsCleanedUpAndCounted() {
        subscribe(3);
        while (pubsub.stats().leaked() < 3) {
            System.gc();
        }
        assertThat(pubsub.stats().subscriptions()).isZero();
        assertThat(pubsub.stats().channels()).isZero();
    }

    @Test
    void aSubscriptionWithAHandlerLivesWithoutBeingHeld() {
        var received = new ArrayList<Object>();
        pubsub.subscribe("a").onDelivery(received::add);
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        assertThat(pubsub.stats().subscriptions()).isEqualTo(1);
        assertThat(pubsub.stats().leaked()).isZero();
    }

    @Test
    void anEmptyPollAllocatesNothing() {
        try (var subscription = pubsub.subscribe("a")) {
            assertThat(allocated(subscription::poll)).isZero();
        }
    }

    @Test
    void aDrainAllocatesNothingForADeliveryThatWaits() throws InterruptedException {
        try (var subscription = pubsub.subscribe("a")) {
            var drained = new int[1];
            Consumer<Delivery> count = delivery -> drained[0]++;
            long least = Long.MAX_VALUE;
            for (int i = 1; i <= 10_000; i++) {
                pubsub.notify("a", "");
                assertThat(subscription.await(Duration.ofMinutes(1))).isTrue();
                long before = bytes();
                subscription.drainTo(count);
                least = Math.min(least, bytes() - before);
                assertThat(drained[0]).isEqualTo(i);
            }
            assertThat(least).isZero();
        }
    }

    @Test
    void aQueueThatHasGrownAllocatesNothingForASubscriberMore() {
        try (var one = pubsub.subscribe("one")) {
            var many = new ArrayList<Subscription>();
            for (int i = 0; i < 100; i++) {
                many.add(pubsub.subscribe("many"));
            }
            for (int i = 0; i < 20_000; i++) {
                pubsub.notify("one", "");
                pubsub.notify("many", "");
                if (i % 4 == 0) {
                    one.poll();
                    many.forEach(Subscription::poll);
                }
            }
            assertThat(allocated(() -> pubsub.notify("many", "")))
                    .isLessThanOrEqualTo(allocated(() -> pubsub.notify("one", "")));
            many.forEach(Subscription::close);
        }
    }

    /** Bytes that a call allocates: the least of many tries, once it is compiled. */
    private static long allocated(Runnable call) {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 10_000; i++) {
            call.run();
        }
        for (int i = 0; i < 100; i++) {
            long before = bytes();
            call.run();
            least = Math.min(least, bytes() - before);
        }
        return least;
    }

    private static long bytes() {
        return THREADS.getCurrentThreadAllocatedBytes();
    }

    private List<Subscription> subscribe(int count) {
        var subscriptions = new ArrayList<Subscription>(count);
        for (int i = 0; i < count; i++) {
            subscriptions.add(pubsub.subscribe("channel-" + i));
        }
        return subscriptions;
    }

    /** The serial collector leaves some dead objects where they are, but for every fourth time. */
    private static long used() {
        for (int i = 0; i < 4; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
