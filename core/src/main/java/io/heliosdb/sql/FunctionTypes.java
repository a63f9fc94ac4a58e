package io.heliosdb.sql;

import io.heliosdb.pg.Oid;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/** The result types of functions, where the engine's own answer is not PostgreSQL's. */
final class FunctionTypes {
    private static final SqlType VOID = new SqlType("void", Oid.VOID, -1, "CHARACTER VARYING");
    private static final SqlType JSON = SqlType.named("json");
    private static final SqlType JSONB = SqlType.named("jsonb");
    private static final SqlType NAME = SqlType.named("name");

    private static final Map<String, SqlType> TYPES =
            Map.ofEntries(
                    Map.entry("pg_notify", VOID),
                    Map.entry("heliosdb_publish", VOID),
                    Map.entry("notify", VOID),
                    Map.entry("pg_sleep", VOID),
                    Map.entry("pg_listening_channels", SqlType.TEXT),
                    Map.entry("pg_notification_queue_usage", SqlType.named("float8")),
                    Map.entry("json_object", JSON),
                    Map.entry("json_array", JSON),
                    Map.entry("json_build_object", JSON),
                    Map.entry("json_build_array", JSON),
                    Map.entry("jsonb_build_object", JSONB),
                    Map.entry("jsonb_build_array", JSONB),
                    Map.entry("to_json", JSON),
                    Map.entry("to_jsonb", JSONB),
                    Map.entry("row_to_json", JSON),
                    Map.entry("json_agg", JSON),
                    Map.entry("jsonb_agg", JSONB),
                    Map.entry("json_object_agg", JSON),
                    Map.entry("jsonb_object_agg", JSONB),
                    Map.entry("jsonb_set", JSONB),
                    Map.entry("jsonb_insert", JSONB),
                    Map.entry("jsonb_pretty", SqlType.TEXT),
                    Map.entry("json_strip_nulls", JSON),
                    Map.entry("jsonb_strip_nulls", JSONB),
                    Map.entry("version", SqlType.TEXT),
                    Map.entry("to_regclass", SqlType.named("regclass")),
                    Map.entry("to_regtype", SqlType.named("regtype")),
                    Map.entry("to_regproc", SqlType.named("regproc")),
                    Map.entry("to_regprocedure", SqlType.named("regprocedure")),
                    Map.entry("to_regnamespace", SqlType.named("regnamespace")),
                    Map.entry("to_regrole", SqlType.named("regrole")),
                    Map.entry("current_database", NAME),
                    Map.entry("now", SqlType.named("timestamptz")),
                    Map.entry("clock_timestamp", SqlType.named("timestamptz")),
                    Map.entry("statement_timestamp", SqlType.named("timestamptz")),
                    Map.entry("transaction_timestamp", SqlType.named("timestamptz")),
                    Map.entry("count", SqlType.INT8),
                    Map.entry("nextval", SqlType.INT8),
                    Map.entry("currval", SqlType.INT8),
                    Map.entry("lastval", SqlType.INT8),
                    Map.entry("setval", SqlType.INT8),
                    Map.entry("length", SqlType.INT4),
                    Map.entry("char_length", SqlType.INT4),
                    Map.entry("character_length", SqlType.INT4),
                    Map.entry("octet_length", SqlType.INT4),
                    Map.entry("lower", SqlType.TEXT),
                    Map.entry("upper", SqlType.TEXT),
                    Map.entry("repeat", SqlType.TEXT),
                    Map.entry("replace", SqlType.TEXT),
                    Map.entry("concat", SqlType.TEXT),
                    Map.entry("string_agg", SqlType.TEXT),
                    Map.entry("substr", SqlType.TEXT),
                    Map.entry("left", SqlType.TEXT),
                    Map.entry("right", SqlType.TEXT),
                    Map.entry("lpad", SqlType.TEXT),
                    Map.entry("rpad", SqlType.TEXT),
                    Map.entry("reverse", SqlType.TEXT),
                    Map.entry("initcap", SqlType.TEXT),
                    Map.entry("split_part", SqlType.TEXT),
                    Map.entry("quote_ident", SqlType.TEXT),
                    Map.entry("quote_literal", SqlType.TEXT),
                    Map.entry("quote_nullable", SqlType.TEXT),
                    Map.entry("concat_ws", SqlType.TEXT),
                    Map.entry("format", SqlType.TEXT),
                    Map.entry("to_hex", SqlType.TEXT),
                    Map.entry("btrim", SqlType.TEXT),
                    Map.entry("ltrim", SqlType.TEXT),
                    Map.entry("rtrim", SqlType.TEXT),
                    Map.entry("translate", SqlType.TEXT),
                    Map.entry("md5", SqlType.TEXT),
                    Map.entry("chr", SqlType.TEXT),
                    Map.entry("to_char", SqlType.TEXT),
                    Map.entry("regexp_replace", SqlType.TEXT),
                    Map.entry("regexp_match", SqlType.TEXT.array()),
                    Map.entry("regexp_matches", SqlType.TEXT.array()),
                    Map.entry("unistr", SqlType.TEXT),
                    Map.entry("normalize", SqlType.TEXT),
                    Map.entry("date_part", SqlType.named("float8")),
                    Map.entry("to_timestamp", SqlType.named("timestamptz")),
                    Map.entry("strpos", SqlType.INT4),
                    Map.entry("bit_length", SqlType.INT4),
                    Map.entry("ascii", SqlType.INT4),
                    Map.entry("ntile", SqlType.INT4),
                    Map.entry("starts_with", SqlType.BOOL),
                    Map.entry("pg_backend_pid", SqlType.INT4),
                    Map.entry("gen_random_uuid", SqlType.named("uuid")));

    private static final List<Integer> TEXT = List.of(Oid.TEXT);
    private static final List<Integer> TEXTS = List.of(Oid.TEXT, Oid.TEXT, Oid.TEXT, Oid.TEXT);
    private static final List<Integer> TEXT_NUMBERS = List.of(Oid.TEXT, Oid.INT4, Oid.INT4);
    private static final List<Integer> PADDING = List.of(Oid.TEXT, Oid.INT4, Oid.TEXT);

    /** What parameters as arguments are. */
    private static final Map<String, List<Integer>> ARGUMENTS =
            Map.ofEntries(
                    Map.entry("upper", TEXT),
                    Map.entry("lower", TEXT),
                    Map.entry("initcap", TEXT),
                    Map.entry("length", TEXT),
                    Map.entry("char_length", TEXT),
                    Map.entry("character_length", TEXT),
                    Map.entry("octet_length", TEXT),
                    Map.entry("reverse", TEXT),
                    Map.entry("md5", TEXT),
                    Map.entry("ascii", TEXT),
                    Map.entry("strpos", TEXTS),
                    Map.entry("starts_with", TEXTS),
                    Map.entry("replace", TEXTS),
                    Map.entry("translate", TEXTS),
                    Map.entry("btrim", TEXTS),
                    Map.entry("ltrim", TEXTS),
                    Map.entry("rtrim", TEXTS),
                    Map.entry("regexp_replace", TEXTS),
                    Map.entry("pg_notify", TEXTS),
                    Map.entry("heliosdb_publish", TEXTS),
                    Map.entry("left", TEXT_NUMBERS),
                    Map.entry("right", TEXT_NUMBERS),
                    Map.entry("repeat", TEXT_NUMBERS),
                    Map.entry("substr", TEXT_NUMBERS),
                    Map.entry("substring", TEXT_NUMBERS),
                    Map.entry("lpad", PADDING),
                    Map.entry("rpad", PADDING),
                    Map.entry("split_part", List.of(Oid.TEXT, Oid.TEXT, Oid.INT4)),
                    Map.entry("chr", List.of(Oid.INT4)),
                    Map.entry("generate_series", List.of(Oid.INT4, Oid.INT4, Oid.INT4)),
                    Map.entry("pg_sleep", List.of(Oid.FLOAT8)));

    private FunctionTypes() {}

    /** The type of a parameter as an argument of a function; 0 where nothing is known. */
    static int argument(String function, int index) {
        List<Integer> types = ARGUMENTS.get(function);
        return types == null || index >= types.size() ? 0 : types.get(index);
    }

    static @Nullable SqlType of(String name) {
        return TYPES.get(name);
    }
}
