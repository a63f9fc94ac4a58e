package io.heliosdb.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliosdb.pg.Delivery;
import io.heliosdb.pg.Delivery.Closed;
import io.heliosdb.pg.Delivery.ConnectionLost;
import io.heliosdb.pg.Delivery.Gap;
import io.heliosdb.pg.Delivery.Notification;
import io.heliosdb.pg.Delivery.Reconnected;
import io.heliosdb.pg.PgException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** What a hub does, on any server. */
@Timeout(60)
public abstract class HubContract {
    /** The server of these tests. */
    protected abstract TestServer server();

    private ListenerHub hub() {
        return ListenerHub.connect(server().url());
    }

    @Test
    void subscribersOfOneChannelShareItsListen() throws Exception {
        try (var hub = hub()) {
            BlockingQueue<Delivery> one = new LinkedBlockingQueue<>();
            BlockingQueue<Delivery> two = new LinkedBlockingQueue<>();
            var first = hub.subscribe("Shared", one::add);
            var second = hub.subscribe(List.of("Shared", "own"), two::add);
            assertThat(hub.channels()).containsExactlyInAnyOrder("Shared", "own");
            server().notify("Shared", "a");
            assertThat(payload(one)).isEqualTo("a");
            assertThat(payload(two)).isEqualTo("a");
            first.close();
            first.close();
            server().notify("Shared", "b");
            assertThat(payload(two)).isEqualTo("b");
            assertThat(one).isEmpty();
            assertThat(hub.channels()).containsExactlyInAnyOrder("Shared", "own");
            second.close();
            while (!hub.channels().isEmpty()) {
                LockSupport.parkNanos(200_000);
            }
            hub.subscribe("Shared", one::add);
            server().notify("Shared", "c");
            assertThat(payload(one)).isEqualTo("c");
        }
    }

    @Test
    void aSubscriberThatComesAndGoesNeverMissesWhatFollowsItsSubscribe() throws Exception {
        try (var hub = hub();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = new ArrayList<Future<?>>();
            for (int t = 0; t < 8; t++) {
                int own = t;
                all.add(
                        threads.submit(() -> {
                            try (var connection = server().connect();
                                    var notify =
                                            connection.prepareStatement(
                                                    "SELECT pg_notify('contested', ?)")) {
                                for (int i = 0; i < 40; i++) {
                                    String token = own + "/" + i;
                                    var heard = new CountDownLatch(1);
                                    try (var _ =
                                            hub.subscribe(
                                                    "contested",
                                                    d -> {
                                                        if (d instanceof Notification n
                                                                && n.payload().equals(token)) {
                                                            heard.countDown();
                                                        }
                                                    })) {
                                        notify.setString(1, token);
                                        notify.execute();
                                        assertThat(heard.await(10, TimeUnit.SECONDS))
                                                .as(token)
                                                .isTrue();
                                    }
                                }
                                return null;
                            }
                        }));
            }
            for (var one : all) {
                one.get();
            }
        }
    }

    @Test
    void everySubscriberHearsOfALossAndOfItsEnd() throws Exception {
        try (var proxy = new CuttableProxy(server().port())) {
            BlockingQueue<Delivery> one = new LinkedBlockingQueue<>();
            BlockingQueue<Delivery> two = new LinkedBlockingQueue<>();
            var hub =
                    ListenerHub.connect(
                            server().url(proxy.port()),
                            new Properties(),
                            ListenerHub.DEFAULTS.withBackoff(
                                    Duration.ofMillis(1), Duration.ofMillis(20)));
            try (hub) {
                hub.subscribe("one", one::add);
                hub.subscribe("two", two::add);
                proxy.cut();
                for (var queue : List.of(one, two)) {
                    assertThat(queue.take()).isInstanceOf(ConnectionLost.class);
                    assertThat(queue.take()).isInstanceOf(Reconnected.class);
                }
                server().notify("two", "after");
                assertThat(payload(two)).isEqualTo("after");
            }
            assertThat(one.take()).isEqualTo(new Closed(null));
            assertThat(two.take()).isEqualTo(new Closed(null));
            assertThatThrownBy(() -> hub.subscribe("late", d -> {}))
                    .isInstanceOf(PgException.class);
        }
    }

    @Test
    void aSlowSubscriberHoldsUpNobodyAndIsToldWhatItMissed() throws Exception {
        var options = ListenerHub.DEFAULTS.withBuffer(10, Overflow.DROP_OLDEST);
        try (var hub = ListenerHub.connect(server().url(), new Properties(), options)) {
            var release = new CountDownLatch(1);
            BlockingQueue<Delivery> slow = new LinkedBlockingQueue<>();
            BlockingQueue<Delivery> quick = new LinkedBlockingQueue<>();
            hub.subscribe(
                    "x",
                    d -> {
                        awaitQuietly(release);
                        slow.add(d);
                    });
            hub.subscribe("x", quick::add);
            for (int i = 0; i < 100; i++) {
                server().notify("x", String.valueOf(i));
                assertThat(payload(quick)).isEqualTo(String.valueOf(i));
            }
            release.countDown();
            long seen = 0;
            long missed = 0;
            while (seen + missed < 100) {
                switch (slow.take()) {
                    case Notification _ -> seen++;
                    case Gap gap -> missed += gap.missed();
                    default -> throw new AssertionError("unexpected");
                }
            }
            assertThat(missed).isGreaterThanOrEqualTo(85);
        }
    }

    @Test
    void aHandlerThatThrowsEndsItsOwnSubscriptionOnly() throws Exception {
        try (var hub = hub()) {
            var calls = new AtomicInteger();
            BlockingQueue<Delivery> other = new LinkedBlockingQueue<>();
            hub.subscribe(
                    "x",
                    d -> {
                        calls.incrementAndGet();
                        throw new IllegalArgumentException("no");
                    });
            hub.subscribe("x", other::add);
            server().notify("x", "1");
            assertThat(payload(other)).isEqualTo("1");
            server().notify("x", "2");
            assertThat(payload(other)).isEqualTo("2");
            assertThat(calls).hasValue(1);
        }
    }

    @Test
    void tenThousandChannelsShareOneConnection() throws Exception {
        int count = 10_000;
        var got = new CountDownLatch(count);
        try (var hub = hub()) {
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < count; i++) {
                    String channel = "channel-" + i;
                    threads.execute(() ->
                            hub.subscribe(
                                    channel,
                                    d -> {
                                        if (d instanceof Notification n
                                                && n.payload().equals(n.channel())) {
                                            got.countDown();
                                        }
                                    }));
                }
            }
            assertThat(hub.channels()).hasSize(count);
            server().run(
                            "SELECT pg_notify('channel-' || x, 'channel-' || x)"
                                    + " FROM generate_series(0, "
                                    + (count - 1)
                                    + ") AS t(x)");
            assertThat(got.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static String payload(BlockingQueue<Delivery> queue) throws InterruptedException {
        var delivery = queue.poll(10, TimeUnit.SECONDS);
        assertThat(delivery).isInstanceOf(Notification.class);
        return ((Notification) delivery).payload();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
