package io.heliosdb.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.heliosdb.pg.PgException;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Codes and words as PostgreSQL 15 gives them for the same statements. */
final class ErrorMapTest {
    private static final Engine ENGINE = Engine.open(EngineOptions.inMemory());
    private static final EngineSession SESSION = ENGINE.newSession(new RecordingServices());

    @BeforeAll
    static void createTables() {
        SESSION.execute(
                "create table t(a int primary key, b varchar(3) unique, c int not null,"
                        + " constraint cc check(a <> c))");
        SESSION.execute(
                "create table ch(id bigint primary key, x int references t(a), u varchar,"
                        + " v varchar, unique(u, v))");
        SESSION.execute("create index i on t(c)");
        SESSION.execute("create unique index iu on ch(x, id)");
        SESSION.execute("create schema s");
        SESSION.execute("insert into t values(1, 'x', 2)");
        SESSION.execute("insert into ch values(1, 1, 'it''s', 'b')");
        SESSION.commit();
    }

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
                    insert into t values(1,'y',2) | 23505 | duplicate key value violates unique constraint "t_pkey" | Key (a)=(1) already exists.
                    insert into t values(2,'x',3) | 23505 | duplicate key value violates unique constraint "t_b_key" | Key (b)=(x) already exists.
                    insert into ch values(2,1,'it''s','b') | 23505 | duplicate key value violates unique constraint "ch_u_v_key" | Key (u, v)=(it's, b) already exists.
                    insert into t values(2,'z',null) | 23502 | null value in column "c" of relation "t" violates not-null constraint | Failing row contains (2, z, null).
                    update t set c = null | 23502 | null value in column "c" of relation "t" violates not-null constraint | Failing row contains (1, x, null).
                    insert into t values(3,'z',3) | 23514 | new row for relation "t" violates check constraint "cc" | Failing row contains (3, z, 3).
                    insert into ch values(3,77,'a','b') | 23503 | insert or update on table "ch" violates foreign key constraint "ch_x_fkey" | Key (x)=(77) is not present in table "t".
                    delete from t where a = 1 | 23503 | update or delete on table "t" violates foreign key constraint "ch_x_fkey" on table "ch" | Key (a)=(1) is still referenced from table "ch".
                    insert into t values(2,'zzzz',1) | 22001 | value too long for type character varying(3) |
                    select * from nix | 42P01 | relation "nix" does not exist |
                    insert into nix values(1) | 42P01 | relation "nix" does not exist |
                    select nix from t | 42703 | column "nix" does not exist |
                    update t set zz = 1 | 42703 | column "zz" does not exist |
                    create table t(a int) | 42P07 | relation "t" already exists |
                    create index i on t(b) | 42P07 | relation "i" already exists |
                    create schema s | 42P06 | schema "s" already exists |
                    select a from t, t t2 | 42702 | column reference "a" is ambiguous |
                    select 1/0 | 22012 | division by zero |
                    select cast('abc' as int) | 22P02 | invalid input syntax for type integer: "abc" |
                    insert into t values('abc', 'x', 1) | 22P02 | invalid input syntax for type integer: "abc" |
                    select cast('abc' as bigint) | 22P02 | invalid input syntax for type bigint: "abc" |
                    select cast('abc' as numeric(5,2)) | 22P02 | invalid input syntax for type numeric: "abc" |
                    select cast('abc' as double precision) | 22P02 | invalid input syntax for type double precision: "abc" |
                    select cast('x' as uuid) | 22P02 | invalid input syntax for type uuid: "x" |
                    select cast('2020-13-01' as date) | 22008 | date/time field value out of range: "2020-13-01" |
                    select cast('never' as date) | 22007 | invalid input syntax for type date: "never" |
                    select cast(100000 as smallint) | 22003 | smallint out of range |
                    select cast(99999999999 as int) | 22003 | integer out of range |
                    select 2147483647 + 1 | 22003 | integer out of range |
                    select 9223372036854775807 + 1 | 22003 | bigint out of range |
                    select cast(12345.67 as numeric(4,2)) | 22003 | numeric field overflow |
                    select f(1, 'a', 1.5, true) | 42883 | function f(integer, unknown, numeric, boolean) does not exist |
                    select pg_notify('x') | 42883 | function pg_notify(unknown) does not exist |
                    select (select a from (values 1,2) x(a)) | 21000 | more than one row returned by a subquery used as an expression |
                    select nix.f(1) | 3F000 | schema "nix" does not exist |
                    """)
    void theStoresErrorsAreToldInPostgresWords(
            String sql, String state, String message, String detail) {
        var error = error(sql);
        assertThat(error.report().message()).isEqualTo(message);
        assertThat(error.sqlState().code()).isEqualTo(state);
        assertThat(error.report().detail()).isEqualTo(detail);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    selct 1 | syntax error at or near "selct" | 1
                    insert into t vlues(1) | syntax error at or near "vlues" | 15
                    select 1 + | syntax error at end of input | 11
                    select (1 | syntax error at end of input | 10
                    """)
    void syntaxErrorsSayWhere(String sql, String message, int position) {
        var error = error(sql);
        assertThat(error.sqlState().code()).isEqualTo("42601");
        assertThat(error.report().message()).isEqualTo(message);
        assertThat(error.report().position()).isEqualTo(position);
    }

    private static PgException error(String sql) {
        try {
            return catchThrowableOfType(
                    PgException.class,
                    () -> {
                        try (var plan = SESSION.prepare(sql);
                                var result = plan.execute()) {
                            result.next();
                        }
                    });
        } finally {
            SESSION.rollback();
        }
    }
}
