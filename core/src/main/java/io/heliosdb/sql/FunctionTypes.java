package io.heliosdb.sql;

import io.heliosdb.pg.Oid;

import org.jspecify.annotations.Nullable;

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
                    Map.entry("version", SqlType.TEXT),
                    Map.entry("current_database", NAME),
                    Map.entry("now", SqlType.named("timestamptz")),
                    Map.entry("clock_timestamp", SqlType.named("timestamptz")),
                    Map.entry("statement_timestamp", SqlType.named("timestamptz")),
                    Map.entry("transaction_timestamp", SqlType.named("timestamptz")),
                    Map.entry("count", SqlType.INT8),
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
                    Map.entry("pg_backend_pid", SqlType.INT4),
                    Map.entry("gen_random_uuid", SqlType.named("uuid")));

    private FunctionTypes() {}

    static @Nullable SqlType of(String name) {
        return TYPES.get(name);
    }
}
