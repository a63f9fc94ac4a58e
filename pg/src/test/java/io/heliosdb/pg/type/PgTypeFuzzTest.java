package io.heliosdb.pg.type;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliosdb.pg.PgException;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Whatever comes, a type reads it or refuses it; what it reads it prints and reads again. */
class PgTypeFuzzTest {
    private static final int ROUNDS = 1000;
    private static final List<String> TYPES =
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
                    "json",
                    "jsonb",
                    "int4[]",
                    "text[]",
                    "timestamp[]",
                    "numeric[]");

    /** What the texts are made of. */
    private static final List<String> PIECES =
            List.of(
                    "0",
                    "1",
                    "7",
                    "12",
                    "59",
                    "60",
                    "99",
                    "2024",
                    "1999",
                    "0044",
                    "20240102",
                    "999999999999",
                    "-",
                    "+",
                    ":",
                    ".",
                    "/",
                    ",",
                    " ",
                    "T",
                    "Z",
                    "J",
                    "P",
                    "D",
                    "M",
                    "Y",
                    "H",
                    "S",
                    "e",
                    "E5",
                    "e-7",
                    "BC",
                    "AM",
                    "pm",
                    "jan",
                    "February",
                    "mon",
                    "year",
                    "day",
                    "hours",
                    "ago",
                    "@",
                    "UTC",
                    "PST",
                    "Europe/Paris",
                    "+02",
                    "infinity",
                    "-infinity",
                    "NaN",
                    "null",
                    "true",
                    "{",
                    "}",
                    "[",
                    "]",
                    "=",
                    "\"",
                    "\\",
                    "\\x",
                    "\\001",
                    "a",
                    "f",
                    "é",
                    "𝄞",
                    "\u0001",
                    "\t");

    private final long seed = Long.getLong("fuzz.seed", System.nanoTime());
    private final RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(seed);

    @Test
    void readsOrRefusesAnyText() {
        for (var name : TYPES) {
            var type = PgType.byName(name).orElseThrow();
            for (int round = 0; round < ROUNDS; round++) {
                var text = text();
                try {
                    assertReadsBack(type, type.decodeText(text));
                } catch (PgException refused) {
                    assertThat(refused.getMessage()).isNotEmpty();
                } catch (RuntimeException | AssertionError e) {
                    throw new AssertionError(told(type, text), e);
                }
            }
        }
    }

    private String text() {
        var text = new StringBuilder();
        for (int pieces = random.nextInt(8); pieces >= 0; pieces--) {
            text.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return text.toString();
    }

    @Test
    void readsOrRefusesAnyBytes() {
        for (var name : TYPES) {
            var type = PgType.byName(name).orElseThrow();
            for (int round = 0; round < ROUNDS; round++) {
                var bytes = new byte[random.nextInt(24)];
                random.nextBytes(bytes);
                for (int zeros = random.nextInt(20); zeros > 0 && bytes.length > 0; zeros--) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(2);
                }
                try {
                    assertReadsBack(type, type.decodeBinary(bytes));
                } catch (PgException refused) {
                    assertThat(refused.getMessage()).isNotEmpty();
                } catch (RuntimeException | AssertionError e) {
                    throw new AssertionError(told(type, java.util.Arrays.toString(bytes)), e);
                }
            }
        }
    }

    private static void assertReadsBack(PgType type, Object value) {
        var text = type.toText(value);
        assertThat(type.toText(type.decodeText(text))).isEqualTo(text);
        var binary = new ByteSink(32);
        type.encodeBinary(value, binary);
        assertThat(type.toText(type.decodeBinary(binary.toByteArray()))).isEqualTo(text);
    }

    private String told(PgType type, String text) {
        return "-Dfuzz.seed=%d, %s, '%s'".formatted(seed, type, text);
    }
}
