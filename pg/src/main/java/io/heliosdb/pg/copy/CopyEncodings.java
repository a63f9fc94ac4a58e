package io.heliosdb.pg.copy;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * PostgreSQL's names of encodings that hold ASCII as it is, so that delimiters are found in them.
 *
 * @see <a href="https://www.postgresql.org/docs/15/multibyte.html">PostgreSQL: character sets</a>
 */
public final class CopyEncodings {
    private static final Map<String, Charset> CHARSETS = new LinkedHashMap<>();

    static {
        CHARSETS.put("UTF8", StandardCharsets.UTF_8);
        CHARSETS.put("LATIN1", StandardCharsets.ISO_8859_1);
        put("LATIN2", "ISO-8859-2");
        put("LATIN3", "ISO-8859-3");
        put("LATIN4", "ISO-8859-4");
        put("LATIN5", "ISO-8859-9");
        put("LATIN7", "ISO-8859-13");
        put("LATIN9", "ISO-8859-15");
        put("ISO_8859_5", "ISO-8859-5");
        put("ISO_8859_6", "ISO-8859-6");
        put("ISO_8859_7", "ISO-8859-7");
        put("ISO_8859_8", "ISO-8859-8");
        put("KOI8R", "KOI8-R");
        put("KOI8U", "KOI8-U");
        put("WIN866", "IBM866");
        put("WIN874", "windows-874");
        for (int page = 1250; page <= 1258; page++) {
            put("WIN" + page, "windows-" + page);
        }
    }

    private static final Map<String, String> OTHER_NAMES =
            Map.of(
                    "unicode", "UTF8",
                    "sqlascii", "UTF8",
                    "iso88591", "LATIN1",
                    "iso88592", "LATIN2",
                    "iso885915", "LATIN9",
                    "koi8", "KOI8R",
                    "win", "WIN1251",
                    "alt", "WIN866");

    private CopyEncodings() {}

    /**
     * The character set of a name.
     *
     * @param name as ENCODING gives it, in any case and with any punctuation
     * @return nothing for one that is not known
     */
    public static Optional<Charset> charset(String name) {
        var wanted = folded(name);
        var usual = OTHER_NAMES.getOrDefault(wanted, name);
        return CHARSETS.entrySet().stream()
                .filter(entry -> folded(entry.getKey()).equals(folded(usual)))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    static String name(Charset charset) {
        return CHARSETS.entrySet().stream()
                .filter(entry -> entry.getValue().equals(charset))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(charset.name());
    }

    private static String folded(String name) {
        return name.toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9]", "")
                .replaceFirst("^windows", "win");
    }

    private static void put(String name, String charset) {
        if (Charset.isSupported(charset)) {
            CHARSETS.put(name, Charset.forName(charset));
        }
    }
}
