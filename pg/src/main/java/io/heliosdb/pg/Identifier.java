package io.heliosdb.pg;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Set;

/**
 * What a name is in PostgreSQL: at most 63 bytes in UTF-8, folded to lower case unless quoted.
 *
 * @see <a href="https://www.postgresql.org/docs/15/sql-syntax-lexical.html">PostgreSQL: identifiers
 *     and key words</a>
 */
public final class Identifier {
    /** The longest name, in bytes of UTF-8. */
    public static final int BYTES_MAX = 63;

    private Identifier() {}

    /**
     * Folds an unquoted name: ASCII letters to lower case, everything else as it is.
     *
     * @param name as written
     * @return as PostgreSQL knows it
     */
    public static String fold(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (isUpper(name.charAt(i))) {
                return folded(name, i);
            }
        }
        return name;
    }

    /** The key words that are not a name wherever a name may stand. */
    private static final Set<String> RESERVED =
            Set.of(
                    """
                    all analyse analyze and any array as asc asymmetric authorization between bigint binary
                    bit boolean both case cast char character check coalesce collate collation column
                    concurrently constraint create cross current_catalog current_date current_role
                    current_schema current_time current_timestamp current_user dec decimal default
                    deferrable desc distinct do else end except exists extract false fetch float for foreign
                    freeze from full grant greatest group grouping having ilike in initially inner inout int
                    integer intersect interval into is isnull join lateral leading least left like limit
                    localtime localtimestamp national natural nchar none normalize not notnull null nullif
                    numeric offset on only or order out outer overlaps overlay placing position precision
                    primary real references returning right row select session_user setof similar smallint
                    some substring symmetric table tablesample then time timestamp to trailing treat trim
                    true union unique user using values varchar variadic verbose when where window with
                    xmlattributes xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi
                    xmlroot xmlserialize xmltable
                    """
                            .strip()
                            .split("\\s+"));

    /**
     * Quotes a name where it would be read as something else, as {@code quote_ident} does.
     *
     * @param name the bare name
     * @return the name, in double quotes where it needs them
     */
    public static String quoteWhereNeeded(String name) {
        boolean isPlain = !name.isEmpty() && !RESERVED.contains(name);
        for (int i = 0; i < name.length() && isPlain; i++) {
            char c = name.charAt(i);
            isPlain = (c >= 'a' && c <= 'z') || c == '_' || (i > 0 && c >= '0' && c <= '9');
        }
        return isPlain ? name : quote(name);
    }

    /**
     * Quotes a name so that it is read back as it stands.
     *
     * @param name the bare name
     * @return the name in double quotes
     */
    public static String quote(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /**
     * Cuts a name to {@link #BYTES_MAX} bytes at a character boundary.
     *
     * @param name the bare name
     * @return the name itself where it is short enough
     */
    public static String truncate(String name) {
        if (name.length() * 3 <= BYTES_MAX || utf8Length(name) <= BYTES_MAX) {
            return name;
        }
        int end = 0;
        int bytes = 0;
        while (end < name.length()) {
            int codePoint = name.codePointAt(end);
            bytes += utf8Length(codePoint);
            if (bytes > BYTES_MAX) {
                break;
            }
            end += Character.charCount(codePoint);
        }
        return name.substring(0, end);
    }

    /**
     * Counts the bytes of a text in UTF-8 without encoding it.
     *
     * @param text any text
     * @return its length in bytes
     */
    public static int utf8Length(String text) {
        int bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                bytes++;
            } else if (c < 0x800) {
                bytes += 2;
            } else if (Character.isSurrogate(c)) {
                return text.getBytes(UTF_8).length;
            } else {
                bytes += 3;
            }
        }
        return bytes;
    }

    private static int utf8Length(int codePoint) {
        if (codePoint < 0x80) {
            return 1;
        }
        if (codePoint < 0x800) {
            return 2;
        }
        return codePoint < 0x10000 ? 3 : 4;
    }

    private static String folded(String name, int from) {
        var chars = name.toCharArray();
        for (int i = from; i < chars.length; i++) {
            if (isUpper(chars[i])) {
                chars[i] = (char) (chars[i] + ('a' - 'A'));
            }
        }
        return new String(chars);
    }

    private static boolean isUpper(char c) {
        return c >= 'A' && c <= 'Z';
    }
}
