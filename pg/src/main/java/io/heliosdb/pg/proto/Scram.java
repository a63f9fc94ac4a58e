package io.heliosdb.pg.proto;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.Report;
import io.heliosdb.pg.Severity;
import io.heliosdb.pg.SqlState;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The arithmetic and the attributes that both ends of SCRAM-SHA-256 share.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5802">RFC 5802</a>
 */
final class Scram {
    static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 18;
    private static final String ALGORITHM = "HmacSHA256";

    private Scram() {}

    /** {@code Hi(password, salt, iterations)}. */
    static byte[] saltedPassword(String password, byte[] salt, int iterations) {
        var mac = mac(SaslPrep.prepare(password).getBytes(UTF_8));
        mac.update(salt);
        byte[] round = mac.doFinal(new byte[] {0, 0, 0, 1});
        byte[] result = round.clone();
        for (int i = 1; i < iterations; i++) {
            round = mac.doFinal(round);
            xorInto(result, round);
        }
        return result;
    }

    static byte[] clientKey(byte[] saltedPassword) {
        return hmac(saltedPassword, "Client Key");
    }

    static byte[] serverKey(byte[] saltedPassword) {
        return hmac(saltedPassword, "Server Key");
    }

    static byte[] hmac(byte[] key, String text) {
        return mac(key).doFinal(text.getBytes(UTF_8));
    }

    private static Mac mac(byte[] key) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            // An empty key and one zero byte are the same to HMAC, but not to SecretKeySpec.
            mac.init(new SecretKeySpec(key.length == 0 ? new byte[1] : key, ALGORITHM));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }

    static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    static void xorInto(byte[] target, byte[] other) {
        for (int i = 0; i < target.length; i++) {
            target[i] ^= other[i];
        }
    }

    static String nonce(SecureRandom random) {
        var bytes = new byte[NONCE_BYTES];
        random.nextBytes(bytes);
        return base64(bytes);
    }

    static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** Reads base64, or refuses with a detail. */
    static byte[] base64(String text, String detail) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new PgException(malformed(detail).report(), e);
        }
    }

    /** A message's text; what is not ASCII can only be in a name, which is not looked at. */
    static String text(byte[] message) {
        var text = new String(message, UTF_8);
        if (text.indexOf('\0') >= 0) {
            throw malformed("Message length does not match input length.");
        }
        return text;
    }

    static byte[] bytes(String message) {
        return message.getBytes(US_ASCII);
    }

    /** The value of an attribute such as {@code r=...}. */
    static String value(String[] attributes, int index, char name) {
        if (index >= attributes.length
                || attributes[index].length() < 2
                || attributes[index].charAt(0) != name
                || attributes[index].charAt(1) != '=') {
            throw malformed("Expected attribute \"" + name + "\".");
        }
        return attributes[index].substring(2);
    }

    static PgException malformed(String detail) {
        return violation("malformed SCRAM message", detail);
    }

    static PgException violation(String message, String detail) {
        return new PgException(
                new Report(
                        Severity.FATAL,
                        SqlState.PROTOCOL_VIOLATION,
                        message,
                        detail,
                        null,
                        0,
                        null),
                null);
    }
}
