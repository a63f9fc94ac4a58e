package io.heliosdb.pgwire;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliosdb.client.ListenerOptions;
import io.heliosdb.client.PgListener;
import io.heliosdb.client.PgNotifier;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;

/** A listener that is woken while the driver waits inside TLS. */
final class ListenerOverTlsTest {
    private static final int COUNT = 200;

    @TempDir private Path folder;

    @Test
    @Timeout(60)
    void statementsAndNotificationsInterleave() throws Exception {
        var tls = TestCertificate.create(folder);
        var options =
                ListenerOptions.DEFAULTS.withKeepAlive(
                        Duration.ofMillis(50), Duration.ofSeconds(10));
        try (var server = new TestServer(o -> o.withTls(tls))) {
            var url =
                    "jdbc:postgresql://127.0.0.1:"
                            + server.address().getPort()
                            + "/postgres?user=postgres&sslmode=require";
            try (var listener = PgListener.connect(url, new Properties(), options)) {
                listener.listen("x");
                var sender = CompletableFuture.runAsync(() -> send(url));
                for (int i = 0; i < COUNT; i++) {
                    listener.listen("other " + i);
                }
                sender.get();
                for (int i = 0; i < COUNT; i++) {
                    var notification = listener.tryReceive().orElseThrow();
                    assertThat(notification.payload()).startsWith(i + " ");
                }
                assertThat(listener.channels()).hasSize(COUNT + 1);
            }
        }
    }

    private static void send(String url) {
        try (var connection = DriverManager.getConnection(url)) {
            for (int i = 0; i < COUNT; i++) {
                new PgNotifier().notify(connection, "x", i + " " + "x".repeat(i * 35));
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }
}
