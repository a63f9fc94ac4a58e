package io.heliosdb.pg.proto;

import io.heliosdb.pg.Oid;
import io.heliosdb.pg.type.PgArray;
import io.heliosdb.pg.type.PgInterval;
import io.heliosdb.pg.type.PgType;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** Values of every type, drawn over its whole range and often near its edges. */
final class RandomValues {
    private static final long MICROS_PER_DAY = 86_400_000_000L;
    private static final String[] CHARACTERS = {
        "a", "Z", "0", " ", "\"", "\\", "{", "}", ",", "'", "\n", "é", "€", "𝄞", "NULL", "\u007f"
    };

    private final RandomGenerator random;

    RandomValues(RandomGenerator random) {
        this.random = random;
    }

    Object next(PgType type) {
        return switch (type.oid()) {
            case Oid.BOOL -> random.nextBoolean();
            case Oid.INT2 -> (short) spread();
            case Oid.INT4 -> (int) spread();
            case Oid.INT8 -> spread();
            case Oid.OID -> spread() & 0xffff_ffffL;
            case Oid.FLOAT4 -> real4();
            case Oid.FLOAT8 -> real8();
            case Oid.NUMERIC -> decimal();
            case Oid.TEXT -> text();
            case Oid.BYTEA -> bytes();
            case Oid.UUID -> new UUID(random.nextLong(), random.nextLong());
            case Oid.DATE -> LocalDate.ofEpochDay(random.nextLong(-2_440_588, 2_145_031_949L));
            case Oid.TIME -> time();
            case Oid.TIMETZ ->
                    OffsetTime.of(
                            time(), ZoneOffset.ofTotalSeconds(random.nextInt(-57_599, 57_600)));
            case Oid.TIMESTAMP -> timestamp();
            case Oid.TIMESTAMPTZ -> timestamp().atOffset(ZoneOffset.UTC);
            case Oid.INTERVAL -> new PgInterval((int) spread(), (int) spread(), spread());
            default -> array(type.elementType().orElseThrow());
        };
    }

    /** Any number of bits, so that small numbers are as likely as large ones. */
    private long spread() {
        return random.nextLong() >> random.nextInt(64);
    }

    private float real4() {
        return switch (random.nextInt(4)) {
            case 0 -> Float.intBitsToFloat(random.nextInt());
            case 1 -> (float) (spread() / Math.pow(10, random.nextInt(12)));
            case 2 -> Float.parseFloat(random.nextInt(100) + "e" + random.nextInt(-30, 30));
            default -> (float) Math.scalb(1.0, random.nextInt(-149, 128));
        };
    }

    private double real8() {
        return switch (random.nextInt(4)) {
            case 0 -> Double.longBitsToDouble(random.nextLong());
            case 1 -> spread() / Math.pow(10, random.nextInt(20));
            case 2 -> Double.parseDouble(random.nextInt(1000) + "e" + random.nextInt(-30, 60));
            default -> Math.scalb(1.0, random.nextInt(-1074, 1024));
        };
    }

    private Object decimal() {
        if (random.nextInt(20) == 0) {
            return Double.NaN;
        }
        var digits = new BigInteger(random.nextInt(1, 300), java.util.Random.from(random));
        var value = new BigDecimal(digits, random.nextInt(0, 40));
        return random.nextBoolean() ? value : value.negate();
    }

    private String text() {
        var text = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            text.append(CHARACTERS[random.nextInt(CHARACTERS.length)]);
        }
        return text.toString();
    }

    private byte[] bytes() {
        var bytes = new byte[random.nextInt(12)];
        random.nextBytes(bytes);
        return bytes;
    }

    private LocalTime time() {
        return LocalTime.ofNanoOfDay(random.nextLong(MICROS_PER_DAY) * 1000);
    }

    private LocalDateTime timestamp() {
        long day = random.nextLong(-2_440_588, 106_751_991L);
        if (random.nextBoolean()) {
            day = random.nextLong(-10_000, 40_000);
        }
        return LocalDate.ofEpochDay(day).atTime(time());
    }

    private PgArray array(PgType element) {
        int[] dimensions = new int[random.nextInt(3)];
        int count = dimensions.length == 0 ? 0 : 1;
        for (int i = 0; i < dimensions.length; i++) {
            dimensions[i] = random.nextInt(1, 4);
            count *= dimensions[i];
        }
        var elements = new ArrayList<@Nullable Object>();
        for (int i = 0; i < count; i++) {
            elements.add(random.nextInt(5) == 0 ? null : next(element));
        }
        return new PgArray(element.oid(), dimensions, elements);
    }
}
