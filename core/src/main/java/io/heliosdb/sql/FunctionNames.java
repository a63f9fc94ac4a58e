package io.heliosdb.sql;

import io.heliosdb.engine.StoreNames;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.Set;

/**
 * Which of the engine's functions a statement may call, and under what name the engine has
 * PostgreSQL's and SQLite's. The engine looks its own functions up by name whatever the quotes, so
 * that a refused name is refused in every form.
 */
final class FunctionNames {
    /**
     * The engine's functions that PostgreSQL does not have: they reach files, settings, other
     * sessions and other databases, or mean something else here.
     */
    private static final Set<String> REFUSED =
            Set.of(
                    "abort_session",
                    "array_contains",
                    "array_get",
                    "array_max_cardinality",
                    "array_slice",
                    "autocommit",
                    "bitand",
                    "bitcount",
                    "bitget",
                    "bitnand",
                    "bitnor",
                    "bitnot",
                    "bitor",
                    "bitxnor",
                    "bitxor",
                    "bit_and_agg",
                    "bit_nand_agg",
                    "bit_nor_agg",
                    "bit_or_agg",
                    "bit_xnor_agg",
                    "bit_xor_agg",
                    "cancel_session",
                    "casewhen",
                    "compress",
                    "convert",
                    "csvread",
                    "csvwrite",
                    "curdate",
                    "curtime",
                    "data_type_sql",
                    "database",
                    "database_path",
                    "dateadd",
                    "datediff",
                    "dayname",
                    "day",
                    "day_of_month",
                    "day_of_week",
                    "day_of_year",
                    "dayofmonth",
                    "dayofweek",
                    "dayofyear",
                    "db_object_approximate_size",
                    "db_object_approximate_total_size",
                    "db_object_id",
                    "db_object_size",
                    "db_object_sql",
                    "db_object_total_size",
                    "decrypt",
                    "difference",
                    "disk_space_used",
                    "encrypt",
                    "envelope",
                    "estimated_envelope",
                    "expand",
                    "extractvalue",
                    "file_read",
                    "file_write",
                    "formatdatetime",
                    "h2version",
                    "hash",
                    "hextoraw",
                    "hour",
                    "identity",
                    "insert",
                    "isnull",
                    "iso_day_of_week",
                    "iso_week",
                    "iso_year",
                    "json_array",
                    "json_arrayagg",
                    "json_objectagg",
                    "last_day",
                    "last_insert_id",
                    "lcase",
                    "link_schema",
                    "locate",
                    "lock_mode",
                    "lock_timeout",
                    "lshift",
                    "median",
                    "memory_free",
                    "memory_used",
                    "minute",
                    "month",
                    "monthname",
                    "nvl",
                    "nvl2",
                    "ora_hash",
                    "parsedatetime",
                    "quarter",
                    "rand",
                    "random_uuid",
                    "ratio_to_report",
                    "rawtohex",
                    "readonly",
                    "rotateleft",
                    "rotateright",
                    "roundmagic",
                    "rownum",
                    "rshift",
                    "schema",
                    "scope_identity",
                    "second",
                    "secure_rand",
                    "selectivity",
                    "session_id",
                    "signal",
                    "soundex",
                    "space",
                    "stringdecode",
                    "stringencode",
                    "stringtoutf8",
                    "sysdate",
                    "systimestamp",
                    "table",
                    "table_distinct",
                    "timestampadd",
                    "timestampdiff",
                    "today",
                    "transaction_id",
                    "truncate",
                    "truncate_value",
                    "ucase",
                    "ulshift",
                    "unix_timestamp",
                    "urshift",
                    "utf8tostring",
                    "uuid",
                    "values",
                    "week",
                    "weight_string",
                    "xmlattr",
                    "xmlcdata",
                    "xmlcomment",
                    "xmlnode",
                    "xmlstartdoc",
                    "xmltext",
                    "year",
                    "zero",
                    "system_range",
                    "histogram",
                    "sys_guid",
                    "to_clob",
                    "to_blob",
                    "from_unixtime",
                    "conv",
                    "instrb",
                    "add_months",
                    "months_between",
                    "charindex",
                    "getdate",
                    "getutcdate",
                    "newid",
                    "len",
                    "bitshiftleft",
                    "bitshiftright",
                    "user",
                    "current_path",
                    "system_user");

    /** Functions that the engine has itself, and does not do as PostgreSQL: ours have a prefix. */
    private static final Set<String> SHADOWED =
            Set.of(
                    "array_to_string",
                    "current_database",
                    "format_type",
                    "gen_random_uuid",
                    "has_database_privilege",
                    "has_schema_privilege",
                    "has_table_privilege",
                    "obj_description",
                    "pg_encoding_to_char",
                    "pg_get_expr",
                    "pg_get_indexdef",
                    "pg_get_userbyid",
                    "pg_postmaster_start_time",
                    "pg_relation_size",
                    "pg_table_is_visible",
                    "pg_total_relation_size",
                    "set_config",
                    "version");

    /** Functions that the engine knows by another name. */
    private static final Map<String, String> RENAMED =
            Map.ofEntries(
                    Map.entry("json_object", "helios_json_object"),
                    Map.entry("length", "helios_length"),
                    Map.entry("char_length", "helios_length"),
                    Map.entry("character_length", "helios_length"),
                    Map.entry("substring", "helios_substring"),
                    Map.entry("substr", "helios_substring"),
                    Map.entry("left", "helios_left"),
                    Map.entry("right", "helios_right"),
                    Map.entry("lpad", "helios_lpad"),
                    Map.entry("rpad", "helios_rpad"),
                    Map.entry("reverse", "helios_reverse"),
                    Map.entry("strpos", "helios_strpos"),
                    Map.entry("concat", "helios_concat"),
                    Map.entry("concat_ws", "helios_concat_ws"),
                    Map.entry("sum", "helios_sum"),
                    Map.entry("avg", "helios_avg"),
                    Map.entry("regexp_replace", "helios_regexp_replace"),
                    Map.entry("regexp_like", "helios_regexp_like"),
                    Map.entry("regexp_substr", "helios_regexp_substr"),
                    Map.entry("decode", "helios_decode"),
                    Map.entry("chr", "helios_chr"),
                    Map.entry("pow", "POWER"),
                    Map.entry("ifnull", "COALESCE"),
                    Map.entry("bool_and", "EVERY"),
                    Map.entry("bool_or", "ANY"));

    /** Functions of PostgreSQL and SQLite that take no part in an expression but give rows. */
    private static final Set<String> SET_RETURNING =
            Set.of(
                    "pg_partition_ancestors",
                    "generate_series",
                    "pg_get_keywords",
                    "pg_listening_channels",
                    "unnest",
                    "pg_create_logical_replication_slot",
                    "pg_replication_slot_advance",
                    "pg_logical_slot_get_changes",
                    "pg_logical_slot_peek_changes",
                    "pg_logical_slot_get_binary_changes",
                    "pg_logical_slot_peek_binary_changes");

    /** Those of them whose rows, where a value is wanted, are records. */
    private static final Set<String> RECORDS =
            Set.of(
                    "pg_create_logical_replication_slot",
                    "pg_replication_slot_advance",
                    "pg_logical_slot_get_changes",
                    "pg_logical_slot_peek_changes",
                    "pg_logical_slot_get_binary_changes",
                    "pg_logical_slot_peek_binary_changes");

    /** Those that have several columns and are called in FROM alone. */
    private static final Set<String> ROWS = Set.of("pg_get_keywords");

    /** Functions of FROM with two columns, by the engine's function. */
    private static final Map<String, String> PAIRS =
            Map.of(
                    "json_each", "helios_json_pairs",
                    "jsonb_each", "helios_json_pairs",
                    "json_each_text", "helios_json_text_pairs",
                    "jsonb_each_text", "helios_json_text_pairs");

    /** Functions that give the elements of an array as rows, by the function that gives it. */
    private static final Map<String, String> ELEMENTS =
            Map.of(
                    "jsonb_array_elements", "helios_jsonb_elements",
                    "json_array_elements", "helios_json_elements",
                    "jsonb_array_elements_text", "helios_json_texts",
                    "json_array_elements_text", "helios_json_texts",
                    "jsonb_object_keys", "helios_json_keys",
                    "json_object_keys", "helios_json_keys",
                    "regexp_split_to_table", "regexp_split_to_array",
                    "string_to_table", "string_to_array",
                    "regexp_matches", "helios_regexp_matches");

    /** Functions whose results have the types of their first arguments. */
    private static final Set<String> TYPE_OF_FIRST =
            Set.of(
                    "round",
                    "trunc",
                    "sign",
                    "array_append",
                    "array_cat",
                    "array_remove",
                    "array_replace",
                    "trim_array");

    /** Aggregates that make JSON of the array of a group's values, or of rows of its pairs. */
    private static final Set<String> JSON_AGGREGATES =
            Set.of("json_agg", "jsonb_agg", "json_object_agg", "jsonb_object_agg");

    private FunctionNames() {}

    private static final Set<String> WINDOW_ONLY =
            Set.of(
                    "row_number",
                    "rank",
                    "dense_rank",
                    "percent_rank",
                    "cume_dist",
                    "ntile",
                    "lag",
                    "lead",
                    "first_value",
                    "last_value",
                    "nth_value");

    /** Functions whose first argument is a text or an array and never a number. */
    private static final Set<String> NO_NUMBER =
            Set.of(
                    "upper",
                    "lower",
                    "initcap",
                    "length",
                    "char_length",
                    "character_length",
                    "octet_length",
                    "reverse",
                    "md5",
                    "btrim",
                    "ltrim",
                    "rtrim",
                    "strpos",
                    "starts_with",
                    "split_part",
                    "array_length",
                    "array_upper",
                    "array_lower",
                    "array_ndims",
                    "cardinality");

    /** Whether a function is called with OVER only. */
    static boolean isWindowOnly(String name) {
        return WINDOW_ONLY.contains(name);
    }

    static boolean takesNoNumber(String name) {
        return NO_NUMBER.contains(name);
    }

    static boolean isJsonAggregate(String name) {
        return JSON_AGGREGATES.contains(name);
    }

    static boolean hasTypeOfFirst(String name) {
        return TYPE_OF_FIRST.contains(name);
    }

    /** Whether a function of the engine is not to be called. */
    static boolean isRefused(String name) {
        return REFUSED.contains(StoreNames.folded(name));
    }

    /** The engine's name of a function. */
    static String engineName(String name) {
        return SHADOWED.contains(name) ? "helios_" + name : RENAMED.getOrDefault(name, name);
    }

    /** The function that gives an array of what one gives as rows; null for any other. */
    static @Nullable String arrayOf(String name) {
        return ELEMENTS.get(name);
    }

    /** The function that gives one record a row; null where rows are values already. */
    static @Nullable String recordsOf(String name) {
        return RECORDS.contains(name) ? "helios_records_" + name.substring(3) : null;
    }

    /** Whether the rows of a function that gives rows have several columns. */
    static boolean hasColumns(String name) {
        return RECORDS.contains(name) || ROWS.contains(name) || PAIRS.containsKey(name);
    }

    /** The engine's function of keys and values; null for another function. */
    static @Nullable String pairsOf(String name) {
        return PAIRS.get(name);
    }

    static boolean isSetReturning(String name) {
        return SET_RETURNING.contains(name)
                || PAIRS.containsKey(name)
                || ELEMENTS.containsKey(name);
    }
}
