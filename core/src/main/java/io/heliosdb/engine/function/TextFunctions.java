package io.heliosdb.engine.function;

import io.heliosdb.pg.Identifier;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.type.Encoding;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.Normalizer;
import java.util.HexFormat;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Functions of texts that the store lacks.
 *
 * @see <a href="https://www.postgresql.org/docs/15/functions-string.html">PostgreSQL: string
 *     functions</a>
 */
public final class TextFunctions {
    private static final Pattern ESCAPE =
            Pattern.compile(
                    "\\\\(\\\\|U[0-9a-fA-F]{8}|u[0-9a-fA-F]{4}|\\+[0-9a-fA-F]{6}"
                            + "|[0-9a-fA-F]{4})?");

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

    /**
     * The character of a number.
     *
     * @param number its code point
     * @return the character; null for null
     * @throws PgException 54000 for what is none
     */
    public static @Nullable String character(@Nullable Integer number) {
        if (number == null) {
            return null;
        }
        if (number <= 0 || !Character.isValidCodePoint(number)) {
            throw new PgException(
                    SqlState.PROGRAM_LIMIT_EXCEEDED,
                    number == 0
                            ? "null character not permitted"
                            : number < 0
                                    ? "character number must be positive"
                                    : "requested character too large for encoding: " + number);
        }
        return Character.toString(number);
    }

    /**
     * A text in a normal form of Unicode.
     *
     * @param text the text
     * @param form NFC, NFD, NFKC or NFKD
     * @return the normal form; null for null
     * @throws PgException 22023 for another form
     */
    public static @Nullable String normalize(@Nullable String text, @Nullable String form) {
        if (text == null || form == null) {
            return null;
        }
        try {
            String name = form.toUpperCase(Locale.ROOT);
            return Normalizer.normalize(text, Normalizer.Form.valueOf(name));
        } catch (IllegalArgumentException e) {
            throw new PgException(
                    SqlState.INVALID_PARAMETER_VALUE, "invalid normalization form: " + form);
        }
    }

    /**
     * A text whose escapes stand for characters: {@code \\XXXX}, {@code \\+XXXXXX}, {@code
     * \\uXXXX}, {@code \\UXXXXXXXX}, and a doubled backslash.
     *
     * @param text the text
     * @return the characters; null for null
     * @throws PgException 42601 for what is no escape, 22023 for what is no character
     */
    public static @Nullable String unistr(@Nullable String text) {
        if (text == null) {
            return null;
        }
        var out = new StringBuilder();
        var match = ESCAPE.matcher(text);
        int from = 0;
        while (match.find()) {
            out.append(text, from, match.start());
            from = match.end();
            String digits = match.group(1);
            if (digits == null) {
                throw new PgException(SqlState.SYNTAX_ERROR, "invalid Unicode escape")
                        .withHint(
                                "Unicode escapes must be \\XXXX, \\+XXXXXX, \\uXXXX, or"
                                        + " \\UXXXXXXXX.");
            }
            if (digits.equals("\\")) {
                out.append(digits);
                continue;
            }
            long point = Long.parseLong(digits.replaceFirst("[+uU]", ""), 16);
            if (point == 0 || point > Character.MAX_CODE_POINT) {
                throw new PgException(
                        SqlState.INVALID_PARAMETER_VALUE,
                        "invalid Unicode code point: %04X".formatted(point));
            }
            // Both halves of a pair are code points of their own, and join in the text.
            out.appendCodePoint((int) point);
        }
        return out.append(text, from, text.length()).toString();
    }
}
