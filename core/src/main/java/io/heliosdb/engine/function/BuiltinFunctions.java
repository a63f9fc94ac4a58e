package io.heliosdb.engine.function;

import io.heliosdb.engine.FunctionLibrary;
import io.heliosdb.engine.SqlFunction;
import io.heliosdb.pg.Oid;

import java.util.List;

/** All functions of this package, by their names in SQL. */
public final class BuiltinFunctions implements FunctionLibrary {
    private static final int PG_LSN = 3220;

    private static final List<Integer> TEXTS = List.of(Oid.TEXT, Oid.TEXT);

    private static final List<SqlFunction> ALL =
            List.of(
                    new SqlFunction(
                            "pg_notify", NotifyFunctions.class, "pgNotify", Oid.VOID, TEXTS),
                    new SqlFunction(
                            "heliosdb_publish", NotifyFunctions.class, "publish", Oid.VOID, TEXTS),
                    new SqlFunction(
                            "notify", NotifyFunctions.class, "notifyAny", Oid.VOID, List.of()),
                    new SqlFunction(
                            "pg_listening_channels", NotifyFunctions.class, "listeningChannels"),
                    new SqlFunction(
                            "pg_notification_queue_usage", NotifyFunctions.class, "queueUsage"),
                    new SqlFunction(
                            "pg_cancel_backend",
                            SessionFunctions.class,
                            "cancelBackend",
                            Oid.BOOL,
                            List.of(Oid.INT4)),
                    new SqlFunction(
                            "pg_terminate_backend",
                            SessionFunctions.class,
                            "terminateBackend",
                            Oid.BOOL,
                            List.of(Oid.INT4)),
                    new SqlFunction(
                            "pg_advisory_unlock_all",
                            SessionFunctions.class,
                            "advisoryUnlockAll",
                            Oid.VOID,
                            List.of()),
                    new SqlFunction("pg_trigger_depth", SessionFunctions.class, "triggerDepth"),
                    new SqlFunction("pg_backend_pid", SessionFunctions.class, "backendPid"),
                    new SqlFunction(
                            "pg_sleep",
                            SessionFunctions.class,
                            "sleep",
                            Oid.VOID,
                            List.of(Oid.FLOAT8)),
                    new SqlFunction("version", SessionFunctions.class, "version"),
                    text("current_setting", SessionFunctions.class, "currentSetting"),
                    text("set_config", SessionFunctions.class, "setConfig"),
                    new SqlFunction("current_database", SessionFunctions.class, "currentDatabase"),
                    new SqlFunction("txid_current", SessionFunctions.class, "txidCurrent"),
                    new SqlFunction("pg_current_xact_id", SessionFunctions.class, "txidCurrent"),
                    new SqlFunction("pg_is_in_recovery", SessionFunctions.class, "isInRecovery"),
                    new SqlFunction(
                            "heliosdb_backup",
                            WalFunctions.class,
                            "backup",
                            PG_LSN,
                            List.of(Oid.TEXT)),
                    position("pg_current_wal_lsn", "flushed"),
                    position("pg_current_wal_flush_lsn", "flushed"),
                    position("pg_current_wal_insert_lsn", "end"),
                    position("pg_last_wal_receive_lsn", "replayed"),
                    position("pg_last_wal_replay_lsn", "replayed"),
                    new SqlFunction(
                            "pg_wal_lsn_diff",
                            WalFunctions.class,
                            "difference",
                            Oid.NUMERIC,
                            List.of(PG_LSN, PG_LSN),
                            true),
                    new SqlFunction(
                            "pg_walfile_name",
                            WalFunctions.class,
                            "fileName",
                            Oid.TEXT,
                            List.of(PG_LSN)),
                    new SqlFunction("now", SessionFunctions.class, "now"),
                    new SqlFunction("transaction_timestamp", SessionFunctions.class, "now"),
                    new SqlFunction("statement_timestamp", SessionFunctions.class, "now"),
                    new SqlFunction("clock_timestamp", SessionFunctions.class, "clockTimestamp"),
                    text("md5", TextFunctions.class, "md5"),
                    new SqlFunction("gen_random_uuid", TextFunctions.class, "randomUuid"),
                    new SqlFunction("uuid_generate_v4", TextFunctions.class, "randomUuid"),
                    text("unistr", TextFunctions.class, "unistr"),
                    text("helios_normalize", TextFunctions.class, "normalize"),
                    text("helios_chr", TextFunctions.class, "character"),
                    new SqlFunction(
                            "pg_encoding_to_char",
                            TextFunctions.class,
                            "encodingToChar",
                            Oid.NAME,
                            List.of(Oid.INT4)),
                    new SqlFunction("pg_char_to_encoding", TextFunctions.class, "charToEncoding"),
                    new SqlFunction(
                            "pg_client_encoding",
                            SessionFunctions.class,
                            "clientEncoding",
                            Oid.NAME,
                            List.of()),
                    text("quote_ident", TextFunctions.class, "quoteIdent"),
                    text("quote_literal", TextFunctions.class, "quoteLiteral"),
                    new SqlFunction(
                            "helios_numeric",
                            NumericFunctions.class,
                            "numeric",
                            Oid.NUMERIC,
                            List.of(Oid.NUMERIC),
                            true),
                    characters("helios_length", "length", true),
                    characters("helios_substring", "substring", true),
                    characters("helios_left", "left", true),
                    characters("helios_right", "right", true),
                    characters("helios_lpad", "lpad", true),
                    characters("helios_rpad", "rpad", true),
                    characters("helios_position", "position", true),
                    characters("helios_strpos", "strpos", true),
                    characters("helios_overlay", "overlay", true),
                    characters("helios_reverse", "reverse", true),
                    characters("initcap", "initcap", true),
                    characters("split_part", "splitPart", true),
                    characters("starts_with", "startsWith", true),
                    characters("to_hex", "toHex", true),
                    characters("helios_text", "text", false),
                    characters("helios_concat", "concat", false),
                    characters("helios_concat_ws", "concatWs", false),
                    characters("quote_nullable", "quoteNullable", false),
                    new SqlFunction("format", FormatFunction.class, "format", 0, List.of()),
                    sameType("helios_quotient", "quotient"),
                    sameType("helios_remainder", "remainder"),
                    sameType("helios_round", "round"),
                    sameType("helios_trunc", "trunc"),
                    sameType("helios_sign", "sign"),
                    characters("helios_similar", "similar", true),
                    new SqlFunction(
                            "helios_epoch",
                            SqliteTimeFunctions.class,
                            "ofEpoch",
                            0,
                            List.of(Oid.FLOAT8),
                            true),
                    new SqlFunction(
                            "helios_days",
                            SqliteTimeFunctions.class,
                            "days",
                            Oid.INT4,
                            List.of(),
                            true),
                    new SqlFunction("helios_sum", Total.Sum.class, ""),
                    new SqlFunction("helios_avg", Total.Average.class, ""),
                    json("json_build_object", "jsonBuildObject"),
                    json("json_build_array", "jsonBuildArray"),
                    json("helios_json_build_object", "jsonBuildObject"),
                    json("helios_json_build_array", "jsonBuildArray"),
                    json("to_json", "toJson"),
                    json("helios_json", "parseJson"),
                    json("json_object", "jsonObject"),
                    json("helios_json_object", "jsonObject"),
                    jsonb("jsonb_build_object", "jsonbBuildObject"),
                    jsonb("jsonb_build_array", "jsonbBuildArray"),
                    jsonb("to_jsonb", "toJsonb"),
                    jsonb("helios_jsonb", "parseJsonb"),
                    json("json_extract_path", "extractPath"),
                    jsonText("json_extract_path_text"),
                    json("jsonb_extract_path", "extractPath"),
                    jsonText("jsonb_extract_path_text"),
                    json("helios_json_get", "get"),
                    new SqlFunction(
                            "helios_json_get_text",
                            JsonFunctions.class,
                            "getText",
                            Oid.TEXT,
                            List.of()),
                    new SqlFunction("strftime", SqliteTimeFunctions.class, "strftime"),
                    new SqlFunction("datetime", SqliteTimeFunctions.class, "datetime"),
                    new SqlFunction("helios_date", SqliteTimeFunctions.class, "date"),
                    new SqlFunction("helios_time", SqliteTimeFunctions.class, "time"),
                    new SqlFunction("julianday", SqliteTimeFunctions.class, "julianday"),
                    new SqlFunction("unixepoch", SqliteTimeFunctions.class, "unixepoch"));

    /** For {@link java.util.ServiceLoader}. */
    public BuiltinFunctions() {}

    @Override
    public List<SqlFunction> functions() {
        return ALL;
    }

    private static SqlFunction position(String name, String method) {
        return new SqlFunction(name, WalFunctions.class, method, PG_LSN, List.of());
    }

    private static SqlFunction text(String name, Class<?> owner, String method) {
        return new SqlFunction(name, owner, method, 0, TEXTS);
    }

    private static SqlFunction characters(String name, String method, boolean isPure) {
        return new SqlFunction(name, CharacterFunctions.class, method, 0, List.of(), isPure);
    }

    private static SqlFunction sameType(String name, String method) {
        return new SqlFunction(
                name, NumericFunctions.class, method, SqlFunction.TYPE_OF_OTHERS, List.of(), true);
    }

    private static SqlFunction json(String name, String method) {
        return new SqlFunction(name, JsonFunctions.class, method, Oid.JSON, List.of());
    }

    private static SqlFunction jsonb(String name, String method) {
        return new SqlFunction(name, JsonFunctions.class, method, Oid.JSONB, List.of());
    }

    private static SqlFunction jsonText(String name) {
        return new SqlFunction(name, JsonFunctions.class, "extractPathText", Oid.TEXT, List.of());
    }
}
