package io.heliosdb.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads and prints numbers with PostgreSQL's units; units are case-sensitive, a blank before them
 * is allowed.
 */
final class Quantity {
    private static final Pattern NUMBER_AND_UNIT =
            Pattern.compile("\\s*(\\d{1,18}(?:\\.\\d{1,9})?)\\s*([A-Za-z]*)\\s*");

    private static final Map<String, Long> BYTES =
            Map.of("B", 1L, "kB", 1L << 10, "MB", 1L << 20, "GB", 1L << 30, "TB", 1L << 40);

    private static final Map<String, Long> NANOS =
            Map.of(
                    "us", 1_000L,
                    "ms", 1_000_000L,
                    "s", 1_000_000_000L,
                    "min", 60_000_000_000L,
                    "h", 3_600_000_000_000L,
                    "d", 86_400_000_000_000L);

    private Quantity() {}

    static Optional<Long> number(Object raw) {
        return read(raw, Map.of("", 1L), "");
    }

    static Optional<Long> bytes(Object raw) {
        return read(raw, BYTES, "B");
    }

    static Optional<Duration> time(Object raw, String unit) {
        return read(raw, NANOS, unit).map(Duration::ofNanos);
    }

    static String printBytes(long bytes) {
        for (var unit : new String[] {"TB", "GB", "MB", "kB"}) {
            long size = BYTES.get(unit);
            if (bytes >= size && bytes % size == 0) {
                return bytes / size + unit;
            }
        }
        return String.valueOf(bytes);
    }

    static String printTime(Duration time) {
        if (time.isZero()) {
            return "0";
        }
        for (var unit : new String[] {"d", "h", "min", "s", "ms"}) {
            long nanos = NANOS.get(unit);
            if (time.toNanos() % nanos == 0) {
                return time.toNanos() / nanos + unit;
            }
        }
        return time.toNanos() / 1_000 + "us";
    }

    private static Optional<Long> read(Object raw, Map<String, Long> units, String ownUnit) {
        if (!(raw instanceof Long) && !(raw instanceof String) && !(raw instanceof Double)) {
            return Optional.empty();
        }
        var matcher =
                NUMBER_AND_UNIT.matcher(
                        raw instanceof Double d
                                ? BigDecimal.valueOf(d).toPlainString()
                                : raw.toString());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        var unit = units.get(matcher.group(2).isEmpty() ? ownUnit : matcher.group(2));
        if (unit == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new BigDecimal(matcher.group(1))
                            .multiply(BigDecimal.valueOf(unit))
                            .longValueExact());
        } catch (ArithmeticException fractionOrOverflow) {
            return Optional.empty();
        }
    }
}
