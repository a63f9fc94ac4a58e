package io.heliosdb.engine.function;

import io.heliosdb.pg.Oid;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.type.PgType;

import org.h2.value.Value;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;

/**
 * Functions of bytea.
 *
 * @see <a href="https://www.postgresql.org/docs/15/functions-binarystring.html">PostgreSQL: binary
 *     string functions</a>
 */
public final class ByteFunctions {
    private static final int LINE = 76;

    private ByteFunctions() {}

    /** A text without a type is a bytea's text. */
    private static byte @Nullable [] bytes(Value value) {
        return switch (value.getValueType()) {
            case Value.NULL -> null;
            case Value.VARCHAR, Value.CHAR ->
                    (byte[]) PgType.of(Oid.BYTEA).decodeText(String.valueOf(value.getString()));
            default -> value.getBytes();
        };
    }

    private static PgException unknown(String encoding) {
        return new PgException(
                SqlState.INVALID_PARAMETER_VALUE, "unrecognized encoding: \"" + encoding + '"');
    }

    /**
     * Bytes as text.
     *
     * @param value the bytes
     * @param encoding hex, base64 or escape
     * @return null for NULL
     */
    public static @Nullable String encode(Value value, @Nullable String encoding) {
        byte[] bytes = bytes(value);
        if (bytes == null || encoding == null) {
            return null;
        }
        return switch (encoding.toLowerCase(Locale.ROOT)) {
            case "hex" -> HexFormat.of().formatHex(bytes);
            case "base64" -> Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(bytes);
            case "escape" -> escaped(bytes);
            default -> throw unknown(encoding);
        };
    }

    private static String escaped(byte[] bytes) {
        var text = new StringBuilder();
        for (byte b : bytes) {
            if (b == '\\') {
                text.append("\\\\");
            } else if (b <= 0) {
                text.append(String.format(Locale.ROOT, "\\%03o", b & 0xff));
            } else {
                text.append((char) b);
            }
        }
        return text.toString();
    }

    /**
     * The bytes of a text.
     *
     * @param text the text
     * @param encoding hex, base64 or escape
     * @return null for NULL
     * @throws PgException 22023 for what is not in the encoding
     */
    public static byte @Nullable [] decode(@Nullable String text, @Nullable String encoding) {
        if (text == null || encoding == null) {
            return null;
        }
        return switch (encoding.toLowerCase(Locale.ROOT)) {
            case "hex" -> (byte[]) PgType.of(Oid.BYTEA).decodeText("\\x" + text);
            case "base64" -> base64(text);
            case "escape" -> (byte[]) PgType.of(Oid.BYTEA).decodeText(text);
            default -> throw unknown(encoding);
        };
    }

    private static byte[] base64(String text) {
        try {
            return Base64.getDecoder().decode(text.replaceAll("[ \\t\\r\\n]", ""));
        } catch (IllegalArgumentException e) {
            throw new PgException(SqlState.INVALID_PARAMETER_VALUE, "invalid base64 end sequence");
        }
    }

    private static byte @Nullable [] digest(Value value, String algorithm) {
        byte[] bytes = bytes(value);
        if (bytes == null) {
            return null;
        }
        try {
            return MessageDigest.getInstance(algorithm).digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * A hash of 224 bits.
     *
     * @param value bytes
     * @return null for NULL
     */
    public static byte @Nullable [] sha224(Value value) {
        return digest(value, "SHA-224");
    }

    /**
     * A hash of 256 bits.
     *
     * @param value bytes
     * @return null for NULL
     */
    public static byte @Nullable [] sha256(Value value) {
        return digest(value, "SHA-256");
    }

    /**
     * A hash of 384 bits.
     *
     * @param value bytes
     * @return null for NULL
     */
    public static byte @Nullable [] sha384(Value value) {
        return digest(value, "SHA-384");
    }

    /**
     * A hash of 512 bits.
     *
     * @param value bytes
     * @return null for NULL
     */
    public static byte @Nullable [] sha512(Value value) {
        return digest(value, "SHA-512");
    }

    /**
     * One of the bytes.
     *
     * @param value bytes
     * @param index which, from 0
     * @return null for NULL
     */
    public static @Nullable Integer byteAt(Value value, @Nullable Integer index) {
        byte[] bytes = bytes(value);
        if (bytes == null || index == null) {
            return null;
        }
        if (index < 0 || index >= bytes.length) {
            throw new PgException(
                    new SqlState("2202E"),
                    "index " + index + " out of valid range, 0.." + (bytes.length - 1));
        }
        return bytes[index] & 0xff;
    }

    private static void requireUtf8(String encoding) {
        String name = encoding.toUpperCase(Locale.ROOT).replace("-", "").replace("_", "");
        if (!name.equals("UTF8") && !name.equals("UNICODE")) {
            throw new PgException(
                    SqlState.FEATURE_NOT_SUPPORTED,
                    "conversion between UTF8 and " + encoding + " is not supported");
        }
    }

    /**
     * The text that bytes stand for.
     *
     * @param value bytes
     * @param encoding UTF8
     * @return null for NULL
     * @throws PgException 22021 for bytes that are no text
     */
    public static @Nullable String textOf(Value value, @Nullable String encoding) {
        byte[] bytes = bytes(value);
        if (bytes == null || encoding == null) {
            return null;
        }
        requireUtf8(encoding);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new PgException(
                    SqlState.CHARACTER_NOT_IN_REPERTOIRE,
                    "invalid byte sequence for encoding \"UTF8\"");
        }
    }

    /**
     * The bytes of a text.
     *
     * @param text the text
     * @param encoding UTF8
     * @return null for NULL
     */
    public static byte @Nullable [] bytesOf(@Nullable String text, @Nullable String encoding) {
        if (text == null || encoding == null) {
            return null;
        }
        requireUtf8(encoding);
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
