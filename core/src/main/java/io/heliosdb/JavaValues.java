package io.heliosdb;

import io.heliosdb.pg.Column;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.type.PgArray;
import io.heliosdb.pg.type.PgType;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** From a value as {@code pg.type} represents it to the class that a caller asked for. */
final class JavaValues {
    private JavaValues() {}

    /** The value as users see it when they do not ask for a class: arrays are lists. */
    static @Nullable Object fromPg(@Nullable Object value) {
        return switch (value) {
            case PgArray array -> nested(array);
            case byte[] bytes -> bytes.clone();
            case null, default -> value;
        };
    }

    static Object convert(Object value, Column from, Class<?> to) {
        if (value instanceof PgArray array) {
            if (to.isAssignableFrom(List.class) && to != String.class) {
                return nested(array);
            }
        } else if (value instanceof byte[] bytes && to.isInstance(value)) {
            return bytes.clone();
        } else if (to.isInstance(value)) {
            return value;
        }
        if (to == String.class) {
            return PgType.of(from.typeOid()).toText(value);
        }
        var converted = converted(value, from, to);
        if (converted == null) {
            throw mismatch(from, to);
        }
        return converted;
    }

    static <T> List<@Nullable T> list(Object value, Column from, Class<T> element) {
        if (!(value instanceof PgArray array) || array.dimensions().length > 1) {
            throw mismatch(from, List.class);
        }
        var type = new Column(from.name(), array.elementOid());
        var list = new ArrayList<@Nullable T>(array.elements().size());
        for (var each : array.elements()) {
            list.add(each == null ? null : element.cast(convert(each, type, element)));
        }
        return Collections.unmodifiableList(list);
    }

    private static @Nullable Object converted(Object value, Column from, Class<?> to) {
        if (value instanceof Number number) {
            return number(number, from, to);
        }
        if (value instanceof OffsetDateTime time && to == Instant.class) {
            return time.toInstant();
        }
        if (value instanceof Instant time && to == OffsetDateTime.class) {
            return time.atOffset(java.time.ZoneOffset.UTC);
        }
        if (value instanceof String text && to.isEnum()) {
            return constant(text, from, to);
        }
        return null;
    }

    private static Object constant(String text, Column from, Class<?> to) {
        return Arrays.stream(to.getEnumConstants())
                .filter(each -> ((Enum<?>) each).name().equals(text))
                .findFirst()
                .orElseThrow(() ->
                        new PgException(
                                SqlState.INVALID_TEXT_REPRESENTATION,
                                "column \"%s\": \"%s\" is not a constant of %s"
                                        .formatted(from.name(), text, to.getName())));
    }

    private static @Nullable Object number(Number number, Column from, Class<?> to) {
        if (to == Double.class) {
            return number.doubleValue();
        }
        if (to == Float.class) {
            return number.floatValue();
        }
        try {
            var exact = new BigDecimal(number.toString());
            if (to == Long.class) {
                return exact.longValueExact();
            } else if (to == Integer.class) {
                return exact.intValueExact();
            } else if (to == Short.class) {
                return exact.shortValueExact();
            } else if (to == Byte.class) {
                return exact.byteValueExact();
            } else if (to == BigInteger.class) {
                return exact.toBigIntegerExact();
            }
            return to == BigDecimal.class ? exact : null;
        } catch (ArithmeticException | NumberFormatException e) {
            throw outOfRange(number, from, to, e);
        }
    }

    private static PgException outOfRange(
            Number number, Column from, Class<?> to, RuntimeException cause) {
        var refusal =
                new PgException(
                        SqlState.NUMERIC_VALUE_OUT_OF_RANGE,
                        "column \"%s\": %s does not fit into %s"
                                .formatted(from.name(), number, to.getSimpleName()));
        refusal.initCause(cause);
        return refusal;
    }

    private static PgException mismatch(Column from, Class<?> to) {
        return new PgException(
                        SqlState.DATATYPE_MISMATCH,
                        "column \"%s\" is of type %s, which is no %s"
                                .formatted(
                                        from.name(),
                                        PgType.of(from.typeOid()).displayName(),
                                        to.getSimpleName()))
                .withHint("Use value(column), or a cast in the query.");
    }

    private static List<@Nullable Object> nested(PgArray array) {
        return nested(array.elements(), array.dimensions(), 0);
    }

    private static List<@Nullable Object> nested(
            List<@Nullable Object> elements, int[] dimensions, int depth) {
        if (depth >= dimensions.length - 1) {
            return elements;
        }
        int size = elements.size() / dimensions[depth];
        var list = new ArrayList<@Nullable Object>(dimensions[depth]);
        for (int i = 0; i < dimensions[depth]; i++) {
            list.add(nested(elements.subList(i * size, (i + 1) * size), dimensions, depth + 1));
        }
        return Collections.unmodifiableList(list);
    }
}
