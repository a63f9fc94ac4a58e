package io.heliosdb.sql;

import io.heliosdb.pg.Oid;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;

/**
 * A type as a statement names it.
 *
 * @param name PostgreSQL's internal name, by which a cast names its result column
 * @param oid its oid, 0 for one that only the engine may know
 * @param modifier its modifier, -1 where it has none
 * @param engine the engine's words for it
 * @see <a href="https://www.postgresql.org/docs/15/datatype.html">PostgreSQL: data types</a>
 */
public record SqlType(String name, int oid, int modifier, String engine) {
    /** The first number of a type that is none of PostgreSQL's own. */
    private static final int FIRST_USERS = 16_384;

    /** text. */
    public static final SqlType TEXT = new SqlType("text", Oid.TEXT, -1, "CHARACTER VARYING");

    /** integer. */
    public static final SqlType INT4 = new SqlType("int4", Oid.INT4, -1, "INTEGER");

    /** bigint. */
    public static final SqlType INT8 = new SqlType("int8", Oid.INT8, -1, "BIGINT");

    /** boolean. */
    public static final SqlType BOOL = new SqlType("bool", Oid.BOOL, -1, "BOOLEAN");

    private static final Map<String, SqlType> BY_NAME = new HashMap<>();
    private static final Map<Integer, SqlType> BY_OID = new HashMap<>();
    private static final Map<Integer, Integer> ARRAY_OIDS =
            Map.ofEntries(
                    Map.entry(Oid.BOOL, 1000),
                    Map.entry(Oid.BYTEA, 1001),
                    Map.entry(Oid.NAME, 1003),
                    Map.entry(Oid.INT2, 1005),
                    Map.entry(Oid.INT4, 1007),
                    Map.entry(Oid.TEXT, 1009),
                    Map.entry(Oid.BPCHAR, 1014),
                    Map.entry(Oid.VARCHAR, 1015),
                    Map.entry(Oid.INT8, 1016),
                    Map.entry(Oid.FLOAT4, 1021),
                    Map.entry(Oid.FLOAT8, 1022),
                    Map.entry(Oid.OID, 1028),
                    Map.entry(Oid.TIMESTAMP, 1115),
                    Map.entry(Oid.DATE, 1182),
                    Map.entry(Oid.TIME, 1183),
                    Map.entry(Oid.TIMESTAMPTZ, 1185),
                    Map.entry(Oid.INTERVAL, 1187),
                    Map.entry(Oid.NUMERIC, 1231),
                    Map.entry(Oid.TIMETZ, 1270),
                    Map.entry(Oid.UUID, 2951),
                    Map.entry(Oid.JSON, 199),
                    Map.entry(Oid.JSONB, 3807),
                    Map.entry(Oid.CHAR, Oid.CHAR_ARRAY),
                    Map.entry(Oid.REGPROC, 1008),
                    Map.entry(Oid.REGPROCEDURE, 2207),
                    Map.entry(Oid.REGCLASS, 2210),
                    Map.entry(Oid.REGTYPE, Oid.REGTYPE_ARRAY),
                    Map.entry(Oid.REGNAMESPACE, 4090),
                    Map.entry(Oid.REGROLE, 4097));

    private static final int CSTRING = 2275;
    private static final int ACL_ITEM = 1033;
    private static final int NODE_TREE = 194;

    /** The types that hold an oid and show a name; functions read and print their values. */
    private static final Map<Integer, String> REG_NAMES =
            Map.of(
                    Oid.REGPROC, "regproc",
                    Oid.REGPROCEDURE, "regprocedure",
                    Oid.REGCLASS, "regclass",
                    Oid.REGTYPE, "regtype",
                    Oid.REGNAMESPACE, "regnamespace",
                    Oid.REGROLE, "regrole");

    static {
        add("bool", Oid.BOOL, "BOOLEAN", "boolean");
        add("int2", Oid.INT2, "SMALLINT", "smallint", "smallserial", "serial2");
        add("int4", Oid.INT4, "INTEGER", "int", "integer", "serial", "serial4");
        add("int8", Oid.INT8, "BIGINT", "bigint", "bigserial", "serial8");
        add("float4", Oid.FLOAT4, "REAL", "real");
        add("float8", Oid.FLOAT8, "DOUBLE PRECISION");
        add("numeric", Oid.NUMERIC, "NUMERIC(100000, 50000)", "decimal", "dec");
        add("text", Oid.TEXT, "CHARACTER VARYING");
        add("varchar", Oid.VARCHAR, "CHARACTER VARYING(999999999)");
        add("bpchar", Oid.BPCHAR, "CHARACTER VARYING");
        add("name", Oid.NAME, "CHARACTER VARYING(63)");
        add("bytea", Oid.BYTEA, "BINARY VARYING");
        add("date", Oid.DATE, "DATE");
        add("time", Oid.TIME, "TIME(6)");
        add("timetz", Oid.TIMETZ, "TIME(6) WITH TIME ZONE");
        add("timestamp", Oid.TIMESTAMP, "TIMESTAMP(6)");
        add("timestamptz", Oid.TIMESTAMPTZ, "TIMESTAMP(6) WITH TIME ZONE");
        add("interval", Oid.INTERVAL, "INTERVAL DAY TO SECOND(6)");
        add("uuid", Oid.UUID, "UUID");
        add("json", Oid.JSON, "JSON");
        add("jsonb", Oid.JSONB, "JSON(999999999)");
        add("oid", Oid.OID, "BIGINT");
        add("xid", Oid.XID, "BIGINT");
        add("cstring", CSTRING, "CHARACTER VARYING");
        add("int2vector", Oid.INT2_VECTOR, "SMALLINT ARRAY");
        add("oidvector", Oid.OID_VECTOR, "BIGINT ARRAY");
        add("aclitem", ACL_ITEM, "CHARACTER VARYING");
        add("pg_node_tree", NODE_TREE, "CHARACTER VARYING");
        for (int oid : REG_NAMES.keySet()) {
            add(REG_NAMES.get(oid), oid, "BIGINT");
        }
    }

    private static void add(String name, int oid, String engine, String... aliases) {
        var type = new SqlType(name, oid, -1, engine);
        BY_NAME.put(name, type);
        BY_OID.put(oid, type);
        for (String alias : aliases) {
            BY_NAME.put(alias, type);
        }
    }

    /**
     * Reads a type as a declaration writes it.
     *
     * @param text such as {@code numeric(10, 2)[]}
     * @return the type; one with oid 0 for a name that is not built in
     * @throws io.heliosdb.pg.PgException 42601 and what else is wrong with it, with the position in
     *     the text
     */
    public static SqlType parse(String text) {
        var grammar = new Grammar(Scanner.scan(text), SchemaLookup.EMPTY);
        SqlType type = grammar.types.type();
        if (!grammar.cursor.atEnd()) {
            throw grammar.cursor.syntaxError();
        }
        return type;
    }

    /**
     * The type of an argument.
     *
     * @param oid its oid; 705 for a constant in quotes
     * @return null for one that is not known
     */
    public static @Nullable SqlType argument(int oid) {
        return oid == ColumnTypes.UNKNOWN.oid() ? ColumnTypes.UNKNOWN : of(oid);
    }

    /**
     * A type by one of its names without modifier.
     *
     * @param name such as {@code int4}
     * @return null for one that is not known
     */
    public static @Nullable SqlType named(String name) {
        return BY_NAME.get(name);
    }

    /**
     * A type by its oid.
     *
     * @param oid as a client gives it for a parameter
     * @return without a modifier; null for one that is not known
     */
    public static @Nullable SqlType of(int oid) {
        SqlType type = BY_OID.get(oid);
        if (type != null) {
            return type;
        }
        for (var entry : ARRAY_OIDS.entrySet()) {
            if (entry.getValue() == oid) {
                return BY_OID.get(entry.getKey()).array();
            }
        }
        return null;
    }

    /** Whether a user has made it. */
    boolean isUsers() {
        return oid >= FIRST_USERS;
    }

    /** The type of arrays of a type; 0 where there is none. */
    static int arrayOid(int oid) {
        return ARRAY_OIDS.getOrDefault(oid, 0);
    }

    /**
     * The type that the engine's words stand for.
     *
     * @param engine such as {@code CHARACTER VARYING(20)}
     * @return the type; text for words that are not known
     */
    public static SqlType ofEngine(String engine) {
        return ColumnTypes.ofEngine(engine);
    }

    /**
     * The type with a modifier.
     *
     * @param newModifier as {@code pg_attribute.atttypmod} has it
     * @param newEngine the engine's words for it then
     * @return the type
     */
    public SqlType with(int newModifier, String newEngine) {
        return new SqlType(name, oid, newModifier, newEngine);
    }

    /**
     * The type of arrays of this one.
     *
     * @return the type; its oid is 0 where the element's is not known
     */
    public SqlType array() {
        return new SqlType(name, ARRAY_OIDS.getOrDefault(oid, 0), modifier, engine + " ARRAY");
    }

    /** The oid of a result of this type. */
    int resultOid() {
        return oid;
    }

    /** The precision of a numeric with a modifier. */
    int precision() {
        return (modifier - 4) >> 16 & 0xffff;
    }

    /** The scale of a numeric with a modifier. */
    int scale() {
        int bits = (modifier - 4) & 0x7ff;
        return (bits ^ 0x400) - 0x400;
    }

    /**
     * Whether this is json or jsonb.
     *
     * @return whether it is
     */
    public boolean isJson() {
        return oid == Oid.JSON || oid == Oid.JSONB;
    }

    /**
     * Whether this is an array.
     *
     * @return whether it is
     */
    public boolean isArray() {
        return engine.endsWith(" ARRAY");
    }
}
