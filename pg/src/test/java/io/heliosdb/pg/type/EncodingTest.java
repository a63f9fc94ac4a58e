package io.heliosdb.pg.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliosdb.pg.Oid;
import io.heliosdb.pg.PgException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The bytes are those that a PostgreSQL 15 answers with. */
final class EncodingTest {
    private static byte[] encoded(Encoding encoding, String text) {
        var sink = new ByteSink(16);
        sink.putByte(0xff);
        int from = sink.length();
        sink.encoding(encoding);
        sink.putUtf8(text);
        sink.convertFrom(from);
        var all = sink.toByteArray();
        return Arrays.copyOfRange(all, from, all.length);
    }

    @ParameterizedTest
    @CsvSource({
        "LATIN1, é, e9",
        "LATIN6, Ģĸ, a3ff",
        "LATIN8, Ŵż, ''",
        "LATIN8, Ŵ, d0",
        "LATIN9, €, a4",
        "WIN1251, Ж, c6",
        "KOI8R, Ж, f6",
        "WIN866, Ж, 86",
        "EUC_JP, あア, a4a2a5a2",
        "EUC_JP, －～№∥, a1dda1c1ade2a1c2",
        "EUC_JP, 丂, 8fb0a1",
        "SJIS, 表Ⅰ∥, 955cfa4a8161",
        "SJIS, －～, 817c8160",
        "BIG5, 功, a55c",
        "GBK, €, 80",
        "UHC, 가㉾, b0a1a2e8",
        "GB18030, 😀, 9439fc36",
        "JOHAB, 가, 8861"
    })
    void textsHaveTheBytesOfPostgres(Encoding encoding, String text, String bytes) {
        if (bytes.isEmpty()) {
            assertThatThrownBy(() -> encoded(encoding, text)).hasMessageContaining("0xc5 0xbc");
        } else {
            assertThat(HexFormat.of().formatHex(encoded(encoding, text))).isEqualTo(bytes);
        }
    }

    /** PostgreSQL's own check of JOHAB refuses most of what it writes. */
    static Stream<Encoding> readAndWritten() {
        return Arrays.stream(Encoding.values())
                .filter(Encoding::isSpoken)
                .filter(encoding -> encoding != Encoding.JOHAB);
    }

    @ParameterizedTest
    @MethodSource("readAndWritten")
    void whatIsWrittenIsReadAndWrittenBack(Encoding encoding) {
        for (int character = 0x80; character < 0xd800; character += character < 0x500 ? 1 : 61) {
            var text = "a" + Character.toString(character) + '\\';
            byte[] bytes;
            try {
                bytes = encoded(encoding, text);
            } catch (PgException refused) {
                assertThat(refused.sqlState().code()).isEqualTo("22P05");
                continue;
            }
            assertThat(encoded(encoding, encoding.decode(bytes))).as(text).isEqualTo(bytes);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "LATIN1, 00, 22021, invalid byte sequence for encoding \"LATIN1\": 0x00",
        "WIN1252, 81, 22P05, character with byte sequence 0x81 in encoding \"WIN1252\" has no"
                + " equivalent in encoding \"UTF8\"",
        "EUC_JP, a427, 22021, invalid byte sequence for encoding \"EUC_JP\": 0xa4 0x27",
        "EUC_JP, 8fa1, 22021, invalid byte sequence for encoding \"EUC_JP\": 0x8f 0xa1",
        "SJIS, 8061, 22021, invalid byte sequence for encoding \"SJIS\": 0x80 0x61",
        "SJIS, f040, 22P05, character with byte sequence 0xf0 0x40 in encoding \"SJIS\" has no"
                + " equivalent in encoding \"UTF8\"",
        "GB18030, 81308130, 22P05, ''",
        "GB18030, 8130, 22021, invalid byte sequence for encoding \"GB18030\": 0x81 0x30",
        "SQL_ASCII, ff, 22021, invalid byte sequence for encoding \"UTF8\": 0xff"
    })
    void whatIsNoCharacterIsRefused(Encoding encoding, String hex, String state, String message) {
        var bytes = HexFormat.of().parseHex(hex);
        if (message.isEmpty()) {
            assertThat(encoding.decode(bytes)).isEqualTo("\u0080");
            return;
        }
        assertThatThrownBy(() -> encoding.decode(bytes))
                .isInstanceOfSatisfying(
                        PgException.class, e -> assertThat(e.sqlState().code()).isEqualTo(state))
                .hasMessage(message);
    }

    @Test
    void anArrayIsQuotedBeforeItIsConverted() {
        var type = PgType.of(Oid.TEXT_ARRAY);
        var sink = new ByteSink(16);
        sink.encoding(Encoding.SJIS);
        type.encodeText(List.of("表"), TextStyle.DEFAULT, sink);
        sink.convertFrom(0);
        assertThat(HexFormat.of().formatHex(sink.toByteArray())).isEqualTo("7b955c7d");
    }

    @ParameterizedTest
    @CsvSource({
        "utf-8, UTF8",
        "Unicode, UTF8",
        "sql ascii, SQL_ASCII",
        "ISO-8859-1, LATIN1",
        "iso_8859_5, ISO_8859_5",
        "iso885916, LATIN10",
        "win, WIN1251",
        "windows-1252, WIN1252",
        "alt, WIN866",
        "koi8, KOI8R",
        "tcvn5712, WIN1258",
        "Shift_JIS, SJIS",
        "windows936, GBK"
    })
    void aNameIsFoundInAnySpelling(String name, Encoding encoding) {
        assertThat(Encoding.find(name)).contains(encoding);
    }

    @Test
    void numbersAreThoseOfPostgres() {
        assertThat(IntStream.range(0, 42).mapToObj(n -> Encoding.find(n).orElseThrow()))
                .containsExactly(Encoding.values());
        assertThat(Encoding.find(42)).isEmpty();
        assertThat(Encoding.find("nothing")).isEmpty();
    }
}
