package io.heliosdb.pg.type;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CharsetEncoder;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/**
 * One encoding both ways: Java's character set, PostgreSQL's rules for what is a character, and the
 * few characters that the two map differently. Nothing is looked up before somebody speaks it.
 */
final class CharacterSet {
    /** The longest character of any encoding. */
    private static final int WIDTH_MAX = 8;

    private record Maps(
            Charset charset, Map<Integer, byte[]> toBytes, Map<Integer, Integer> toCharacter) {}

    private final String name;
    private final ByteShape shape;
    private final String charset;
    private final String differences;

    /** Made on first use; two threads that race make the same. */
    private volatile @Nullable Maps maps;

    /**
     * A set.
     *
     * @param name PostgreSQL's
     * @param charset Java's
     * @param differences {@code character=bytes} in hex, with blanks between; without bytes the
     *     character is refused
     */
    CharacterSet(String name, ByteShape shape, String charset, String differences) {
        this.name = name;
        this.shape = shape;
        this.charset = charset;
        this.differences = differences;
    }

    /** The differences of a set of single bytes from ASCII, by what stands from a0 on. */
    static String highHalf(String from160) {
        var list = new StringBuilder();
        for (int b = 0x80; b <= 0xff; b++) {
            int character = b < 0xa0 ? b : from160.charAt(b - 0xa0);
            list.append(b == 0x80 ? "" : " ").append("%x=%x".formatted(character, b));
        }
        return list.toString();
    }

    boolean isAvailable() {
        return Charset.isSupported(charset);
    }

    private Maps maps() {
        var made = maps;
        if (made == null) {
            var toBytes = new HashMap<Integer, byte[]>();
            var toCharacter = new HashMap<Integer, Integer>();
            for (var difference : differences.isEmpty() ? new String[0] : differences.split(" ")) {
                int equals = difference.indexOf('=');
                int character = Integer.parseInt(difference, 0, equals, 16);
                var bytes = HexFormat.of().parseHex(difference, equals + 1, difference.length());
                toBytes.put(character, bytes);
                if (bytes.length > 0) {
                    toCharacter.put(packed(bytes, 0, bytes.length), character);
                }
            }
            made = new Maps(Charset.forName(charset), toBytes, toCharacter);
            maps = made;
        }
        return made;
    }

    private static int packed(byte[] bytes, int at, int width) {
        int packed = 0;
        for (int i = 0; i < width; i++) {
            packed = packed << 8 | (bytes[at + i] & 0xff);
        }
        return packed;
    }

    /** Reads text; 22021 for bytes that are no character, 22P05 for one that Unicode has not. */
    String decode(byte[] bytes, int from, int end) {
        var known = maps();
        var decoder = known.charset.newDecoder();
        var text = new StringBuilder(end - from);
        for (int at = from; at < end; ) {
            if (bytes[at] > 0) {
                text.append((char) bytes[at++]);
                continue;
            }
            int width = bytes[at] == 0 ? 1 : shape.width(bytes, at, end);
            if (bytes[at] == 0 || at + width > end || !shape.isValid(bytes, at, width)) {
                throw invalid(bytes, at, Math.min(end, at + width));
            }
            var special = known.toCharacter.get(packed(bytes, at, width));
            if (special != null) {
                text.appendCodePoint(special);
            } else {
                decodeOne(decoder, bytes, at, width, text);
            }
            at += width;
        }
        return text.toString();
    }

    private void decodeOne(
            CharsetDecoder decoder, byte[] bytes, int at, int width, StringBuilder text) {
        var out = CharBuffer.allocate(WIDTH_MAX);
        var result = decoder.reset().decode(ByteBuffer.wrap(bytes, at, width), out, true);
        // What a vendor put into the area for private use is no character to PostgreSQL.
        if (result.isError() || isPrivate(out.get(0))) {
            throw new PgException(
                    SqlState.UNTRANSLATABLE_CHARACTER,
                    "character with byte sequence%s in encoding \"%s\" has no equivalent in encoding \"UTF8\""
                            .formatted(hex(bytes, at, at + width), name));
        }
        text.append(out.flip());
    }

    private boolean isPrivate(char c) {
        return c >= 0xe000 && c <= 0xf8ff && shape != ByteShape.GB18030;
    }

    /** Replaces what a sink holds in UTF-8 from a place on; 22P05 for what has no place here. */
    void convert(ByteSink sink, int from) {
        int at = from;
        while (at < sink.length() && sink.byteAt(at) >= 0) {
            at++;
        }
        if (at == sink.length()) {
            return;
        }
        var text = sink.textFrom(at);
        sink.truncate(at);
        var known = maps();
        var encoder = known.charset.newEncoder();
        int character;
        for (int i = 0; i < text.length(); i += Character.charCount(character)) {
            character = text.codePointAt(i);
            if (character < 0x80) {
                sink.putByte(character);
                continue;
            }
            var special = known.toBytes.get(character);
            sink.put(special == null ? encodeOne(encoder, character) : special);
            if (special != null && special.length == 0) {
                throw refused(character);
            }
        }
    }

    private byte[] encodeOne(CharsetEncoder encoder, int character) {
        var out = ByteBuffer.allocate(WIDTH_MAX);
        var in = CharBuffer.wrap(Character.toString(character));
        var result = encoder.reset().encode(in, out, true);
        if (result.isError()
                || (character <= 0xffff && isPrivate((char) character))
                || encoder.flush(out).isError()) {
            throw refused(character);
        }
        out.flip();
        var bytes = new byte[out.remaining()];
        out.get(bytes);
        return bytes;
    }

    private PgException refused(int character) {
        var bytes = Character.toString(character).getBytes(UTF_8);
        return new PgException(
                SqlState.UNTRANSLATABLE_CHARACTER,
                "character with byte sequence%s in encoding \"UTF8\" has no equivalent in encoding \"%s\""
                        .formatted(hex(bytes, 0, bytes.length), name));
    }

    private PgException invalid(byte[] bytes, int from, int to) {
        return new PgException(
                SqlState.CHARACTER_NOT_IN_REPERTOIRE,
                "invalid byte sequence for encoding \"%s\":%s"
                        .formatted(name, hex(bytes, from, to)));
    }

    private static String hex(byte[] bytes, int from, int to) {
        var hex = new StringBuilder();
        for (int i = from; i < to; i++) {
            hex.append(" 0x%02x".formatted(bytes[i]));
        }
        return hex.toString();
    }
}
