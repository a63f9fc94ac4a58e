package io.heliosdb.pgwire;

import static io.heliosdb.pgwire.RawClient.error;
import static io.heliosdb.pgwire.RawClient.message;
import static io.heliosdb.pgwire.RawClient.query;
import static io.heliosdb.pgwire.RawClient.shape;
import static io.heliosdb.pgwire.RawClient.startup;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** Everything a client can do too much of, and how a connection is ended from outside. */
@Timeout(60)
final class LimitsTest {
    @Test
    void connectionBeyondTheLimitIsRefusedInWordsAndCancelStillWorks() throws Exception {
        try (var server = new TestServer(options -> options.withConnectionsMax(2));
                var first = server.ready();
                var second = server.ready()) {
            try (var third = server.connect()) {
                third.send(startup(Map.of("user", "postgres")));
                assertThat(error(third.untilEnd()))
                        .containsEntry('S', "FATAL")
                        .containsEntry('C', "53300")
                        .containsEntry('M', "sorry, too many clients already");
            }
            first.send(query("select pg_sleep(60)"));
            assertThat(second.run("select 1")).isNotEmpty();
            do {
                first.cancel(); // one that comes before its statement ends nothing
            } while (first.socket().getInputStream().available() == 0);
            assertThat(error(first.untilReady())).containsEntry('C', "57014");
            second.send(message('X', new byte[0]));
            second.untilEnd();
            connectAgain(server).close();
        }
    }

    /** The place of one who left is free once its backend has ended. */
    private static RawClient connectAgain(TestServer server) throws IOException {
        while (true) {
            var client = server.connect();
            client.send(startup(Map.of("user", "postgres")));
            var messages = new ArrayList<RawClient.Message>();
            do {
                messages.add(client.read());
            } while (messages.getLast().type() != 'Z' && messages.getLast().type() != 'E');
            if (messages.getLast().type() == 'Z') {
                return client;
            }
            client.close();
        }
    }

    @Test
    void messageBeyondTheLimitEndsOnlyItsConnection() throws IOException {
        try (var server = new TestServer(options -> options.withMessageBytesMax(10_000));
                var client = server.ready();
                var other = server.ready()) {
            client.send(ByteBuffer.allocate(5).put((byte) 'Q').putInt(10_001).array());
            assertThat(error(client.untilEnd())).containsEntry('C', "54000");
            assertThat(shape(other.run("select 1"))).isEqualTo("TDCZ");
        }
    }

    @Test
    void impossibleMessageLengthIsClosedWithoutAWord() throws IOException {
        try (var server = new TestServer()) {
            for (int length : new int[] {3, -1, Integer.MAX_VALUE}) {
                try (var client = server.ready()) {
                    client.send(ByteBuffer.allocate(5).put((byte) 'Q').putInt(length).array());
                    assertThat(client.untilEnd()).isEmpty();
                }
            }
        }
    }

    @Test
    void idleSessionEndsInTime() throws IOException {
        try (var server = new TestServer();
                var client = server.ready()) {
            client.run("set idle_session_timeout = 50");
            assertThat(error(client.untilEnd()))
                    .containsEntry('S', "FATAL")
                    .containsEntry('C', "57P05")
                    .containsEntry('M', "terminating connection due to idle-session timeout");
        }
    }

    @Test
    void bytesThatTrickleInDoNotKeepAnIdleSession() throws Exception {
        try (var server = new TestServer();
                var client = server.ready()) {
            client.run("set idle_session_timeout = 200");
            var trickle =
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    for (byte b : query("x".repeat(9_000))) {
                                        client.send(new byte[] {b});
                                        LockSupport.parkNanos(5_000_000);
                                    }
                                } catch (IOException e) {
                                    // The server has closed, as it should.
                                    return;
                                }
                            });
            assertThat(error(client.untilEnd())).containsEntry('C', "57P05");
            trickle.join();
        }
    }

    @Test
    void idleTransactionEndsInTime() throws IOException {
        try (var server = new TestServer();
                var client = server.ready()) {
            client.run("set idle_in_transaction_session_timeout = 50");
            assertThat(client.isSilentFor(150)).isTrue();
            client.run("begin");
            assertThat(error(client.untilEnd()))
                    .containsEntry('C', "25P03")
                    .containsEntry(
                            'M', "terminating connection due to idle-in-transaction timeout");
        }
    }

    @Test
    void idleFailedTransactionEndsInTime() throws IOException {
        try (var server = new TestServer();
                var client = server.ready()) {
            client.run("set idle_in_transaction_session_timeout = 50");
            client.send(query("begin; select nothing"));
            assertThat(error(client.untilReady())).containsEntry('C', "42703");
            assertThat(error(client.untilEnd())).containsEntry('C', "25P03");
        }
    }

    @Test
    void statementThatTakesTooLongEndsAndTheConnectionLives() throws IOException {
        try (var server = new TestServer();
                var client = server.ready()) {
            client.run("set statement_timeout = 50");
            assertThat(error(client.run("select pg_sleep(60)")))
                    .containsEntry('S', "ERROR")
                    .containsEntry('C', "57014")
                    .containsEntry('M', "canceling statement due to statement timeout");
            client.run("begin");
            assertThat(error(client.run("select pg_sleep(60)"))).containsEntry('C', "57014");
            assertThat(client.run("rollback").getLast().text()).isEqualTo("I");
            assertThat(shape(client.run("select 1"))).isEqualTo("TDCZ");
        }
    }

    @Test
    void waitForALockEndsInTimeAndTheConnectionLives() throws IOException {
        try (var server = new TestServer();
                var holder = server.ready();
                var client = server.ready()) {
            holder.run("create table t (i int); insert into t values (1)");
            holder.run("begin; update t set i = 2");
            client.run("set lock_timeout = 50");
            assertThat(error(client.run("update t set i = 3")))
                    .containsEntry('S', "ERROR")
                    .containsEntry('C', "55P03")
                    .containsEntry('M', "canceling statement due to lock timeout");
            assertThat(shape(client.run("select 1"))).isEqualTo("TDCZ");
        }
    }

    @Test
    void backendsAreCancelledAndTerminatedByTheirPid() throws IOException {
        try (var server = new TestServer();
                var admin = server.ready();
                var client = server.ready()) {
            client.send(query("select pg_sleep(60)"));
            do {
                assertThat(admin.run("select pg_cancel_backend(" + client.pid() + ")").get(1).row())
                        .containsExactly("t");
            } while (client.socket().getInputStream().available() == 0);
            assertThat(error(client.untilReady()))
                    .containsEntry('C', "57014")
                    .containsEntry('M', "canceling statement due to user request");
            assertThat(admin.run("select pg_cancel_backend(2147483647)"))
                    .filteredOn(message -> message.type() == 'N')
                    .extracting(message -> message.fields().get('M'))
                    .containsExactly("PID 2147483647 is not a PostgreSQL backend process");
            assertThat(admin.run("select pg_terminate_backend(" + client.pid() + ")").get(1).row())
                    .containsExactly("t");
            assertThat(error(client.untilEnd()))
                    .containsEntry('S', "FATAL")
                    .containsEntry('C', "57P01")
                    .containsEntry('M', "terminating connection due to administrator command");
            assertThat(error(lastOf(admin, "select pg_terminate_backend(pg_backend_pid())")))
                    .containsEntry('C', "57P01");
        }
    }

    private static List<RawClient.Message> lastOf(RawClient client, String sql) throws IOException {
        client.send(query(sql));
        return client.untilEnd();
    }

    @Test
    void sleepsThatAreNoneEndAtOnce() throws IOException {
        try (var server = new TestServer();
                var client = server.ready()) {
            for (var seconds : new String[] {"0", "-1", "0.01", "null"}) {
                assertThat(shape(client.run("select pg_sleep(" + seconds + ")")))
                        .as(seconds)
                        .isEqualTo("TDCZ");
            }
        }
    }

    @Test
    void clientThatDoesNotReadHarmsNobodyAndIsClosedInTime() throws Exception {
        try (var server =
                        new TestServer(
                                options -> options.withClientWriteTimeout(Duration.ofMillis(300)));
                var deaf = server.ready();
                var notifier = server.ready();
                var listener = server.ready()) {
            deaf.socket().setReceiveBufferSize(4096);
            deaf.run("listen c");
            listener.run("listen c");
            var payload = "x".repeat(7_900);
            int sent = 0;
            while (sessionsOf(server) == 3 && sent < 5_000) {
                notifier.run("notify c, '" + payload + "'");
                assertThat(listener.read().type()).isEqualTo('A');
                sent++;
            }
            while (sessionsOf(server) == 3) {
                Thread.onSpinWait();
            }
            assertThat(sessionsOf(server)).isEqualTo(2);
            assertThat(shape(notifier.run("select 1"))).isEqualTo("TDCZ");
        }
    }

    private static int sessionsOf(TestServer server) {
        return server.server().connections();
    }

    @Test
    void cancelOfAnIdleSessionHitsNothing() throws IOException {
        try (var server = new TestServer();
                var client = server.ready()) {
            client.cancel();
            assertThat(shape(client.run("select 1"))).isEqualTo("TDCZ");
        }
    }

    @Test
    void closeTellsEveryClientAndLeavesNothing() throws IOException {
        var server = new TestServer();
        try (var idle = server.ready();
                var busy = server.ready();
                var inBlock = server.ready();
                var listening = server.ready();
                var starting = server.connect()) {
            busy.send(query("select pg_sleep(60)"));
            inBlock.run("begin");
            listening.run("listen c");
            starting.send(new byte[] {0, 0});
            server.server().close();
            server.server().close();
            for (var client : new RawClient[] {idle, busy, inBlock, listening}) {
                assertThat(error(client.untilEnd()))
                        .containsEntry('S', "FATAL")
                        .containsEntry('C', "57P01")
                        .containsEntry('M', "terminating connection due to administrator command");
            }
            assertThat(server.server().connections()).isZero();
        } catch (SocketException e) {
            throw new AssertionError(e);
        } finally {
            server.close();
        }
    }

    @Test
    void closeIsBoundedWhenAClientDoesNotRead() throws IOException {
        var server = new TestServer();
        try (var deaf = server.ready()) {
            deaf.send(query("select repeat('x', 50000000)"));
            deaf.read();
            long began = System.nanoTime();
            server.close();
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .isLessThan(Duration.ofSeconds(20));
            assertThat(server.server().connections()).isZero();
        }
    }
}
