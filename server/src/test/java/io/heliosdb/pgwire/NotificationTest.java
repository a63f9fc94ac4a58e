package io.heliosdb.pgwire;

import static io.heliosdb.pgwire.RawClient.bind;
import static io.heliosdb.pgwire.RawClient.execute;
import static io.heliosdb.pgwire.RawClient.flush;
import static io.heliosdb.pgwire.RawClient.parse;
import static io.heliosdb.pgwire.RawClient.query;
import static io.heliosdb.pgwire.RawClient.shape;
import static io.heliosdb.pgwire.RawClient.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliosdb.pgwire.RawClient.Message;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * When NotificationResponse comes: PostgreSQL 15 as observed, rules 23 to 31 of LISTEN/NOTIFY over
 * the wire.
 */
@Timeout(60)
final class NotificationTest {
    private static final int MOMENT_MILLIS = 100;

    private static TestServer server;
    private RawClient listener;
    private RawClient notifier;

    @BeforeAll
    static void start() {
        server = new TestServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void connect() throws IOException {
        listener = server.ready();
        notifier = server.ready();
        listener.run("listen c");
    }

    @AfterEach
    void disconnect() throws IOException {
        listener.close();
        notifier.close();
    }

    private static String notified(Message message) {
        assertThat(message.type()).isEqualTo('A');
        return String.join(" ", message.strings(4));
    }

    @Test
    void idleListenerHearsAtOnceWithTheSendersPid() throws IOException {
        notifier.run("notify c, 'p'");
        var message = listener.read();
        assertThat(notified(message)).isEqualTo("c p");
        assertThat(ByteBuffer.wrap(message.body()).getInt()).isEqualTo(notifier.pid());
    }

    @Test
    void ownNotificationComesBetweenCompleteAndReady() throws IOException {
        assertThat(shape(listener.run("notify c"))).isEqualTo("CAZ");
        assertThat(shape(listener.run("notify c; select 1; notify c, 'x'"))).isEqualTo("CTDCCAAZ");
        listener.send(parse("", "notify c"), bind(), execute(0), sync());
        assertThat(shape(listener.untilReady())).isEqualTo("12CAZ");
    }

    @Test
    void transactionBlockHoldsThemBack() throws IOException {
        listener.run("begin");
        notifier.run("notify c, 'held'");
        assertThat(listener.isSilentFor(MOMENT_MILLIS)).isTrue();
        assertThat(shape(listener.run("select 1"))).isEqualTo("TDCZ");
        assertThat(shape(listener.run("commit"))).isEqualTo("CAZ");
    }

    @Test
    void failedTransactionBlockHoldsThemBackToo() throws IOException {
        listener.run("begin; selec");
        listener.run("begin");
        listener.run("select 1/0");
        notifier.run("notify c, 'held'");
        assertThat(listener.isSilentFor(MOMENT_MILLIS)).isTrue();
        assertThat(shape(listener.run("rollback"))).isEqualTo("CAZ");
    }

    @Test
    void batchWithoutSyncHoldsThemBack() throws IOException {
        listener.send(parse("", "select 1"), flush());
        assertThat(listener.read().type()).isEqualTo('1');
        notifier.run("notify c, 'held'");
        assertThat(listener.isSilentFor(MOMENT_MILLIS)).isTrue();
        listener.send(sync());
        assertThat(shape(listener.untilReady())).isEqualTo("AZ");
    }

    @Test
    void halfASentMessageDoesNotHoldThemBack() throws IOException {
        var query = query("select 1");
        listener.send(java.util.Arrays.copyOf(query, 3));
        notifier.run("notify c, 'x'");
        assertThat(notified(listener.read())).isEqualTo("c x");
        listener.send(java.util.Arrays.copyOfRange(query, 3, query.length));
        assertThat(shape(listener.untilReady())).isEqualTo("TDCZ");
    }

    @Test
    void busyListenerHearsAfterItsStatement() throws IOException {
        notifier.run("create table busy (i int); insert into busy values (1)");
        try (var holder = server.ready()) {
            holder.run("begin; update busy set i = 2");
            listener.send(query("update busy set i = 3"));
            awaitLockWait(listener.pid());
            notifier.run("notify c, '1'");
            notifier.run("notify c, '2'");
            holder.run("commit");
            assertThat(shape(listener.untilReady())).isEqualTo("CAAZ");
        } finally {
            notifier.run("drop table busy");
        }
    }

    /** Until a session runs a statement that cannot end before a lock is given up. */
    private void awaitLockWait(int pid) throws IOException {
        var waits =
                "select 1 from pg_stat_activity where wait_event_type = 'Lock' and pid = " + pid;
        while (notifier.run(waits).stream().noneMatch(message -> message.type() == 'D')) {
            Thread.onSpinWait();
        }
    }

    @Test
    void unlistenedChannelIsSilent() throws IOException {
        listener.run("unlisten c");
        notifier.run("notify c, 'x'");
        assertThat(listener.isSilentFor(MOMENT_MILLIS)).isTrue();
        listener.run("listen c");
        notifier.run("notify c, 'y'");
        assertThat(notified(listener.read())).isEqualTo("c y");
    }

    @Test
    void everyListenerHearsEverythingInOneOrder() throws Exception {
        int each = 200;
        try (var other = server.ready();
                var second = server.ready()) {
            other.run("listen c");
            var sending = Thread.ofVirtual().start(() -> sendAll(second, "b", each));
            sendAll(notifier, "a", each);
            sending.join();
            var heard = hear(listener, 2 * each);
            assertThat(hear(other, 2 * each)).isEqualTo(heard);
            assertThat(heard.stream().filter(text -> text.startsWith("c a")))
                    .hasSize(each)
                    .isSortedAccordingTo((left, right) ->
                            Integer.compare(
                                    Integer.parseInt(left.substring(3)),
                                    Integer.parseInt(right.substring(3))));
        }
    }

    private static void sendAll(RawClient client, String prefix, int count) {
        try {
            for (int i = 0; i < count; i++) {
                client.run("notify c, '" + prefix + i + "'");
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> hear(RawClient client, int count) throws IOException {
        var heard = new ArrayList<String>();
        while (heard.size() < count) {
            heard.add(notified(client.read()));
        }
        return heard;
    }

    @Test
    void queriesAndForeignNotificationsNeverMixWithinAnAnswer() throws Exception {
        var sending = Thread.ofVirtual().start(() -> sendAll(notifier, "n", 300));
        int heard = 0;
        var shapes = new ArrayList<String>();
        for (int i = 0; i < 300; i++) {
            listener.send(query("select 1"));
            var messages = listener.untilReady();
            heard += (int) messages.stream().filter(m -> m.type() == 'A').count();
            shapes.add(shape(messages));
        }
        sending.join();
        while (heard < 300) {
            notified(listener.read());
            heard++;
        }
        assertThat(shapes).allMatch(shape -> shape.matches("A*TDCA*Z"));
    }
}
