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
import org.postgresql.ds.PGSimpleDataSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/** What a listener does, on any server. */
@Timeout(60)
public abstract class ListenerContract {
    protected static final ListenerOptions QUICK =
            ListenerOptions.DEFAULTS
                    .withBackoff(Duration.ofMillis(5), Duration.ofMillis(50))
                    .withKeepAlive(Duration.ofSeconds(20), Duration.ofSeconds(5))
                    .withTimeouts(
                            Duration.ofSeconds(5), Duration.ofSeconds(20), Duration.ofSeconds(5));

    /** Less than what a wait would take, and enough for a machine that has other things to do. */
    private static final Duration GENEROUS = Duration.ofSeconds(10);

    /** An event of a user's own. */
    public record UserEvent(long userId, String action, List<String> tags) {}

    /** The server of these tests. */
    protected abstract TestServer server();

    private PgListener listener() {
        return listener(QUICK);
    }

    private PgListener listener(ListenerOptions options) {
        return PgListener.connect(server().url(), new Properties(), options);
    }

    private PgListener listener(CuttableProxy proxy, ListenerOptions options) {
        return PgListener.connect(server().url(proxy.port()), new Properties(), options);
    }

    @Test
    void namesAreQuotedAndKeepTheirCase() throws Exception {
        try (var listener = listener()) {
            var names = List.of("plain", "Upper", "two words", "a\"b", "semi;colon", "é€", "*");
            listener.listenAll(names);
            assertThat(listener.channels()).containsExactlyInAnyOrderElementsOf(names);
            for (var name : names) {
                server().notify(name, "for " + name);
                var notification = listener.receive();
                assertThat(notification.channel()).isEqualTo(name);
                assertThat(notification.payload()).isEqualTo("for " + name);
                assertThat(notification.pid()).isPositive();
            }
        }
    }

    @Test
    void aNameThatTheServerWouldCutIsRefused() {
        try (var listener = listener()) {
            assertThatThrownBy(() -> listener.listen("x".repeat(64)))
                    .isInstanceOfSatisfying(
                            PgException.class,
                            e -> assertThat(e.sqlState().code()).isEqualTo("22023"));
            assertThatThrownBy(() -> listener.listen("")).isInstanceOf(PgException.class);
            listener.listen("x".repeat(63));
            assertThat(listener.channels()).hasSize(1);
        }
    }

    @Test
    void aListenTakesEffectWhileAnotherThreadWaits() throws Exception {
        try (var listener = listener()) {
            listener.listen("first");
            var received = CompletableFuture.supplyAsync(() -> receive(listener));
            for (int i = 0; i < 50; i++) {
                long before = System.nanoTime();
                listener.listen("later-" + i);
                assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(GENEROUS);
            }
            server().notify("later-49", "x");
            assertThat(received.get().channel()).isEqualTo("later-49");
        }
    }

    @Test
    void whatIsNoLongerListenedToIsNoLongerHeard() throws Exception {
        try (var listener = listener()) {
            listener.listen("a", "b", "c");
            listener.unlisten("a");
            server().notify("a", "no");
            server().notify("b", "yes");
            assertThat(listener.receive().channel()).isEqualTo("b");
            listener.unlistenAll();
            assertThat(listener.channels()).isEmpty();
            server().notify("b", "no");
            server().notify("c", "no");
            listener.listen("d");
            server().notify("d", "yes");
            assertThat(listener.receive().channel()).isEqualTo("d");
        }
    }

    @Test
    void aWaitEndsInTime() throws Exception {
        try (var listener = listener()) {
            listener.listen("quiet");
            long before = System.nanoTime();
            assertThat(listener.receive(Duration.ofMillis(50))).isEmpty();
            assertThat(Duration.ofNanos(System.nanoTime() - before))
                    .isBetween(Duration.ofMillis(50), GENEROUS);
            assertThat(listener.take(Duration.ZERO)).isEmpty();
        }
    }

    @Test
    void statementsOnTheListenersConnectionLoseNothing() throws Exception {
        try (var listener = listener()) {
            listener.listen("busy");
            var sent =
                    CompletableFuture.runAsync(() -> {
                        for (int i = 0; i < 20; i++) {
                            server().notify("busy", String.valueOf(i));
                        }
                    });
            listener.execute("SELECT pg_sleep(0.3)");
            sent.get();
            var numbers =
                    listener.query(
                            "SELECT x FROM (VALUES (1), (2), (3)) AS t(x) WHERE x > ? ORDER BY x",
                            row -> row.getInt(1),
                            1);
            assertThat(numbers).containsExactly(2, 3);
            for (int i = 0; i < 20; i++) {
                assertThat(listener.receive().payload()).isEqualTo(String.valueOf(i));
            }
        }
    }

    @Test
    void anErrorOfAStatementIsTheCallersAlone() throws Exception {
        try (var listener = listener()) {
            listener.listen("after");
            assertThatThrownBy(() -> listener.execute("SELECT * FROM there_is_no_such_table"))
                    .isInstanceOfSatisfying(
                            PgException.class,
                            e -> assertThat(e.sqlState().code()).isEqualTo("42P01"));
            assertThatThrownBy(() -> listener.execute("BEGIN"))
                    .isInstanceOfSatisfying(
                            PgException.class,
                            e -> assertThat(e.sqlState().code()).isEqualTo("25001"));
            server().notify("after", "still here");
            assertThat(listener.tryReceive()).isPresent();
        }
    }

    @Test
    void tryReceiveSaysThatTheConnectionWasLostOnceItIsBack() throws Exception {
        try (var proxy = new CuttableProxy(server().port());
                var listener = listener(proxy, QUICK)) {
            listener.listen("x");
            server().notify("x", "before");
            assertThat(listener.tryReceive()).isPresent();
            proxy.cut();
            assertThat(listener.tryReceive()).isEmpty();
            // It listens already: no wait between the empty answer and this.
            server().notify("x", "after");
            assertThat(listener.tryReceive().orElseThrow().payload()).isEqualTo("after");
        }
    }

    @Test
    void receiveReconnectsWithoutAWord() throws Exception {
        try (var proxy = new CuttableProxy(server().port());
                var listener = listener(proxy, QUICK)) {
            listener.listen("x");
            proxy.cut();
            awaitReconnect(listener, proxy);
            server().notify("x", "after");
            assertThat(listener.receive().payload()).isEqualTo("after");
        }
    }

    @Test
    void aListenDuringALossIsDoneWhenTheConnectionIsBack() throws Exception {
        try (var proxy = new CuttableProxy(server().port());
                var listener = listener(proxy, QUICK)) {
            proxy.freeze();
            proxy.cut();
            var listening = CompletableFuture.runAsync(() -> listener.listen("x"));
            assertThat(listener.take()).isInstanceOf(ConnectionLost.class);
            assertThat(listening).isNotDone();
            proxy.thaw();
            listening.get();
            server().notify("x", "heard");
            assertThat(listener.receive().payload()).isEqualTo("heard");
        }
    }

    @Test
    void aLazyListenerReconnectsWhenSomebodyWaits() throws Exception {
        try (var proxy = new CuttableProxy(server().port());
                var listener = listener(proxy, QUICK.withReconnect(Reconnect.LAZY))) {
            listener.listen("x");
            proxy.cut();
            while (listener.isConnected()) {
                LockSupport.parkNanos(200_000);
            }
            assertThat(new CountDownLatch(1).await(200, TimeUnit.MILLISECONDS)).isFalse();
            assertThat(listener.isConnected()).isFalse();
            assertThat(proxy.connections()).isZero();
            assertThat(listener.tryReceive()).isEmpty();
            server().notify("x", "after");
            assertThat(listener.receive().payload()).isEqualTo("after");
        }
    }

    @Test
    void aConnectionThatLeadsNowhereIsFoundInTime() throws Exception {
        var options = QUICK.withKeepAlive(Duration.ofMillis(300), Duration.ofSeconds(1));
        try (var proxy = new CuttableProxy(server().port());
                var listener = listener(proxy, options)) {
            listener.listen("x");
            long before = System.nanoTime();
            proxy.halfOpen();
            assertThat(listener.take()).isInstanceOf(ConnectionLost.class);
            assertThat(Duration.ofNanos(System.nanoTime() - before))
                    .isBetween(Duration.ofMillis(300), GENEROUS);
            proxy.thaw();
            assertThat(listener.take()).isInstanceOf(Reconnected.class);
            server().notify("x", "after");
            assertThat(listener.receive().payload()).isEqualTo("after");
        }
    }

    @Test
    void aQuietConnectionIsAskedAndStands() throws Exception {
        var options = QUICK.withKeepAlive(Duration.ofMillis(30), Duration.ofSeconds(5));
        try (var listener = listener(options)) {
            listener.listen("x");
            assertThat(listener.take(Duration.ofMillis(400))).isEmpty();
            server().notify("x", "still here");
            assertThat(listener.take(GENEROUS).orElseThrow()).isInstanceOf(Notification.class);
        }
    }

    @Test
    void aHandlerGetsEverythingBeforeCloseReturns() {
        var got = new ArrayList<Delivery>();
        try (var listener = listener()) {
            listener.listen("x");
            listener.onDelivery(got::add);
            for (int i = 0; i < 30; i++) {
                server().notify("x", String.valueOf(i));
            }
        }
        assertThat(got).hasSize(31);
        assertThat(got.getLast()).isEqualTo(new Closed(null));
        assertThat(got.subList(0, 30))
                .extracting(d -> ((Notification) d).payload())
                .containsExactlyElementsOf(
                        IntStream.range(0, 30).mapToObj(String::valueOf).toList());
    }

    @Test
    void aHandlerThatThrowsEndsItsListener() throws Exception {
        try (var listener = listener()) {
            listener.listen("x");
            listener.onNotification(n -> {
                throw new IllegalArgumentException("no");
            });
            server().notify("x", "");
            // Not by taking: the notification is the handler's.
            while (listener.isConnected()) {
                LockSupport.parkNanos(200_000);
            }
            assertThat(listener.take())
                    .isInstanceOfSatisfying(
                            Closed.class,
                            closed ->
                                    assertThat(closed.cause())
                                            .hasMessageContaining("a delivery handler failed"));
            assertThatThrownBy(() -> listener.listen("y"))
                    .isInstanceOfSatisfying(
                            PgException.class,
                            e -> assertThat(e.sqlState().code()).isEqualTo("08003"));
        }
    }

    @Test
    void aStreamEndsWithTheListener() {
        List<Delivery> got;
        var listener = listener();
        try (listener) {
            listener.listen("x");
            for (int i = 0; i < 10; i++) {
                server().notify("x", String.valueOf(i));
            }
        }
        got = listener.stream().toList();
        assertThat(got).hasSize(11);
        assertThat(got.getLast()).isInstanceOf(Closed.class);
        assertThatThrownBy(listener::receive)
                .isInstanceOfSatisfying(
                        PgException.class, e -> assertThat(e.sqlState().code()).isEqualTo("08003"));
    }

    @Test
    void aSubscriberGetsOnlyWhatItAskedFor() throws Exception {
        var got = new LinkedBlockingQueue<Delivery>();
        var subscription = new CompletableFuture<Flow.Subscription>();
        var completed = new CountDownLatch(1);
        try (var listener = listener()) {
            listener.listen("x");
            listener.publisher()
                    .subscribe(
                            new Flow.Subscriber<>() {
                                @Override
                                public void onSubscribe(Flow.Subscription s) {
                                    subscription.complete(s);
                                }

                                @Override
                                public void onNext(Delivery delivery) {
                                    got.add(delivery);
                                }

                                @Override
                                public void onError(Throwable thrown) {
                                    throw new AssertionError(thrown);
                                }

                                @Override
                                public void onComplete() {
                                    completed.countDown();
                                }
                            });
            for (int i = 0; i < 5; i++) {
                server().notify("x", String.valueOf(i));
            }
            subscription.get().request(2);
            assertThat(got.take()).isInstanceOf(Notification.class);
            assertThat(got.take()).isInstanceOf(Notification.class);
            assertThat(got.poll(100, TimeUnit.MILLISECONDS)).isNull();
            subscription.get().request(Long.MAX_VALUE);
            for (int i = 2; i < 5; i++) {
                assertThat(((Notification) got.take()).payload()).isEqualTo(String.valueOf(i));
            }
        }
        assertThat(got.take()).isInstanceOf(Closed.class);
        assertThat(completed.await(5, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void payloadsAreRecords() throws Exception {
        try (var listener = listener()) {
            var users = listener.as(UserEvent.class);
            listener.listen("users");
            server().notify(
                            "users",
                            "{\"userId\": 7, \"action\": \"in\", \"tags\": [\"a\"], \"new\": 1}");
            var event = users.receive();
            assertThat(event.value()).isEqualTo(new UserEvent(7, "in", List.of("a")));
            assertThat(event.channel()).isEqualTo("users");
            server().notify("users", "not json");
            assertThatThrownBy(users::receive)
                    .isInstanceOfSatisfying(
                            PgException.class,
                            e -> assertThat(e.sqlState().code()).isEqualTo("22P02"));
            server().notify("users", "{\"userId\": 8}");
            assertThat(users.receive().value()).isEqualTo(new UserEvent(8, null, null));
        }
    }

    @Test
    void aFullBufferThatBlocksLosesNothing() throws Exception {
        try (var listener = listener(QUICK.withBuffer(10, Overflow.BLOCK))) {
            listener.listen("x");
            sendMany("x", 500);
            for (int i = 0; i < 500; i++) {
                assertThat(((Notification) listener.take()).payload()).isEqualTo(String.valueOf(i));
            }
        }
    }

    @Test
    void statementsRunWhileTheBufferIsFull() throws Exception {
        try (var listener = listener(QUICK.withBuffer(2, Overflow.BLOCK))) {
            listener.listen("x");
            sendMany("x", 50);
            listener.listen("y");
            assertThat(listener.query("SELECT 5", row -> row.getInt(1))).containsExactly(5);
            for (int i = 0; i < 50; i++) {
                assertThat(listener.receive().payload()).isEqualTo(String.valueOf(i));
            }
        }
    }

    @Test
    void aFullBufferThatDropsSaysHowMany() throws Exception {
        try (var listener = listener(QUICK.withBuffer(10, Overflow.DROP_OLDEST))) {
            listener.listen("x");
            sendMany("x", 100);
            // Answered after all that was sent before.
            listener.query("SELECT 1", row -> row.getInt(1));
            assertThat(((Gap) listener.take()).missed()).isEqualTo(90);
            for (int i = 90; i < 100; i++) {
                assertThat(listener.receive().payload()).isEqualTo(String.valueOf(i));
            }
        }
    }

    @Test
    void aFullBufferThatCoalescesKeepsTheNewestOfEachChannel() throws Exception {
        var listener = listener(QUICK.withBuffer(10, Overflow.COALESCE));
        try (listener) {
            listener.listen("x", "y");
            server().notify("y", "only");
            sendMany("x", 100);
        }
        var got = listener.stream().toList();
        long missed =
                got.stream().filter(Gap.class::isInstance).mapToLong(d -> ((Gap) d).missed()).sum();
        var kept = got.stream().filter(Notification.class::isInstance).toList();
        assertThat(missed + kept.size()).isEqualTo(101);
        assertThat(kept).extracting(d -> ((Notification) d).payload()).contains("only", "99");
    }

    @Test
    void aFullBufferThatClosesSaysSoAfterWhatItHolds() throws Exception {
        try (var listener = listener(QUICK.withBuffer(10, Overflow.CLOSE))) {
            listener.listen("x");
            sendMany("x", 100);
            // Nothing is taken before the end, or there would be room for more.
            while (listener.isConnected()) {
                LockSupport.parkNanos(200_000);
            }
            for (int i = 0; i < 10; i++) {
                assertThat(listener.receive().payload()).isEqualTo(String.valueOf(i));
            }
            assertThat(((Closed) listener.take()).cause().sqlState().code()).isEqualTo("54000");
        }
    }

    @Test
    void aConnectionOfADataSourceIsWokenThroughTheServer() throws Exception {
        var source = new PGSimpleDataSource();
        source.setUrl(server().url());
        try (var listener = PgListener.connect(source)) {
            listener.listen("first");
            var received = CompletableFuture.supplyAsync(() -> receive(listener));
            listener.listen("second");
            assertThat(listener.query("SELECT 1", row -> row.getInt(1))).containsExactly(1);
            server().notify("second", "x");
            assertThat(received.get().channel()).isEqualTo("second");
            assertThat(listener.channels()).containsExactlyInAnyOrder("first", "second");
        }
    }

    @Test
    void manyVirtualThreadsWaitAndEachGetsOne() throws Exception {
        try (var listener = listener();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            listener.listen("x");
            var received =
                    IntStream.range(0, 100)
                            .mapToObj(i -> threads.submit(() -> listener.receive().payload()))
                            .toList();
            sendMany("x", 100);
            var payloads = new ArrayList<Integer>();
            for (var one : received) {
                payloads.add(Integer.valueOf(one.get()));
            }
            assertThat(payloads)
                    .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 100).boxed().toList());
        }
    }

    @Test
    void closeIsQuickWhileTheServerIsGone() throws Exception {
        try (var proxy = new CuttableProxy(server().port())) {
            var timeout = GENEROUS.multipliedBy(3);
            var listener = listener(proxy, QUICK.withTimeouts(timeout, timeout, timeout));
            listener.listen("x");
            proxy.freeze();
            proxy.cut();
            assertThat(listener.take()).isInstanceOf(ConnectionLost.class);
            long before = System.nanoTime();
            listener.close();
            listener.close();
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(GENEROUS);
        }
    }

    private void sendMany(String channel, int count) throws Exception {
        try (var connection = server().connect();
                var statement = connection.prepareStatement("SELECT pg_notify(?, ?)")) {
            for (int i = 0; i < count; i++) {
                statement.setString(1, channel);
                statement.setString(2, String.valueOf(i));
                statement.execute();
            }
        }
    }

    private static void awaitReconnect(PgListener listener, CuttableProxy proxy) {
        while (!listener.isConnected() || proxy.connections() == 0) {
            LockSupport.parkNanos(200_000);
        }
        // Answered by the new connection, behind its LISTENs.
        listener.query("SELECT 1", row -> row.getInt(1));
    }

    private static Notification receive(PgListener listener) {
        try {
            return listener.receive();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
