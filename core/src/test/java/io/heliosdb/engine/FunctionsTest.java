package io.heliosdb.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliosdb.pg.Oid;
import io.heliosdb.pg.PgException;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.time.OffsetDateTime;

/** Results as PostgreSQL 15 and SQLite 3 give them for the same calls. */
final class FunctionsTest {
    private static final Engine ENGINE = Engine.open(EngineOptions.inMemory());
    private static final RecordingServices SERVICES = new RecordingServices();
    private static final EngineSession SESSION = ENGINE.newSession(SERVICES);

    @AfterAll
    static void close() {
        ENGINE.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    json_build_object('a', 1, 'b', null, 'c', true) | {"a" : 1, "b" : null, "c" : true}
                    json_build_object('n', cast(9.50 as numeric(10,2)), 'f', 1.5e0) | {"n" : 9.50, "f" : 1.5}
                    json_build_object('d', date '2026-01-02', 't', timestamp '2026-01-02 03:04:05') | {"d" : "2026-01-02", "t" : "2026-01-02T03:04:05"}
                    json_build_object('q', 'say "hi"\\') | {"q" : "say \\"hi\\"\\\\"}
                    json_build_object('in', json_build_object('x', 1)) | {"in" : {"x" : 1}}
                    json_build_object(1, 2) | {"1" : 2}
                    json_build_object() | {}
                    json_build_array(1, 'a', null, json_build_array()) | [1, "a", null, []]
                    helios_json_object('a', 1, 'b', 'x', 'c', json_build_array(1)) | {"a":1,"b":"x","c":[1]}
                    jsonb_build_object('bb', 1, 'a', json_build_object('z', 1, 'y', 2)) | {"a": {"y": 2, "z": 1}, "bb": 1}
                    jsonb_build_array(1, null) | [1, null]
                    to_json('a') | "a"
                    to_json(array[1,2]) | [1,2]
                    helios_jsonb('{"b":1, "b":2,"a":[]}') | {"a": [], "b": 2}
                    helios_json('{"b":1 }') | {"b":1 }
                    helios_json_get_text(helios_json('{"a":{"b":"x"}}'), 'a') | {"b": "x"}
                    json_extract_path_text(helios_json('{"a":["x","y"]}'), 'a', '1') | y
                    strftime('%Y-%m-%d %H:%M:%S', '2026-02-03 04:05:06') | 2026-02-03 04:05:06
                    strftime('%s', '1970-01-02') | 86400
                    strftime('%j %w %W %%', '2026-12-31') | 365 4 52 %
                    datetime('2026-01-31', '+1 month') | 2026-03-03 00:00:00
                    datetime('2026-01-31 10:00', 'start of month', '-1 day') | 2025-12-31 00:00:00
                    datetime(1092941466, 'unixepoch') | 2004-08-19 18:51:06
                    helios_date('2026-11-20', 'weekday 0') | 2026-11-22
                    helios_time('12:34') | 12:34:00
                    datetime('2026-01-01T12:00:00+02:00') | 2026-01-01 10:00:00
                    datetime('nonsense') |
                    unixepoch('1970-01-01 00:01') | 60
                    julianday('2000-01-01 12:00:00') | 2451545.0
                    md5('abc') | 900150983cd24fb0d6963f7d28e17f72
                    pg_encoding_to_char(6) | UTF8
                    quote_ident('a b') | "a b"
                    quote_literal('it''s') | 'it''s'
                    pg_backend_pid() | 4711
                    pg_notification_queue_usage() | 0.25
                    current_setting('x') | on
                    current_setting('x', true) |
                    set_config('x', 'y', false) | y
                    current_database() | postgres
                    """)
    void functionsGiveWhatPostgresAndSqliteGive(String call, @Nullable String expected) {
        assertThat(value("select " + call)).isEqualTo(expected);
    }

    @Test
    void jsonKnowsItsType() {
        try (var plan = SESSION.prepare("select json_build_object('a', 1), to_jsonb(1)")) {
            assertThat(plan.columns().get(0).typeOid()).isEqualTo(Oid.JSON);
            assertThat(plan.columns().get(0).name()).isEqualTo("json_build_object");
            assertThat(plan.columns().get(1).typeOid()).isEqualTo(Oid.JSONB);
        }
        assertThat(value("select cast(json_build_object('a', 'b') as varchar)"))
                .isEqualTo("{\"a\" : \"b\"}");
    }

    @Test
    void notifyWithWrongArgumentsDoesNotExist() {
        assertThatThrownBy(() -> value("select pg_notify('c', 1)"))
                .isInstanceOf(PgException.class)
                .hasMessage("function pg_notify(unknown, integer) does not exist");
    }

    @Test
    void notifyTakesTextParametersAndGivesVoid() {
        try (var plan = SESSION.prepare("select pg_notify(?1, ?2)");
                var result = plan.execute(new Object[] {"chan", null})) {
            assertThat(plan.parameterOids()).containsExactly(Oid.TEXT, Oid.TEXT);
            assertThat(plan.columns().getFirst().typeOid()).isEqualTo(Oid.VOID);
            assertThat(result.next()).isTrue();
            assertThat(result.value(0)).isEqualTo("");
        }
        assertThat(SERVICES.notifications).contains("chan:null");
    }

    @Test
    void listeningChannelsAreRows() {
        try (var plan = SESSION.prepare("select * from pg_listening_channels()");
                var result = plan.execute()) {
            assertThat(plan.columns().getFirst().name()).isEqualTo("pg_listening_channels");
            assertThat(result.next()).isTrue();
            assertThat(result.value(0)).isEqualTo("a");
            assertThat(result.next()).isTrue();
        }
    }

    @Test
    void nowStandsStillInATransaction() {
        try (var plan = SESSION.prepare("select now()")) {
            assertThat(plan.columns().getFirst().typeOid()).isEqualTo(Oid.TIMESTAMPTZ);
            Object first = value("select now()");
            assertThat(value("select now()")).isEqualTo(first);
            assertThat(OffsetDateTime.parse((String) first)).isNotNull();
        }
    }

    @Test
    void tablesAndViewsThatUseOurFunctionsOpenAgain(@TempDir Path directory) {
        try (var first = Engine.open(EngineOptions.at(directory))) {
            var session = first.newSession(SERVICES);
            session.execute(
                    "create table t(a int primary key, id uuid default gen_random_uuid(),"
                            + " at timestamp with time zone default now(),"
                            + " h varchar generated always as (md5(cast(a as varchar))))");
            session.execute("create view v as select json_build_object('a', a) as j from t");
            session.execute("insert into t(a) values(1)");
            session.commit();
            first.awaitDurable();
        }
        try (var second = Engine.open(EngineOptions.at(directory))) {
            var session = second.newSession(SERVICES);
            session.execute("insert into t(a) values(2)");
            try (var plan = session.prepare("select j from v order by cast(j as varchar)");
                    var result = plan.execute()) {
                assertThat(plan.columns().getFirst().typeOid()).isEqualTo(Oid.JSON);
                assertThat(result.next()).isTrue();
                assertThat(result.value(0)).isEqualTo("{\"a\" : 1}");
                assertThat(result.next()).isTrue();
            }
        }
    }

    private static @Nullable String value(String sql) {
        try (var plan = SESSION.prepare(sql);
                var result = plan.execute()) {
            assertThat(result.next()).isTrue();
            Object value = result.value(0);
            return value == null ? null : value.toString();
        }
    }
}
