package io.heliosdb.pubsub;

import static io.heliosdb.pubsub.OverflowTest.awaitParked;
import static io.heliosdb.pubsub.PubSubTest.assertFails;
import static io.heliosdb.pubsub.PubSubTest.join;
import static io.heliosdb.pubsub.PubSubTest.texts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliosdb.pg.Delivery;
import io.heliosdb.pg.Delivery.Closed;
import io.heliosdb.pg.Delivery.Notification;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** How deliveries are taken and how a subscription ends. */
class SubscriptionTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    private final PubSub pubsub = PubSub.open(PubSubOptions.defaults());

    @AfterEach
    void close() {
        pubsub.close();
    }

    @Test
    void receiveTakesOneAfterAnotherAlsoInsideATransaction() throws InterruptedException {
        var subscription = pubsub.subscribe("a", "b");
        publish(new Message("a", "1"), new Message("x", "2"), new Message("b", "3"));

        assertThat(one(subscription.receive(LONG).orElseThrow())).isEqualTo("a:1");
        assertThat(subscription.isReady()).isTrue();
        assertThat(one(subscription.receive(LONG).orElseThrow())).isEqualTo("b:3");
        assertThat(subscription.isReady()).isFalse();
        assertThat(subscription.receive(Duration.ZERO)).isEmpty();
        assertThat(subscription.receive(Duration.ofNanos(1000))).isEmpty();
    }

    @Test
    void pollTakesTheRestOfATransactionThatWasBegun() throws InterruptedException {
        var subscription = pubsub.subscribe("a");
        publish(new Message("a", "1"), new Message("a", "2"));
        publish(new Message("a", "3"));
        subscription.receive(LONG);
        assertThat(texts(subscription)).containsExactly("a:2", "a:3");
    }

    @Test
    void unlistenAlsoDropsTheRestOfATransactionThatWasBegun() throws InterruptedException {
        var subscription = pubsub.subscribe("a", "b");
        publish(new Message("a", "1"), new Message("b", "2"), new Message("a", "3"));
        subscription.receive(LONG);
        subscription.unlisten("b");
        assertThat(texts(subscription)).containsExactly("a:3");
    }

    @Test
    void aParkedReceiverIsWokenByItsOwnDeliveryOnly() throws InterruptedException {
        for (var builder : List.of(Thread.ofPlatform(), Thread.ofVirtual())) {
            var subscription = pubsub.subscribe("mine");
            var got = new AtomicReference<Delivery>();
            var receiver = builder.start(() -> got.set(receive(subscription)));
            awaitParked(receiver);
            pubsub.notify("other", "1");
            assertThat(subscription.isReady()).isFalse();
            pubsub.notify("mine", "2");
            receiver.join();
            assertThat(one(got.get())).isEqualTo("mine:2");
            subscription.close();
        }
    }

    @Test
    void anInterruptedReceiverTakesNothingAndHarmsNobody() throws InterruptedException {
        var subscription = pubsub.subscribe("a");
        var interrupted = new CountDownLatch(1);
        var first =
                Thread.startVirtualThread(() -> {
                    assertThatThrownBy(() -> subscription.receive(LONG))
                            .isInstanceOf(InterruptedException.class);
                    interrupted.countDown();
                });
        awaitParked(first);
        var got = new AtomicReference<Delivery>();
        var second = Thread.startVirtualThread(() -> got.set(receive(subscription)));
        awaitParked(second);
        first.interrupt();
        interrupted.await();
        pubsub.notify("a", "1");
        join(second);
        assertThat(one(got.get())).isEqualTo("a:1");
    }

    @Test
    void severalReceiversShareTheDeliveries() {
        var subscription = pubsub.subscribe("a");
        var got = new CopyOnWriteArrayList<String>();
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < 8; i++) {
            threads.add(Thread.startVirtualThread(() -> got.add(one(receive(subscription)))));
        }
        for (int i = 0; i < 8; i++) {
            pubsub.notify("a", Integer.toString(i));
        }
        threads.forEach(PubSubTest::join);
        assertThat(got).hasSize(8).doesNotHaveDuplicates();
    }

    @Test
    void drainToHandsOverWhatWaitsAndStopsWithTheConsumer() {
        var subscription = pubsub.subscribe("a");
        publish(new Message("a", "1"), new Message("a", "2"), new Message("a", "3"));
        assertThatThrownBy(() ->
                        subscription.drainTo(delivery -> {
                            throw new IllegalStateException("enough");
                        }))
                .hasMessage("enough");
        var rest = new ArrayList<Delivery>();
        assertThat(subscription.drainTo(rest::add)).isTrue();
        assertThat(texts(rest)).containsExactly("a:2", "a:3");
        assertThat(subscription.drainTo(rest::add)).isFalse();
        subscription.close();
        assertThat(subscription.drainTo(rest::add)).isTrue();
        assertThat(subscription.drainTo(rest::add)).isFalse();
        assertThat(rest).hasSize(3);
    }

    @Test
    void awaitTellsWhetherSomethingWaits() throws InterruptedException {
        var subscription = pubsub.subscribe("a");
        assertThat(subscription.await(Duration.ofNanos(1))).isFalse();
        pubsub.notify("a", "1");
        assertThat(subscription.await(LONG)).isTrue();
        subscription.close();
        assertThat(subscription.await(LONG)).isTrue();
    }

    @Test
    void closeWakesTheReceiverWithTheEndAndDropsWhatIsQueued() {
        var subscription = pubsub.subscribe("a");
        var got = new AtomicReference<Delivery>();
        var receiver = Thread.startVirtualThread(() -> got.set(receive(subscription)));
        awaitParked(receiver);
        subscription.close();
        join(receiver);
        assertThat(got).hasValue(new Closed(null));

        var other = pubsub.subscribe("a");
        pubsub.notify("a", "1");
        other.close();
        other.close();
        assertThat(other.poll()).containsExactly(new Closed(null));
        assertThat(other.poll()).isEmpty();
        assertThat(receive(other)).isEqualTo(new Closed(null));
        assertThat(pubsub.stats().subscriptions()).isZero();
        assertThat(pubsub.stats().channels()).isZero();
        assertThat(pubsub.stats().leaked()).isZero();
    }

    @Test
    void aStreamEndsWithTheEnd() {
        var subscription = pubsub.subscribe("a");
        pubsub.notify("a", "1");
        pubsub.notify("a", "2");
        var seen =
                subscription.stream()
                        .peek(delivery -> {
                            if (delivery instanceof Notification n && n.payload().equals("2")) {
                                subscription.close();
                            }
                        })
                        .toList();
        assertThat(texts(seen)).containsExactly("a:1", "a:2", "Closed[cause=null]");
    }

    @Test
    void aHandlerGetsOneAfterAnotherAndTheEnd() throws InterruptedException {
        var seen = new CopyOnWriteArrayList<Delivery>();
        var inside = new AtomicInteger();
        var ended = new CountDownLatch(1);
        var subscription =
                pubsub.subscribe("a")
                        .onDelivery(delivery -> {
                            assertThat(inside.incrementAndGet()).isEqualTo(1);
                            assertThat(Thread.currentThread().isVirtual()).isTrue();
                            seen.add(delivery);
                            inside.decrementAndGet();
                            if (delivery instanceof Notification n && n.payload().equals("last")) {
                                pubsub.notify("b", "from a handler");
                            }
                            if (delivery instanceof Closed) {
                                ended.countDown();
                            }
                        });
        var other = pubsub.subscribe("b");
        pubsub.notify("a", "1");
        pubsub.notify("a", "last");
        assertThat(one(receive(other))).isEqualTo("b:from a handler");
        subscription.close();
        ended.await();
        assertThat(texts(seen)).containsExactly("a:1", "a:last", "Closed[cause=null]");
        assertThatThrownBy(() -> subscription.onDelivery(delivery -> {}))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aHandlerThatThrowsEndsTheSubscriptionWithTheCause() throws InterruptedException {
        var subscription = pubsub.subscribe("a");
        var boom = new IllegalArgumentException("boom");
        subscription.onDelivery(delivery -> {
            throw boom;
        });
        pubsub.notify("a", "1");
        while (!subscription.isEnded()) {
            Thread.onSpinWait();
        }
        assertThat(receive(subscription))
                .isInstanceOfSatisfying(
                        Closed.class,
                        closed ->
                                assertThat(closed.cause())
                                        .hasCause(boom)
                                        .hasMessageContaining("boom"));
    }

    @Test
    void theViewOfNotificationsGivesWhatCameBeforeALossAndThenThrows() throws InterruptedException {
        var subscription = pubsub.subscribe(new SubscribeOptions(OverflowPolicy.COALESCE, 2), "a");
        var view = subscription.notifications();
        for (int i = 1; i <= 4; i++) {
            pubsub.notify("a", Integer.toString(i));
        }
        assertThat(view.poll()).extracting(Notification::payload).containsExactly("2");
        assertFails(view::poll, "54000", "notifications were lost");
        assertThat(view.receive(LONG).orElseThrow().payload()).isEqualTo("3");
        assertThat(view.poll()).extracting(Notification::payload).containsExactly("4");
        assertThat(view.poll()).isEmpty();
        subscription.close();
        assertFails(view::poll, "55000", "the subscription is closed");
    }

    @Test
    void theViewsStreamEndsWhereTheOwnerClosesAndThrowsWhereTheDatabaseDoes() {
        var subscription = pubsub.subscribe("a");
        pubsub.notify("a", "1");
        var seen =
                subscription.notifications().stream()
                        .peek(notification -> subscription.close())
                        .map(Notification::payload)
                        .toList();
        assertThat(seen).containsExactly("1");

        var other = pubsub.subscribe("a");
        pubsub.close();
        assertFails(
                () -> other.notifications().stream().forEach(n -> {}),
                "57P01",
                "the database is closed");
    }

    @Test
    void whenTheInstanceFailsEverybodyLearnsTheCause() {
        var subscription = pubsub.subscribe("a");
        pubsub.notify("a", "before");
        var stuck =
                pubsub.append(
                        List.of(new Message("a", "stuck")), 1, List.of(), null, PubSub.NO_DEADLINE);
        var later =
                pubsub.append(
                        List.of(new Message("a", "later")), 1, List.of(), null, PubSub.NO_DEADLINE);
        var outcome = new AtomicReference<PgException>();
        var waiting =
                Thread.startVirtualThread(() -> {
                    try {
                        pubsub.publish(later);
                    } catch (PgException e) {
                        outcome.set(e);
                    }
                });
        awaitParked(waiting);
        var cause = PgException.fatal(SqlState.CRASH_SHUTDOWN, "commit outcome unknown");
        pubsub.fail(cause);
        join(waiting);

        assertThat(outcome.get()).hasMessage("commit outcome unknown");
        assertThat(subscription.poll()).hasSize(2).last().isEqualTo(new Closed(cause));
        assertFails(() -> pubsub.notify("a", ""), "57P02", "commit outcome unknown");
        assertFails(() -> pubsub.publish(stuck), "57P02", "commit outcome unknown");
        assertFails(() -> pubsub.subscribe("a"), "57P02", "commit outcome unknown");
    }

    @Test
    void closingEndsEverySubscriptionAfterWhatItHasQueued() {
        var subscription = pubsub.subscribe("a");
        var own =
                pubsub.append(
                        List.of(new Message("a", "late")), 1, List.of(), null, PubSub.NO_DEADLINE);
        pubsub.close();
        pubsub.close();
        pubsub.publish(own);
        assertThat(subscription.poll()).hasSize(1).first().isInstanceOf(Closed.class);
        assertFails(() -> pubsub.notify("a", ""), "57P01", "the database is closed");
        assertFails(() -> pubsub.subscribe("a"), "57P01", "the database is closed");
    }

    @Test
    void publishWaitsThroughAnInterruptWhichStaysSet() {
        var first = pubsub.append(List.of(), 1, List.of(), null, PubSub.NO_DEADLINE);
        var second = pubsub.append(List.of(), 1, List.of(), null, PubSub.NO_DEADLINE);
        var stillInterrupted = new AtomicReference<Boolean>();
        var waiting =
                Thread.startVirtualThread(() -> {
                    pubsub.publish(second);
                    stillInterrupted.set(Thread.currentThread().isInterrupted());
                });
        awaitParked(waiting);
        waiting.interrupt();
        pubsub.publish(first);
        join(waiting);
        assertThat(stillInterrupted).hasValue(true);
        assertThat(pubsub.delivered()).isEqualTo(second.lsn());
    }

    @Test
    void anOutcomeIsGivenOnce() {
        var pending = pubsub.append(List.of(), 1, List.of(), null, PubSub.NO_DEADLINE);
        pubsub.publish(pending);
        assertThatThrownBy(() -> pubsub.abandon(pending)).isInstanceOf(IllegalStateException.class);
    }

    private void publish(Message... messages) {
        pubsub.publish(pubsub.append(List.of(messages), 1, List.of(), null, PubSub.NO_DEADLINE));
    }

    private static Delivery receive(Subscription subscription) {
        try {
            return subscription.receive(LONG).orElseThrow();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String one(Delivery delivery) {
        return texts(List.of(delivery)).getFirst();
    }
}
