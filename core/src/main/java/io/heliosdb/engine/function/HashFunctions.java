package io.heliosdb.engine.function;

import io.heliosdb.engine.FunctionLibrary;
import io.heliosdb.engine.SqlFunction;
import io.heliosdb.pg.Oid;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.h2.value.Value;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Hashes: PostgreSQL's own of a text, which applications make keys of advisory locks with, and
 * those of its extension pgcrypto.
 *
 * @see <a href="https://www.postgresql.org/docs/15/pgcrypto.html">PostgreSQL: pgcrypto</a>
 */
public final class HashFunctions implements FunctionLibrary {
    private static final int BYTES_MAX = 1024;
    private static final int HMAC_BLOCK = 64;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** For {@link java.util.ServiceLoader}. */
    public HashFunctions() {}

    @Override
    public List<SqlFunction> functions() {
        return List.of(
                new SqlFunction(
                        "hashtext",
                        HashFunctions.class,
                        "ofText",
                        Oid.INT4,
                        List.of(Oid.TEXT),
                        true),
                new SqlFunction(
                        "digest", HashFunctions.class, "digest", Oid.BYTEA, List.of(), true),
                new SqlFunction("hmac", HashFunctions.class, "hmac", Oid.BYTEA, List.of(), true),
                new SqlFunction(
                        "gen_random_bytes",
                        HashFunctions.class,
                        "randomBytes",
                        Oid.BYTEA,
                        List.of(Oid.INT4)));
    }

    /**
     * The hash of a text that hash indexes are made of: Jenkins' lookup3.
     *
     * @param text the text
     * @return PostgreSQL's number for it; null for null
     */
    public static @Nullable Integer ofText(@Nullable String text) {
        return text == null ? null : (Integer) hash(text.getBytes(StandardCharsets.UTF_8));
    }

    private static int hash(byte[] bytes) {
        int length = bytes.length;
        int a = 0x9e3779b9 + length + 3923095;
        int b = a;
        int c = a;
        int at = 0;
        for (; length - at >= 12; at += 12) {
            a += word(bytes, at, 4);
            b += word(bytes, at + 4, 4);
            c += word(bytes, at + 8, 4);
            a = (a - c) ^ Integer.rotateLeft(c, 4);
            c += b;
            b = (b - a) ^ Integer.rotateLeft(a, 6);
            a += c;
            c = (c - b) ^ Integer.rotateLeft(b, 8);
            b += a;
            a = (a - c) ^ Integer.rotateLeft(c, 16);
            c += b;
            b = (b - a) ^ Integer.rotateLeft(a, 19);
            a += c;
            c = (c - b) ^ Integer.rotateLeft(b, 4);
            b += a;
        }
        int rest = length - at;
        a += word(bytes, at, Math.min(rest, 4));
        b += word(bytes, at + 4, Math.clamp(rest - 4, 0, 4));
        // The lowest byte is the length's.
        c += word(bytes, at + 8, Math.clamp(rest - 8, 0, 4)) << 8;
        c = (c ^ b) - Integer.rotateLeft(b, 14);
        a = (a ^ c) - Integer.rotateLeft(c, 11);
        b = (b ^ a) - Integer.rotateLeft(a, 25);
        c = (c ^ b) - Integer.rotateLeft(b, 16);
        a = (a ^ c) - Integer.rotateLeft(c, 4);
        b = (b ^ a) - Integer.rotateLeft(a, 14);
        return (c ^ b) - Integer.rotateLeft(b, 24);
    }

    private static int word(byte[] bytes, int from, int count) {
        int word = 0;
        for (int i = 0; i < count; i++) {
            word |= (bytes[from + i] & 0xff) << (8 * i);
        }
        return word;
    }

    /**
     * A digest.
     *
     * @param data a text or bytes
     * @param algorithm such as {@code sha256}
     * @return the digest; null for null
     * @throws PgException 22023 for an unknown algorithm
     */
    public static byte @Nullable [] digest(Value data, @Nullable String algorithm) {
        if (data.getValueType() == Value.NULL || algorithm == null) {
            return null;
        }
        try {
            return MessageDigest.getInstance(name(algorithm, "SHA-")).digest(bytes(data));
        } catch (GeneralSecurityException e) {
            throw unknown(algorithm, e);
        }
    }

    /**
     * A digest that only who knows a key can make.
     *
     * @param data a text or bytes
     * @param key a text or bytes
     * @param algorithm such as {@code sha256}
     * @return the digest; null for null
     * @throws PgException 22023 for an unknown algorithm
     */
    public static byte @Nullable [] hmac(Value data, Value key, @Nullable String algorithm) {
        if (data.getValueType() == Value.NULL
                || key.getValueType() == Value.NULL
                || algorithm == null) {
            return null;
        }
        try {
            String name = "Hmac" + name(algorithm, "SHA");
            byte[] secret = bytes(key);
            Mac mac = Mac.getInstance(name);
            // An empty key is one of zeros.
            mac.init(new SecretKeySpec(secret.length == 0 ? new byte[HMAC_BLOCK] : secret, name));
            return mac.doFinal(bytes(data));
        } catch (GeneralSecurityException e) {
            throw unknown(algorithm, e);
        }
    }

    /**
     * Random bytes.
     *
     * @param count how many
     * @return that many; null for null
     * @throws PgException 39000 for none or more than 1024
     */
    public static byte @Nullable [] randomBytes(@Nullable Integer count) {
        if (count == null) {
            return null;
        }
        if (count < 1 || count > BYTES_MAX) {
            throw new PgException(new SqlState("39000"), "Length not in range");
        }
        var bytes = new byte[count];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    private static String name(String algorithm, String sha) {
        String upper = algorithm.toUpperCase(Locale.ROOT);
        return upper.startsWith("SHA") ? sha + upper.substring(3) : upper;
    }

    private static byte[] bytes(Value data) {
        return data.getValueType() == Value.VARBINARY || data.getValueType() == Value.BINARY
                ? data.getBytes()
                : String.valueOf(data.getString()).getBytes(StandardCharsets.UTF_8);
    }

    private static PgException unknown(String algorithm, GeneralSecurityException cause) {
        var e =
                new PgException(
                        SqlState.INVALID_PARAMETER_VALUE,
                        "Cannot use \"" + algorithm + "\": No such hash algorithm");
        e.initCause(cause);
        return e;
    }
}
