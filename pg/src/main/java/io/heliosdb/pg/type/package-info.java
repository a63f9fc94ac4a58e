/**
 * A value as text or binary, by Oid: {@link io.heliosdb.pg.type.PgType} is the way in. Imports
 * {@code pg} alone.
 *
 * <p>A value is of one Java class in the whole product: bool Boolean; int2 Short; int4 Integer;
 * int8, oid, xid Long; float4 Float; float8 Double; numeric BigDecimal, or Double for NaN and the
 * infinities; text, varchar, bpchar, name, json, jsonb and whatever is not named here String; bytea
 * byte[]; date LocalDate; time LocalTime; timetz OffsetTime; timestamp LocalDateTime; timestamptz
 * OffsetDateTime in UTC; interval PgInterval; uuid UUID; any array PgArray; void the empty String.
 * The infinities of dates and timestamps are MAX and MIN of their class; LocalTime.MAX is 24:00.
 */
@NullMarked
package io.heliosdb.pg.type;

import org.jspecify.annotations.NullMarked;
