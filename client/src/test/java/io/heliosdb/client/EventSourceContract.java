package io.heliosdb.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliosdb.client.events.ConsumerState;
import io.heliosdb.client.events.EventSource;
import io.heliosdb.client.events.EventStart;
import io.heliosdb.client.events.EventStream;
import io.heliosdb.pg.Delivery;
import io.heliosdb.pg.Delivery.Closed;
import io.heliosdb.pg.Delivery.Gap;
import io.heliosdb.pg.Delivery.Notification;
import io.heliosdb.pg.Lsn;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.Token;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/** What every engine's source of events keeps. */
@Timeout(120)
public abstract class EventSourceContract {
    private static final Duration SOON = Duration.ofSeconds(30);

    /** A source that the test closes. */
    protected EventSource source;

    /** Opens a source of the same database. */
    protected abstract EventSource open();

    /** Nothing that was published until now can be had by a token any more. */
    protected abstract void cutHistory();

    /** Ends the server and starts it; sources opened before may be of no use. */
    protected abstract void restart();

    /** The test is over, and its source closed. */
    protected void end() {}

    /** A source whose engine is gone. */
    protected abstract EventSource openAndLoseTheEngine();

    /** Threads, connections and temporary slots of this JVM's sources. */
    protected abstract List<String> leftovers();

    @BeforeEach
    void openSource() throws SQLException {
        source = open();
        execute("DROP TABLE IF EXISTS event_rows");
        execute("CREATE TABLE event_rows (id int PRIMARY KEY, body text)");
    }

    @AfterEach
    void closeSource() {
        source.consumers().forEach(consumer -> source.dropConsumer(consumer.name()));
        source.close();
        end();
    }

    protected final void execute(String sql) throws SQLException {
        try (var connection = source.connect()) {
            execute(connection, sql);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private void publishAll(Connection connection, String channel, int from, int to)
            throws SQLException {
        for (int i = from; i < to; i++) {
            source.publish(connection, channel, String.valueOf(i));
        }
    }

    /** The next delivery, whatever it is. */
    protected static Delivery next(EventStream stream) throws InterruptedException {
        return stream.receive(SOON).orElseThrow(() -> new AssertionError("nothing came"));
    }

    /** The next delivery, which is an event. */
    protected static Notification event(EventStream stream) throws InterruptedException {
        var delivery = next(stream);
        assertThat(delivery).isInstanceOf(Notification.class);
        return (Notification) delivery;
    }

    /** The payloads of the next events. */
    protected static List<String> payloads(EventStream stream, int count)
            throws InterruptedException {
        var payloads = new ArrayList<String>();
        while (payloads.size() < count) {
            payloads.add(event(stream).payload());
        }
        return payloads;
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(String::valueOf).toList();
    }

    private ConsumerState consumer(String name) {
        return source.consumers().stream()
                .filter(consumer -> consumer.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    protected static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + SOON.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited too long").isLessThan(deadline);
            LockSupport.parkNanos(5_000_000);
        }
    }

    @Test
    void eventsComeInTheOrderOfCommits() throws Exception {
        try (var stream = source.subscribe(EventStart.now(), "orders");
                var first = source.connect();
                var second = source.connect()) {
            first.setAutoCommit(false);
            second.setAutoCommit(false);
            source.publish(first, "orders", "begun first");
            source.publish(second, "orders", "committed first");
            source.publish(first, "orders", "begun first too");
            second.commit();
            first.commit();
            source.publish("orders", "alone");
            assertThat(payloads(stream, 4))
                    .containsExactly("committed first", "begun first", "begun first too", "alone");
        }
    }

    @Test
    void aRollbackPublishesNothing() throws Exception {
        try (var stream = source.subscribe(EventStart.now(), "orders");
                var connection = source.connect()) {
            connection.setAutoCommit(false);
            source.publish(connection, "orders", "rolled back");
            connection.rollback();
            source.publish(connection, "orders", "kept");
            var savepoint = connection.setSavepoint();
            source.publish(connection, "orders", "rolled back to a savepoint");
            connection.rollback(savepoint);
            source.publish(connection, "orders", "kept too");
            connection.commit();
            assertThat(payloads(stream, 2)).containsExactly("kept", "kept too");
            assertThat(stream.receive(Duration.ofMillis(100))).isEmpty();
        }
    }

    @Test
    void whoHasAnEventSeesTheRowsOfItsTransaction() throws Exception {
        try (var stream = source.subscribe(EventStart.now(), "orders");
                var writer = source.connect();
                var reader = source.connect()) {
            writer.setAutoCommit(false);
            for (int i = 0; i < 50; i++) {
                execute(writer, "INSERT INTO event_rows VALUES (" + i + ", 'x')");
                source.publish(writer, "orders", String.valueOf(i));
                writer.commit();
                var id = event(stream).payload();
                try (var statement = reader.createStatement();
                        var rows =
                                statement.executeQuery(
                                        "SELECT 1 FROM event_rows WHERE id = " + id)) {
                    assertThat(rows.next()).as(id).isTrue();
                }
            }
        }
    }

    @Test
    void aTriggerPublishes() throws Exception {
        execute(
                """
                CREATE OR REPLACE FUNCTION tell_rows() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    PERFORM heliosdb_publish('rows', NEW.body);
                    RETURN NEW;
                END $$
                """);
        execute(
                "CREATE TRIGGER tell AFTER INSERT ON event_rows FOR EACH ROW EXECUTE FUNCTION"
                        + " tell_rows()");
        try (var stream = source.subscribe(EventStart.now(), "rows")) {
            execute("INSERT INTO event_rows VALUES (1, 'one'), (2, 'two')");
            assertThat(payloads(stream, 2)).containsExactly("one", "two");
        }
    }

    @Test
    void wildcardsMatchByPrefix() throws Exception {
        try (var all = source.subscribe(EventStart.now(), "*");
                var some = source.subscribe(EventStart.now(), "orders.*", "exact")) {
            for (var channel : List.of("orders.eu", "orders", "exact", "other", "orders.eu.1")) {
                source.publish(channel, "");
            }
            assertThat(List.of(event(some), event(some), event(some)))
                    .extracting(Notification::channel)
                    .containsExactly("orders.eu", "exact", "orders.eu.1");
            assertThat(List.of(event(all), event(all), event(all), event(all), event(all)))
                    .extracting(Notification::channel)
                    .containsExactly("orders.eu", "orders", "exact", "other", "orders.eu.1");
        }
    }

    @Test
    void whatIsNoChannelAndNoPayloadIsRefused() {
        for (var refused : List.of("", "x".repeat(64))) {
            assertThatThrownBy(() -> source.publish(refused, "x"))
                    .isInstanceOfSatisfying(PgException.class, e -> state(e, "22023"));
            assertThatThrownBy(() -> source.subscribe(EventStart.now(), refused))
                    .isInstanceOfSatisfying(PgException.class, e -> state(e, "22023"));
        }
        assertThatThrownBy(() -> source.publish("orders", "x".repeat(8000)))
                .isInstanceOfSatisfying(PgException.class, e -> state(e, "22023"));
        assertThatThrownBy(() -> source.createConsumer("Not this"))
                .isInstanceOfSatisfying(PgException.class, e -> state(e, "22023"));
    }

    private static void state(PgException e, String state) {
        assertThat(e.sqlState().code()).isEqualTo(state);
    }

    @Test
    void aTokenInsideATransactionGoesOnAfterIt() throws Exception {
        Token middle = null;
        try (var stream = source.subscribe(EventStart.now(), "orders");
                var connection = source.connect()) {
            connection.setAutoCommit(false);
            publishAll(connection, "orders", 0, 1000);
            connection.commit();
            for (int i = 0; i < 400; i++) {
                middle = event(stream).token().orElseThrow();
            }
            publishAll(connection, "orders", 1000, 1010);
            connection.commit();
        }
        assertThat(middle).isNotNull();
        try (var stream = source.subscribe(EventStart.after(middle), "orders")) {
            assertThat(payloads(stream, 610)).isEqualTo(numbers(400, 1010));
            source.publish("orders", "live");
            assertThat(payloads(stream, 1)).containsExactly("live");
        }
    }

    @Test
    void aPositionIsBehindAllThatWasTaken() throws Exception {
        Token position;
        try (var stream = source.subscribe(EventStart.now(), "orders")) {
            source.publish("orders", "one");
            payloads(stream, 1);
            var before = stream.position();
            source.publish("other", "not for it");
            execute("INSERT INTO event_rows VALUES (1, 'x')");
            await(() -> stream.position().lsn().compareTo(before.lsn()) > 0);
            position = stream.position();
        }
        source.publish("orders", "two");
        try (var stream = source.subscribe(EventStart.after(position), "orders")) {
            assertThat(payloads(stream, 1)).containsExactly("two");
        }
    }

    @Test
    void aSlowReaderMissesNothing() throws Exception {
        try (var stream = source.subscribe(EventStart.now(), "orders");
                var connection = source.connect()) {
            connection.setAutoCommit(false);
            for (int i = 0; i < 10_000; i += 100) {
                publishAll(connection, "orders", i, i + 100);
                connection.commit();
            }
            assertThat(payloads(stream, 10_000)).isEqualTo(numbers(0, 10_000));
        }
    }

    @Test
    void aConsumerGoesOnBehindWhatWasAcknowledged() throws Exception {
        try (var stream = source.subscribe(EventStart.consumer("billing"), "orders")) {
            for (int i = 0; i < 10; i++) {
                source.publish("orders", String.valueOf(i));
            }
            for (int i = 0; i < 6; i++) {
                var event = event(stream);
                if (i == 3) {
                    stream.ack(event.token().orElseThrow());
                }
            }
        }
        source.publish("orders", "10");
        try (var stream = source.subscribe(EventStart.consumer("billing"), "orders")) {
            assertThat(payloads(stream, 7)).isEqualTo(numbers(4, 11));
        }
    }

    @Test
    void aConsumerThatWasMadeHasWhatWasPublishedSince() throws Exception {
        source.publish("orders", "before");
        source.createConsumer("billing");
        source.publish("orders", "one");
        source.createConsumer("billing");
        source.publish("orders", "two");
        try (var stream = source.subscribe(EventStart.consumer("billing"), "orders")) {
            assertThat(payloads(stream, 2)).containsExactly("one", "two");
        }
    }

    @Test
    void theNewestReaderHasTheConsumer() throws Exception {
        try (var first = source.subscribe(EventStart.consumer("billing"), "orders")) {
            source.publish("orders", "one");
            assertThat(payloads(first, 1)).containsExactly("one");
            try (var second = source.subscribe(EventStart.consumer("billing"), "orders")) {
                var end = next(first);
                assertThat(end)
                        .isInstanceOfSatisfying(
                                Closed.class,
                                closed -> {
                                    assertThat(closed.cause()).isNotNull();
                                    state(closed.cause(), "55006");
                                });
                source.publish("orders", "two");
                assertThat(payloads(second, 2)).containsExactly("one", "two");
                assertThat(consumer("billing").isActive()).isTrue();
            }
        }
        await(() -> !consumer("billing").isActive());
    }

    @Test
    void whenAllIsAcknowledgedThereIsNoLag() throws Exception {
        try (var stream = source.subscribe(EventStart.consumer("billing"), "orders")) {
            source.publish("orders", "one");
            var event = event(stream);
            assertThat(consumer("billing").lagBytes()).isPositive();
            stream.ack(event.token().orElseThrow());
            await(() -> consumer("billing").lagBytes() == 0);
            source.publish("other", "nothing for it");
            execute("INSERT INTO event_rows VALUES (1, 'x')");
            await(() -> consumer("billing").lagBytes() == 0);
        }
    }

    @Test
    void aConsumerThatIsDroppedEndsItsReader() throws Exception {
        try (var stream = source.subscribe(EventStart.consumer("billing"), "orders")) {
            source.dropConsumer("billing");
            assertThat(next(stream))
                    .isInstanceOfSatisfying(
                            Closed.class,
                            closed -> {
                                assertThat(closed.cause()).isNotNull();
                                state(closed.cause(), "42704");
                            });
        }
        assertThat(source.consumers()).isEmpty();
        assertThatThrownBy(() -> source.dropConsumer("billing"))
                .isInstanceOfSatisfying(PgException.class, e -> state(e, "42704"));
    }

    @Test
    void whatIsNotKeptAnyMoreIsAGap() throws Exception {
        Token old;
        try (var stream = source.subscribe(EventStart.now(), "orders")) {
            source.publish("orders", "one");
            old = event(stream).token().orElseThrow();
        }
        source.publish("orders", "cut");
        cutHistory();
        try (var stream = source.subscribe(EventStart.after(old), "orders")) {
            assertThat(next(stream)).isInstanceOf(Gap.class);
            source.publish("orders", "two");
            assertThat(payloads(stream, 1)).containsExactly("two");
        }
    }

    @Test
    void aTokenOfAnotherDatabaseIsAGap() throws Exception {
        var foreign = new Token(0x1234567890L, new Lsn(8), 0);
        try (var stream = source.subscribe(EventStart.after(foreign), "orders")) {
            assertThat(next(stream)).isInstanceOf(Gap.class);
            source.publish("orders", "live");
            var last = event(stream);
            while (!last.payload().equals("live")) {
                last = event(stream);
            }
        }
    }

    @Test
    void aRestartLosesNothingOfAConsumer() throws Exception {
        try (var stream = source.subscribe(EventStart.consumer("billing"), "orders")) {
            source.publish("orders", "0");
            stream.ack(event(stream).token().orElseThrow());
            source.publish("orders", "1");
            payloads(stream, 1);
            await(() -> consumer("billing").lagBytes() > 0);
        }
        restart();
        source.close();
        source = open();
        source.publish("orders", "2");
        try (var stream = source.subscribe(EventStart.consumer("billing"), "orders")) {
            var payloads = new ArrayList<String>();
            while (!payloads.contains("2")) {
                payloads.add(event(stream).payload());
            }
            // What was acknowledged a moment before may come again.
            assertThat(payloads).endsWith("1", "2");
        }
    }

    @Test
    void aTokenIsGoodAfterARestart() throws Exception {
        Token token;
        try (var stream = source.subscribe(EventStart.now(), "orders")) {
            source.publish("orders", "0");
            token = event(stream).token().orElseThrow();
            source.publish("orders", "1");
        }
        restart();
        source.close();
        source = open();
        source.publish("orders", "2");
        try (var stream = source.subscribe(EventStart.after(token), "orders")) {
            assertThat(payloads(stream, 2)).containsExactly("1", "2");
        }
    }

    @Test
    void healthTellsAnEngineThatIsGone() {
        assertThat(source.health().isUp()).isTrue();
        try (var lost = openAndLoseTheEngine()) {
            var health = lost.health();
            assertThat(health.isUp()).isFalse();
            assertThat(health.detail()).isNotEmpty();
        }
    }

    @Test
    void nothingIsLeftOfAClosedSource() throws Exception {
        source.close();
        await(() -> leftovers().isEmpty());
        var other = open();
        var stream = other.subscribe(EventStart.now(), "orders");
        var consumer = other.subscribe(EventStart.consumer("billing"), "orders");
        other.publish("orders", "one");
        payloads(stream, 1);
        payloads(consumer, 1);
        other.close();
        assertThat(next(stream)).isEqualTo(new Closed(null));
        assertThat(next(consumer)).isEqualTo(new Closed(null));
        await(() -> leftovers().isEmpty());
        source = open();
        assertThat(consumer("billing").isActive()).isFalse();
    }
}
