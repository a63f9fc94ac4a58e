package io.heliosdb.pg.type;

import static java.util.Map.entry;

import io.heliosdb.pg.PgException;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The character sets that a client may speak, by PostgreSQL's names and numbers. Inside there is
 * UTF-8 alone; what a client sends and is sent is converted. ASCII is the same in all of them.
 *
 * @see <a href="https://www.postgresql.org/docs/15/multibyte.html">PostgreSQL: character set
 *     support</a>
 */
public enum Encoding {
    /** No conversion: what comes must be UTF-8 all the same. */
    SQL_ASCII(0),
    /** Japanese. */
    EUC_JP(1, ByteShape.EUC_JP, "x-eucJP-Open", Differences.EUC_JP),
    /** Chinese, simplified. */
    EUC_CN(2, ByteShape.EUC, "GB2312"),
    /** Korean. */
    EUC_KR(3, ByteShape.EUC, "EUC-KR"),
    /** Known by name only: Java's planes from the third on are those of another edition. */
    EUC_TW(4),
    /** Known by name only. */
    EUC_JIS_2004(5),
    /** Unicode, and what is spoken inside. */
    UTF8(6),
    /** Known by name only; PostgreSQL does not convert it either. */
    MULE_INTERNAL(7),
    /** ISO 8859-1. */
    LATIN1(8, "ISO-8859-1"),
    /** ISO 8859-2. */
    LATIN2(9, "ISO-8859-2"),
    /** ISO 8859-3. */
    LATIN3(10, "ISO-8859-3"),
    /** ISO 8859-4. */
    LATIN4(11, "ISO-8859-4"),
    /** ISO 8859-9. */
    LATIN5(12, "ISO-8859-9"),
    /** ISO 8859-10, which Java does not have. */
    LATIN6(13, ByteShape.SINGLE, "US-ASCII", Differences.LATIN6),
    /** ISO 8859-13. */
    LATIN7(14, "ISO-8859-13"),
    /** ISO 8859-14, which Java does not have. */
    LATIN8(15, ByteShape.SINGLE, "US-ASCII", Differences.LATIN8),
    /** ISO 8859-15. */
    LATIN9(16, "ISO-8859-15"),
    /** ISO 8859-16. */
    LATIN10(17, "ISO-8859-16"),
    /** Arabic. */
    WIN1256(18, "windows-1256"),
    /** Vietnamese. */
    WIN1258(19, "windows-1258"),
    /** Cyrillic. */
    WIN866(20, "IBM866"),
    /** Thai. */
    WIN874(21, "x-windows-874"),
    /** Russian. */
    KOI8R(22, "KOI8-R"),
    /** Cyrillic. */
    WIN1251(23, "windows-1251"),
    /** Western European. */
    WIN1252(24, "windows-1252"),
    /** Latin and Cyrillic. */
    ISO_8859_5(25, "ISO-8859-5"),
    /** Latin and Arabic. */
    ISO_8859_6(26, "ISO-8859-6"),
    /** Latin and Greek. */
    ISO_8859_7(27, "ISO-8859-7"),
    /** Latin and Hebrew. */
    ISO_8859_8(28, "ISO-8859-8"),
    /** Central European. */
    WIN1250(29, "windows-1250"),
    /** Greek. */
    WIN1253(30, "windows-1253"),
    /** Turkish. */
    WIN1254(31, "windows-1254"),
    /** Hebrew. */
    WIN1255(32, "windows-1255"),
    /** Baltic. */
    WIN1257(33, "windows-1257"),
    /** Ukrainian. */
    KOI8U(34, "KOI8-U"),
    /** Japanese. */
    SJIS(35, ByteShape.SJIS, "windows-31j", Differences.SJIS),
    /** Chinese, traditional. */
    BIG5(36, ByteShape.DOUBLE, "x-Big5-Solaris"),
    /** Chinese, simplified. */
    GBK(37, ByteShape.DOUBLE, "x-mswin-936"),
    /** Korean. */
    UHC(38, ByteShape.DOUBLE, "x-windows-949", "327e=a2e8"),
    /** Chinese. */
    GB18030(39, ByteShape.GB18030, "GB18030"),
    /** Korean. */
    JOHAB(40, ByteShape.JOHAB, "x-Johab", "327e=d9e8"),
    /** Known by name only. */
    SHIFT_JIS_2004(41);

    /** Other names than the encodings' own, in their plain form. */
    private static final Map<String, Encoding> ALIASES =
            Map.ofEntries(
                    entry("abc", WIN1258),
                    entry("alt", WIN866),
                    entry("iso88591", LATIN1),
                    entry("iso88592", LATIN2),
                    entry("iso88593", LATIN3),
                    entry("iso88594", LATIN4),
                    entry("iso88599", LATIN5),
                    entry("iso885910", LATIN6),
                    entry("iso885913", LATIN7),
                    entry("iso885914", LATIN8),
                    entry("iso885915", LATIN9),
                    entry("iso885916", LATIN10),
                    entry("koi8", KOI8R),
                    entry("mskanji", SJIS),
                    entry("shiftjis", SJIS),
                    entry("tcvn", WIN1258),
                    entry("tcvn5712", WIN1258),
                    entry("unicode", UTF8),
                    entry("vscii", WIN1258),
                    entry("win", WIN1251),
                    entry("win932", SJIS),
                    entry("win936", GBK),
                    entry("win949", UHC),
                    entry("win950", BIG5),
                    entry("windows932", SJIS),
                    entry("windows936", GBK),
                    entry("windows949", UHC),
                    entry("windows950", BIG5));

    private static final Map<String, Encoding> BY_NAME = byName();

    private final int number;

    @SuppressWarnings("ImmutableEnumChecker") // it remembers what it has looked up, nothing else
    private final @Nullable CharacterSet characterSet;

    /** One that is not converted. */
    Encoding(int number) {
        this.number = number;
        characterSet = null;
    }

    Encoding(int number, String charset) {
        this(number, ByteShape.SINGLE, charset);
    }

    Encoding(int number, ByteShape shape, String charset) {
        this(number, shape, charset, "");
    }

    Encoding(int number, ByteShape shape, String charset, String differences) {
        this.number = number;
        characterSet = new CharacterSet(name(), shape, charset, differences);
    }

    private static Map<String, Encoding> byName() {
        var names = new HashMap<>(ALIASES);
        for (var encoding : values()) {
            var plain = plain(encoding.name());
            names.put(plain, encoding);
            if (plain.startsWith("win")) {
                names.put("windows" + plain.substring(3), encoding);
            }
        }
        return Map.copyOf(names);
    }

    /**
     * Finds an encoding as SET client_encoding does: case, spaces and punctuation do not count.
     *
     * @param name its name or another one that PostgreSQL has for it
     * @return the encoding
     */
    public static Optional<Encoding> find(String name) {
        return Optional.ofNullable(BY_NAME.get(plain(name)));
    }

    /**
     * Finds an encoding by PostgreSQL's number for it.
     *
     * @param number from 0
     * @return the encoding
     */
    public static Optional<Encoding> find(int number) {
        return List.of(values()).stream().filter(each -> each.number == number).findFirst();
    }

    private static String plain(String name) {
        return name.replaceAll("[^A-Za-z0-9]", "").toLowerCase(Locale.ROOT);
    }

    /**
     * PostgreSQL's number for this encoding.
     *
     * @return from 0
     */
    public int number() {
        return number;
    }

    /**
     * Whether a client may speak it. Java's character sets may be left out of a runtime image.
     *
     * @return false where no conversion to UTF8 is known
     */
    public boolean isSpoken() {
        var set = characterSet;
        return set == null ? this == UTF8 || this == SQL_ASCII : set.isAvailable();
    }

    /**
     * Reads text as strictly as PostgreSQL.
     *
     * @param bytes the text
     * @return the text
     * @throws PgException as {@link #decode(byte[], int, int)}
     */
    public String decode(byte[] bytes) {
        return decode(bytes, 0, bytes.length);
    }

    /**
     * Reads text as strictly as PostgreSQL.
     *
     * @param bytes holds the text
     * @param offset of the first byte
     * @param count how many bytes
     * @return the text
     * @throws PgException 22021 with the bytes that are no character, 22P05 for a character that
     *     has no place in UTF-8
     */
    public String decode(byte[] bytes, int offset, int count) {
        var set = characterSet;
        return set == null
                ? Utf8.decode(bytes, offset, count)
                : set.decode(bytes, offset, offset + count);
    }

    /** What converts it; null where nothing is to be converted. */
    @Nullable CharacterSet characterSet() {
        return characterSet;
    }

    /** Where PostgreSQL's maps differ from Java's: {@code character=bytes}, or none to refuse. */
    private static final class Differences {
        static final String EUC_JP =
                "a2= a3= a5= ac= 2014= 2015=a1bd 2016= 203e= 2116=ade2 2212= 2225=a1c2 301c="
                        + " ff0d=a1dd ff5e=a1c1 ffe0=a1f1 ffe1=a1f2 ffe2=a2cc ffe4=8fa2c3";
        static final String SJIS =
                "ab= af= b5= b7= b8= bb= 2016=8161 2116=fa59 2121=fa5a 2160=fa4a 2161=fa4b"
                        + " 2162=fa4c 2163=fa4d 2164=fa4e 2165=fa4f 2166=fa50 2167=fa51 2168=fa52"
                        + " 2169=fa53 2212=817c 301c=8160 3094= 3231=fa58";
        static final String LATIN6 =
                CharacterSet.highHalf(
                        "\u00a0ĄĒĢĪĨĶ§ĻĐŠŦŽ\u00adŪŊ°ąēģīĩķ·ļđšŧž―ūŋ"
                            + "ĀÁÂÃÄÅÆĮČÉĘËĖÍÎÏÐŅŌÓÔÕÖŨØŲÚÛÜÝÞßāáâãäåæįčéęëėíîïðņōóôõöũøųúûüýþĸ");
        static final String LATIN8 =
                CharacterSet.highHalf(
                        "\u00a0Ḃḃ£ĊċḊ§Ẁ©ẂḋỲ\u00ad®ŸḞḟĠġṀṁ¶ṖẁṗẃṠỳẄẅṡ"
                            + "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏŴÑÒÓÔÕÖṪØÙÚÛÜÝŶßàáâãäåæçèéêëìíîïŵñòóôõöṫøùúûüýŷÿ");

        private Differences() {}
    }
}
