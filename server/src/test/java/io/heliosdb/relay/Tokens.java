package io.heliosdb.relay;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;

import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;

/** Tokens as an application would sign them. */
final class Tokens {
    static final String SECRET = "0123456789abcdef0123456789abcdef";

    private Tokens() {}

    static JWTClaimsSet.Builder claims(String subject, Duration life) {
        return new JWTClaimsSet.Builder()
                .subject(subject)
                .expirationTime(Date.from(Instant.now().plus(life)));
    }

    static String sign(JWTClaimsSet.Builder claims) {
        return sign(claims, SECRET);
    }

    static String sign(JWTClaimsSet.Builder claims, String secret) {
        try {
            var token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims.build());
            token.sign(new MACSigner(secret));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One that may hear and publish these. */
    static String of(String subject, String... channels) {
        return sign(
                claims(subject, Duration.ofHours(1))
                        .claim("channels", List.of(channels))
                        .claim("publish", List.of(channels)));
    }
}
