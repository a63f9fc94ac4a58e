package io.heliosdb.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.SignedJWT;

import io.heliosdb.HeliosConfig;
import io.heliosdb.HeliosDb;
import io.heliosdb.HeliosHttp;
import io.heliosdb.config.HttpSettings;
import io.heliosdb.pg.PgException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Who is let in, and what they may hear. */
@Timeout(60)
final class AccessTest {
    @TempDir private Path directory;

    private HeliosConfig config = HeliosConfig.defaults();
    private HeliosDb db = HeliosDb.inMemory();
    private HeliosHttp http;

    @BeforeEach
    void open() throws IOException {
        db.close();
        config =
                HeliosConfig.at(directory.resolve("data"))
                        .with(HttpSettings.PORT, 0)
                        .with(
                                HttpSettings.JWT_SECRET_FILE,
                                Optional.of(write("secret", Tokens.SECRET)));
        db = HeliosDb.open(config);
        http = db.serveHttp(config);
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    /** Serves the same database with another configuration. */
    private void serve(HeliosConfig how) {
        http.close();
        http = db.serveHttp(how);
    }

    @AfterEach
    void close() {
        db.close();
    }

    @Test
    void nobodyComesInWithoutACredential() {
        assertThatThrownBy(() -> RelayClient.connect(http, null))
                .rootCause()
                .hasMessageContaining("401");
        var expired = Tokens.sign(Tokens.claims("ada", Duration.ofMinutes(-1)));
        assertThatThrownBy(() -> RelayClient.connect(http, expired))
                .rootCause()
                .hasMessageContaining("401");
        var forged =
                Tokens.sign(
                        Tokens.claims("ada", Duration.ofHours(1)), Tokens.SECRET.replace('0', '1'));
        assertThatThrownBy(() -> RelayClient.connect(http, forged))
                .rootCause()
                .hasMessageContaining("401");
    }

    @Test
    void nothingIsHeardThatTheTokenDoesNotGrant() throws Exception {
        try (var client = RelayClient.connect(http, Tokens.of("ada", "room.7", "own.*"))) {
            for (var channel : List.of("room.8", "room.*", "*", "own", "ownx.1")) {
                client.send("{'type':'subscribe','id':'s','channel':'" + channel + "'}");
                assertThat(client.receive("error")).as(channel).containsEntry("code", "42501");
                client.send("{'type':'publish','id':'p','channel':'" + channel + "'}");
                assertThat(client.receive("error")).as(channel).containsEntry("code", "42501");
            }
            client.subscribe("'id':'a','channel':'room.7'");
            client.subscribe("'id':'b','channel':'own.*'");
            db.notify("room.8", "secret");
            db.notify("own", "secret");
            db.notify("own.1", "mine");
            assertThat(client.payload()).isEqualTo("mine");
            client.expectNothing();
        }
    }

    @Test
    void aTokenEndsOnALiveConnection() throws Exception {
        serve(config.with(HttpSettings.IDLE_TIMEOUT, Duration.ofSeconds(1)));
        var brief =
                Tokens.sign(
                        Tokens.claims("ada", Duration.ofSeconds(2))
                                .claim("channels", List.of("news")));
        try (var client = RelayClient.connect(http, brief)) {
            client.subscribe("'id':'s','channel':'news'");
            assertThat(client.closeCode()).isEqualTo(1008);
            assertThat(client.closeReason()).isEqualTo("the token has expired");
        }
    }

    @Test
    void aNewTokenTakesAwayWhatItDoesNotGrant() throws Exception {
        try (var client = RelayClient.connect(http, Tokens.of("ada", "news", "room.7"))) {
            client.subscribe("'id':'n','channel':'news'");
            client.subscribe("'id':'r','channel':'room.7'");
            client.send("{'type':'authenticate','token':'" + Tokens.of("eve", "*") + "'}");
            assertThat(client.receive("error")).containsEntry("code", "28000");
            client.send("{'type':'authenticate','token':'" + Tokens.of("ada", "news") + "'}");
            assertThat(client.receive("error"))
                    .containsEntry("id", "r")
                    .containsEntry("code", "42501");
            client.receive("authenticated");
            db.notify("room.7", "secret");
            db.notify("news", "open");
            assertThat(client.payload()).isEqualTo("open");
        }
    }

    @Test
    void tokensOfAPublicKeyAreChecked() throws Exception {
        var key = new ECKeyGenerator(Curve.P_256).keyID("k1").generate();
        serve(
                config.with(
                                HttpSettings.JWKS_FILE,
                                Optional.of(write("jwks", new JWKSet(key).toString())))
                        .with(HttpSettings.JWT_ISSUER, Optional.of("https://login.example"))
                        .with(HttpSettings.JWT_AUDIENCE, Optional.of("relay")));
        var claims = Tokens.claims("ada", Duration.ofHours(1)).claim("channels", List.of("news"));
        var header = new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("k1").build();
        var wrong = new SignedJWT(header, claims.build());
        wrong.sign(new ECDSASigner(key));
        assertThatThrownBy(() -> RelayClient.connect(http, wrong.serialize()))
                .rootCause()
                .hasMessageContaining("401");
        var right =
                new SignedJWT(
                        header, claims.issuer("https://login.example").audience("relay").build());
        right.sign(new ECDSASigner(key));
        try (var client = RelayClient.connect(http, right.serialize())) {
            client.subscribe("'id':'s','channel':'news'");
        }
    }

    @Test
    void aServiceComesWithItsKey() throws Exception {
        var keys =
                "{\"keys\":[{\"name\":\"till\",\"sha256\":\"%s\",\"publish\":[\"orders.*\"]}]}"
                        .formatted(ApiKeys.sha256("k-123"));
        serve(config.with(HttpSettings.API_KEYS_FILE, Optional.of(write("keys.json", keys))));
        assertThat(post("/channels/orders.eu", "X-API-Key", "k-123").statusCode()).isEqualTo(204);
        assertThat(post("/channels/news", "X-API-Key", "k-123").statusCode()).isEqualTo(403);
        assertThat(post("/channels/orders.eu", "X-API-Key", "k-124").statusCode()).isEqualTo(401);
    }

    @Test
    void everybodyHearsOnlyWhatIsConfiguredForEverybody() throws Exception {
        serve(config.with(HttpSettings.ANONYMOUS_CHANNELS, Optional.of("prices.*, news")));
        try (var client = RelayClient.connect(http, null)) {
            client.subscribe("'id':'a','channel':'prices.*'");
            client.send("{'type':'subscribe','id':'b','channel':'orders'}");
            assertThat(client.receive("error")).containsEntry("code", "42501");
            client.send("{'type':'publish','id':'p','channel':'news'}");
            assertThat(client.receive("error")).containsEntry("code", "42501");
        }
    }

    @Test
    void pagesOfOtherSitesAreTurnedAway() throws Exception {
        var token = Tokens.of("ada", "*");
        assertThatThrownBy(() -> RelayClient.connect(http, token, "https://evil.example"))
                .rootCause()
                .hasMessageContaining("403");
        assertThatThrownBy(() -> RelayClient.connect(http, token, "null"))
                .rootCause()
                .hasMessageContaining("403");
        RelayClient.connect(http, token, http.url().toString().replaceFirst("/$", "")).close();
        serve(config.with(HttpSettings.ALLOWED_ORIGINS, Optional.of("https://shop.example")));
        RelayClient.connect(http, token, "https://shop.example").close();
    }

    @Test
    void aNameThatIsNotOursIsRefused() throws Exception {
        assertThat(statusFor("rebound.example")).isEqualTo(421);
        assertThat(statusFor("localhost:8080")).isEqualTo(200);
        assertThat(statusFor("127.0.0.1")).isEqualTo(200);
        assertThat(statusFor("[::1]:80")).isEqualTo(200);
        serve(config.with(HttpSettings.ALLOWED_HOSTS, Optional.of("db.example")));
        assertThat(statusFor("DB.example:443")).isEqualTo(200);
    }

    @Test
    void theConsolesTokenCountsOnce() throws Exception {
        var file = directory.resolve("data/console.token");
        assertThat(Files.readString(file).strip()).isEqualTo(http.consoleToken());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        var token = http.consoleToken();
        var body = "{\"token\":\"" + token + "\"}";
        var entered = post("/console/session", "X", "", body);
        assertThat(entered.statusCode()).isEqualTo(200);
        assertThat(post("/console/session", "X", "", body).statusCode()).isEqualTo(401);
        assertThat(http.consoleToken()).isNotEqualTo(token);
        assertThat(Files.readString(file).strip()).isEqualTo(http.consoleToken());

        var session = Fields.read(entered.body()).string("session");
        assertThat(get("/console/state", session).statusCode()).isEqualTo(200);
        assertThat(get("/console/state", Tokens.of("ada", "*")).statusCode()).isEqualTo(403);
        var select = "SELECT 1 AS a, NULL AS b";
        var result = post("/console/sql", "Authorization", "Bearer " + session, select);
        assertThat(result.body())
                .isEqualTo(
                        "{\"tag\":\"SELECT 1\",\"columns\":[\"a\",\"b\"],\"rows\":[[\"1\",null]]}");
        var ada = "Bearer " + Tokens.of("ada", "*");
        assertThat(post("/console/sql", "Authorization", ada, select).statusCode()).isEqualTo(403);
        http.close();
        assertThat(file).doesNotExist();
    }

    @Test
    void theConsoleNeedsNothingFromElsewhere() throws Exception {
        for (var path :
                List.of(
                        "/",
                        "/console.js",
                        "/console.css",
                        "/demo",
                        "/demo.js",
                        "/client.js",
                        "/client.d.ts")) {
            var file = send(HttpRequest.newBuilder(http.url().resolve(path)));
            assertThat(file.statusCode()).as(path).isEqualTo(200);
            assertThat(file.headers().firstValue("Content-Security-Policy").orElse(""))
                    .contains("default-src 'none'");
            assertThat(file.body().replace("http://www.w3.org/2000/svg", ""))
                    .as(path)
                    .doesNotContain("https://", "http://");
        }
        assertThat(send(HttpRequest.newBuilder(http.url().resolve("/other"))).statusCode())
                .isEqualTo(404);
    }

    @Test
    void aFileOfKeysThatCannotBeUsedIsNamed() throws IOException {
        var shortSecret = config.with(HttpSettings.JWT_SECRET_FILE, Optional.of(write("s", "abc")));
        assertThatThrownBy(() -> db.serveHttp(shortSecret))
                .isInstanceOf(PgException.class)
                .hasMessageContaining("32 bytes");
        var noKeys =
                config.with(HttpSettings.API_KEYS_FILE, Optional.of(write("k", "{\"keys\":1}")));
        assertThatThrownBy(() -> db.serveHttp(noKeys))
                .isInstanceOf(PgException.class)
                .hasMessageContaining("must be a list");
    }

    private int statusFor(String host) throws IOException {
        try (var socket = new Socket(http.address().getAddress(), http.address().getPort())) {
            var head = "GET /health HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            var in = new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII);
            return Integer.parseInt(new BufferedReader(in).readLine().split(" ", 3)[1]);
        }
    }

    private HttpResponse<String> get(String path, String credential) throws Exception {
        return send(
                HttpRequest.newBuilder(http.url().resolve(path))
                        .header("Authorization", "Bearer " + credential));
    }

    private HttpResponse<String> post(String path, String header, String value) throws Exception {
        return post(path, header, value, "x");
    }

    private HttpResponse<String> post(String path, String header, String value, String body)
            throws Exception {
        return send(
                HttpRequest.newBuilder(http.url().resolve(path))
                        .header(header, value)
                        .POST(BodyPublishers.ofString(body)));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            return client.send(request.build(), BodyHandlers.ofString());
        }
    }
}
