package io.heliosdb.engine;

import io.heliosdb.pg.Oid;
import io.heliosdb.pg.type.PgType;

import org.h2.value.ExtTypeInfo;
import org.h2.value.TypeInfo;
import org.h2.value.Value;

/** The store's types in PostgreSQL's words. */
final class Types {
    /**
     * The length that marks {@code character varying} without a length; one more is {@code text}.
     */
    private static final long UNBOUNDED_VARCHAR = 999_999_999;

    /** Lengths from here on are not limits that a user wrote. */
    private static final long UNBOUNDED = UNBOUNDED_VARCHAR;

    /** The length that marks {@code jsonb}; {@code json} has none, or another. */
    private static final long JSONB = 999_999_999;

    static final TypeInfo JSONB_TYPE = TypeInfo.getTypeInfo(Value.JSON, JSONB, 0, null);

    private Types() {}

    static boolean isJsonb(TypeInfo type) {
        return type.getValueType() == Value.JSON && type.getPrecision() == JSONB;
    }

    /** The type of a column of a table, or of a cast: its length is one that a user wrote. */
    static int oid(TypeInfo type) {
        return switch (type.getValueType()) {
            case Value.CHAR -> Oid.BPCHAR;
            case Value.VARCHAR -> type.getPrecision() <= UNBOUNDED_VARCHAR ? Oid.VARCHAR : Oid.TEXT;
            case Value.ARRAY -> arrayOf(oid(element(type)));
            default -> computedOid(type);
        };
    }

    /** The type of an expression: the length of a text is not part of it. */
    static int computedOid(TypeInfo type) {
        return switch (type.getValueType()) {
            case Value.NULL, Value.CHAR, Value.VARCHAR, Value.CLOB, Value.VARCHAR_IGNORECASE ->
                    Oid.TEXT;
            case Value.ENUM, Value.GEOMETRY, Value.ROW -> Oid.TEXT;
            case Value.BINARY, Value.VARBINARY, Value.BLOB, Value.JAVA_OBJECT -> Oid.BYTEA;
            case Value.BOOLEAN -> Oid.BOOL;
            case Value.TINYINT, Value.SMALLINT -> Oid.INT2;
            case Value.INTEGER -> Oid.INT4;
            case Value.BIGINT -> Oid.INT8;
            case Value.NUMERIC -> Oid.NUMERIC;
            case Value.REAL -> Oid.FLOAT4;
            case Value.DOUBLE, Value.DECFLOAT -> Oid.FLOAT8;
            case Value.DATE -> Oid.DATE;
            case Value.TIME -> Oid.TIME;
            case Value.TIME_TZ -> Oid.TIMETZ;
            case Value.TIMESTAMP -> Oid.TIMESTAMP;
            case Value.TIMESTAMP_TZ -> Oid.TIMESTAMPTZ;
            case Value.JSON -> type.getPrecision() == JSONB ? Oid.JSONB : Oid.JSON;
            case Value.UUID -> Oid.UUID;
            case Value.ARRAY -> arrayOf(computedOid(element(type)));
            default -> isInterval(type.getValueType()) ? Oid.INTERVAL : Oid.UNSPECIFIED;
        };
    }

    /** The store's type for one of PostgreSQL's; that of texts for what it does not know. */
    static TypeInfo info(int oid) {
        return switch (oid) {
            case Oid.BOOL -> TypeInfo.TYPE_BOOLEAN;
            case Oid.INT2 -> TypeInfo.TYPE_SMALLINT;
            case Oid.INT4 -> TypeInfo.TYPE_INTEGER;
            case Oid.INT8, Oid.OID -> TypeInfo.TYPE_BIGINT;
            case Oid.FLOAT4 -> TypeInfo.TYPE_REAL;
            case Oid.FLOAT8 -> TypeInfo.TYPE_DOUBLE;
            case Oid.NUMERIC -> TypeInfo.TYPE_NUMERIC_FLOATING_POINT;
            case Oid.BYTEA -> TypeInfo.TYPE_VARBINARY;
            case Oid.DATE -> TypeInfo.TYPE_DATE;
            case Oid.TIME -> TypeInfo.TYPE_TIME;
            case Oid.TIMETZ -> TypeInfo.getTypeInfo(Value.TIME_TZ, -1, 6, null);
            case Oid.TIMESTAMP -> TypeInfo.TYPE_TIMESTAMP;
            case Oid.TIMESTAMPTZ -> TypeInfo.TYPE_TIMESTAMP_TZ;
            case Oid.INTERVAL -> TypeInfo.getTypeInfo(Value.INTERVAL_DAY_TO_SECOND);
            case Oid.UUID -> TypeInfo.TYPE_UUID;
            case Oid.JSON, Oid.JSONB -> TypeInfo.TYPE_JSON;
            default -> {
                int element = elementOf(oid);
                yield element == 0
                        ? TypeInfo.TYPE_VARCHAR
                        : TypeInfo.getTypeInfo(Value.ARRAY, -1, -1, info(element));
            }
        };
    }

    private static int elementOf(int oid) {
        return PgType.of(oid).elementType().map(PgType::oid).orElse(0);
    }

    /** The modifier of a column's type, as {@code pg_attribute.atttypmod} has it. */
    static int modifier(TypeInfo type) {
        return switch (type.getValueType()) {
            case Value.CHAR, Value.VARCHAR ->
                    type.getPrecision() >= UNBOUNDED ? -1 : (int) type.getPrecision() + 4;
            case Value.NUMERIC ->
                    Numerics.isUnbounded(type)
                            ? -1
                            : ((int) type.getPrecision() << 16 | type.getScale()) + 4;
            default -> -1;
        };
    }

    static boolean isInterval(int valueType) {
        return valueType >= Value.INTERVAL_YEAR && valueType <= Value.INTERVAL_MINUTE_TO_SECOND;
    }

    static int arrayOf(int elementOid) {
        return switch (elementOid) {
            case Oid.BOOL -> Oid.BOOL_ARRAY;
            case Oid.BYTEA -> Oid.BYTEA_ARRAY;
            case Oid.INT2 -> Oid.INT2_ARRAY;
            case Oid.INT4 -> Oid.INT4_ARRAY;
            case Oid.INT8 -> Oid.INT8_ARRAY;
            case Oid.BPCHAR -> Oid.BPCHAR_ARRAY;
            case Oid.VARCHAR -> Oid.VARCHAR_ARRAY;
            case Oid.FLOAT4 -> Oid.FLOAT4_ARRAY;
            case Oid.FLOAT8 -> Oid.FLOAT8_ARRAY;
            case Oid.NUMERIC -> Oid.NUMERIC_ARRAY;
            case Oid.DATE -> Oid.DATE_ARRAY;
            case Oid.TIME -> Oid.TIME_ARRAY;
            case Oid.TIMETZ -> Oid.TIMETZ_ARRAY;
            case Oid.TIMESTAMP -> Oid.TIMESTAMP_ARRAY;
            case Oid.TIMESTAMPTZ -> Oid.TIMESTAMPTZ_ARRAY;
            case Oid.INTERVAL -> Oid.INTERVAL_ARRAY;
            case Oid.JSON -> Oid.JSON_ARRAY;
            case Oid.JSONB -> Oid.JSONB_ARRAY;
            case Oid.UUID -> Oid.UUID_ARRAY;
            default -> Oid.TEXT_ARRAY;
        };
    }

    /** A type's name as PostgreSQL's messages have it. */
    static String name(TypeInfo type) {
        return switch (type.getValueType()) {
            case Value.UNKNOWN, Value.NULL -> "unknown";
            case Value.CHAR -> "character";
            case Value.VARCHAR, Value.CLOB -> "text";
            case Value.BINARY, Value.VARBINARY, Value.BLOB -> "bytea";
            case Value.BOOLEAN -> "boolean";
            case Value.TINYINT, Value.SMALLINT -> "smallint";
            case Value.INTEGER -> "integer";
            case Value.BIGINT -> "bigint";
            case Value.NUMERIC -> "numeric";
            case Value.REAL -> "real";
            case Value.DOUBLE, Value.DECFLOAT -> "double precision";
            case Value.DATE -> "date";
            case Value.TIME -> "time without time zone";
            case Value.TIME_TZ -> "time with time zone";
            case Value.TIMESTAMP -> "timestamp without time zone";
            case Value.TIMESTAMP_TZ -> "timestamp with time zone";
            case Value.JSON -> isJsonb(type) ? "jsonb" : "json";
            case Value.UUID -> "uuid";
            case Value.ARRAY -> name(element(type)) + "[]";
            default -> isInterval(type.getValueType()) ? "interval" : "text";
        };
    }

    private static TypeInfo element(TypeInfo array) {
        ExtTypeInfo extension = array.getExtTypeInfo();
        return extension instanceof TypeInfo element ? element : TypeInfo.TYPE_VARCHAR;
    }
}
