package io.heliosdb.engine.function;

import io.heliosdb.engine.FunctionLibrary;
import io.heliosdb.engine.SqlFunction;
import io.heliosdb.pg.Oid;

import java.util.List;

/** Functions of arrays, bytes, regular expressions, numbers and changed json, by their names. */
public final class ApplicationFunctions implements FunctionLibrary {
    private static final int SAME = SqlFunction.TYPE_OF_OTHERS;

    private static final List<SqlFunction> ALL =
            List.of(
                    array("helios_array_append", "append", SAME),
                    array("helios_array_prepend", "prepend", SAME),
                    array("helios_array_cat", "concat", SAME),
                    array("helios_array_remove", "remove", SAME),
                    array("helios_array_replace", "replace", SAME),
                    array("helios_slice", "slice", SAME),
                    array("helios_trim_array", "trim", SAME),
                    array("array_position", "position", 0),
                    array("array_positions", "positions", Oid.INT4_ARRAY),
                    array("array_upper", "upper", 0),
                    array("array_lower", "lower", 0),
                    array("array_ndims", "dimensions", 0),
                    array("array_dims", "bounds", 0),
                    array("array_to_string", "toText", 0),
                    array("string_to_array", "ofText", Oid.TEXT_ARRAY),
                    array("helios_element", "element", SqlFunction.TYPE_OF_OTHERS),
                    array("helios_contains", "contains", 0),
                    array("helios_contained", "contained", 0),
                    array("helios_overlaps", "overlaps", 0),
                    regex("regexp_match", "match", Oid.TEXT_ARRAY),
                    regex("helios_regexp_matches", "matches", SqlFunction.TEXT_ARRAYS),
                    regex("regexp_split_to_array", "split", Oid.TEXT_ARRAY),
                    regex("regexp_count", "count", 0),
                    regex("regexp_instr", "place", 0),
                    regex("helios_regexp_substr", "part", 0),
                    regex("helios_regexp_like", "like", 0),
                    regex("helios_regexp_replace", "replace", 0),
                    bytes("encode", "encode"),
                    bytes("helios_decode", "decode"),
                    bytes("sha224", "sha224"),
                    bytes("sha256", "sha256"),
                    bytes("sha384", "sha384"),
                    bytes("sha512", "sha512"),
                    bytes("get_byte", "byteAt"),
                    bytes("convert_from", "textOf"),
                    bytes("convert_to", "bytesOf"),
                    number("div", "quotient", Oid.NUMERIC),
                    number("cbrt", "cubeRoot", 0),
                    number("gcd", "commonDivisor", 0),
                    number("lcm", "commonMultiple", 0),
                    number("factorial", "factorial", Oid.NUMERIC),
                    number("scale", "scale", 0),
                    number("min_scale", "minScale", 0),
                    number("trim_scale", "trimScale", Oid.NUMERIC),
                    number("width_bucket", "bucket", 0),
                    number("num_nulls", "nulls", 0),
                    number("num_nonnulls", "nonNulls", 0),
                    number("make_date", "date", 0),
                    number("make_time", "time", 0),
                    number("make_timestamp", "timestamp", 0),
                    moment("make_timestamptz", "moment", Oid.TIMESTAMPTZ),
                    advisory("pg_advisory_lock", "lock", Oid.VOID),
                    advisory("pg_advisory_lock_shared", "lockShared", Oid.VOID),
                    advisory("pg_advisory_xact_lock", "lockLocal", Oid.VOID),
                    advisory("pg_advisory_xact_lock_shared", "lockLocalShared", Oid.VOID),
                    advisory("pg_try_advisory_lock", "tryLock", 0),
                    advisory("pg_try_advisory_lock_shared", "tryLockShared", 0),
                    advisory("pg_try_advisory_xact_lock", "tryLockLocal", 0),
                    advisory("pg_try_advisory_xact_lock_shared", "tryLockLocalShared", 0),
                    advisory("pg_advisory_unlock", "unlock", 0),
                    advisory("pg_advisory_unlock_shared", "unlockShared", 0),
                    moment("helios_interval", "interval", 0),
                    moment("helios_make_interval", "interval", 0),
                    moment("helios_local", "local", Oid.TIMESTAMP),
                    moment("helios_moment", "moment", Oid.TIMESTAMPTZ),
                    moment("helios_local_in", "localIn", Oid.TIMESTAMP),
                    moment("helios_moment_in", "momentIn", Oid.TIMESTAMPTZ),
                    moment("isfinite", "isFinite", 0),
                    moment("helios_bin", "bin", Oid.TIMESTAMP),
                    moment("helios_bin_moment", "binMoment", Oid.TIMESTAMPTZ),
                    moment("helios_periods", "overlaps", 0),
                    series("helios_series_integer", "integers", Oid.INT4_ARRAY),
                    series("helios_series_timestamp", "timestamps", Oid.TIMESTAMP_ARRAY),
                    series("helios_series_timestamptz", "instants", Oid.TIMESTAMPTZ_ARRAY),
                    series("helios_series_numeric", "numerics", Oid.NUMERIC_ARRAY),
                    json("helios_json_at", "at", Oid.JSON),
                    json("helios_jsonb_at", "at", Oid.JSONB),
                    json("helios_json_text_at", "textAt", Oid.TEXT),
                    json("helios_exists", "exists", 0),
                    json("helios_exists_any", "existsAny", 0),
                    json("helios_exists_all", "existsAll", 0),
                    json("helios_jsonb_concat", "concat", Oid.JSONB),
                    json("helios_jsonb_minus", "minus", Oid.JSONB),
                    json("helios_jsonb_without", "without", Oid.JSONB),
                    json("jsonb_set", "set", Oid.JSONB),
                    json("jsonb_insert", "insert", Oid.JSONB),
                    group("helios_json_agg", "array", Oid.JSON),
                    group("helios_json_rows_agg", "rows", Oid.JSON),
                    group("helios_jsonb_agg", "binaryArray", Oid.JSONB),
                    group("helios_json_object_agg", "object", Oid.JSON),
                    group("helios_jsonb_object_agg", "binaryObject", Oid.JSONB),
                    group("jsonb_pretty", "pretty", Oid.TEXT),
                    json("jsonb_strip_nulls", "withoutNulls", Oid.JSONB),
                    json("json_strip_nulls", "compactWithoutNulls", Oid.JSON),
                    pairs("helios_json_pairs", "pairs"),
                    pairs("helios_json_text_pairs", "textPairs"),
                    json("jsonb_typeof", "type", 0),
                    json("json_typeof", "type", 0),
                    json("jsonb_array_length", "length", 0),
                    json("json_array_length", "length", 0),
                    json("helios_jsonb_elements", "elements", Oid.JSONB_ARRAY),
                    json("helios_json_elements", "elements", Oid.JSON_ARRAY),
                    json("helios_json_texts", "texts", Oid.TEXT_ARRAY),
                    json("helios_json_keys", "keys", Oid.TEXT_ARRAY));

    /** For {@link java.util.ServiceLoader}. */
    public ApplicationFunctions() {}

    @Override
    public List<SqlFunction> functions() {
        return ALL;
    }

    private static SqlFunction array(String name, String method, int oid) {
        return new SqlFunction(name, ArrayFunctions.class, method, oid, List.of(), true);
    }

    private static SqlFunction regex(String name, String method, int oid) {
        return new SqlFunction(name, RegexFunctions.class, method, oid, List.of(), true);
    }

    private static SqlFunction bytes(String name, String method) {
        return new SqlFunction(name, ByteFunctions.class, method, 0, List.of(), true);
    }

    private static SqlFunction number(String name, String method, int oid) {
        return new SqlFunction(name, ArithmeticFunctions.class, method, oid, List.of(), true);
    }

    /** A lock is taken for each row, so that the call is not one that may be folded. */
    private static SqlFunction advisory(String name, String method, int oid) {
        return new SqlFunction(name, AdvisoryFunctions.class, method, oid, List.of(), false);
    }

    private static SqlFunction moment(String name, String method, int oid) {
        return new SqlFunction(name, MomentFunctions.class, method, oid, List.of(), true);
    }

    private static SqlFunction series(String name, String method, int oid) {
        return new SqlFunction(name, SeriesFunctions.class, method, oid, List.of(), true);
    }

    private static SqlFunction pairs(String name, String method) {
        return new SqlFunction(name, JsonRows.class, method);
    }

    private static SqlFunction json(String name, String method, int oid) {
        return new SqlFunction(name, JsonChanges.class, method, oid, List.of(), true);
    }

    private static SqlFunction group(String name, String method, int oid) {
        return new SqlFunction(name, JsonGroups.class, method, oid, List.of());
    }
}
