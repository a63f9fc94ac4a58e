package io.heliosdb.pubsub;

import static io.heliosdb.pubsub.PubSubTest.assertFails;
import static io.heliosdb.pubsub.PubSubTest.join;
import static io.heliosdb.pubsub.PubSubTest.texts;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliosdb.pg.Delivery;
import io.heliosdb.pg.Delivery.Closed;
import io.heliosdb.pg.Delivery.Gap;
import io.heliosdb.pg.Lsn;
import io.heliosdb.pg.PgException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/** A full queue does what its policy says, and says so. */
class OverflowTest {
    private static final String FULL = "too many notifications in the NOTIFY queue";

    private final PubSub pubsub = PubSub.open(PubSubOptions.defaults().withQueueBytesMax(10_000));

    @AfterEach
    void close() {
        pubsub.close();
    }

    @Test
    void dropOldestLeavesAGapInThePlaceOfTheLoss() {
        var subscription = subscribe(OverflowPolicy.DROP_OLDEST, 2, "a");
        notifyAll("a", 1, 5);

        var deliveries = subscription.poll();
        assertThat(deliveries.getFirst()).isEqualTo(new Gap(Lsn.ZERO, new Lsn(4), 3, false));
        assertThat(texts(deliveries).subList(1, 3)).containsExactly("a:4", "a:5");
        assertThat(pubsub.stats().dropped()).isEqualTo(3);

        notifyAll("a", 6, 7);
        assertThat(texts(subscription)).containsExactly("a:6", "a:7");
    }

    @Test
    void dropOldestKeepsTheRestOfTheTransactionThatIsBeingTaken() {
        var subscription = subscribe(OverflowPolicy.DROP_OLDEST, 1, "a");
        publish(new Message("a", "1"), new Message("a", "2"));
        assertThat(take(subscription)).isEqualTo("a:1");
        notifyAll("a", 3, 4);

        assertThat(take(subscription)).isEqualTo("a:2");
        assertThat(take(subscription)).startsWith("Gap[from=0/2, to=0/3, missed=1");
        assertThat(take(subscription)).isEqualTo("a:4");
    }

    @Test
    void dropOldestDoesNotCountWhatTheSubscriberDidNotWant() {
        var subscription = subscribe(OverflowPolicy.DROP_OLDEST, 1, "a", "b");
        pubsub.notify("b", "1");
        subscription.unlisten("b");
        pubsub.notify("a", "2");

        assertThat(texts(subscription)).containsExactly("a:2");
        assertThat(pubsub.stats().dropped()).isZero();
    }

    @Test
    void coalesceKeepsTheNewestOfEachChannelThenTheGapThenTheRest() {
        var subscription = subscribe(OverflowPolicy.COALESCE, 4, "a", "b");
        notifyAll("a", 1, 3);
        pubsub.notify("b", "4");
        notifyAll("a", 5, 6);

        assertThat(texts(subscription))
                .containsExactly(
                        "a:3",
                        "b:4",
                        "Gap[from=0/0, to=0/4, missed=2, isVolatile=false]",
                        "a:5",
                        "a:6");
        assertThat(pubsub.stats().dropped()).isEqualTo(2);
    }

    @Test
    void coalesceStaysBoundedHoweverLongNobodyTakes() {
        var subscription = subscribe(OverflowPolicy.COALESCE, 4, "a");
        notifyAll("a", 1, 1000);

        var deliveries = subscription.poll();
        assertThat(deliveries).hasSizeLessThanOrEqualTo(6);
        assertThat(texts(deliveries).getLast()).isEqualTo("a:1000");
        long missed =
                deliveries.stream().mapToLong(d -> d instanceof Gap gap ? gap.missed() : 1).sum();
        assertThat(missed).isEqualTo(1000);
    }

    @Test
    void closeGivesWhatWasQueuedAndThenTheEndWithAHint() {
        var subscription = subscribe(OverflowPolicy.CLOSE, 2, "a");
        notifyAll("a", 1, 4);

        var deliveries = subscription.poll();
        assertThat(texts(deliveries.subList(0, 2))).containsExactly("a:1", "a:2");
        assertThat(deliveries).hasSize(3);
        assertThat(deliveries.get(2)).isInstanceOfSatisfying(Closed.class, OverflowTest::isTooSlow);
        assertThat(subscription.poll()).isEmpty();
        assertThat(subscription.isEnded()).isTrue();
        assertThat(pubsub.stats().channels()).isZero();
    }

    @Test
    void nothingIsQueuedAfterTheOverflowThatCloses() {
        var subscription = subscribe(OverflowPolicy.CLOSE, 1, "a");
        var other = subscribe(OverflowPolicy.CLOSE, 9, "a");
        publish(new Message("a", "1"));
        publish(new Message("a", "2"));
        assertThat(take(subscription)).isEqualTo("a:1");
        publish(new Message("a", "3"));

        assertThat(take(subscription)).startsWith("Closed");
        assertThat(texts(other)).containsExactly("a:1", "a:2", "a:3");
    }

    @Test
    void refuseFailsTheCommitAndNothingHappened() {
        var slow = subscribe(OverflowPolicy.REFUSE, 2, "a");
        var other = subscribe(OverflowPolicy.CLOSE, 9, "a");
        notifyAll("a", 1, 2);
        assertFails(() -> pubsub.notify("a", "3"), "54000", FULL);
        pubsub.notify("b", "unheard");

        assertThat(texts(slow)).containsExactly("a:1", "a:2");
        assertThat(texts(other)).containsExactly("a:1", "a:2");
        notifyAll("a", 4, 5);
        assertThat(texts(slow)).containsExactly("a:4", "a:5");
    }

    @Test
    void whatIsInFlightCountsAgainstTheRoom() {
        subscribe(OverflowPolicy.REFUSE, 2, "a");
        var first = append("a");
        var second = append("a");
        assertFails(() -> append("a"), "54000", FULL);
        pubsub.abandon(first);
        var third = append("a");
        assertFails(() -> append("a"), "54000", FULL);
        pubsub.publish(second);
        pubsub.publish(third);
        assertFails(() -> append("a"), "54000", FULL);
    }

    @Test
    void theSharedBudgetIsUsedFromTheSlowestPositionToTheHead() {
        var slow = subscribe(OverflowPolicy.REFUSE, 1000, "a");
        var quick = subscribe(OverflowPolicy.REFUSE, 1000, "a", "b");
        assertThat(pubsub.queueUsage()).isZero();
        pubsub.notify("a", "x".repeat(4000));
        quick.poll();
        pubsub.notify("b", "x".repeat(4000));
        quick.poll();
        assertThat(pubsub.queueUsage()).isBetween(0.8, 0.9);
        assertFails(() -> pubsub.notify("b", "x".repeat(4000)), "54000", FULL);
        pubsub.notify("nobody", "x".repeat(4000));

        slow.poll();
        assertThat(pubsub.queueUsage()).isZero();
        pubsub.notify("b", "x".repeat(4000));
        assertThat(quick.poll()).hasSize(1);
    }

    @Test
    void aSlowSubscriberThatClosesGivesTheBudgetBack() {
        var slow = subscribe(OverflowPolicy.REFUSE, 1000, "a");
        var other = subscribe(OverflowPolicy.REFUSE, 1000, "a");
        pubsub.notify("a", "x".repeat(7000));
        other.poll();
        assertFails(() -> pubsub.notify("a", "x".repeat(7000)), "54000", FULL);
        slow.close();
        pubsub.notify("a", "x".repeat(7000));
        assertThat(other.poll()).hasSize(1);
    }

    @Test
    void aTransactionIsRefusedOnceHoweverManyOfItsChannelsTheQueueHears() {
        var slow = subscribe(OverflowPolicy.REFUSE, 1, "a", "b");
        publish(new Message("a", "1"), new Message("b", "2"));
        assertFails(() -> publish(new Message("b", "3"), new Message("a", "4")), "54000", FULL);
        assertThat(texts(slow)).containsExactly("a:1", "b:2");
        publish(new Message("b", "3"), new Message("a", "4"));
        assertThat(texts(slow)).containsExactly("b:3", "a:4");
    }

    @Test
    void blockWaitsUntilThereIsRoom() {
        var subscription = subscribe(OverflowPolicy.BLOCK, 1, "a");
        pubsub.notify("a", "1");
        var publisher = Thread.startVirtualThread(() -> pubsub.notify("a", "2"));
        awaitParked(publisher);

        assertThat(texts(subscription)).containsExactly("a:1");
        join(publisher);
        assertThat(texts(subscription)).containsExactly("a:2");
    }

    @Test
    void blockGivesUpAtTheDeadlineAndNothingHappened() {
        var subscription = subscribe(OverflowPolicy.BLOCK, 1, "a");
        pubsub.notify("a", "1");
        var late = List.of(new Message("a", "2"));
        assertFails(
                () -> pubsub.append(late, 1, List.of(), null, System.nanoTime() + 1_000_000),
                "57014",
                "canceling statement due to statement timeout");
        assertThat(texts(subscription)).containsExactly("a:1");
    }

    @Test
    void blockEndsWithAnInterruptWhichStaysSet() {
        subscribe(OverflowPolicy.BLOCK, 1, "a");
        pubsub.notify("a", "1");
        var outcome = new AtomicReference<String>();
        var publisher =
                Thread.startVirtualThread(() -> {
                    try {
                        pubsub.notify("a", "2");
                    } catch (PgException e) {
                        outcome.set(e.sqlState().code() + Thread.currentThread().isInterrupted());
                    }
                });
        awaitParked(publisher);
        publisher.interrupt();
        join(publisher);
        assertThat(outcome).hasValue("57014true");
    }

    @Test
    void blockEndsWhenTheSlowSubscriberCloses() {
        var subscription = subscribe(OverflowPolicy.BLOCK, 1, "a");
        pubsub.notify("a", "1");
        var publisher = Thread.startVirtualThread(() -> pubsub.notify("a", "2"));
        awaitParked(publisher);
        subscription.close();
        join(publisher);
        assertThat(pubsub.delivered()).isEqualTo(new Lsn(3));
    }

    @Test
    void nobodyWaitsForTheirOwnQueue() {
        var own = subscribe(OverflowPolicy.BLOCK, 1, "a");
        pubsub.notify("a", "1");
        var messages = List.of(new Message("a", "2"));
        assertFails(
                () -> pubsub.append(messages, 1, List.of(), own, PubSub.NO_DEADLINE),
                "54000",
                FULL);
    }

    @Test
    void aLargeQueueRefusesExactlyWhenItIsFull() {
        try (var wide = PubSub.open(PubSubOptions.defaults())) {
            var slow = wide.subscribe(new SubscribeOptions(OverflowPolicy.REFUSE, 5000), "a");
            for (int i = 0; i < 5000; i++) {
                wide.notify("a", "x");
            }
            assertFails(() -> wide.notify("a", "x"), "54000", FULL);
            assertThat(slow.poll()).hasSize(5000);
            wide.notify("a", "x");
            assertThat(slow.poll()).hasSize(1);
        }
    }

    private Subscription subscribe(OverflowPolicy overflow, int capacity, String... channels) {
        return pubsub.subscribe(new SubscribeOptions(overflow, capacity), channels);
    }

    private void notifyAll(String channel, int from, int to) {
        for (int i = from; i <= to; i++) {
            pubsub.notify(channel, Integer.toString(i));
        }
    }

    private Pending append(String channel) {
        return pubsub.append(
                List.of(new Message(channel, "x")), 1, List.of(), null, PubSub.NO_DEADLINE);
    }

    private void publish(Message... messages) {
        pubsub.publish(pubsub.append(List.of(messages), 1, List.of(), null, PubSub.NO_DEADLINE));
    }

    private static String take(Subscription subscription) {
        try {
            List<Delivery> one = subscription.receive(Duration.ZERO).stream().toList();
            return texts(one).getFirst();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void isTooSlow(Closed closed) {
        assertThat(closed.cause()).isNotNull();
        assertThat(closed.cause().sqlState().code()).isEqualTo("54000");
        assertThat(closed.cause().hint()).isNotEmpty();
    }

    /** A thread cannot say that it is about to park; its state says that it did. */
    static void awaitParked(Thread thread) {
        while (thread.getState() != Thread.State.WAITING
                && thread.getState() != Thread.State.TIMED_WAITING) {
            assertThat(thread.isAlive()).isTrue();
            LockSupport.parkNanos(100_000);
        }
    }
}
