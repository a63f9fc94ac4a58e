package io.heliosdb.engine.function;

import io.heliosdb.pg.Identifier;
import io.heliosdb.pg.type.Encoding;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;

/**
 * Functions of texts that the store lacks.
 *
 * @see <a href="https://www.postgresql.org/docs/15/functions-string.html">PostgreSQL: string
 *     functions</a>
 */
public final class TextFunctions {

    private TextFunctions() {}

    /**
     * The MD5 hash of a text.
     *
     * @param text the text
     * @return 32 hexadecimal digits
     */
    public static @Nullable String md5(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            var digest = MessageDigest.getInstance("MD5");
            return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * A random uuid.
     *
     * @return of version 4
     */
    public static UUID randomUuid() {
        return UUID.randomUUID();
    }

    /**
     * The name of an encoding.
     *
     * @param encoding its number
     * @return its name; empty for one that we do not have
     */
    public static @Nullable String encodingToChar(@Nullable Integer encoding) {
        if (encoding == null) {
            return null;
        }
        return Encoding.find(encoding.intValue()).map(Encoding::name).orElse("");
    }

    /**
     * The number of an encoding.
     *
     * @param name its name
     * @return its number; -1 for one that there is not
     */
    public static @Nullable Integer charToEncoding(@Nullable String name) {
        if (name == null) {
            return null;
        }
        return Encoding.find(name).map(Encoding::number).orElse(-1);
    }

    /**
     * A name as it is to be written in SQL.
     *
     * @param name the bare name
     * @return quoted where it must be
     */
    public static @Nullable String quoteIdent(@Nullable String name) {
        if (name == null) {
            return null;
        }
        return Identifier.quoteWhereNeeded(name);
    }

    /**
     * A text as it is to be written in SQL.
     *
     * @param text the text
     * @return a literal
     */
    public static @Nullable String quoteLiteral(@Nullable String text) {
        if (text == null) {
            return null;
        }
        String doubled = text.replace("'", "''");
        return doubled.indexOf('\\') < 0
                ? "'" + doubled + "'"
                : "E'" + doubled.replace("\\", "\\\\") + "'";
    }
}
