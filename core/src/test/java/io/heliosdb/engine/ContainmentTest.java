package io.heliosdb.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.heliosdb.pg.PgException;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Nothing that the store can do outside of its tables is for sessions. */
final class ContainmentTest {
    @TempDir static Path outside;

    private static final Engine ENGINE = Engine.open(EngineOptions.inMemory());
    private static final EngineSession SESSION = ENGINE.newSession(new RecordingServices());

    @BeforeAll
    static void createTable() throws IOException {
        SESSION.execute("create table t(a int)");
        try (var internal = ENGINE.newInternalSession(new RecordingServices())) {
            internal.execute("create schema heliosdb");
            internal.execute("create table heliosdb.roles(name varchar primary key)");
        }
        Files.writeString(outside.resolve("secret"), "secret");
    }

    @AfterAll
    static void close() {
        ENGINE.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "create alias x for 'java.lang.System.getProperty'",
                "create alias x as 'String f() { return \"\"; }'",
                "create trigger x before insert on t call 'org.h2.test.Trigger'",
                "create trigger x before insert on t as 'x'",
                "create aggregate x for 'java.lang.String'",
                "runscript from '$/secret'",
                "script to '$/out'",
                "script",
                "script simple",
                "backup to '$/out.zip'",
                "call link_schema('x', '', 'jdbc:h2:mem:', 'sa', '', 'public')",
                "select * from link_schema('x', '', 'jdbc:h2:mem:', 'sa', '', 'public')",
                "create linked table x('', 'jdbc:h2:mem:', 'sa', '', 't')",
                "select * from csvread('$/secret')",
                "call csvwrite('$/out', 'select 1')",
                "select csvwrite('$/out', 'select 1')",
                "select file_read('$/secret')",
                "select file_read(?1)",
                "select file_write('x', '$/out')",
                "select \"FILE_READ\"('$/secret')",
                "select File_Read ( '$/secret' )",
                "select f\u0131le_read('$/secret')",
                "select \"f\u0131le_read\"('$/secret')",
                "select \uFB01le_read('$/secret')",
                "select f\u0131le_write('x', '$/out')",
                "select c\u017Fvwrite('$/out', 'select 1')",
                "select * from c\u017Fvread('$/secret')",
                "create view v as select f\u0131le_read('$/secret')",
                "select databa\u017Fe_path()",
                "select /* x */ file_read/**/('$/secret')",
                "select U&\"file\\005fread\"('$/secret')",
                "select 1 where exists (select file_read('$/secret'))",
                "insert into t select length(file_read('$/secret'))",
                "create view v as select file_read('$/secret')",
                "create table c as select file_read('$/secret')",
                "create table c(a varchar default file_read('$/secret'))",
                "create index ix on t(a) comment 'x'; select file_read('$/secret')",
                "shutdown",
                "shutdown immediately",
                "checkpoint",
                "checkpoint sync",
                "set mode oracle",
                "set trace_level_file 3",
                "set cache_size 1",
                "set autocommit true",
                "set database_event_listener 'x'",
                "set java_object_serializer 'x'",
                "set @x = 1",
                "set exclusive 1",
                "set password 'x'",
                "set schema information_schema",
                "create table x(a int) engine \"org.h2.mvstore.db.MVTableEngine\"",
                "create table x(a int) with \"x\"",
                "create user x password 'x'",
                "create user x password 'x' admin",
                "alter user heliosdb set password 'x'",
                "drop user heliosdb",
                "create role x",
                "grant select on t to public",
                "drop all objects",
                "drop all objects delete files",
                "create constant x value 1",
                "help select",
                "prepare x as select 1",
                "execute immediate 'select 1'",
                "select database_path()",
                "select h2version()",
                "select memory_used()",
                "select memory_free()",
                "select session_id()",
                "select cancel_session(1)",
                "select abort_session(1)",
                "select lock_mode()",
                "select lock_timeout()",
                "select transaction_id()",
                "select readonly()",
                "select disk_space_used('t')",
                "select db_object_sql('TABLE', 'public', 't')",
                "select signal('45000', 'x')",
                "select * from heliosdb.roles",
                "select * from \"heliosdb\".\"roles\"",
                "create table heliosdb.x(a int)",
                "insert into heliosdb.roles(name) values('x')",
                "drop schema heliosdb",
                "drop schema heliosdb cascade",
                "alter schema heliosdb rename to x",
            })
    void whatReachesOutsideIsRefused(String sql) throws IOException {
        var secret = new Object[] {outside.resolve("secret").toString()};
        String statement = sql.replace("$", outside.toString());
        var error =
                catchThrowableOfType(
                        PgException.class,
                        () -> {
                            try (var plan = SESSION.prepare(statement);
                                    var result = plan.execute(secret)) {
                                result.next();
                            }
                        });
        SESSION.rollback();
        assertThat(error).as(statement).isNotNull();
        assertThat(error.sqlState().code()).as(error.toString()).isIn("42501", "42601", "0A000");
        assertThat(error.getMessage()).doesNotContain("org.h2", outside.toString());
        try (var files = Files.list(outside)) {
            assertThat(files).hasSize(1);
        }
    }

    /** PostgreSQL's information_schema has none of these. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "users",
                "settings",
                "sessions",
                "in_doubt",
                "locks",
                "query_statistics",
                "constants",
                "synonyms",
            })
    void whatTheStoreSaysOfItselfIsNotThere(String view) {
        var error =
                catchThrowableOfType(
                        PgException.class,
                        () -> SESSION.prepare("select * from information_schema." + view).close());
        assertThat(error.sqlState().code()).isEqualTo("42P01");
    }

    @Test
    void aNameThatOnlyLooksLikeOneOfThemIsAllowed() {
        SESSION.execute("create table file_read(heliosdb int, csvread int)");
        SESSION.execute("insert into file_read(heliosdb, csvread) values(1, 2)");
        assertThat(Rows.of(SESSION, "select heliosdb, 'file_read(1)' from file_read"))
                .containsExactly(List.of(1, "file_read(1)"));
        SESSION.execute("drop table file_read");
    }

    @Test
    void theProgramsOwnStatementsReachTheSystemTables() {
        SESSION.executeSystem("insert into heliosdb.roles values('x')");
        try (var plan = SESSION.prepareSystem("select name from heliosdb.roles");
                var result = plan.execute()) {
            assertThat(result.next()).isTrue();
        }
        SESSION.rollback();
    }
}
