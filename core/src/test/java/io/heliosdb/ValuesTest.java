package io.heliosdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliosdb.pg.PgException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/** Java's values as parameters, and the database's values as Java's. */
final class ValuesTest {
    private final HeliosDb db = HeliosDb.inMemory();

    private enum Mood {
        CALM,
        WILD
    }

    @AfterEach
    void close() {
        db.close();
    }

    @Test
    void everyKindOfValueComesBackAsItWent() {
        db.execute(
                "CREATE TABLE t (i INT, l BIGINT, s SMALLINT, n NUMERIC(20, 4), d DOUBLE PRECISION,"
                        + " b BOOLEAN, x BYTEA, c TEXT, u UUID, da DATE, ti TIME, ts TIMESTAMP, tz"
                        + " TIMESTAMPTZ)");
        var uuid = UUID.fromString("00000000-0000-4000-8000-00000000000a");
        var instant = Instant.parse("2026-11-20T18:00:00.123456Z");
        var dateTime = LocalDateTime.parse("2026-11-20T18:00:00.5");
        db.execute(
                "INSERT INTO t VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                1,
                1L << 40,
                (short) 7,
                new BigDecimal("12.5000"),
                2.5,
                true,
                new byte[] {1, 0, -1},
                "text",
                uuid,
                LocalDate.parse("2026-11-20"),
                LocalTime.parse("18:30:00"),
                dateTime,
                instant);
        var row = db.queryRow("SELECT * FROM t").orElseThrow();
        assertThat(row.asInt("i")).isEqualTo(1);
        assertThat(row.asLong("l")).isEqualTo(1L << 40);
        assertThat(row.as("s", Short.class)).isEqualTo((short) 7);
        assertThat(row.asDecimal("n")).isEqualTo(new BigDecimal("12.5000"));
        assertThat(row.asDouble("d")).isEqualTo(2.5);
        assertThat(row.asBoolean("b")).isTrue();
        assertThat(row.asBytes("x")).containsExactly(1, 0, -1);
        assertThat(row.asString("c")).isEqualTo("text");
        assertThat(row.asUuid("u")).isEqualTo(uuid);
        assertThat(row.asDate("da")).isEqualTo("2026-11-20");
        assertThat(row.asTime("ti")).isEqualTo("18:30:00");
        assertThat(row.asDateTime("ts")).isEqualTo(dateTime);
        assertThat(row.asInstant("tz")).isEqualTo(instant);
        assertThat(row.asOffsetDateTime("tz"))
                .isAtSameInstantAs(OffsetDateTime.parse("2026-11-20T18:00:00.123456Z"));
    }

    @Test
    void nullsAreNull() {
        db.execute("CREATE TABLE t (i INT, c TEXT)");
        db.execute("INSERT INTO t VALUES (?, ?)", null, null);
        var row = db.queryRow("SELECT i, c FROM t").orElseThrow();
        assertThat(row.value("i")).isNull();
        assertThat(row.asString("c")).isNull();
        assertThatThrownBy(() -> row.asInt("i"))
                .isInstanceOfSatisfying(
                        PgException.class, e -> assertThat(e.sqlState().code()).isEqualTo("22004"))
                .hasMessage("column \"i\" is null");
    }

    @Test
    void textIsReadAsTheTypeThatIsWanted() {
        db.execute("CREATE TABLE t (i INT, da DATE, u UUID)");
        db.execute(
                "INSERT INTO t VALUES (?, ?, ?)",
                "42",
                "2026-11-20",
                "00000000-0000-4000-8000-00000000000a");
        assertThat(db.queryRow("SELECT i FROM t").orElseThrow().asInt(0)).isEqualTo(42);
        assertThatThrownBy(() -> db.execute("INSERT INTO t (i) VALUES (?)", "many"))
                .isInstanceOfSatisfying(
                        PgException.class, e -> assertThat(e.sqlState().code()).isEqualTo("22P02"));
    }

    @Test
    void anEnumIsItsName() {
        db.execute("CREATE TABLE t (mood TEXT)");
        db.execute("INSERT INTO t VALUES (?)", Mood.WILD);
        var row = db.queryRow("SELECT mood FROM t").orElseThrow();
        assertThat(row.as("mood", Mood.class)).isEqualTo(Mood.WILD);
        assertThat(row.asString("mood")).isEqualTo("WILD");
        assertThat(Mood.CALM.name()).isEqualTo("CALM");
    }

    @Test
    void listsAndArraysAreArrays() {
        var row =
                db.queryRow(
                                "SELECT CAST(? AS INT[]) AS a, CAST(? AS TEXT[]) AS b",
                                List.of(1, 2, 3),
                                Arrays.asList("x", null))
                        .orElseThrow();
        assertThat(row.asList("a", Integer.class)).containsExactly(1, 2, 3);
        assertThat(row.asList("b", String.class)).containsExactly("x", null);
        assertThat(row.value("a")).isEqualTo(List.of(1, 2, 3));
    }

    @Test
    void aValueCastToTextIsPrintedAsPostgresqlPrintsIt() {
        assertThat(text("?::text", true)).isEqualTo("true");
        assertThat(text("CAST(? AS text)", false)).isEqualTo("false");
        assertThat(text("?::varchar", new byte[] {1, -1})).isEqualTo("\\x01ff");
        assertThat(text("?::text", new int[] {1, 2})).isEqualTo("{1,2}");
        assertThat(text("?::text", new boolean[] {true, false})).isEqualTo("{t,f}");
        assertThat(text("?::text", Duration.ofSeconds(90))).isEqualTo("00:01:30");
        assertThat(text("?::text", Instant.parse("2026-11-20T18:00:00.1234567Z")))
                .isEqualTo("2026-11-20 18:00:00.123457+00");
        assertThat(text("?::text", Instant.MAX)).isEqualTo("infinity");
        assertThat(text("?::text", "as it is")).isEqualTo("as it is");
        assertThat(text("?1::int + 1 || ?1::text", 1)).isEqualTo("21");
    }

    private String text(String expression, Object value) {
        return String.valueOf(db.queryRow("SELECT " + expression, value).orElseThrow().value(0));
    }

    @Test
    void whatCannotBeStoredIsRefused() {
        assertThatThrownBy(() -> db.query("SELECT ?", "half a pair: \uD800"))
                .hasMessage("invalid byte sequence for encoding \"UTF8\": 0xed 0xa0 0x80");
        assertThatThrownBy(() -> db.query("SELECT ?", Duration.ofSeconds(Long.MAX_VALUE)))
                .isInstanceOfSatisfying(
                        PgException.class, e -> assertThat(e.sqlState().code()).isEqualTo("22008"));
        assertThatThrownBy(() -> db.query("SELECT ?", List.of(List.of(1), List.of(2, 3))))
                .isInstanceOfSatisfying(
                        PgException.class, e -> assertThat(e.sqlState().code()).isEqualTo("2202E"));
        assertThatThrownBy(() -> db.query("SELECT ?", new char[] {'a'}))
                .hasMessage("a parameter cannot be a char[]");
    }

    @Test
    void numbersConvertWhereNothingIsLost() {
        var row = db.queryRow("SELECT 3000000000 AS big, 1.5 AS part, 7 AS small").orElseThrow();
        assertThat(row.asLong("small")).isEqualTo(7);
        assertThat(row.asDouble("part")).isEqualTo(1.5);
        assertThat(row.as("big", BigInteger.class)).isEqualTo("3000000000");
        assertThatThrownBy(() -> row.asInt("big"))
                .isInstanceOfSatisfying(
                        PgException.class, e -> assertThat(e.sqlState().code()).isEqualTo("22003"));
        assertThatThrownBy(() -> row.asLong("part"))
                .isInstanceOfSatisfying(
                        PgException.class, e -> assertThat(e.sqlState().code()).isEqualTo("22003"));
    }

    @Test
    void whatIsNoSuchThingIsSaid() {
        var row = db.queryRow("SELECT 'a' AS c").orElseThrow();
        assertThatThrownBy(() -> row.asInt("c"))
                .isInstanceOfSatisfying(
                        PgException.class, e -> assertThat(e.sqlState().code()).isEqualTo("42804"))
                .hasMessage("column \"c\" is of type text, which is no Integer");
        assertThatThrownBy(() -> row.asString("nope"))
                .isInstanceOfSatisfying(
                        PgException.class, e -> assertThat(e.hint().orElseThrow()).contains("c"));
        assertThatThrownBy(() -> db.query("SELECT ?", new Object()))
                .isInstanceOfSatisfying(
                        PgException.class, e -> assertThat(e.sqlState().code()).isEqualTo("22023"));
    }
}
