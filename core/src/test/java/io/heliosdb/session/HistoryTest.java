package io.heliosdb.session;

import static io.heliosdb.pubsub.Since.since;
import static io.heliosdb.session.Histories.commit;
import static io.heliosdb.session.Histories.payloads;
import static io.heliosdb.session.Histories.take;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliosdb.engine.EngineOptions;
import io.heliosdb.log.LogOptions;
import io.heliosdb.pg.Delivery.Gap;
import io.heliosdb.pg.Delivery.Notification;
import io.heliosdb.pg.Lsn;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.Token;
import io.heliosdb.pubsub.Message;
import io.heliosdb.pubsub.OverflowPolicy;
import io.heliosdb.pubsub.PubSub;
import io.heliosdb.pubsub.SubscribeOptions;
import io.heliosdb.pubsub.Subscription;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/** Subscribers that are slow or come back: what they get, and what they are told is gone. */
@Timeout(120)
class HistoryTest {
    private static final SubscribeOptions TINY = new SubscribeOptions(OverflowPolicy.CATCH_UP, 2);

    @TempDir private Path parent;
    private Path directory;
    private Instance instance;
    private PubSub pubSub;

    @BeforeEach
    void openSmall() {
        directory = parent.resolve("db");
        open(directory, Histories.smallLog());
    }

    private void open(Path where, LogOptions log) {
        instance = Histories.open(where, log);
        pubSub = instance.pubSub();
    }

    @AfterEach
    void close() {
        instance.close();
    }

    @Test
    void whoIsSlowGetsEverythingFromTheLogAndIsLiveAgain() throws InterruptedException {
        try (var slow = pubSub.subscribe(TINY, "a")) {
            for (int i = 0; i < 5000; i++) {
                commit(pubSub, new Message("a", "" + i), new Message("b", "other"));
            }
            assertThat(payloads(take(slow, 5000))).isEqualTo(numbers(0, 5000));
            commit(pubSub, new Message("a", "live"));
            assertThat(payloads(take(slow, 1))).containsExactly("live");
            assertThat(slow.poll()).isEmpty();
        }
    }

    @Test
    void whoStandsStillIsReadFromTheLogBeforeTheQueueIsFull() throws InterruptedException {
        var large = new SubscribeOptions(OverflowPolicy.CATCH_UP, 1 << 20);
        try (var slow = pubSub.subscribe(large, "a")) {
            for (int i = 0; i < 20_000; i++) {
                commit(pubSub, message(i));
            }
            assertThat(pubSub.stats().queued()).isZero();
            assertThat(payloads(take(slow, 20_000))).isEqualTo(numbers(0, 20_000));
        }
    }

    @Test
    void whoTakesNowAndThenHasTheWholeQueue() throws InterruptedException {
        var large = new SubscribeOptions(OverflowPolicy.CATCH_UP, 1 << 20);
        try (var slow = pubSub.subscribe(large, "a")) {
            for (int i = 0; i < 20_000; i++) {
                commit(pubSub, message(i));
                if (i % 4_000 == 0) {
                    assertThat(slow.receive(Duration.ZERO)).isPresent();
                }
            }
            assertThat(pubSub.stats().queued()).isEqualTo(20_000 - 5);
        }
    }

    @Test
    void aQueueThatFellBehindHoldsNothing() throws InterruptedException {
        var large = new SubscribeOptions(OverflowPolicy.CATCH_UP, 1 << 20);
        long bound = pubSub.options().queueBytesMax();
        try (var slow = pubSub.subscribe(large, "a")) {
            long used = used();
            int count = (int) (3 * bound / 7000);
            for (int i = 0; i < count; i++) {
                commit(pubSub, new Message("a", i + "x".repeat(7000)));
            }
            assertThat(used() - used).isLessThan(bound + (16 << 20));
            for (int i = 0; i < count; i++) {
                var next = (Notification) take(slow, 1).getFirst();
                assertThat(next.payload()).startsWith(i + "x");
            }
        }
    }

    @Test
    void aTokenInsideATransactionGoesOnInsideIt() throws InterruptedException {
        Token token;
        try (var first = pubSub.subscribe("a")) {
            commit(pubSub, message(0), new Message("b", "b"), message(1), message(2));
            commit(pubSub, message(3));
            token = ((Notification) take(first, 2).getLast()).token().orElseThrow();
            assertThat(first.token()).isEqualTo(token);
        }
        commit(pubSub, message(4));
        try (var again = pubSub.subscribe(since(token.toString()), "a")) {
            commit(pubSub, message(5));
            assertThat(payloads(take(again, 4))).isEqualTo(numbers(2, 6));
            assertThat(again.poll()).isEmpty();
        }
    }

    @Test
    void aTokenOfASubscriptionThatHasAllIsBehindAllThatCommitted() {
        try (var first = pubSub.subscribe("a")) {
            var before = first.token();
            commit(pubSub, new Message("b", "of no interest"));
            assertThat(first.token().lsn()).isGreaterThan(before.lsn());
            commit(pubSub, message(0));
            var waiting = first.token();
            try (var again = pubSub.subscribe(since(waiting), "a")) {
                assertThat(payloads(again.poll())).containsExactly("0");
            }
            assertThat(first.poll()).hasSize(1);
            try (var again = pubSub.subscribe(since(first.token()), "a")) {
                assertThat(again.poll()).isEmpty();
                commit(pubSub, message(1));
                assertThat(payloads(again.poll())).containsExactly("1");
            }
        }
    }

    @Test
    void aTimeAndADurationBeginWithWhatCommittedThen() throws InterruptedException {
        commit(pubSub, message(0));
        pubSub.subscribe("a").close();
        var time = Instant.now().plusMillis(2);
        while (Instant.now().isBefore(time)) {
            Thread.onSpinWait();
        }
        commit(pubSub, message(1));
        try (var at = pubSub.subscribe(since(time), "a");
                var ago = pubSub.subscribe(since(Duration.ofHours(1)), "a")) {
            assertThat(payloads(take(at, 1))).containsExactly("1");
            assertThat(payloads(take(ago, 2))).containsExactly("0", "1");
            assertThat(at.poll()).isEmpty();
        }
    }

    @Test
    void channelsThatBeginTogetherAreReplayedInOneOrder() throws InterruptedException {
        var token = pubSub.subscribe("a").token();
        for (int i = 0; i < 100; i++) {
            commit(pubSub, new Message(i % 2 == 0 ? "a" : "b", "" + i));
        }
        try (var both = pubSub.subscribe(since(token), "a", "b")) {
            assertThat(payloads(take(both, 100))).isEqualTo(numbers(0, 100));
        }
    }

    @Test
    void aChannelThatIsReplayedLaterBringsNothingOfTheOthersTwice() throws InterruptedException {
        try (var live = pubSub.subscribe(TINY, "a")) {
            var token = live.token();
            for (int i = 0; i < 10; i++) {
                commit(pubSub, message(i), new Message("b", "b" + i));
            }
            assertThat(payloads(take(live, 3))).isEqualTo(numbers(0, 3));
            live.listen(since(token), "b");
            var rest = payloads(take(live, 17));
            assertThat(rest.stream().filter(text -> !text.startsWith("b")))
                    .containsExactlyElementsOf(numbers(3, 10));
            assertThat(rest.stream().filter(text -> text.startsWith("b")).map(t -> t.substring(1)))
                    .containsExactlyElementsOf(numbers(0, 10));
            assertThat(live.poll()).isEmpty();
        }
    }

    @Test
    void whoStopsToListenGetsNothingThatWasHeld() throws InterruptedException {
        try (var slow = pubSub.subscribe(TINY, "a", "b")) {
            for (int i = 0; i < 10; i++) {
                commit(pubSub, message(i), new Message("b", "b" + i));
            }
            slow.unlisten("a");
            slow.listen("a");
            commit(pubSub, message(10));
            assertThat(payloads(take(slow, 11)))
                    .containsExactly(
                            "b0", "b1", "b2", "b3", "b4", "b5", "b6", "b7", "b8", "b9", "10");
            slow.unlisten("a", "b");
            commit(pubSub, message(11));
            assertThat(slow.poll()).isEmpty();
        }
    }

    @Test
    void aWildcardHearsWhatItMatchesLiveAndFromTheLog() throws InterruptedException {
        var token = pubSub.subscribe("x").token();
        try (var live = pubSub.subscribe("orders.*")) {
            live.listenAll("orders.*", "orders");
            assertThat(live.channels()).containsExactly("orders.*", "orders");
            var names = List.of("orders", "orders.", "orders.eu", "orders.eu.1", "ordersx", "x");
            names.forEach(name -> commit(pubSub, new Message(name, name)));
            assertThat(payloads(take(live, 3)))
                    .containsExactly("orders", "orders.eu", "orders.eu.1");
            try (var all = pubSub.subscribe(since(token), "*");
                    var eu = pubSub.subscribe(since(token), "orders.eu.*", "orders.eu.1")) {
                assertThat(payloads(take(all, 6))).isEqualTo(names);
                assertThat(payloads(take(eu, 1))).containsExactly("orders.eu.1");
                live.unlisten("orders.*");
                assertThat(live.channels()).containsExactly("orders");
                commit(pubSub, new Message("orders.eu.1", "last"));
                assertThat(live.poll()).isEmpty();
                assertThat(payloads(take(eu, 1))).containsExactly("last");
            }
        }
        assertThat(pubSub.stats().channels()).isEqualTo(1);
    }

    @Test
    void aTokenOutlivesACleanRestart() throws InterruptedException {
        Token token;
        try (var first = pubSub.subscribe("a")) {
            commit(pubSub, message(0));
            commit(pubSub, message(1), message(2));
            token = ((Notification) take(first, 2).getLast()).token().orElseThrow();
        }
        instance.close();
        open(directory, Histories.smallLog());
        try (var again = pubSub.subscribe(since(token), "a")) {
            commit(pubSub, message(3));
            assertThat(payloads(take(again, 2))).containsExactly("2", "3");
        }
    }

    @Test
    void afterACrashNothingIsBelievedThatWasLostWithIt() throws Exception {
        instance.close();
        // Nobody waits for what only notifies, so the disk never has it.
        open(directory, Histories.smallLog().withUnflushed(1 << 20, Duration.ofHours(1)));
        Token durable;
        Token lost;
        try (var listener = pubSub.subscribe("a");
                var client = new Client(instance)) {
            assertThat(client.run("create table t(i int)")).contains("CREATE TABLE");
            assertThat(client.run("insert into t values (1); notify a, '0'")).contains("NOTIFY");
            assertThat(client.run("insert into t values (2); notify a, '1'")).contains("NOTIFY");
            durable = ((Notification) take(listener, 1).getLast()).token().orElseThrow();
            commit(pubSub, message(2));
            lost = ((Notification) take(listener, 2).getLast()).token().orElseThrow();
        }
        Path image = Histories.image(directory);
        instance.close();
        open(image, Histories.smallLog());
        try (var fromDurable = pubSub.subscribe(since(durable), "a");
                var fromLost = pubSub.subscribe(since(lost), "a")) {
            commit(pubSub, message(3));
            var fresh = pubSub.subscribe("a").token();
            assertThat(payloads(take(fromDurable, 3))).containsExactly("1", "crash", "3");
            assertThat(payloads(take(fromLost, 2))).containsExactly("crash", "3");
            try (var newer = pubSub.subscribe(since(fresh), "a")) {
                commit(pubSub, message(4));
                assertThat(payloads(take(newer, 1))).containsExactly("4");
            }
        }
    }

    @Test
    void aTokenOfAnotherDatabaseIsAGap() throws InterruptedException {
        commit(pubSub, message(0));
        var foreign = new Token(42, new Lsn(1 << 20), 7);
        try (var listener = pubSub.subscribe(since(foreign), "a")) {
            assertThat(payloads(take(listener, 2))).containsExactly("crash", "0");
        }
        var own = pubSub.subscribe("a").token();
        var beyond = new Token(own.timeline(), new Lsn(own.lsn().value() + 8000), 0);
        try (var listener = pubSub.subscribe(since(beyond), "a")) {
            commit(pubSub, message(1));
            assertThat(payloads(take(listener, 2))).containsExactly("crash", "1");
        }
    }

    @Test
    void whatWasRemovedIsAGapAndTheRestComes() throws InterruptedException {
        instance.close();
        var log = Histories.smallLog().withKeep(128 << 10, Duration.ofDays(1)).withHoldBytesMax(0);
        open(directory, log);
        Token token;
        try (var first = pubSub.subscribe("a")) {
            commit(pubSub, message(0));
            token = ((Notification) take(first, 1).getFirst()).token().orElseThrow();
        }
        try (var slow = pubSub.subscribe(TINY, "a")) {
            for (int i = 0; i < 1000; i++) {
                commit(pubSub, new Message("a", "x".repeat(1000)), new Message("b", "" + i));
            }
            instance.engine().checkpoint();
            instance.engine().checkpoint(); // The log is kept back to the one before the last.
            assertGapThenTheRest(slow);
            try (var again = pubSub.subscribe(since(token), "b");
                    var hour = pubSub.subscribe(since(Duration.ofHours(1)), "b")) {
                assertGapThenTheRest(again);
                assertGapThenTheRest(hour);
            }
        }
    }

    private static void assertGapThenTheRest(Subscription subscription)
            throws InterruptedException {
        var gap = (Gap) take(subscription, 1).getFirst();
        assertThat(gap.missed()).isEqualTo(-1);
        assertThat(gap.isVolatile()).isFalse();
        int rest = 0;
        for (var taken = subscription.poll(); !taken.isEmpty(); taken = subscription.poll()) {
            assertThat(taken).allMatch(Notification.class::isInstance);
            rest += taken.size();
        }
        assertThat(rest).isBetween(60, 400);
    }

    @Test
    void aSlowSubscriberHoldsTheLogBack() throws InterruptedException {
        instance.close();
        open(directory, Histories.smallLog().withKeep(0, Duration.ZERO));
        try (var slow = pubSub.subscribe(TINY, "a")) {
            for (int i = 0; i < 500; i++) {
                commit(pubSub, message(i), new Message("b", "x".repeat(1000)));
            }
            instance.engine().checkpoint();
            instance.engine().checkpoint();
            assertThat(payloads(take(slow, 500))).isEqualTo(numbers(0, 500));
        }
        instance.engine().checkpoint();
        instance.engine().checkpoint();
        assertThat(instance.engine().log().orElseThrow().isWhole()).isFalse();
    }

    @Test
    void theEndOfTheDatabaseEndsWhoIsBehind() throws InterruptedException {
        var slow = pubSub.subscribe(TINY, "a");
        IntStream.range(0, 100).forEach(i -> commit(pubSub, message(i)));
        assertThat(payloads(take(slow, 1))).containsExactly("0");
        instance.close();
        var rest = take(slow, 1);
        while (rest.getLast() instanceof Notification) {
            rest.addAll(take(slow, 1));
        }
        assertThat(rest.getLast().toString()).contains("the database is closed");
        assertThat(slow.poll()).isEmpty();
        assertThat(slow.isReady()).isFalse();
    }

    @Test
    void withoutALogThereIsNoHistory() {
        try (var memory = Instance.open(InstanceOptions.of(EngineOptions.inMemory()));
                var listener = memory.pubSub().subscribe("a")) {
            commit(memory.pubSub(), message(0));
            assertThat(((Notification) listener.poll().getFirst()).token()).isEmpty();
            for (Runnable call :
                    List.<Runnable>of(
                            () -> memory.pubSub().subscribe(TINY, "a"),
                            () -> memory.pubSub().subscribe(since(Duration.ofHours(1)), "a"),
                            listener::token)) {
                assertThatThrownBy(call::run)
                        .isInstanceOf(PgException.class)
                        .extracting(e -> ((PgException) e).sqlState())
                        .isEqualTo(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE);
            }
        }
    }

    @Test
    void whatIsNotKeptNeverReachesTheLogAndIsCountedWhereItIsLost() throws Exception {
        instance.close();
        instance = Histories.open(directory, Histories.smallLog(), Histories.RULES);
        pubSub = instance.pubSub();
        try (var slow = pubSub.subscribe(TINY, "a", "n.x", "m.x")) {
            var begin = slow.token();
            var end = instance.engine().log().orElseThrow().end();
            for (int i = 0; i < 5; i++) {
                commit(pubSub, new Message("n.x", "n" + i));
                commit(pubSub, new Message("m.x", "m" + i));
            }
            assertThat(instance.engine().log().orElseThrow().end()).isEqualTo(end);
            commit(
                    pubSub,
                    new Message("n.x", "n5"),
                    message(0),
                    new Message("m.x", "m5"),
                    message(1),
                    new Message("m.x", "m6"));
            assertThat(payloads(take(slow, 10)))
                    .containsExactly("m0", "m1", "m2", "m3", "m4", "0", "m5", "1", "m6", "gap");
            commit(pubSub, new Message("n.x", "live"));
            assertThat(payloads(take(slow, 1))).containsExactly("live");
            try (var again = pubSub.subscribe(since(begin), "m.x", "a");
                    var none = pubSub.subscribe(since(begin), "n.x")) {
                var all = take(again, 9);
                assertThat(payloads(all))
                        .containsExactly("m0", "m1", "m2", "m3", "m4", "0", "m5", "1", "m6");
                assertThat(payloads(take(none, 1))).containsExactly("gap");
                for (int i = 0; i < all.size(); i++) {
                    var token = ((Notification) all.get(i)).token().orElseThrow();
                    try (var rest = pubSub.subscribe(since(token), "m.x", "a")) {
                        assertThat(rest.poll()).isEqualTo(all.subList(i + 1, all.size()));
                    }
                }
            }
            instance.close();
            instance = Histories.open(directory, Histories.smallLog(), Histories.RULES);
            pubSub = instance.pubSub();
            try (var again = pubSub.subscribe(since(begin), "m.x", "a")) {
                assertThat(payloads(take(again, 3))).containsExactly("gap", "0", "1");
            }
        }
    }

    @Test
    void listeningToThePastIsATransactionOfASession() throws IOException {
        commit(pubSub, message(0));
        try (var client = new Client(instance)) {
            assertThat(client.run("begin; select heliosdb_listen('a', '-1 hour')"))
                    .containsExactly("BEGIN", "[null]", "SELECT 1");
            assertThat(client.session.deliveries().channels()).isEmpty();
            assertThat(client.run("rollback")).containsExactly("ROLLBACK");
            assertThat(client.session.deliveries().poll()).isEmpty();
            client.run("select heliosdb_listen('a', '1h'), heliosdb_listen('orders.*')");
            assertThat(payloads(client.session.deliveries().poll())).containsExactly("0");
            assertThat(client.run("select pg_listening_channels()"))
                    .containsExactly("[a]", "[orders.*]", "SELECT 2");
            var token = client.run("select heliosdb_last_token()").getFirst();
            var foreign = new Token(42, new Lsn(8), 0);
            assertThat(token).matches("\\[[0-9a-f]{16}/[0-9a-f]{16}/0\\]");
            assertThat(client.run("select heliosdb_listen('a', '" + foreign + "')").getFirst())
                    .contains("\"volatile\":true");
            assertThat(client.run("select heliosdb_listen('a', 'yesterday?')").getFirst())
                    .startsWith("ERROR 22007");
            assertThat(client.run("select heliosdb_listen('')").getFirst())
                    .startsWith("ERROR 22023 channel name cannot be empty");
        }
    }

    private static Message message(int number) {
        return new Message("a", "" + number);
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(Integer::toString).toList();
    }

    private static long used() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        var runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
