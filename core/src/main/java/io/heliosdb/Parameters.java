package io.heliosdb;

import io.heliosdb.pg.Oid;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.type.PgArray;
import io.heliosdb.pg.type.PgInterval;
import io.heliosdb.pg.type.PgType;
import io.heliosdb.pg.type.Utf8;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/**
 * Java values as parameters of a statement. Text, null and empty lists take the type that the
 * statement infers; everything else says its own, as a JDBC driver does.
 */
final class Parameters {
    private final List<@Nullable Object> values;
    private final int[] oids;

    private Parameters(List<@Nullable Object> values, int[] oids) {
        this.values = values;
        this.oids = oids;
    }

    static Parameters of(@Nullable Object... given) {
        var values = new ArrayList<@Nullable Object>(given.length);
        var oids = new int[given.length];
        for (int i = 0; i < given.length; i++) {
            var value = valueOf(given[i]);
            values.add(value);
            oids[i] = oidOf(value);
        }
        return new Parameters(values, oids);
    }

    int[] oids() {
        return oids;
    }

    /** The values as a statement's types want them; a text that is given for an int4 is read. */
    List<@Nullable Object> forTypes(int[] inferred) {
        if (inferred.length != values.size()) {
            throw new PgException(
                    SqlState.PROTOCOL_VIOLATION,
                    "the statement has %d parameters, %d were given"
                            .formatted(inferred.length, values.size()));
        }
        for (int i = 0; i < inferred.length; i++) {
            if (values.get(i) instanceof String text && oids[i] == Oid.UNSPECIFIED) {
                values.set(i, PgType.of(inferred[i]).decodeText(text));
            } else if (values.get(i) instanceof PgArray array && array.elements().isEmpty()) {
                values.set(i, emptyArray(array, inferred[i]));
            }
        }
        return values;
    }

    private static PgArray emptyArray(PgArray given, int oid) {
        return PgType.of(oid)
                .elementType()
                .map(element -> PgArray.of(element.oid(), List.of()))
                .orElse(given);
    }

    private static int oidOf(@Nullable Object value) {
        return switch (value) {
            case null -> Oid.UNSPECIFIED;
            case String text -> Oid.UNSPECIFIED;
            case PgArray(int element, int[] dimensions, var elements) ->
                    element == Oid.UNSPECIFIED ? Oid.UNSPECIFIED : PgType.forValue(value).oid();
            default -> PgType.forValue(value).oid();
        };
    }

    private static @Nullable Object valueOf(@Nullable Object given) {
        try {
            return toPg(given);
        } catch (DateTimeException | ArithmeticException e) {
            var refusal =
                    new PgException(
                            SqlState.DATETIME_FIELD_OVERFLOW,
                            "a parameter is out of range: " + given);
            refusal.initCause(e);
            throw refusal;
        }
    }

    private static @Nullable Object toPg(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case Byte number -> number.shortValue();
            case BigInteger number -> new BigDecimal(number);
            case Instant time -> moment(time);
            case ZonedDateTime time -> moment(time.toInstant());
            case OffsetDateTime time -> moment(time.toInstant());
            case Character character -> text(character.toString());
            case CharSequence text -> text(text.toString());
            case Enum<?> constant -> constant.name();
            case Duration duration ->
                    new PgInterval(0, 0, duration.dividedBy(ChronoUnit.MICROS.getDuration()));
            case Period period ->
                    new PgInterval(
                            Math.toIntExact(period.toTotalMonths()),
                            Math.toIntExact(period.get(ChronoUnit.DAYS)),
                            0);
            case byte[] bytes -> bytes.clone();
            case Collection<?> list -> array(list);
            case Object[] array -> array(Arrays.asList(array));
            case int[] numbers -> array(boxed(numbers));
            case long[] numbers -> array(boxed(numbers));
            case short[] numbers -> array(boxed(numbers));
            case double[] numbers -> array(boxed(numbers));
            case float[] numbers -> array(boxed(numbers));
            case boolean[] flags -> array(boxed(flags));
            default -> requireKnown(value);
        };
    }

    /** The two ends of Java's time are infinity, as they come out of a result. */
    private static OffsetDateTime moment(Instant time) {
        if (time.equals(Instant.MAX) || time.equals(OffsetDateTime.MAX.toInstant())) {
            return OffsetDateTime.MAX;
        }
        if (time.equals(Instant.MIN) || time.equals(OffsetDateTime.MIN.toInstant())) {
            return OffsetDateTime.MIN;
        }
        return time.atOffset(ZoneOffset.UTC);
    }

    /** Refuses what no server could store, before it is stored as something else. */
    private static String text(String text) {
        Utf8.length(text);
        return text;
    }

    private static PgArray array(Collection<?> list) {
        var elements = new ArrayList<@Nullable Object>(list.size());
        for (var each : list) {
            elements.add(toPg(each));
        }
        var first = elements.stream().filter(Objects::nonNull).findFirst();
        if (first.isPresent() && first.get() instanceof PgArray row) {
            return rows(row, elements);
        }
        return first.map(each -> PgArray.of(PgType.forValue(each).oid(), elements))
                .orElseGet(() -> PgArray.of(Oid.TEXT, elements));
    }

    /** An array of arrays is one of more dimensions. */
    private static PgArray rows(PgArray first, List<@Nullable Object> rows) {
        int[] inner = first.dimensions();
        var all = new ArrayList<@Nullable Object>();
        for (var row : rows) {
            if (!(row instanceof PgArray(int oid, int[] lengths, var elements))
                    || oid != first.elementOid()
                    || !Arrays.equals(lengths, inner)) {
                throw new PgException(
                        SqlState.ARRAY_SUBSCRIPT_ERROR,
                        "multidimensional arrays must have array expressions with matching"
                                + " dimensions");
            }
            all.addAll(elements);
        }
        var dimensions = new int[inner.length + 1];
        dimensions[0] = rows.size();
        System.arraycopy(inner, 0, dimensions, 1, inner.length);
        return all.isEmpty()
                ? PgArray.of(first.elementOid(), all)
                : new PgArray(first.elementOid(), dimensions, all);
    }

    private static List<?> boxed(Object array) {
        var list = new ArrayList<Object>(Array.getLength(array));
        for (int i = 0; i < Array.getLength(array); i++) {
            list.add(Array.get(array, i));
        }
        return list;
    }

    private static Object requireKnown(Object value) {
        if (PgType.forValue(value).oid() == Oid.TEXT) {
            throw new PgException(
                            SqlState.INVALID_PARAMETER_VALUE,
                            "a parameter cannot be a " + value.getClass().getTypeName())
                    .withHint(
                            "Give text, a number, a Boolean, byte[], a UUID, a java.time value, an"
                                    + " enum or a list of these.");
        }
        return value;
    }
}
