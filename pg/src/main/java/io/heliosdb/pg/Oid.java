package io.heliosdb.pg;

/**
 * The object identifiers of the built-in types, as {@code pg_type} has them.
 *
 * @see <a href="https://www.postgresql.org/docs/15/datatype-oid.html">PostgreSQL: object identifier
 *     types</a>
 */
public final class Oid {
    /** No type given: the server infers it. */
    public static final int UNSPECIFIED = 0;

    /** bool. */
    public static final int BOOL = 16;

    /** bytea. */
    public static final int BYTEA = 17;

    /** name. */
    public static final int NAME = 19;

    /** int8. */
    public static final int INT8 = 20;

    /** int2. */
    public static final int INT2 = 21;

    /** int4. */
    public static final int INT4 = 23;

    /** regproc. */
    public static final int REGPROC = 24;

    /** text. */
    public static final int TEXT = 25;

    /** oid. */
    public static final int OID = 26;

    /** json. */
    public static final int JSON = 114;

    /** float4. */
    public static final int FLOAT4 = 700;

    /** float8. */
    public static final int FLOAT8 = 701;

    /** The type of a literal whose type is not known yet. */
    public static final int UNKNOWN = 705;

    /** bpchar, which SQL calls char(n). */
    public static final int BPCHAR = 1042;

    /** varchar. */
    public static final int VARCHAR = 1043;

    /** date. */
    public static final int DATE = 1082;

    /** time without time zone. */
    public static final int TIME = 1083;

    /** timestamp without time zone. */
    public static final int TIMESTAMP = 1114;

    /** timestamp with time zone. */
    public static final int TIMESTAMPTZ = 1184;

    /** interval. */
    public static final int INTERVAL = 1186;

    /** time with time zone. */
    public static final int TIMETZ = 1266;

    /** numeric. */
    public static final int NUMERIC = 1700;

    /** "char": one byte. */
    public static final int CHAR = 18;

    /** int2vector. */
    public static final int INT2_VECTOR = 22;

    /** xid. */
    public static final int XID = 28;

    /** oidvector. */
    public static final int OID_VECTOR = 30;

    /** regprocedure. */
    public static final int REGPROCEDURE = 2202;

    /** regclass. */
    public static final int REGCLASS = 2205;

    /** regtype. */
    public static final int REGTYPE = 2206;

    /** regnamespace. */
    public static final int REGNAMESPACE = 4089;

    /** regrole. */
    public static final int REGROLE = 4096;

    /** "char"[]. */
    public static final int CHAR_ARRAY = 1002;

    /** aclitem[]. */
    public static final int ACLITEM_ARRAY = 1034;

    /** record. */
    public static final int RECORD = 2249;

    /** void. */
    public static final int VOID = 2278;

    /** uuid. */
    public static final int UUID = 2950;

    /** jsonb. */
    public static final int JSONB = 3802;

    /** bool[]. */
    public static final int BOOL_ARRAY = 1000;

    /** bytea[]. */
    public static final int BYTEA_ARRAY = 1001;

    /** name[]. */
    public static final int NAME_ARRAY = 1003;

    /** int2[]. */
    public static final int INT2_ARRAY = 1005;

    /** int4[]. */
    public static final int INT4_ARRAY = 1007;

    /** text[]. */
    public static final int TEXT_ARRAY = 1009;

    /** bpchar[]. */
    public static final int BPCHAR_ARRAY = 1014;

    /** varchar[]. */
    public static final int VARCHAR_ARRAY = 1015;

    /** int8[]. */
    public static final int INT8_ARRAY = 1016;

    /** float4[]. */
    public static final int FLOAT4_ARRAY = 1021;

    /** float8[]. */
    public static final int FLOAT8_ARRAY = 1022;

    /** oid[]. */
    public static final int OID_ARRAY = 1028;

    /** timestamp[]. */
    public static final int TIMESTAMP_ARRAY = 1115;

    /** date[]. */
    public static final int DATE_ARRAY = 1182;

    /** time[]. */
    public static final int TIME_ARRAY = 1183;

    /** timestamptz[]. */
    public static final int TIMESTAMPTZ_ARRAY = 1185;

    /** interval[]. */
    public static final int INTERVAL_ARRAY = 1187;

    /** numeric[]. */
    public static final int NUMERIC_ARRAY = 1231;

    /** timetz[]. */
    public static final int TIMETZ_ARRAY = 1270;

    /** json[]. */
    public static final int JSON_ARRAY = 199;

    /** uuid[]. */
    public static final int UUID_ARRAY = 2951;

    /** jsonb[]. */
    public static final int JSONB_ARRAY = 3807;

    /** Array of regtype. */
    public static final int REGTYPE_ARRAY = 2211;

    private Oid() {}

    /**
     * Whether a type holds an oid that is shown as a name.
     *
     * @param oid the type
     * @return whether it is regclass or one of its kin
     */
    public static boolean isReg(int oid) {
        return switch (oid) {
            case REGPROC, REGPROCEDURE, REGCLASS, REGTYPE, REGNAMESPACE, REGROLE -> true;
            default -> false;
        };
    }
}
