package io.heliosdb.pg.proto;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a server keeps in place of a password: enough to check one, not enough to log in with.
 * Printed and read in PostgreSQL's form, {@code SCRAM-SHA-256$4096:salt$StoredKey:ServerKey}.
 * Immutable.
 *
 * @see <a href="https://www.postgresql.org/docs/15/catalog-pg-authid.html">PostgreSQL:
 *     pg_authid</a>
 */
public final class ScramVerifier {
    /** The name of the mechanism, as SASL has it. */
    public static final String MECHANISM = "SCRAM-SHA-256";

    /** PostgreSQL's number of rounds. */
    public static final int ITERATIONS = 4096;

    private static final int SALT_BYTES = 16;
    private static final Pattern FORM =
            Pattern.compile(
                    "SCRAM-SHA-256\\$([0-9]{1,9}):([A-Za-z0-9+/=]+)"
                            + "\\$([A-Za-z0-9+/=]+):([A-Za-z0-9+/=]+)");

    private final int iterations;
    private final byte[] salt;
    private final byte[] storedKey;
    private final byte[] serverKey;

    private ScramVerifier(int iterations, byte[] salt, byte[] storedKey, byte[] serverKey) {
        this.iterations = iterations;
        this.salt = salt;
        this.storedKey = storedKey;
        this.serverKey = serverKey;
    }

    /**
     * Makes the verifier of a password.
     *
     * @param password in clear text; it is not kept
     * @param iterations how many rounds, {@link #ITERATIONS} as a rule
     * @param random makes the salt
     * @return the verifier
     */
    public static ScramVerifier create(String password, int iterations, SecureRandom random) {
        var salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        return create(password, iterations, salt);
    }

    static ScramVerifier create(String password, int iterations, byte[] salt) {
        if (iterations < 1) {
            throw new IllegalArgumentException("iterations are at least 1: " + iterations);
        }
        var salted = Scram.saltedPassword(password, salt, iterations);
        return new ScramVerifier(
                iterations, salt, Scram.sha256(Scram.clientKey(salted)), Scram.serverKey(salted));
    }

    /**
     * Makes a verifier that no password fits, for a user that does not exist: the same user gets
     * the same salt each time, so that it looks like one who does.
     *
     * @param user the name given
     * @param secret of this server, the same over restarts
     * @return the verifier
     */
    public static ScramVerifier mock(String user, byte[] secret) {
        var salt = Arrays.copyOf(Scram.hmac(secret, "salt " + user), SALT_BYTES);
        return new ScramVerifier(
                ITERATIONS,
                salt,
                Scram.hmac(secret, "stored key " + user),
                Scram.hmac(secret, "server key " + user));
    }

    /**
     * Reads the stored form.
     *
     * @param text what may be a verifier, or a password
     * @return the verifier, where the text is one
     */
    public static Optional<ScramVerifier> parse(String text) {
        var matcher = FORM.matcher(text);
        if (!matcher.matches() || Integer.parseInt(matcher.group(1)) == 0) {
            return Optional.empty();
        }
        try {
            var decoder = Base64.getDecoder();
            var storedKey = decoder.decode(matcher.group(3));
            var serverKey = decoder.decode(matcher.group(4));
            return storedKey.length != Scram.KEY_BYTES || serverKey.length != Scram.KEY_BYTES
                    ? Optional.empty()
                    : Optional.of(
                            new ScramVerifier(
                                    Integer.parseInt(matcher.group(1)),
                                    decoder.decode(matcher.group(2)),
                                    storedKey,
                                    serverKey));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    /**
     * The stored form.
     *
     * @return what {@link #parse} reads
     */
    public String encoded() {
        return "%s$%d:%s$%s:%s"
                .formatted(
                        MECHANISM,
                        iterations,
                        Scram.base64(salt),
                        Scram.base64(storedKey),
                        Scram.base64(serverKey));
    }

    /**
     * Checks a password that was sent in clear text, in a time that does not tell how it differs.
     *
     * @param password in clear text
     * @return whether this is its verifier
     */
    public boolean matches(String password) {
        var salted = Scram.saltedPassword(password, salt, iterations);
        return java.security.MessageDigest.isEqual(serverKey, Scram.serverKey(salted));
    }

    int iterations() {
        return iterations;
    }

    byte[] salt() {
        return salt.clone();
    }

    byte[] storedKey() {
        return storedKey.clone();
    }

    byte[] serverKey() {
        return serverKey.clone();
    }

    /** Says nothing that helps to guess the password. */
    @Override
    public String toString() {
        return MECHANISM + "$" + iterations;
    }
}
