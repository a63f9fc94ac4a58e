package io.heliosdb;

import io.heliosdb.pg.Oid;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.type.PgArray;
import io.heliosdb.pg.type.PgInterval;
import io.heliosdb.pg.type.PgType;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.math.BigInteger;
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
            var value = toPg(given[i]);
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

    private static @Nullable Object toPg(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case Byte number -> number.shortValue();
            case BigInteger number -> new BigDecimal(number);
            case Instant time -> time.atOffset(ZoneOffset.UTC);
            case ZonedDateTime time -> time.toInstant().atOffset(ZoneOffset.UTC);
            case OffsetDateTime time -> time.withOffsetSameInstant(ZoneOffset.UTC);
            case Character character -> character.toString();
            case CharSequence text -> text.toString();
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
            case int[] numbers -> array(Arrays.stream(numbers).boxed().toList());
            case long[] numbers -> array(Arrays.stream(numbers).boxed().toList());
            case double[] numbers -> array(Arrays.stream(numbers).boxed().toList());
            default -> requireKnown(value);
        };
    }

    private static PgArray array(Collection<?> list) {
        var elements = new ArrayList<@Nullable Object>(list.size());
        for (var each : list) {
            elements.add(toPg(each));
        }
        return elements.stream()
                .filter(Objects::nonNull)
                .findFirst()
                .map(first -> PgArray.of(PgType.forValue(first).oid(), elements))
                .orElseGet(() -> PgArray.of(Oid.TEXT, elements));
    }

    private static Object requireKnown(Object value) {
        if (PgType.forValue(value).oid() == Oid.TEXT) {
            throw new PgException(
                            SqlState.INVALID_PARAMETER_VALUE,
                            "a parameter cannot be a " + value.getClass().getName())
                    .withHint(
                            "Give text, a number, a Boolean, byte[], a UUID, a java.time value, an"
                                    + " enum or a list of these.");
        }
        return value;
    }
}
