package io.heliosdb;

import io.heliosdb.pg.Column;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.type.PgType;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/**
 * One row of a result. Columns go by name (the first one where several share it) or by index from
 * 0. Accessors convert where nothing is lost, so {@code asLong} reads an {@code int4} and {@code
 * asString} reads anything; else they throw 22003 or 42804. An accessor of a primitive throws 22004
 * on NULL, the others return null. Immutable.
 *
 * {@snippet :
 * for (Row row : connection.query("SELECT id, name, price FROM products")) {
 *     System.out.println(row.asLong("id") + " " + row.asString("name") + " " + row.asDecimal("price"));
 * }
 * }
 */
public final class Row {
    private final RowShape shape;
    private final @Nullable Object[] values;

    Row(RowShape shape, @Nullable Object[] values) {
        this.shape = shape;
        this.values = values;
    }

    /**
     * The columns, the same for all rows of a result.
     *
     * @return their names and types
     */
    public List<Column> columns() {
        return shape.columns();
    }

    /**
     * Whether a value is NULL.
     *
     * @param column its name
     * @return true for NULL
     */
    public boolean isNull(String column) {
        return isNull(shape.indexOf(column));
    }

    /**
     * Whether a value is NULL.
     *
     * @param column its index, from 0
     * @return true for NULL
     */
    public boolean isNull(int column) {
        return value(column) == null;
    }

    /**
     * A value as the class that its type has in Java: {@code int4} is Integer, {@code numeric} is
     * BigDecimal, {@code timestamptz} is OffsetDateTime, an array is a List.
     *
     * @param column its name
     * @return the value
     */
    public @Nullable Object value(String column) {
        return value(shape.indexOf(column));
    }

    /**
     * A value as the class that its type has in Java.
     *
     * @param column its index, from 0
     * @return the value
     */
    public @Nullable Object value(int column) {
        shape.column(column);
        return JavaValues.fromPg(values[column]);
    }

    /**
     * A value as a class of the caller's choice.
     *
     * @param <T> the class
     * @param column its name
     * @param type what to convert to: any class that an accessor returns, its primitive's wrapper,
     *     or an enum
     * @return the value
     */
    public <T> @Nullable T as(String column, Class<T> type) {
        return as(shape.indexOf(column), type);
    }

    /**
     * A value as a class of the caller's choice.
     *
     * @param <T> the class
     * @param column its index, from 0
     * @param type what to convert to
     * @return the value
     */
    public <T> @Nullable T as(int column, Class<T> type) {
        var from = shape.column(column);
        var value = values[column];
        return value == null ? null : type.cast(JavaValues.convert(value, from, type));
    }

    /**
     * A value as text, in PostgreSQL's form where it is not text already.
     *
     * @param column its name
     * @return the text
     */
    public @Nullable String asString(String column) {
        return as(column, String.class);
    }

    /**
     * A value as text, in PostgreSQL's form where it is not text already.
     *
     * @param column its index, from 0
     * @return the text
     */
    public @Nullable String asString(int column) {
        return as(column, String.class);
    }

    /**
     * A whole number.
     *
     * @param column its name
     * @return the number
     */
    public int asInt(String column) {
        return required(shape.indexOf(column), Integer.class);
    }

    /**
     * A whole number.
     *
     * @param column its index, from 0
     * @return the number
     */
    public int asInt(int column) {
        return required(column, Integer.class);
    }

    /**
     * A whole number.
     *
     * @param column its name
     * @return the number
     */
    public long asLong(String column) {
        return required(shape.indexOf(column), Long.class);
    }

    /**
     * A whole number.
     *
     * @param column its index, from 0
     * @return the number
     */
    public long asLong(int column) {
        return required(column, Long.class);
    }

    /**
     * A floating-point number.
     *
     * @param column its name
     * @return the number
     */
    public double asDouble(String column) {
        return required(shape.indexOf(column), Double.class);
    }

    /**
     * A floating-point number.
     *
     * @param column its index, from 0
     * @return the number
     */
    public double asDouble(int column) {
        return required(column, Double.class);
    }

    /**
     * A truth value.
     *
     * @param column its name
     * @return the value
     */
    public boolean asBoolean(String column) {
        return required(shape.indexOf(column), Boolean.class);
    }

    /**
     * A truth value.
     *
     * @param column its index, from 0
     * @return the value
     */
    public boolean asBoolean(int column) {
        return required(column, Boolean.class);
    }

    /**
     * An exact number.
     *
     * @param column its name
     * @return the number
     */
    public @Nullable BigDecimal asDecimal(String column) {
        return as(column, BigDecimal.class);
    }

    /**
     * An exact number.
     *
     * @param column its index, from 0
     * @return the number
     */
    public @Nullable BigDecimal asDecimal(int column) {
        return as(column, BigDecimal.class);
    }

    /**
     * Bytes.
     *
     * @param column its name
     * @return a copy
     */
    public byte @Nullable [] asBytes(String column) {
        return as(column, byte[].class);
    }

    /**
     * Bytes.
     *
     * @param column its index, from 0
     * @return a copy
     */
    public byte @Nullable [] asBytes(int column) {
        return as(column, byte[].class);
    }

    /**
     * A UUID.
     *
     * @param column its name
     * @return the UUID
     */
    public @Nullable UUID asUuid(String column) {
        return as(column, UUID.class);
    }

    /**
     * A UUID.
     *
     * @param column its index, from 0
     * @return the UUID
     */
    public @Nullable UUID asUuid(int column) {
        return as(column, UUID.class);
    }

    /**
     * A date.
     *
     * @param column its name
     * @return the date
     */
    public @Nullable LocalDate asDate(String column) {
        return as(column, LocalDate.class);
    }

    /**
     * A date.
     *
     * @param column its index, from 0
     * @return the date
     */
    public @Nullable LocalDate asDate(int column) {
        return as(column, LocalDate.class);
    }

    /**
     * A time of day.
     *
     * @param column its name
     * @return the time
     */
    public @Nullable LocalTime asTime(String column) {
        return as(column, LocalTime.class);
    }

    /**
     * A time of day.
     *
     * @param column its index, from 0
     * @return the time
     */
    public @Nullable LocalTime asTime(int column) {
        return as(column, LocalTime.class);
    }

    /**
     * A {@code timestamp}, which has no time zone.
     *
     * @param column its name
     * @return the date and time
     */
    public @Nullable LocalDateTime asDateTime(String column) {
        return as(column, LocalDateTime.class);
    }

    /**
     * A {@code timestamp}, which has no time zone.
     *
     * @param column its index, from 0
     * @return the date and time
     */
    public @Nullable LocalDateTime asDateTime(int column) {
        return as(column, LocalDateTime.class);
    }

    /**
     * A {@code timestamptz} as a point in time.
     *
     * @param column its name
     * @return the instant
     */
    public @Nullable Instant asInstant(String column) {
        return as(column, Instant.class);
    }

    /**
     * A {@code timestamptz} as a point in time.
     *
     * @param column its index, from 0
     * @return the instant
     */
    public @Nullable Instant asInstant(int column) {
        return as(column, Instant.class);
    }

    /**
     * A {@code timestamptz}.
     *
     * @param column its name
     * @return the point in time, with an offset that carries no meaning
     */
    public @Nullable OffsetDateTime asOffsetDateTime(String column) {
        return as(column, OffsetDateTime.class);
    }

    /**
     * A {@code timestamptz}.
     *
     * @param column its index, from 0
     * @return the point in time, with an offset that carries no meaning
     */
    public @Nullable OffsetDateTime asOffsetDateTime(int column) {
        return as(column, OffsetDateTime.class);
    }

    /**
     * An array of one dimension.
     *
     * @param <T> the class of the elements
     * @param column its name
     * @param element what to convert the elements to
     * @return the elements, NULL as null
     */
    public <T> @Nullable List<@Nullable T> asList(String column, Class<T> element) {
        return asList(shape.indexOf(column), element);
    }

    /**
     * An array of one dimension.
     *
     * @param <T> the class of the elements
     * @param column its index, from 0
     * @param element what to convert the elements to
     * @return the elements, NULL as null
     */
    public <T> @Nullable List<@Nullable T> asList(int column, Class<T> element) {
        var from = shape.column(column);
        var value = values[column];
        return value == null ? null : JavaValues.list(value, from, element);
    }

    private <T> T required(int column, Class<T> type) {
        var value = as(column, type);
        if (value == null) {
            throw new PgException(
                            SqlState.NULL_VALUE_NOT_ALLOWED,
                            "column \"" + shape.column(column).name() + "\" is null")
                    .withHint(
                            "Ask isNull first, or use as(column, "
                                    + type.getSimpleName()
                                    + ".class).");
        }
        return value;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Row row && Arrays.deepEquals(values, row.values);
    }

    @Override
    public int hashCode() {
        return Arrays.deepHashCode(values);
    }

    /** Prints names and values, for logs and tests. */
    @Override
    public String toString() {
        var out = new StringBuilder("{");
        for (int i = 0; i < values.length; i++) {
            var column = shape.column(i);
            var value = values[i];
            out.append(i == 0 ? "" : ", ").append(column.name()).append('=');
            out.append(value == null ? "NULL" : PgType.of(column.typeOid()).toText(value));
        }
        return out.append('}').toString();
    }
}
