package io.heliosdb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliosdb.HeliosConfig;
import io.heliosdb.HeliosDb;
import io.heliosdb.config.HttpSettings;
import io.heliosdb.config.Settings;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/** What the doctor finds. */
@Timeout(60)
final class DoctorCommandTest {
    @TempDir private Path directory;

    @Test
    void theProbePassesAlongEveryPath() throws Exception {
        var config = config("[\"heliosdb.probe\"]");
        try (var db = HeliosDb.open(config);
                var server = db.serve();
                var http = db.serveHttp()) {
            var ended =
                    Ended.run(
                            "doctor",
                            server.url(),
                            "--http",
                            http.url().toString(),
                            "--token",
                            "k");
            assertThat(ended.out())
                    .contains("the probe over the wire", "the probe over WebSocket again")
                    .endsWith("all is well" + System.lineSeparator());
            assertThat(ended.status()).isZero();
        }
    }

    @Test
    void itSaysWhereTheProbeStops() throws Exception {
        var config = config("[]");
        try (var db = HeliosDb.open(config);
                var server = db.serve();
                var http = db.serveHttp()) {
            var ended =
                    Ended.run(
                            "doctor",
                            server.url(),
                            "--http",
                            http.url().toString(),
                            "--token",
                            "k");
            assertThat(ended.status()).isEqualTo(1);
            assertThat(ended.out()).contains("stops here  subscribe", "42501");
        }
        var nowhere = Ended.run("doctor", "postgresql://127.0.0.1:1/postgres");
        assertThat(nowhere.status()).isEqualTo(1);
        assertThat(nowhere.out()).startsWith("stops here  connect and log in");
    }

    private HeliosConfig config(String channels) throws IOException {
        return HeliosConfig.inMemory()
                .with(Settings.PORT, 0)
                .with(HttpSettings.PORT, 0)
                .with(HttpSettings.API_KEYS_FILE, Optional.of(keys(channels)));
    }

    private Path keys(String channels) throws IOException {
        return Files.writeString(
                directory.resolve("keys.json"),
                "{\"keys\":[{\"name\":\"doctor\",\"sha256\":\"%s\",\"channels\":%s,\"publish\":%s}]}"
                        .formatted(sha256("k"), channels, channels));
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
