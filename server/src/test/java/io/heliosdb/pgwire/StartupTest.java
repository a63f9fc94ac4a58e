package io.heliosdb.pgwire;

import static io.heliosdb.pgwire.RawClient.CANCEL_REQUEST;
import static io.heliosdb.pgwire.RawClient.GSSENC_REQUEST;
import static io.heliosdb.pgwire.RawClient.SSL_REQUEST;
import static io.heliosdb.pgwire.RawClient.concat;
import static io.heliosdb.pgwire.RawClient.error;
import static io.heliosdb.pgwire.RawClient.packet;
import static io.heliosdb.pgwire.RawClient.shape;
import static io.heliosdb.pgwire.RawClient.startup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliosdb.pg.PgException;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Start-up as SEMANTICS of PostgreSQL 15 has it: answers, order, refusals and silent closes. */
@Timeout(30)
final class StartupTest {
    private static final byte[] NOTHING = {};
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = new TestServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void answersInPostgresOrder() throws IOException {
        try (var client = server.connect()) {
            client.send(startup(Map.of("user", "postgres")));
            var messages = client.untilReady();
            assertThat(shape(messages)).isEqualTo("RKZ");
            assertThat(messages.getLast().text()).isEqualTo("I");
            assertThat(client.parameters())
                    .containsEntry("server_encoding", "UTF8")
                    .containsEntry("client_encoding", "UTF8")
                    .containsEntry("standard_conforming_strings", "on")
                    .containsEntry("session_authorization", "postgres");
        }
    }

    @Test
    void refusesEncryptionItDoesNotHaveAndGoesOn() throws IOException {
        try (var client = server.connect()) {
            client.send(packet(GSSENC_REQUEST, NOTHING));
            assertThat(client.readByte()).isEqualTo('N');
            client.send(packet(SSL_REQUEST, NOTHING));
            assertThat(client.readByte()).isEqualTo('N');
            client.send(startup(Map.of("user", "postgres")));
            assertThat(shape(client.untilReady())).isEqualTo("RKZ");
        }
    }

    @Test
    void secondSslRequestIsAnUnknownProtocol() throws IOException {
        try (var client = server.connect()) {
            client.send(packet(SSL_REQUEST, NOTHING));
            assertThat(client.readByte()).isEqualTo('N');
            client.send(packet(SSL_REQUEST, NOTHING));
            assertThat(error(client.untilEnd()))
                    .containsEntry('S', "FATAL")
                    .containsEntry('C', "0A000");
        }
    }

    @Test
    void userIsRequired() throws IOException {
        assertRefused(
                startup(Map.of("database", "postgres")),
                "28000",
                "no PostgreSQL user name specified in startup packet");
    }

    @Test
    void unknownRoleDatabaseAndSettingAreRefused() throws IOException {
        assertRefused(startup(Map.of("user", "nobody")), "28000", "role \"nobody\" does not exist");
        assertRefused(
                startup(Map.of("user", "postgres", "database", "nowhere")),
                "3D000",
                "database \"nowhere\" does not exist");
        assertRefused(
                startup(Map.of("user", "postgres", "no_such", "1")),
                "42704",
                "unrecognized configuration parameter \"no_such\"");
    }

    @Test
    void replicationIsAskedForByATruthValueOrDatabase() throws IOException {
        assertRefused(
                startup(Map.of("user", "postgres", "replication", "maybe")),
                "22023",
                "invalid value for parameter \"replication\": \"maybe\"");
    }

    @Test
    void packetMustEndInATerminator() throws IOException {
        var whole = startup(Map.of("user", "postgres"));
        var cut = ByteBuffer.wrap(java.util.Arrays.copyOf(whole, whole.length - 1));
        cut.putInt(0, whole.length - 1);
        assertRefused(
                cut.array(),
                "08P01",
                "invalid startup packet layout: expected terminator as last byte");
    }

    private static void assertRefused(byte[] packet, String code, String message)
            throws IOException {
        try (var client = server.connect()) {
            client.send(packet);
            assertThat(error(client.untilEnd()))
                    .containsEntry('S', "FATAL")
                    .containsEntry('C', code)
                    .containsEntry('M', message);
        }
    }

    @Test
    void protocol2IsRefusedInItsOwnFormat() throws IOException {
        try (var client = server.connect()) {
            client.send(startup(2 << 16, Map.of("user", "postgres")));
            var answer =
                    new String(
                            client.socket().getInputStream().readAllBytes(),
                            StandardCharsets.UTF_8);
            assertThat(answer)
                    .startsWith("E")
                    .contains("unsupported frontend protocol 2.0: server supports")
                    .endsWith("\0");
        }
    }

    @Test
    void protocol4IsRefused() throws IOException {
        assertRefused(
                startup(4 << 16, Map.of("user", "postgres")),
                "0A000",
                "unsupported frontend protocol 4.0: server supports 3.0 to 3.0");
    }

    @Test
    void newerMinorAndUnknownOptionsAreNegotiated() throws IOException {
        try (var client = server.connect()) {
            client.send(startup(3 << 16 | 9999, Map.of("user", "postgres", "_pq_.zz", "1")));
            var messages = client.untilReady();
            var negotiation =
                    messages.stream().filter(m -> m.type() == 'v').findFirst().orElseThrow();
            assertThat(ByteBuffer.wrap(negotiation.body()).getInt(4)).isEqualTo(1);
            assertThat(negotiation.strings(8)).containsExactly("_pq_.zz");
        }
    }

    @Test
    void optionsSetSettings() throws IOException {
        try (var client = server.connect()) {
            client.send(
                    startup(
                            Map.of(
                                    "user",
                                    "postgres",
                                    "options",
                                    "-c application_name=a\\ b --DateStyle=German,DMY")));
            client.untilReady();
            assertThat(client.parameters())
                    .containsEntry("application_name", "a b")
                    .containsEntry("DateStyle", "German, DMY");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 7, 10_005, 1 << 20, Integer.MAX_VALUE, -1})
    void impossibleLengthsAreClosedWithoutAWord(int length) throws IOException {
        try (var client = server.connect()) {
            client.send(ByteBuffer.allocate(12).putInt(length).array());
            assertThat(client.untilEnd()).isEmpty();
        }
    }

    @Test
    void garbageClosesOnlyItsConnection() throws IOException {
        try (var web = server.connect();
                var halfway = server.connect();
                var other = server.ready()) {
            web.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(web.untilEnd()).isEmpty();
            halfway.send(new byte[] {0, 0, 0});
            halfway.socket().shutdownOutput();
            assertThat(halfway.untilEnd()).isEmpty();
            assertThat(shape(other.run("select 1"))).isEqualTo("TDCZ");
        }
    }

    @Test
    void cancelRequestOfWrongLengthIsIgnored() throws IOException {
        try (var client = server.connect()) {
            client.send(packet(CANCEL_REQUEST, new byte[4]));
            assertThat(client.untilEnd()).isEmpty();
        }
    }

    @Test
    void startupByteByByteIsTakenAndAQueryMayFollowAtOnce() throws IOException {
        try (var client = server.connect()) {
            for (byte b : startup(Map.of("user", "postgres"))) {
                client.send(new byte[] {b});
            }
            assertThat(shape(client.untilReady())).isEqualTo("RKZ");
        }
        try (var client = server.connect()) {
            client.send(concat(startup(Map.of("user", "postgres")), RawClient.query("select 7")));
            client.untilReady();
            assertThat(shape(client.untilReady())).isEqualTo("TDCZ");
        }
    }

    @Test
    void trustIsRefusedBeyondLoopback() {
        assertThatThrownBy(() -> WireServer.start(server.instance(), WireOptions.tcp("0.0.0.0", 0)))
                .isInstanceOf(PgException.class)
                .hasMessage("trust authentication is refused on \"0.0.0.0\"");
    }

    @Test
    void addressInUseIsSaid() {
        assertThatThrownBy(() ->
                        WireServer.start(
                                server.instance(),
                                WireOptions.tcp("127.0.0.1", server.address().getPort())))
                .isInstanceOf(PgException.class)
                .hasMessageContaining("could not listen on 127.0.0.1");
    }

    @Test
    void silenceIsNotTheEndOfOthers() throws IOException {
        try (var first = server.connect();
                var second = server.ready()) {
            first.send(new byte[] {0});
            assertThat(shape(second.run("select 1"))).isEqualTo("TDCZ");
        } catch (EOFException | SocketException e) {
            throw new AssertionError(e);
        }
    }
}
