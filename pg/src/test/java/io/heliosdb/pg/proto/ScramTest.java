package io.heliosdb.pg.proto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.heliosdb.pg.PgException;

import org.junit.jupiter.api.Test;

import java.security.SecureRandom;
import java.util.Base64;

class ScramTest {
    private final SecureRandom random = new SecureRandom();

    /** The conversation of RFC 7677, section 3. */
    @Test
    void speaksTheConversationOfTheRfc() {
        var salt = Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ==");
        var verifier = ScramVerifier.create("pencil", 4096, salt);
        var client = new ScramClient("user", "pencil", "rOprNGfwEbeRWgbNEkqO");
        var server = new ScramServer(verifier, "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0");
        assertThat(client.first()).asString(US_ASCII).isEqualTo("n,,n=user,r=rOprNGfwEbeRWgbNEkqO");
        var serverFirst = server.first(client.first());
        assertThat(serverFirst)
                .asString(US_ASCII)
                .isEqualTo(
                        "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                                + "s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096");
        var clientFinal = client.last(serverFirst);
        assertThat(clientFinal)
                .asString(US_ASCII)
                .isEqualTo(
                        "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                                + "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");
        var serverFinal = server.last(clientFinal).orElseThrow();
        assertThat(serverFinal)
                .asString(US_ASCII)
                .isEqualTo("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
        client.verify(serverFinal);
        assertThatThrownBy(() -> client.verify("v=AAAA".getBytes(US_ASCII)))
                .isInstanceOf(PgException.class);
    }

    @Test
    void acceptsThePasswordAndNoOther() {
        var verifier = ScramVerifier.create("geheimnis", 100, random);
        assertThat(converse(verifier, "geheimnis")).isTrue();
        assertThat(converse(verifier, "geheimnis ")).isFalse();
        assertThat(converse(verifier, "")).isFalse();
        assertThat(verifier.matches("geheimnis")).isTrue();
        assertThat(verifier.matches("Geheimnis")).isFalse();
    }

    private boolean converse(ScramVerifier verifier, String password) {
        var client = new ScramClient(password, random);
        var server = new ScramServer(verifier, random);
        var answer = server.last(client.last(server.first(client.first())));
        answer.ifPresent(client::verify);
        return answer.isPresent();
    }

    @Test
    void storesAVerifierInPostgreSqlsForm() {
        var verifier = ScramVerifier.create("x", 4096, random);
        var text = verifier.encoded();
        assertThat(text).matches("SCRAM-SHA-256\\$4096:[A-Za-z0-9+/]{22}==\\$.{43}=:.{43}=");
        assertThat(ScramVerifier.parse(text).orElseThrow().encoded()).isEqualTo(text);
        assertThat(verifier.toString()).doesNotContain(text.substring(20));
        assertThat(ScramVerifier.parse("x")).isEmpty();
        assertThat(ScramVerifier.parse("SCRAM-SHA-256$0:AAAA$AAAA:AAAA")).isEmpty();
        assertThat(ScramVerifier.parse("SCRAM-SHA-256$1:AAAA$AAAA:AAAA")).isEmpty();
        assertThat(ScramVerifier.parse("SCRAM-SHA-256$1:A=A$A:A")).isEmpty();
    }

    /** The verifier is what PostgreSQL 15.18 stored for this password. */
    @Test
    void readsAVerifierThatPostgreSqlMade() {
        var verifier = ScramVerifier.parse(POSTGRES_VERIFIER).orElseThrow();
        assertThat(verifier.matches("p\u00e9\u00a0\u2168")).isTrue();
        assertThat(verifier.matches("pe\u0301 IX")).isTrue();
        assertThat(verifier.matches("pe IX")).isFalse();
    }

    @Test
    void showsAnUnknownUserTheSameSaltEachTime() {
        var secret = new byte[] {1, 2, 3};
        var client = new ScramClient("guess", random);
        var salt = salt(ScramVerifier.mock("nobody", secret), client);
        assertThat(salt(ScramVerifier.mock("nobody", secret), client)).isEqualTo(salt);
        assertThat(salt(ScramVerifier.mock("nobody2", secret), client)).isNotEqualTo(salt);
        assertThat(salt).hasSize("s=".length() + 24);
        assertThat(converse(ScramVerifier.mock("nobody", secret), "guess")).isFalse();
    }

    private String salt(ScramVerifier verifier, ScramClient client) {
        var first = new ScramServer(verifier, random).first(client.first());
        return new String(first, US_ASCII).split(",", -1)[1];
    }

    @Test
    void refusesWhatIsNoScram() {
        var verifier = ScramVerifier.create("x", 1, random);
        for (var first :
                new String[] {
                    "",
                    "n",
                    "n,,",
                    "n,,n=",
                    "p=tls-unique,,n=,r=a",
                    "q,,n=,r=a",
                    "n,a=x,n=,r=a",
                    "n,,m=x,n=,r=a",
                    "n,,n=,r=",
                    "n,,n=,r=\u0001",
                    "n,,r=a,n="
                }) {
            var server = new ScramServer(verifier, random);
            assertThatThrownBy(() -> server.first(first.getBytes(US_ASCII)))
                    .as(first)
                    .isInstanceOf(PgException.class);
        }
        for (var last :
                new String[] {
                    "",
                    "c=biws",
                    "c=biws,r=x,p=AAAA",
                    "c=eSws,r=anonce,p=AAAA",
                    "c=biws,r=anonce,p=!",
                    "c=biws,r=anonce,p=AAAA",
                    "c=biws,r=anonce"
                }) {
            var server = new ScramServer(verifier, "nonce");
            server.first("n,,n=,r=a".getBytes(US_ASCII));
            assertThatThrownBy(() -> server.last(last.getBytes(US_ASCII)))
                    .as(last)
                    .isInstanceOf(PgException.class);
        }
    }

    private static final String POSTGRES_VERIFIER =
            "SCRAM-SHA-256$4096:7pZbjDtpKJrwOTVjBuPmTA==$"
                + "bSMWJDzKZborBDHXelaGKfU8gPU+69miOkA6rkwIlvs=:s6figX9p8VTHudcntWHpgfKF6RyKhTWsukPWN80QFV0=";
}
