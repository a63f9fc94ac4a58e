package io.heliosdb.pgwire;

import static io.heliosdb.pgwire.RawClient.SSL_REQUEST;
import static io.heliosdb.pgwire.RawClient.concat;
import static io.heliosdb.pgwire.RawClient.cstring;
import static io.heliosdb.pgwire.RawClient.error;
import static io.heliosdb.pgwire.RawClient.message;
import static io.heliosdb.pgwire.RawClient.packet;
import static io.heliosdb.pgwire.RawClient.startup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliosdb.pg.PgException;
import io.heliosdb.pgwire.WireOptions.Authentication;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;

/** SCRAM-SHA-256 and TLS, with pgjdbc as the other side. */
@Timeout(60)
final class AuthenticationTest {
    @TempDir static Path folder;
    private static TestServer server;
    private static WireServer secured;

    @BeforeAll
    static void start() throws Exception {
        server = new TestServer();
        try (var admin = server.ready()) {
            admin.run("create role anna login password 'geheim'");
            admin.run("create role nopassword login");
        }
        secured =
                WireServer.start(
                        server.instance(),
                        WireOptions.tcp("127.0.0.1", 0)
                                .withAuthentication(Authentication.SCRAM_SHA_256)
                                .withAuthenticationTimeout(
                                        Duration.ofMinutes(1), Duration.ofMillis(1))
                                .withTls(TestCertificate.create(folder)));
    }

    @AfterAll
    static void stop() {
        secured.close();
        server.close();
    }

    private static Connection connect(String user, String password, String sslMode)
            throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        properties.setProperty("sslmode", sslMode);
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + secured.address().getPort() + "/postgres",
                properties);
    }

    @Test
    void rightPasswordLogsIn() throws SQLException {
        try (var connection = connect("anna", "geheim", "disable");
                var result = connection.createStatement().executeQuery("select 1")) {
            assertThat(result.next()).isTrue();
        }
    }

    @Test
    void rightPasswordLogsInUnderTls() throws SQLException {
        try (var connection = connect("anna", "geheim", "require");
                var result = connection.createStatement().executeQuery("select 1")) {
            assertThat(result.next()).isTrue();
        }
    }

    @Test
    void wrongPasswordNoPasswordAndNoRoleLookTheSame() {
        for (var user : new String[] {"anna", "nopassword", "nobody"}) {
            assertThatThrownBy(() -> connect(user, "falsch", "disable"))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            e -> {
                                assertThat(e.getSQLState()).isEqualTo("28P01");
                                assertThat(e.getMessage())
                                        .contains(
                                                "password authentication failed for user \""
                                                        + user
                                                        + '"');
                            });
        }
    }

    @Test
    void otherMechanismsAndMessagesAreRefused() throws IOException {
        try (var client = new RawClient(secured.address())) {
            client.send(startup(Map.of("user", "anna", "database", "postgres")));
            assertThat(client.read().strings(4)).startsWith("SCRAM-SHA-256");
            client.send(message('p', concat(cstring("PLAIN"), new byte[] {-1, -1, -1, -1})));
            assertThat(error(client.untilEnd()))
                    .containsEntry('C', "08P01")
                    .containsEntry('M', "client selected an invalid SASL authentication mechanism");
        }
        try (var client = new RawClient(secured.address())) {
            client.send(startup(Map.of("user", "anna")), RawClient.query("select 1"));
            assertThat(error(client.untilEnd()))
                    .containsEntry('S', "FATAL")
                    .containsEntry('C', "08P01");
        }
    }

    @Test
    void slowLoginEndsInTime() throws IOException {
        var hasty =
                WireOptions.tcp("127.0.0.1", 0)
                        .withAuthentication(Authentication.SCRAM_SHA_256)
                        .withAuthenticationTimeout(Duration.ofSeconds(1), Duration.ZERO);
        try (var impatient = WireServer.start(server.instance(), hasty);
                var silent = new RawClient(impatient.address());
                var halfway = new RawClient(impatient.address())) {
            silent.send(new byte[] {0, 0});
            halfway.send(startup(Map.of("user", "anna")));
            assertThat(silent.untilEnd()).isEmpty();
            assertThat(error(halfway.untilEnd()))
                    .containsEntry('C', "57014")
                    .containsEntry('M', "canceling authentication due to timeout");
        }
    }

    @Test
    void unencryptedDataAfterTheRequestForTlsIsRefused() throws IOException {
        try (var client = new RawClient(secured.address())) {
            client.send(concat(packet(SSL_REQUEST, new byte[0]), startup(Map.of("user", "anna"))));
            assertThat(client.readByte()).isEqualTo('S');
            assertThat(error(client.untilEnd()))
                    .containsEntry('M', "received unencrypted data after SSL request");
        }
    }

    @Test
    void clientThatIsNoTlsClientHarmsNobody() throws Exception {
        try (var client = new RawClient(secured.address())) {
            client.send(packet(SSL_REQUEST, new byte[0]));
            assertThat(client.readByte()).isEqualTo('S');
            client.send("this is no ClientHello".getBytes(StandardCharsets.US_ASCII));
            assertThat(client.socket().getInputStream().readAllBytes()).isNotNull();
        }
        connect("anna", "geheim", "require").close();
    }

    @Test
    void keyOfAnotherKindIsRefusedAtStart() throws IOException {
        var key = Files.writeString(folder.resolve("old.key"), "-----BEGIN EC PRIVATE KEY-----");
        var tls = new WireOptions.Tls(folder.resolve("server.crt"), key);
        assertThatThrownBy(() ->
                        WireServer.start(
                                server.instance(), WireOptions.tcp("127.0.0.1", 0).withTls(tls)))
                .isInstanceOf(PgException.class)
                .hasMessageContaining("is not in PKCS #8");
    }
}
