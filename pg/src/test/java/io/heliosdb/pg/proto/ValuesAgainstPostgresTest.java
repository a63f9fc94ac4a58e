package io.heliosdb.pg.proto;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.Report;
import io.heliosdb.pg.type.ByteSink;
import io.heliosdb.pg.type.PgType;
import io.heliosdb.pg.type.TextStyle;
import io.heliosdb.pg.type.TextStyle.ByteaOutput;
import io.heliosdb.pg.type.TextStyle.DateOrder;
import io.heliosdb.pg.type.TextStyle.DateStyle;
import io.heliosdb.pg.type.TextStyle.IntervalStyle;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Every text and every value goes to a real PostgreSQL 15 and to {@link PgType}: both must print
 * the same, in text and binary, or refuse with the same words.
 */
class ValuesAgainstPostgresTest {
    private static final List<String> RANDOM_TYPES =
            List.of(
                    "bool",
                    "int2",
                    "int4",
                    "int8",
                    "oid",
                    "float4",
                    "float8",
                    "numeric",
                    "text",
                    "bytea",
                    "uuid",
                    "date",
                    "time",
                    "timetz",
                    "timestamp",
                    "timestamptz",
                    "interval",
                    "int4[]",
                    "text[]",
                    "float8[]",
                    "timestamptz[]",
                    "bytea[]",
                    "numeric[]");

    private static EmbeddedPostgres server;
    private static PostgresPeer postgres;

    @BeforeAll
    static void start() throws IOException {
        server = EmbeddedPostgres.builder().setLocaleConfig("locale", "C.UTF-8").start();
        postgres = new PostgresPeer(server.getPort());
    }

    @AfterAll
    static void stop() throws IOException {
        postgres.close();
        server.close();
    }

    @Test
    void readsAndPrintsWhatPostgresDoes() throws IOException {
        var differences = new ArrayList<String>();
        for (var samples : ValueSamples.in("texts.txt")) {
            var type = PgType.byName(samples.type()).orElseThrow();
            for (var text : samples.texts()) {
                compareText(type, text, TextStyle.DEFAULT, differences);
            }
        }
        assertThat(differences).isEmpty();
    }

    private static void compareText(
            PgType type, String text, TextStyle style, List<String> differences)
            throws IOException {
        var theirs = postgres.echo(type.oid(), text.getBytes(UTF_8), 0, 0);
        String ours;
        Object value = null;
        try {
            value = type.decodeParameter(1, text.getBytes(UTF_8), 0, style);
            ours = type.toText(value, style);
        } catch (PgException e) {
            ours = told(e.report());
        } catch (RuntimeException e) {
            ours = e.toString();
        }
        var expected =
                theirs.error() != null
                        ? told(theirs.error())
                        // An array's lower bound is not kept.
                        : PostgresPeer.text(theirs.value()).replaceFirst("^\\[2:.]=", "");
        if (!ours.equals(expected)) {
            differences.add("%s '%s': %s, not %s".formatted(type, text, expected, ours));
        } else if (value != null && type.hasBinary()) {
            compareBinary(type, text, value, differences);
        }
    }

    private static void compareBinary(
            PgType type, String text, Object value, List<String> differences) throws IOException {
        var sink = new ByteSink(64);
        type.encodeBinary(value, sink);
        var theirs = postgres.echo(type.oid(), text.getBytes(UTF_8), 0, 1).value();
        var expected = HexFormat.of().formatHex(theirs);
        var ours = HexFormat.of().formatHex(sink.toByteArray());
        if (!ours.equals(expected) && !text.startsWith("[2")) {
            differences.add("%s '%s': %s, not %s".formatted(type, text, expected, ours));
        }
        var again = type.toText(type.decodeBinary(theirs));
        if (!again.equals(type.toText(value))) {
            differences.add("%s '%s' from binary: %s".formatted(type, text, again));
        }
    }

    private static String told(Report report) {
        return "%s %s (%s) (%s) (%s)"
                .formatted(
                        report.sqlState().code(),
                        report.message(),
                        report.detail(),
                        report.hint(),
                        report.where());
    }

    @Test
    void refusesTheBinaryThatPostgresRefuses() throws IOException {
        var differences = new ArrayList<String>();
        for (var samples : ValueSamples.in("binaries.txt")) {
            var type = PgType.byName(samples.type()).orElseThrow();
            for (var hex : samples.texts()) {
                compareBadBinary(type, HexFormat.of().parseHex(hex), differences);
            }
        }
        assertThat(differences).isEmpty();
    }

    private static void compareBadBinary(PgType type, byte[] bytes, List<String> differences)
            throws IOException {
        var theirs = postgres.echo(type.oid(), bytes, 1, 0);
        String ours;
        try {
            ours = type.toText(type.decodeParameter(1, bytes, 1, TextStyle.DEFAULT));
        } catch (PgException e) {
            ours = told(e.report());
        }
        var expected =
                theirs.error() != null ? told(theirs.error()) : PostgresPeer.text(theirs.value());
        if (!ours.equals(expected)) {
            differences.add(
                    "%s %s: %s, not %s"
                            .formatted(type, HexFormat.of().formatHex(bytes), expected, ours));
        }
    }

    @Test
    void followsTheSettingsOfTheSession() throws IOException {
        var differences = new ArrayList<String>();
        for (var zone : List.of("America/New_York", "Asia/Kathmandu", "Europe/Paris")) {
            for (var dateStyle : DateStyle.values()) {
                for (var order : DateOrder.values()) {
                    var style =
                            TextStyle.DEFAULT
                                    .withTimeZone(ZoneId.of(zone))
                                    .withDateStyle(dateStyle, order);
                    postgres.run(
                            "set timezone = '%s'; set datestyle = '%s, %s'"
                                    .formatted(zone, dateStyle, order));
                    compareAll(ValueSamples.in("dates.txt"), style, differences);
                }
            }
        }
        postgres.run("reset timezone; reset datestyle");
        assertThat(differences).isEmpty();
    }

    @Test
    void printsIntervalsFloatsAndBytesInEveryStyle() throws IOException {
        var differences = new ArrayList<String>();
        for (var intervalStyle : IntervalStyle.values()) {
            postgres.run("set intervalstyle = '%s'".formatted(intervalStyle));
            compareAll(
                    List.of(ValueSamples.of("interval")),
                    TextStyle.DEFAULT.withIntervalStyle(intervalStyle),
                    differences);
        }
        postgres.run("reset intervalstyle");
        for (int digits = -15; digits <= 3; digits++) {
            postgres.run("set extra_float_digits = " + digits);
            compareAll(
                    List.of(ValueSamples.of("float8"), ValueSamples.of("float4")),
                    TextStyle.DEFAULT.withExtraFloatDigits(digits),
                    differences);
        }
        postgres.run("reset extra_float_digits; set bytea_output = 'escape'");
        compareAll(
                List.of(ValueSamples.of("bytea"), ValueSamples.of("bytea[]")),
                TextStyle.DEFAULT.withByteaOutput(ByteaOutput.ESCAPE),
                differences);
        postgres.run("reset bytea_output");
        assertThat(differences).isEmpty();
    }

    @Test
    void exchangesRandomValues() throws IOException {
        long seed = Long.getLong("values.seed", System.nanoTime());
        var values = new RandomValues(new SplittableRandom(seed));
        var differences = new ArrayList<String>();
        postgres.run("set timezone = 'Europe/Paris'");
        var style = TextStyle.DEFAULT.withTimeZone(ZoneId.of("Europe/Paris"));
        for (var name : RANDOM_TYPES) {
            var type = PgType.byName(name).orElseThrow();
            for (int i = 0; i < 150; i++) {
                exchange(type, values.next(type), style, differences);
            }
        }
        postgres.run("reset timezone");
        assertThat(differences).as("-Dvalues.seed=" + seed).isEmpty();
    }

    /** Where the neighbours of a number are not equally far, and with those on either side. */
    @Test
    void exchangesPowersOfTwo() throws IOException {
        var differences = new ArrayList<String>();
        var float8 = PgType.byName("float8").orElseThrow();
        for (int power = -1074; power < 1024; power++) {
            double value = Math.scalb(1.0, power);
            exchange(float8, value, TextStyle.DEFAULT, differences);
            exchange(float8, Math.nextUp(value), TextStyle.DEFAULT, differences);
            exchange(float8, -Math.nextDown(value), TextStyle.DEFAULT, differences);
        }
        var float4 = PgType.byName("float4").orElseThrow();
        for (int power = -149; power < 128; power++) {
            float value = Math.scalb(1.0f, power);
            exchange(float4, value, TextStyle.DEFAULT, differences);
            exchange(float4, Math.nextUp(value), TextStyle.DEFAULT, differences);
            exchange(float4, -Math.nextDown(value), TextStyle.DEFAULT, differences);
        }
        assertThat(differences).isEmpty();
    }

    /** Our binary to their text and their binary, our text to their binary. */
    private static void exchange(
            PgType type, Object value, TextStyle style, List<String> differences)
            throws IOException {
        var binary = new ByteSink(64);
        type.encodeBinary(value, binary);
        var sent = binary.toByteArray();
        var text = type.toText(value, style);
        var theirText = postgres.echo(type.oid(), sent, 1, 0);
        if (theirText.error() != null) {
            differences.add("%s '%s': %s".formatted(type, text, theirText.error()));
            return;
        }
        if (!PostgresPeer.text(theirText.value()).equals(text)) {
            differences.add(
                    "%s: %s, not %s".formatted(type, PostgresPeer.text(theirText.value()), text));
        }
        var theirs = postgres.echo(type.oid(), text.getBytes(UTF_8), 0, 1);
        var read = theirs.value() == null ? theirs.error() : type.decodeBinary(theirs.value());
        if (!value.equals(read) && !type.toText(value, style).equals(type.toText(read, style))) {
            differences.add("%s %s read from text as %s".formatted(type, text, read));
        }
        if (!type.toText(type.decodeText(text, style), style).equals(text)) {
            differences.add("%s %s does not read back".formatted(type, text));
        }
    }

    private static void compareAll(
            List<ValueSamples> all, TextStyle style, List<String> differences) throws IOException {
        for (var samples : all) {
            var type = PgType.byName(samples.type()).orElseThrow();
            var before = differences.size();
            for (var text : samples.texts()) {
                compareText(type, text, style, differences);
            }
            if (differences.size() > before) {
                differences.add("^ " + style);
            }
        }
    }
}
