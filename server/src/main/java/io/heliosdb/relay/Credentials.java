package io.heliosdb.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.ImmutableSecret;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSKeySelector;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import com.nimbusds.jwt.proc.JWTProcessor;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.spi.HttpRequest.Access;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who is who: a signed token (JWT), the key of a service, a session of the console, or nobody. Read
 * once, when the server starts. Thread-safe.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7519">RFC 7519: JSON Web Token</a>
 */
final class Credentials {
    private static final int SECRET_BYTES_MIN = 32;
    private static final int CLOCK_SKEW_SECONDS = 5;

    private final List<JWTProcessor<SecurityContext>> processors = new ArrayList<>();
    private final ApiKeys apiKeys;
    private final ConsoleAccess console;
    private final Optional<Grant> anonymous;

    /**
     * Reads the keys.
     *
     * @param access where they are
     * @param console who has entered the console
     * @throws PgException F0000 for a file that cannot be used
     */
    Credentials(Access access, ConsoleAccess console) {
        this.console = console;
        access.jwtSecret().ifPresent(file -> processors.add(processor(access, secret(file))));
        access.jwks().ifPresent(file -> processors.add(processor(access, keySet(file))));
        apiKeys = access.apiKeys().map(ApiKeys::read).orElseGet(ApiKeys::none);
        anonymous =
                access.anonymousChannels().isEmpty()
                        ? Optional.empty()
                        : Optional.of(
                                Grant.anonymous(new ChannelPatterns(access.anonymousChannels())));
    }

    /** What everybody may do; empty where a credential is needed. */
    Optional<Grant> anonymous() {
        return anonymous;
    }

    /**
     * Finds out who has a credential.
     *
     * @throws PgException 28000 where it is none of ours or has expired
     */
    Grant grant(String credential) {
        var known = console.session(credential).or(() -> apiKeys.find(credential));
        return known.orElseGet(() -> fromToken(credential));
    }

    private Grant fromToken(String token) {
        for (var processor : processors) {
            try {
                return grant(processor.process(token, null));
            } catch (BadJOSEException | JOSEException | ParseException e) {
                // Another key may fit; why this one does not is nothing to tell a stranger.
            }
        }
        throw new PgException(
                SqlState.INVALID_AUTHORIZATION_SPECIFICATION, "the credential is not valid");
    }

    private static Grant grant(JWTClaimsSet claims) throws ParseException {
        var expires = claims.getExpirationTime();
        return grant(claims.getSubject(), new Fields(new HashMap<>(claims.getClaims())), expires);
    }

    /** What the fields of a token or of a key's entry grant. */
    static Grant grant(String subject, Fields fields, @Nullable Date expires) {
        return new Grant(
                subject,
                new ChannelPatterns(fields.strings("channels")),
                new ChannelPatterns(fields.strings("publish")),
                expires == null ? null : expires.toInstant(),
                false);
    }

    private static DefaultJWTProcessor<SecurityContext> processor(
            Access access, JWSKeySelector<SecurityContext> keys) {
        var exact = new JWTClaimsSet.Builder();
        access.jwtIssuer().ifPresent(exact::issuer);
        var verifier =
                new DefaultJWTClaimsVerifier<SecurityContext>(
                        access.jwtAudience().orElse(null), exact.build(), Set.of("sub", "exp"));
        verifier.setMaxClockSkew(CLOCK_SKEW_SECONDS);
        var processor = new DefaultJWTProcessor<SecurityContext>();
        processor.setJWSKeySelector(keys);
        processor.setJWTClaimsSetVerifier(verifier);
        return processor;
    }

    private static JWSKeySelector<SecurityContext> secret(Path file) {
        byte[] secret = read(file);
        int length = secret.length;
        while (length > 0 && (secret[length - 1] == '\n' || secret[length - 1] == '\r')) {
            length--;
        }
        if (length < SECRET_BYTES_MIN) {
            throw unusable(file, "a secret has " + SECRET_BYTES_MIN + " bytes or more", null);
        }
        return new JWSVerificationKeySelector<>(
                JWSAlgorithm.HS256, new ImmutableSecret<>(Arrays.copyOf(secret, length)));
    }

    private static JWSKeySelector<SecurityContext> keySet(Path file) {
        try {
            var set = JWKSet.parse(new String(read(file), UTF_8));
            return new JWSVerificationKeySelector<>(
                    Set.of(JWSAlgorithm.RS256, JWSAlgorithm.ES256),
                    new ImmutableJWKSet<>(set.toPublicJWKSet()));
        } catch (ParseException e) {
            throw unusable(file, e.getMessage(), e);
        }
    }

    static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw unusable(file, "it cannot be read", e);
        }
    }

    static PgException unusable(Path file, @Nullable String why, @Nullable Throwable cause) {
        var error =
                PgException.fatal(
                        SqlState.CONFIG_FILE_ERROR,
                        "could not use file \"%s\": %s".formatted(file, why));
        if (cause != null) {
            error.initCause(cause);
        }
        return error;
    }
}
