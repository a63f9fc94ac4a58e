package io.heliosdb.relay;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.heliosdb.HeliosConfig;
import io.heliosdb.HeliosDb;
import io.heliosdb.HeliosHttp;
import io.heliosdb.config.HttpSettings;
import io.heliosdb.config.Settings;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Clients that misbehave are closed with a reason, and cost nobody else anything. */
@Timeout(60)
final class AbuseTest {
    private static final HeliosConfig CONFIG =
            HeliosConfig.inMemory()
                    .with(HttpSettings.PORT, 0)
                    .with(HttpSettings.ANONYMOUS_CHANNELS, Optional.of("*"))
                    .with(HttpSettings.MAX_FRAME_BYTES, 4096L)
                    .with(HttpSettings.MAX_SUBSCRIPTIONS, 2)
                    .with(HttpSettings.MAX_MESSAGES_PER_SECOND, 50)
                    .with(HttpSettings.IDLE_TIMEOUT, Duration.ofSeconds(2))
                    .with(HttpSettings.WRITE_TIMEOUT, Duration.ofMillis(500))
                    .with(HttpSettings.QUEUE_SIZE, 64)
                    .with(Settings.MAX_PAYLOAD_BYTES, 2L << 20);

    private HeliosDb db;
    private HeliosHttp http;

    @BeforeEach
    void open() {
        db = HeliosDb.open(CONFIG);
        http = db.serveHttp();
    }

    @AfterEach
    void close() {
        db.close();
    }

    @Test
    void clientsThatAreConnectedAreToldOfTheEnd() throws Exception {
        try (var first = RelayClient.connect(http, null);
                var second = RelayClient.connect(http, null)) {
            for (var client : List.of(first, second)) {
                client.send("{'type':'subscribe','id':'s','channel':'c'}");
                client.receive("subscribed");
            }
            http.close();
            assertThat(List.of(first.closeCode(), second.closeCode())).containsOnly(1001);
        }
    }

    @Test
    void whatIsNoMessageEndsTheConnection() throws Exception {
        for (var garbage : new String[] {"{", "[]", "\u0000", "{'type':'ping'} x"}) {
            try (var client = RelayClient.connect(http, null)) {
                client.send(garbage);
                assertThat(client.receive("error")).containsEntry("code", "22P02");
                assertThat(client.closeCode()).as(garbage).isEqualTo(1008);
            }
        }
    }

    @Test
    void aMessageThatIsWrongIsAnswered() throws Exception {
        try (var client = RelayClient.connect(http, null)) {
            for (var wrong :
                    new String[] {
                        "{'type':'dance'}",
                        "{'type':'subscribe','id':'s'}",
                        "{'type':'subscribe','id':7,'channel':'c'}",
                        "{'type':'subscribe','id':'s','channel':'c','filtre':'x'}",
                        "{'type':'subscribe','id':'s','channel':'c','policy':'BLOCK'}",
                        "{'type':'subscribe','id':'s','channel':'c','max_unacked':0}",
                        "{'type':'subscribe','id':'','channel':'c'}",
                    }) {
                client.send(wrong);
                assertThat(client.receive("error")).as(wrong).containsEntry("code", "22023");
            }
            client.subscribe("'id':'a','channel':'c'");
            client.send("{'type':'subscribe','id':'a','channel':'c'}");
            assertThat(client.receive("error")).containsEntry("code", "42710");
            client.send("{'type':'ack','id':'a','token':'0000000000000000/0000000000000000/0'}");
            assertThat(client.receive("error")).containsEntry("code", "55000");
            client.subscribe("'id':'b','channel':'c'");
            client.send("{'type':'subscribe','id':'c','channel':'c'}");
            assertThat(client.receive("error")).containsEntry("code", "53400");
        }
    }

    @Test
    void aMessageThatIsTooLongEndsTheConnection() throws Exception {
        try (var client = RelayClient.connect(http, null)) {
            client.send("x".repeat(5000));
            assertThat(client.closeCode()).isEqualTo(1009);
        }
        try (var client = RelayClient.connect(http, null)) {
            for (int i = 0; i < 5; i++) {
                client.socket().sendText("x".repeat(1000), false).join();
            }
            assertThat(client.closeCode()).isEqualTo(1009);
        }
    }

    @Test
    void bytesAreNoMessages() throws Exception {
        try (var client = RelayClient.connect(http, null)) {
            client.socket().sendBinary(ByteBuffer.wrap(new byte[] {1}), true).join();
            assertThat(client.closeCode()).isEqualTo(1003);
        }
    }

    @Test
    void whoTalksTooMuchIsClosed() throws Exception {
        try (var client = RelayClient.connect(http, null)) {
            for (int i = 0; i < 60; i++) {
                client.socket().sendText("{\"type\":\"ping\"}", true).join();
            }
            assertThat(client.closeCode()).isEqualTo(1008);
            assertThat(client.closeReason()).isEqualTo("too many messages");
        }
    }

    @Test
    void whoNeverReadsIsCutOffAndDelaysNobody() throws Exception {
        try (var deaf = upgraded();
                var other = RelayClient.connect(http, null)) {
            deaf.getOutputStream()
                    .write(masked("{\"type\":\"subscribe\",\"id\":\"s\",\"channel\":\"c\"}"));
            other.subscribe("'id':'s','channel':'c'");
            while (subscriptions() < 2) {
                Thread.onSpinWait();
            }
            var large = "x".repeat(1 << 20);
            for (int i = 0; i < 20; i++) {
                db.notify("c", large);
                assertThat(other.payload()).hasSize(large.length());
            }
            while (subscriptions() > 1) {
                Thread.onSpinWait();
            }
            db.notify("c", "still");
            assertThat(other.payload()).isEqualTo("still");
        }
    }

    @Test
    void whoIsSilentIsClosed() throws Exception {
        try (var silent = upgraded()) {
            assertThat(untilEnd(silent.getInputStream())).contains("idle timeout");
        }
    }

    @Test
    void aHeadThatNeverEndsIsClosed() throws Exception {
        try (var slow = new Socket(http.address().getAddress(), http.address().getPort())) {
            slow.getOutputStream().write("GET /he".getBytes(US_ASCII));
            assertThat(untilEnd(slow.getInputStream())).isEmpty();
        }
    }

    @Test
    void garbageOnTheSocketEndsTheConnection() throws Exception {
        try (var raw = upgraded()) {
            raw.getOutputStream().write(new byte[] {(byte) 0xFF, 0x01, 0x02, 0x03});
            assertThat(untilEnd(raw.getInputStream())).isNotEmpty();
        }
    }

    private int subscriptions() throws Exception {
        return RelayTest.metric(http, "active_subscriptions");
    }

    /** A WebSocket whose client is only a socket. */
    private Socket upgraded() throws IOException {
        var socket = new Socket(http.address().getAddress(), http.address().getPort());
        socket.setSoTimeout(30_000);
        var head =
                """
                GET /ws HTTP/1.1
                Host: localhost
                Upgrade: websocket
                Connection: Upgrade
                Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
                Sec-WebSocket-Version: 13
                Sec-WebSocket-Protocol: heliosdb.v1

                """
                        .replace("\n", "\r\n");
        socket.getOutputStream().write(head.getBytes(US_ASCII));
        var answer = new StringBuilder();
        while (!answer.toString().endsWith("\r\n\r\n")) {
            answer.append((char) socket.getInputStream().read());
        }
        assertThat(answer.toString()).startsWith("HTTP/1.1 101");
        return socket;
    }

    private static byte[] masked(String text) {
        var bytes = text.getBytes(US_ASCII);
        var frame = ByteBuffer.allocate(6 + bytes.length);
        frame.put((byte) 0x81).put((byte) (0x80 | bytes.length)).putInt(0).put(bytes);
        return frame.array();
    }

    private static String untilEnd(InputStream in) throws IOException {
        try {
            return new String(in.readAllBytes(), US_ASCII);
        } catch (SocketException reset) {
            return "reset";
        }
    }
}
