package io.heliosdb.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.heliosdb.pg.PgException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Nothing of the engine's own that reaches a file, a class, a setting or another session is let
 * through.
 */
final class AllowListTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE ALIAS x FOR \"java.lang.System.exit\"",
                "CREATE ALIAS x AS $$ void f() {} $$",
                "CREATE FORCE ALIAS x FOR \"y\"",
                "CREATE AGGREGATE x FOR \"y\"",
                "CREATE CONSTANT x VALUE 1",
                "CREATE LINKED TABLE x ('a', 'b', 'c', 'd', 'e')",
                "CREATE TRIGGER x BEFORE INSERT ON t CALL \"y\"",
                "CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW CALL \"y\"",
                "CREATE TRIGGER x BEFORE INSERT ON t AS $$ x $$",
                "CREATE SYNONYM x FOR y",
                "CREATE CACHED TABLE x (a INT)",
                "CREATE MEMORY TABLE x (a INT)",
                "CREATE TABLE x (a INT) ENGINE \"y\"",
                "CREATE TABLE x (a INT) NOT PERSISTENT",
                "CREATE TABLE x (a INT DEFAULT 1 ON UPDATE 2)",
                "CREATE USER x PASSWORD 'p' ADMIN",
                "CREATE USER x SALT 'p' HASH 'q'",
                "ALTER USER x ADMIN TRUE",
                "RUNSCRIPT FROM 'x'",
                "SCRIPT",
                "SCRIPT TO 'x'",
                "BACKUP TO 'x'",
                "SHUTDOWN",
                "SHUTDOWN IMMEDIATELY",
                "CHECKPOINT SYNC",
                "INIT 'x'",
                "USE x",
                "HELP",
                "SHOW TABLES FROM x",
                "SET @x = 1",
                "SELECT * FROM TABLE(x INT = (1, 2))",
                "INSERT INTO t DIRECT SELECT 1",
                "INSERT INTO t SORTED SELECT 1",
                "INSERT INTO t SET a = 1",
                "MERGE INTO t KEY (a) VALUES (1)",
                "DROP ALIAS x",
                "DROP ALL OBJECTS",
                "DROP ALL OBJECTS DELETE FILES",
                "DROP LINKED TABLE x",
                "DROP AGGREGATE x",
                "DROP CONSTANT x",
                "GRANT ALTER ANY SCHEMA TO x; SCRIPT",
                "SELECT 1 FROM DUAL QUALIFY 1 = 1 LIMIT 1 SAMPLE_SIZE 2",
                "SELECT TOP 1 a FROM t",
                "EXPLAIN PLAN FOR SELECT 1",
                "EXECUTE IMMEDIATE 'SELECT 1'",
                "ALTER TABLE t SET REFERENTIAL_INTEGRITY FALSE WHERE x",
                "ALTER TABLE t ALTER COLUMN a SELECTIVITY 1",
                "SELECT CAST(1 AS ENUM('a'))",
                "SELECT 1 AS OF TIMESTAMP x"
            })
    void statementsOfTheEngineAreSyntaxErrors(String sql) {
        PgException error =
                catchThrowableOfType(PgException.class, () -> new SqlParser().parse(sql));
        assertThat(error).as(sql).isNotNull();
        assertThat(error.sqlState().code()).as(sql).isIn("42601", "0A000");
        assertThat(error.report().position()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "csvread",
                "csvwrite",
                "file_read",
                "file_write",
                "link_schema",
                "database_path",
                "h2version",
                "session_id",
                "memory_free",
                "memory_used",
                "lock_mode",
                "lock_timeout",
                "abort_session",
                "cancel_session",
                "autocommit",
                "readonly",
                "transaction_id",
                "disk_space_used",
                "db_object_sql",
                "db_object_id",
                "db_object_size",
                "db_object_total_size",
                "db_object_approximate_size",
                "db_object_approximate_total_size",
                "data_type_sql",
                "estimated_envelope",
                "signal",
                "encrypt",
                "decrypt",
                "hash",
                "compress",
                "expand",
                "stringdecode",
                "xmlnode",
                "table_distinct",
                "system_range",
                "convert",
                "truncate_value",
                "database",
                "schema"
            })
    void functionsOfTheEngineDoNotExist(String name) {
        for (String call :
                new String[] {
                    "SELECT " + name + "('a', 1)",
                    "SELECT \"" + name.toUpperCase(java.util.Locale.ROOT) + "\"('a', 1)",
                    "SELECT pg_catalog." + name + "('a', 1)",
                    "SELECT public.\"" + name + "\"('a', 1)",
                    "SELECT * FROM " + name + "('a', 1)",
                    "SELECT 1 WHERE 1 = (SELECT " + name + "/**/\n('a', 1))",
                    "CREATE TABLE t (a INT DEFAULT " + name + "('a', 1))",
                    "CREATE VIEW v AS SELECT " + name + "('a', 1)",
                    "INSERT INTO t VALUES (" + name + "('a', 1))",
                    "CREATE TRIGGER x AFTER INSERT ON t BEGIN SELECT " + name + "('a', 1); END"
                }) {
            PgException error =
                    catchThrowableOfType(PgException.class, () -> new SqlParser().parse(call));
            assertThat(error).as(call).isNotNull();
            assertThat(error.sqlState().code()).as(call).isEqualTo("42883");
            assertThat(error.getMessage())
                    .as(call)
                    .containsIgnoringCase(name + "(unknown, integer) does not exist");
        }
    }

    /** The engine looks a function up by its capital letters, and these have plain ones. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "f\u0131le_read",
                "\uFB01le_read",
                "f\u0131le_wr\u0131te",
                "c\u017Fvread",
                "c\u017Fvwrite",
                "l\u0131nk_schema",
                "databa\u017Fe_path",
                "abort_\u017Fe\u017F\u017Fion"
            })
    void functionsOfTheEngineDoNotExistInOtherLetters(String name) {
        for (String call :
                new String[] {
                    "SELECT " + name + "('a', 1)",
                    "SELECT \"" + name + "\"('a', 1)",
                    "SELECT pg_catalog." + name + "('a', 1)",
                    "SELECT * FROM " + name + "('a', 1)",
                    "CREATE TABLE t (a INT DEFAULT " + name + "('a', 1))",
                }) {
            PgException error =
                    catchThrowableOfType(PgException.class, () -> new SqlParser().parse(call));
            assertThat(error).as(call).isNotNull();
            assertThat(error.sqlState().code()).as(call).isEqualTo("42883");
        }
    }

    @Test
    void tablesOfTheDatabaseItselfAreRefused() {
        assertRefused("SELECT * FROM heliosdb.roles", "42501");
        assertRefused("SELECT * FROM \"heliosdb\".\"roles\"", "42501");
        assertRefused("INSERT INTO heliosdb.roles VALUES (1)", "42501");
        assertRefused("DROP TABLE heliosdb.roles", "42501");
        assertRefused("DROP SCHEMA heliosdb CASCADE", "42501");
        assertRefused(
                "CREATE TRIGGER x AFTER INSERT ON heliosdb.roles BEGIN SELECT 1; END", "42501");
        assertRefused("SELECT heliosdb.f(1)", "42501");
        assertRefused("COMMENT ON TABLE heliosdb.roles IS 'x'", "42501");
    }

    private static void assertRefused(String sql, String state) {
        PgException error =
                catchThrowableOfType(PgException.class, () -> new SqlParser().parse(sql));
        assertThat(error).as(sql).isNotNull();
        assertThat(error.sqlState().code()).as(sql).isEqualTo(state);
    }
}
