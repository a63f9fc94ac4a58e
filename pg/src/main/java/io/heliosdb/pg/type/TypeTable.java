package io.heliosdb.pg.type;

import io.heliosdb.pg.Oid;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** The built-in types, by oid and by name. */
final class TypeTable {
    /** Built-in oids end well below this. */
    private static final PgType[] BY_OID = new PgType[6000];

    private static final Map<String, PgType> BY_NAME = new HashMap<>();

    static {
        var text = new TextCodec();
        add(Oid.BOOL, "bool", "boolean", 1, Oid.BOOL_ARRAY, new BoolCodec());
        add(Oid.BYTEA, "bytea", "bytea", -1, Oid.BYTEA_ARRAY, new ByteaCodec());
        add(Oid.NAME, "name", "name", 64, Oid.NAME_ARRAY, text);
        add(Oid.INT8, "int8", "bigint", 8, Oid.INT8_ARRAY, IntegerCodec.INT8);
        add(Oid.INT2, "int2", "smallint", 2, Oid.INT2_ARRAY, IntegerCodec.INT2);
        add(Oid.INT4, "int4", "integer", 4, Oid.INT4_ARRAY, IntegerCodec.INT4);
        add(Oid.TEXT, "text", "text", -1, Oid.TEXT_ARRAY, text);
        add(Oid.OID, "oid", "oid", 4, Oid.OID_ARRAY, IntegerCodec.OID);
        add(Oid.JSON, "json", "json", -1, Oid.JSON_ARRAY, new JsonCodec(false));
        add(Oid.FLOAT4, "float4", "real", 4, Oid.FLOAT4_ARRAY, new Float4Codec());
        add(Oid.FLOAT8, "float8", "double precision", 8, Oid.FLOAT8_ARRAY, new Float8Codec());
        add(Oid.UNKNOWN, "unknown", "unknown", -2, 0, text);
        add(Oid.BPCHAR, "bpchar", "character", -1, Oid.BPCHAR_ARRAY, text);
        add(Oid.VARCHAR, "varchar", "character varying", -1, Oid.VARCHAR_ARRAY, text);
        add(Oid.DATE, "date", "date", 4, Oid.DATE_ARRAY, new DateCodec());
        add(Oid.TIME, "time", "time without time zone", 8, Oid.TIME_ARRAY, new TimeCodec());
        add(
                Oid.TIMESTAMP,
                "timestamp",
                "timestamp without time zone",
                8,
                Oid.TIMESTAMP_ARRAY,
                new TimestampCodec());
        add(
                Oid.TIMESTAMPTZ,
                "timestamptz",
                "timestamp with time zone",
                8,
                Oid.TIMESTAMPTZ_ARRAY,
                new TimestampTzCodec());
        add(Oid.INTERVAL, "interval", "interval", 16, Oid.INTERVAL_ARRAY, new IntervalCodec());
        add(Oid.TIMETZ, "timetz", "time with time zone", 12, Oid.TIMETZ_ARRAY, new TimeTzCodec());
        add(Oid.NUMERIC, "numeric", "numeric", -1, Oid.NUMERIC_ARRAY, new NumericCodec());
        add(Oid.VOID, "void", "void", 4, 0, text);
        add(Oid.UUID, "uuid", "uuid", 16, Oid.UUID_ARRAY, new UuidCodec());
        add(Oid.JSONB, "jsonb", "jsonb", -1, Oid.JSONB_ARRAY, new JsonCodec(true));
        add(28, "xid", "xid", 4, 1011, IntegerCodec.XID);
        add(29, "cid", "cid", 4, 1012, IntegerCodec.CID);
        addCatalogTypes();
        addTextOnly();
        alias("boolean", Oid.BOOL);
        alias("bigint", Oid.INT8);
        alias("smallint", Oid.INT2);
        alias("integer", Oid.INT4);
        alias("int", Oid.INT4);
        alias("real", Oid.FLOAT4);
        alias("double precision", Oid.FLOAT8);
        alias("float", Oid.FLOAT8);
        alias("decimal", Oid.NUMERIC);
        alias("dec", Oid.NUMERIC);
        alias("character varying", Oid.VARCHAR);
        alias("char varying", Oid.VARCHAR);
        alias("character", Oid.BPCHAR);
        alias("char", Oid.BPCHAR);
        alias("time without time zone", Oid.TIME);
        alias("time with time zone", Oid.TIMETZ);
        alias("timestamp without time zone", Oid.TIMESTAMP);
        alias("timestamp with time zone", Oid.TIMESTAMPTZ);
    }

    private TypeTable() {}

    private static void addCatalogTypes() {
        var reg = new RegCodec();
        add(Oid.CHAR, "char", "\"char\"", 1, Oid.CHAR_ARRAY, new TextCodec());
        add(Oid.INT2_VECTOR, "int2vector", "int2vector", -1, 1006, new VectorCodec(Oid.INT2));
        add(Oid.OID_VECTOR, "oidvector", "oidvector", -1, 1013, new VectorCodec(Oid.OID));
        add(Oid.REGPROC, "regproc", "regproc", 4, 1008, reg);
        add(Oid.REGPROCEDURE, "regprocedure", "regprocedure", 4, 2207, reg);
        add(Oid.REGCLASS, "regclass", "regclass", 4, 2210, reg);
        add(Oid.REGTYPE, "regtype", "regtype", 4, Oid.REGTYPE_ARRAY, reg);
        add(Oid.REGNAMESPACE, "regnamespace", "regnamespace", 4, 4090, reg);
        add(Oid.REGROLE, "regrole", "regrole", 4, 4097, reg);
    }

    /** Types that are text to us; PostgreSQL's own binary forms of them are not offered. */
    private static void addTextOnly() {
        var text = new TextCodec();
        addText(142, "xml", "xml", -1, 143, text);
        addText(194, "pg_node_tree", "pg_node_tree", -1, 0, text);
        addText(1033, "aclitem", "aclitem", 12, 1034, text);
        addText(1790, "refcursor", "refcursor", -1, 2201, text);
        addText(Oid.RECORD, "record", "record", -1, 2287, text);
        addText(2275, "cstring", "cstring", -2, 1263, text);
        addText(3220, "pg_lsn", "pg_lsn", 8, 3221, text);
    }

    private static void addText(
            int oid, String name, String displayName, int length, int arrayOid, Codec codec) {
        put(new PgType(oid, name, displayName, length, false, 0, arrayOid, codec));
        addArray(oid, name, displayName, arrayOid, false);
    }

    private static void add(
            int oid, String name, String displayName, int length, int arrayOid, Codec codec) {
        put(new PgType(oid, name, displayName, length, true, 0, arrayOid, codec));
        addArray(oid, name, displayName, arrayOid, true);
    }

    private static void addArray(
            int elementOid, String name, String displayName, int oid, boolean hasBinary) {
        if (oid != 0) {
            var codec = new ArrayCodec(byOidRequired(elementOid));
            put(
                    new PgType(
                            oid,
                            '_' + name,
                            displayName + "[]",
                            -1,
                            hasBinary,
                            elementOid,
                            0,
                            codec));
        }
    }

    private static void put(PgType type) {
        BY_OID[type.oid()] = type;
        BY_NAME.put(type.name(), type);
    }

    private static void alias(String name, int oid) {
        BY_NAME.put(name, byOidRequired(oid));
    }

    private static PgType byOidRequired(int oid) {
        var type = byOid(oid);
        if (type == null) {
            throw new IllegalStateException("type " + oid + " is not in the table");
        }
        return type;
    }

    static @Nullable PgType byOid(int oid) {
        return oid >= 0 && oid < BY_OID.length ? BY_OID[oid] : null;
    }

    static PgType unknown(int oid) {
        return new PgType(oid, "???", "???", -1, true, 0, 0, new TextCodec());
    }

    static @Nullable PgType byName(String name) {
        if (!name.endsWith("[]")) {
            var found = BY_NAME.get(name);
            return found != null || name.indexOf(' ') < 0
                    ? found
                    : BY_NAME.get(name.replaceAll("\\s+", " "));
        }
        // PostgreSQL has one type for any number of dimensions.
        String element = name;
        while (element.endsWith("[]")) {
            element = element.substring(0, element.length() - 2).stripTrailing();
        }
        var type = byName(element);
        return type == null ? null : type.arrayType().orElse(null);
    }

    static int oidOf(Object value) {
        return switch (value) {
            case CharSequence text -> Oid.TEXT;
            case Integer number -> Oid.INT4;
            case Long number -> Oid.INT8;
            case Boolean truth -> Oid.BOOL;
            case Short number -> Oid.INT2;
            case Byte number -> Oid.INT2;
            case Double number -> Oid.FLOAT8;
            case Float number -> Oid.FLOAT4;
            case BigDecimal number -> Oid.NUMERIC;
            case java.math.BigInteger number -> Oid.NUMERIC;
            case byte[] bytes -> Oid.BYTEA;
            case LocalDate date -> Oid.DATE;
            case LocalTime time -> Oid.TIME;
            case OffsetTime time -> Oid.TIMETZ;
            case LocalDateTime timestamp -> Oid.TIMESTAMP;
            case OffsetDateTime timestamp -> Oid.TIMESTAMPTZ;
            case java.time.ZonedDateTime timestamp -> Oid.TIMESTAMPTZ;
            case java.time.Instant timestamp -> Oid.TIMESTAMPTZ;
            case PgInterval interval -> Oid.INTERVAL;
            case UUID uuid -> Oid.UUID;
            case PgArray array ->
                    PgType.of(array.elementOid()).arrayType().map(PgType::oid).orElse(Oid.TEXT);
            default -> Oid.TEXT;
        };
    }
}
