package io.heliosdb.pubsub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliosdb.pg.Delivery;
import io.heliosdb.pg.Delivery.Notification;
import io.heliosdb.pg.PgException;
import io.heliosdb.pubsub.ListenAction.Listen;
import io.heliosdb.pubsub.ListenAction.Unlisten;
import io.heliosdb.pubsub.ListenAction.UnlistenAll;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/**
 * What PostgreSQL's LISTEN and NOTIFY promise; the numbers are those of the contract's
 * observations.
 */
class PubSubTest {
    private final PubSub pubsub = PubSub.open(PubSubOptions.defaults().withPid(7));

    @AfterEach
    void close() {
        pubsub.close();
    }

    @Test
    void everySubscriberOfTheChannelGetsTheNotification() {
        var first = pubsub.subscribe("a");
        var second = pubsub.subscribe("b", "a");
        var other = pubsub.subscribe("b");

        pubsub.notify("a", "hello");

        assertThat(texts(first)).containsExactly("a:hello");
        assertThat(texts(second)).containsExactly("a:hello");
        assertThat(other.poll()).isEmpty();
    }

    @Test
    void aNotificationTellsItsPositionItsSenderAndItsPlace() {
        var subscription = pubsub.subscribe("a");
        var pending = append(null, new Message("x", "1"), new Message("a", "2"));
        pubsub.publish(pending);

        assertThat(subscription.poll())
                .containsExactly(new Notification(pending.lsn(), 1, 42, "a", "2"));
        assertThat(pubsub.delivered()).isEqualTo(pending.lsn());
    }

    @Test
    void nothingIsHeardBeforePublishAndEarlierOnesComeFirst() {
        var subscription = pubsub.subscribe("a");
        var first = append(null, new Message("a", "first"));
        var second = append(null, new Message("a", "second"));
        var later = Thread.startVirtualThread(() -> pubsub.publish(second));
        assertThat(subscription.poll()).isEmpty();

        pubsub.publish(first);
        join(later);

        assertThat(texts(subscription)).containsExactly("a:first", "a:second");
    }

    @Test
    void anAbandonedTransactionPassesWithoutATrace() {
        var subscription = pubsub.openSubscription(new SubscribeOptions(OverflowPolicy.CLOSE, 8));
        var gone =
                pubsub.append(
                        List.of(new Message("a", "gone")),
                        42,
                        List.of(new Listen("a")),
                        subscription,
                        PubSub.NO_DEADLINE);
        pubsub.abandon(gone);
        pubsub.notify("a", "kept");

        assertThat(subscription.channels()).isEmpty();
        assertThat(subscription.poll()).isEmpty();
        assertThat(pubsub.stats().channels()).isZero();
    }

    @Test
    void aTransactionsNotificationsAreContiguousAndInTheOrderOfIssue() {
        var subscription = pubsub.subscribe("a", "b");
        pubsub.publish(
                append(null, new Message("b", "1"), new Message("a", "2"), new Message("b", "3")));
        pubsub.publish(append(null, new Message("a", "4")));

        assertThat(texts(subscription)).containsExactly("b:1", "a:2", "b:3", "a:4");
    }

    @Test
    void whatWasIssuedBeforeTheListenCommittedButCommitsAfterIsDelivered() {
        var subscription = pubsub.subscribe("a");
        var before = append(null, new Message("b", "before"));
        var listen = act(subscription, new Listen("b"));
        var after = append(null, new Message("b", "after"));
        pubsub.publish(before);
        pubsub.publish(listen);
        pubsub.publish(after);

        assertThat(texts(subscription)).containsExactly("b:after");
    }

    @Test
    void aTransactionOnTwoChannelsGivesOnlyWhatIsListenedToAtItsPosition() {
        var subscription = pubsub.subscribe("a");
        pubsub.publish(append(null, new Message("b", "1"), new Message("a", "2")));
        subscription.listen("b");

        assertThat(texts(subscription)).containsExactly("a:2");
    }

    @Test
    void listenAndUnlistenApplyInOrder() {
        var subscription = pubsub.subscribe("x");
        pubsub.publish(act(subscription, new Listen("y"), new Unlisten("y")));
        assertThat(subscription.channels()).containsExactly("x");

        pubsub.publish(act(subscription, new UnlistenAll(), new Listen("z")));
        assertThat(subscription.channels()).containsExactly("z");
        assertThat(pubsub.stats().channels()).isEqualTo(1);
    }

    @Test
    void aSelfNotificationIsHeardWithListenInTheSameTransactionAndNotWithUnlisten() {
        var subscription = pubsub.openSubscription(new SubscribeOptions(OverflowPolicy.CLOSE, 8));
        pubsub.publish(append(subscription, List.of(new Listen("a")), new Message("a", "joined")));
        assertThat(texts(subscription)).containsExactly("a:joined");

        pubsub.publish(append(subscription, List.of(new Unlisten("a")), new Message("a", "left")));
        assertThat(subscription.poll()).isEmpty();
    }

    @Test
    void unlistenDropsWhatIsHeldForTheChannelOnly() {
        var subscription = pubsub.subscribe("a", "b");
        pubsub.notify("a", "1");
        pubsub.notify("b", "2");
        subscription.unlisten("a");
        pubsub.notify("a", "3");

        assertThat(texts(subscription)).containsExactly("b:2");
        subscription.listen("a");
        assertThat(subscription.poll()).isEmpty();
    }

    @Test
    void leavingAndJoiningInOneTransactionKeepsWhatIsHeldAndMovesToTheEnd() {
        var subscription = pubsub.subscribe("a", "b");
        pubsub.notify("a", "held");
        pubsub.publish(act(subscription, new Unlisten("a"), new Listen("a")));

        assertThat(subscription.channels()).containsExactly("b", "a");
        assertThat(texts(subscription)).containsExactly("a:held");
    }

    @Test
    void listeningTwiceIsListeningOnceAndUnlistenOfAnUnknownChannelIsSilent() {
        var subscription = pubsub.subscribe("a", "a");
        subscription.listen("a");
        subscription.unlisten("nobody");
        pubsub.notify("a", "once");
        assertThat(texts(subscription)).containsExactly("a:once");

        subscription.unlisten("a");
        pubsub.notify("a", "none");
        assertThat(subscription.poll()).isEmpty();
    }

    @Test
    void channelsAreListedInTheOrderOfRegistration() {
        var subscription = pubsub.subscribe("c", "a", "b");
        assertThat(subscription.channels()).containsExactly("c", "a", "b");
        subscription.unlisten("c");
        subscription.listen("c");
        assertThat(subscription.channels()).containsExactly("a", "b", "c");
    }

    @Test
    void namesAndPayloadsThatPostgreSqlRefusesAreRefused() {
        assertFails(() -> pubsub.notify("", "p"), "22023", "channel name cannot be empty");
        assertFails(() -> pubsub.notify("é".repeat(32), "p"), "22023", "channel name too long");
        assertFails(() -> pubsub.subscribe("c".repeat(64)), "22023", "channel name too long");
        assertFails(() -> pubsub.notify("c", "p".repeat(8000)), "22023", "payload string too long");
        assertFails(() -> pubsub.notify("c", "é".repeat(4000)), "22023", "payload string too long");
        assertFails(
                () -> pubsub.notify("c", "a\0b"),
                "22021",
                "invalid byte sequence for encoding \"UTF8\": 0x00");
        assertFails(
                () -> pubsub.notify("c", "\uD800"),
                "22021",
                "invalid byte sequence for encoding \"UTF8\": 0xed 0xa0 0x80");
        assertFails(
                () -> pubsub.notify("\uDC00c", ""),
                "22021",
                "invalid byte sequence for encoding \"UTF8\": 0xed 0xb0 0x80");
        assertThat(pubsub.stats().subscriptions()).isZero();
    }

    @Test
    void theLongestNamesAndPayloadsAreAccepted() {
        var channel = "é".repeat(31) + "c";
        var subscription = pubsub.subscribe(channel);
        var emoji = "😀".repeat(1999) + "abc";
        pubsub.notify(channel, "p".repeat(7999));
        pubsub.notify(channel, emoji);
        assertThat(texts(subscription))
                .containsExactly(channel + ":" + "p".repeat(7999), channel + ":" + emoji);
    }

    @Test
    void beyondMaxChannelsListenFailsBeforeAnythingChanged() {
        try (var small = PubSub.open(PubSubOptions.defaults().withMaxChannels(2))) {
            var subscription = small.subscribe("a");
            assertFails(
                    () -> subscription.listen("b", "c"),
                    "53400",
                    "too many channels: the limit is 2");
            assertThat(subscription.channels()).containsExactly("a");
            subscription.listen("b");
            small.subscribe("a", "b").close();
            assertFails(() -> small.subscribe("c"), "53400", "too many channels: the limit is 2");
            subscription.unlisten("a");
            small.subscribe("c").close();
            assertThat(small.stats().channels()).isEqualTo(1);
        }
    }

    @Test
    void disabledItRefusesWithAHint() {
        try (var off = PubSub.open(PubSubOptions.defaults().withEnabled(false))) {
            assertFails(() -> off.subscribe("a"), "0A000", "LISTEN and NOTIFY are disabled");
            assertFails(() -> off.notify("a", ""), "0A000", "LISTEN and NOTIFY are disabled");
            off.publish(off.append(List.of(), 1, List.of(), null, PubSub.NO_DEADLINE));
            assertThat(off.stats().subscriptions()).isZero();
        }
    }

    @Test
    void theCountersTellWhatHappened() {
        var subscription = pubsub.subscribe("a");
        pubsub.subscribe("a", "b");
        pubsub.notify("a", "1");
        pubsub.notify("nobody", "2");
        subscription.poll();

        var stats = pubsub.stats();
        assertThat(stats).isEqualTo(new PubSubStats(2, 2, 1, 0, 2, 2, 1, 0, stats.delays()));
        assertThat(stats.delays().count()).isEqualTo(1);
    }

    private Pending append(Subscription own, List<ListenAction> actions, Message... messages) {
        return pubsub.append(List.of(messages), 42, actions, own, PubSub.NO_DEADLINE);
    }

    private Pending append(Subscription own, Message... messages) {
        return append(own, List.of(), messages);
    }

    private Pending act(Subscription own, ListenAction... actions) {
        return append(own, List.of(actions));
    }

    static List<String> texts(Subscription subscription) {
        return texts(subscription.poll());
    }

    static List<String> texts(List<Delivery> deliveries) {
        var texts = new ArrayList<String>();
        for (var delivery : deliveries) {
            texts.add(
                    delivery instanceof Notification n
                            ? n.channel() + ":" + n.payload()
                            : delivery.toString());
        }
        return texts;
    }

    static void assertFails(Runnable call, String sqlState, String message) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        PgException.class, e -> assertThat(e.sqlState().code()).isEqualTo(sqlState))
                .hasMessage(message);
    }

    static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
