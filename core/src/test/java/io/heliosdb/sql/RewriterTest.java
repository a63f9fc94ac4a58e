package io.heliosdb.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliosdb.pg.Oid;
import io.heliosdb.pg.PgException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.sql.SQLException;

/** Each rule of rewriting, by what the engine answers to the rewritten statement. */
final class RewriterTest {
    private H2Database database;

    @BeforeEach
    void open() throws SQLException {
        database = new H2Database();
    }

    @AfterEach
    void close() throws SQLException {
        database.close();
    }

    /** <a href="https://www.sqlite.org/autoinc.html">SQLite: AUTOINCREMENT</a>. */
    @Test
    void autoincrementCountsInSixtyFourBits() throws Exception {
        database.run("CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, n INTEGER)");
        assertThat(database.run("INSERT INTO t (n) VALUES (1), (2) RETURNING id"))
                .containsExactly("1", "2");
        assertThat(database.run("INSERT INTO t VALUES (5000000000, 1) RETURNING id"))
                .containsExactly("5000000000");
    }

    /**
     * <a
     * href="https://www.postgresql.org/docs/15/datatype-numeric.html#DATATYPE-SERIAL">PostgreSQL:
     * serial types</a>.
     */
    @Test
    void serialCounts() throws Exception {
        database.run("CREATE TABLE t (id BIGSERIAL PRIMARY KEY, n INT)");
        assertThat(database.run("INSERT INTO t (n) VALUES (1) RETURNING *")).containsExactly("1|1");
    }

    /** <a href="https://www.sqlite.org/lang_datefunc.html">SQLite: strftime()</a> as a default. */
    @Test
    void theSalesTableOfSqliteIsCreatedAndFilled() throws Exception {
        database.run(
                "CREATE TABLE IF NOT EXISTS sensor_readings (id INTEGER PRIMARY KEY AUTOINCREMENT,"
                        + " device_id TEXT NOT NULL, value REAL NOT NULL, alert BOOLEAN DEFAULT 0,"
                        + " timestamp INTEGER DEFAULT (strftime('%s', 'now')))");
        assertThat(
                        database.run(
                                "INSERT INTO sensor_readings (device_id, value) VALUES (?1, ?2)"
                                        + " RETURNING id, device_id, value, alert, timestamp >"
                                        + " 1700000000",
                                "d",
                                "0.5"))
                .containsExactly("1|d|0.5|FALSE|TRUE");
    }

    /**
     * <a href="https://www.postgresql.org/docs/15/dml-returning.html">PostgreSQL: RETURNING</a>.
     */
    @Test
    void returningGivesTheRowsOfEveryChange() throws Exception {
        database.run("CREATE TABLE t (id INT PRIMARY KEY, n INT)");
        assertThat(
                        database.run(
                                "INSERT INTO t AS x VALUES (1, 1), (2, 2) RETURNING x.id AS a, n *"
                                        + " 2"))
                .containsExactly("1|2", "2|4");
        assertThat(database.run("UPDATE t SET n = n + 1 WHERE id = 1 RETURNING t.*"))
                .containsExactly("1|2");
        assertThat(database.run("DELETE FROM t x WHERE x.id = 2 RETURNING *"))
                .containsExactly("2|2");
        Rewritten insert = database.rewrite("INSERT INTO t VALUES (1, 1) RETURNING id");
        assertThat(insert.tag(3)).isEqualTo("INSERT 0 3");
        assertThat(insert.returnsRows()).isTrue();
        assertThat(insert.isWrite()).isTrue();
    }

    /**
     * <a href="https://www.postgresql.org/docs/15/sql-insert.html#SQL-ON-CONFLICT">PostgreSQL: ON
     * CONFLICT</a>.
     */
    @Test
    void onConflictUpdateSeesTheOldAndTheNewRow() throws Exception {
        database.run("CREATE TABLE t (id INT PRIMARY KEY, n INT)");
        database.run("INSERT INTO t VALUES (1, 1)");
        String upsert =
                "INSERT INTO t VALUES ($1, $2), (2, 2) ON CONFLICT (id) DO UPDATE SET n = t.n +"
                        + " excluded.n";
        assertThat(database.run(upsert, 1, 10)).containsExactly("INSERT 0 2");
        assertThat(database.run("SELECT * FROM t ORDER BY id")).containsExactly("1|11", "2|2");
        assertThat(database.rewrite(upsert).retryOnUnique()).isTrue();
        assertThat(database.run(upsert + " WHERE t.n > 100 RETURNING id", 1, 1)).isEmpty();
    }

    @Test
    void onConflictNothingKeepsWhatIsThere() throws Exception {
        database.run("CREATE TABLE t (id INT PRIMARY KEY, name TEXT UNIQUE)");
        database.run("INSERT INTO t VALUES (1, 'a')");
        assertThat(
                        database.run(
                                "INSERT INTO t VALUES (1, 'x'), (2, 'a'), (3, 'c') ON CONFLICT DO"
                                        + " NOTHING"))
                .containsExactly("INSERT 0 1");
        assertThat(
                        database.run(
                                "INSERT INTO t VALUES (1, 'x') ON CONFLICT (id) DO NOTHING"
                                        + " RETURNING id"))
                .isEmpty();
        assertThatThrownBy(() ->
                        database.run("INSERT INTO t VALUES (9, 'a') ON CONFLICT (id) DO NOTHING"))
                .isInstanceOf(SQLException.class)
                .extracting(e -> ((SQLException) e).getSQLState())
                .isEqualTo("23505");
    }

    @Test
    void onConflictReadsItsRowsFromAQuery() throws Exception {
        database.run("CREATE TABLE t (id INT PRIMARY KEY, n INT)");
        database.run("INSERT INTO t VALUES (1, 1)");
        database.run(
                "WITH x AS (SELECT 1 AS a) INSERT INTO t SELECT a, 5 FROM x ON CONFLICT ON"
                        + " CONSTRAINT t_pkey DO UPDATE SET n = excluded.n");
        assertThat(database.run("SELECT n FROM t")).containsExactly("5");
    }

    @Test
    void onConflictWithoutAKeyIsRefused() throws Exception {
        database.run("CREATE TABLE t (id INT PRIMARY KEY, n INT)");
        assertState("INSERT INTO t VALUES (1, 1) ON CONFLICT (n) DO NOTHING", "42P10", 29);
        assertState("INSERT INTO t VALUES (1, 1) ON CONFLICT (x) DO NOTHING", "42703", 29);
        assertState("INSERT INTO t VALUES (1, 1) ON CONFLICT DO UPDATE SET n = 1", "42601", 29);
        assertState("INSERT INTO nowhere VALUES (1) ON CONFLICT (x) DO NOTHING", "42P01", 13);
    }

    /** <a href="https://www.sqlite.org/lang_replace.html">SQLite: REPLACE</a>. */
    @Test
    void insertOrReplaceTakesTheDefaultsOfWhatIsNotGiven() throws Exception {
        database.run(
                "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT NOT NULL, n INT DEFAULT 7)");
        database.run("INSERT INTO t VALUES (1, 'a', 1)");
        assertThat(database.run("INSERT OR REPLACE INTO t (id, name) VALUES (1, 'b')"))
                .containsExactly("INSERT 0 1");
        assertThat(database.run("REPLACE INTO t (id, name) VALUES (2, 'c')"))
                .containsExactly("INSERT 0 1");
        assertThat(database.run("INSERT OR IGNORE INTO t VALUES (2, 'd')"))
                .containsExactly("INSERT 0 0");
        assertThat(database.run("SELECT * FROM t ORDER BY id")).containsExactly("1|b|7", "2|c|7");
    }

    /**
     * <a
     * href="https://www.postgresql.org/docs/15/sql-expressions.html#SQL-SYNTAX-TYPE-CASTS">PostgreSQL:
     * type casts</a>.
     */
    @Test
    void castsBindTighterThanSignsAndChain() throws Exception {
        assertThat(
                        database.run(
                                "SELECT '12'::int8::text || 'x', (1 + 2)::text, 2 * '3'::int,"
                                        + " -'4'::int"))
                .containsExactly("12x|3|6|-4");
        assertThat(
                        database.run(
                                "SELECT CAST('5' AS numeric(10, 2)), 't'::bool, 'off'::boolean,"
                                        + " '{1,NULL,3}'::int[]"))
                .containsExactly("5.00|TRUE|FALSE|[1, null, 3]");
        assertState("SELECT 'maybe'::bool", "22P02", 8);
        assertState("SELECT '{1,'::int[]", "22P02", 8);
    }

    /**
     * <a href="https://www.postgresql.org/docs/15/functions-json.html">PostgreSQL: JSON
     * functions</a>.
     */
    @Test
    void jsonTextsAreReadAsJson() throws Exception {
        database.run("CREATE TABLE t (id INT PRIMARY KEY, d JSONB)");
        database.run("INSERT INTO t VALUES (1, '{\"a\": [1, 2]}'), (2, $1)", "{\"a\": \"x\"}");
        assertThat(database.run("SELECT d -> 'a', d ->> 'a' FROM t ORDER BY id"))
                .containsExactly("[1, 2]|[1, 2]", "\"x\"|x");
        database.run("UPDATE t SET d = '[]' WHERE id = 2");
        assertThat(database.run("SELECT d::text FROM t WHERE id = 2")).containsExactly("[]");
        assertThat(
                        database.run(
                                "SELECT json_build_object('a', 1)::text, json_object('k', 1, 'b',"
                                        + " 'x')::text"))
                .containsExactly("{\"a\" : 1}|{\"k\":1,\"b\":\"x\"}");
    }

    /**
     * <a href="https://www.postgresql.org/docs/15/sql-values.html">PostgreSQL: VALUES</a>: untyped
     * parameters are text.
     */
    @Test
    void parametersOfValuesAreTextUnlessTheClientSaysOtherwise() throws Exception {
        String sql =
                "SELECT chan, payload FROM (VALUES ('a', $1), ('b', $2)) notifies(chan, payload)";
        Rewritten untyped = database.rewrite(sql);
        assertThat(untyped.parameterOids()).containsExactly(Oid.TEXT, Oid.TEXT);
        assertThat(database.run(untyped, "x", "y")).containsExactly("a|x", "b|y");
        Rewritten typed = database.rewrite(sql, Oid.INT4, Oid.INT4);
        assertThat(typed.parameterOids()).containsExactly(Oid.INT4, Oid.INT4);
        assertThat(typed.sql()).contains("CAST(?1 AS INTEGER)");
        assertThat(database.run(typed, 1, 2)).containsExactly("a|1", "b|2");
    }

    @Test
    void castsAndClientsGiveParametersTheirTypes() {
        assertThat(database.rewrite("SELECT $2::int8, $1", 0, 0).parameterOids())
                .containsExactly(Oid.TEXT, Oid.INT8);
        assertThat(database.rewrite("SELECT 1 LIMIT $1").parameterOids()).containsExactly(Oid.INT8);
        assertThat(database.rewrite("SELECT ? + ?, ?3", Oid.INT4, Oid.INT4, 0).parameterCount())
                .isEqualTo(3);
        assertState("SELECT $2::int", "42P18", 0);
        assertState("SELECT $0", "42P02", 8);
    }

    @Test
    void aTypedParameterStillFindsItsIndex() throws Exception {
        database.run("CREATE TABLE t (id BIGINT PRIMARY KEY, body TEXT)");
        Rewritten plan = database.rewrite("EXPLAIN SELECT body FROM t WHERE id = $1 + 1", Oid.INT4);
        assertThat(database.run(plan, 1).getFirst()).contains("PRIMARY_KEY");
        assertThat(database.rewrite("SELECT body FROM t WHERE id = $1", Oid.INT4).sql())
                .endsWith("id = ?1");
    }

    /**
     * <a href="https://www.postgresql.org/docs/15/sql-syntax-lexical.html">PostgreSQL:
     * constants</a>.
     */
    @Test
    void stringsOfAllFormsMeanTheSame() throws Exception {
        assertThat(
                        database.run(
                                "SELECT 'it''s', E'a\\tb\\x41', $$x'y$$, $q$ $$ $q$, U&'\\0041!',"
                                        + " 'a'\n"
                                        + "'b', N'n'"))
                .containsExactly("it's|a\tbA|x'y| $$ |A!|ab|n");
    }

    @Test
    void namesThatTheEngineReservesAreOrdinary() throws Exception {
        database.run(
                "CREATE TABLE t (key INT PRIMARY KEY, value TEXT, year INT, timestamp INT, rownum"
                        + " INT, \"Quoted Name\" INT)");
        database.run(
                "INSERT INTO t (key, value, year, timestamp, rownum, \"Quoted Name\") VALUES (1,"
                        + " 'a', 2, 3, 4, 5)");
        assertThat(
                        database.run(
                                "SELECT t.key, value, year, timestamp, rownum, \"Quoted Name\" FROM"
                                        + " t WHERE value = 'a' ORDER BY key"))
                .containsExactly("1|a|2|3|4|5");
        assertThat(database.run("UPDATE t SET value = 'b' WHERE year = 2 RETURNING value"))
                .containsExactly("b");
    }

    /**
     * PostgreSQL refuses boolean = integer, so that SQLite's meaning holds: <a
     * href="https://www.sqlite.org/datatype3.html">Boolean datatype</a>.
     */
    @Test
    void booleansCompareWithZeroAndOne() throws Exception {
        database.run("CREATE TABLE t (alert BOOLEAN DEFAULT 0, n INT)");
        database.run("INSERT INTO t VALUES (true, 1), ('f', 2)");
        assertThat(database.run("SELECT n FROM t WHERE alert = 1")).containsExactly("1");
        assertThat(database.run("SELECT n FROM t x WHERE 0 = x.alert")).containsExactly("2");
    }

    /**
     * <a
     * href="https://www.postgresql.org/docs/15/queries-select-lists.html#QUERIES-COLUMN-LABELS">PostgreSQL:
     * column labels</a>.
     */
    @Test
    void resultColumnsHavePostgresNames() throws Exception {
        assertThat(
                        database.columns(
                                "SELECT 1, 'a', now(), count(*), null::int, true, CASE WHEN true"
                                    + " THEN 1 END, coalesce(1, 2), '1'::text, (SELECT 2 AS two),"
                                    + " EXISTS (SELECT 1), ARRAY[1], upper('a')::text, 1 AS \"X\","
                                    + " current_date"))
                .containsExactly(
                        "?column?",
                        "?column?",
                        "now",
                        "count",
                        "int4",
                        "?column?",
                        "case",
                        "coalesce",
                        "text",
                        "two",
                        "exists",
                        "array",
                        "upper",
                        "X",
                        "current_date");
        Rewritten described =
                database.rewrite("SELECT 'a', 'b'::varchar(9), 1::int2, pg_notify('c', '')");
        assertThat(described.columns())
                .containsExactly(
                        new Rewritten.ResultColumn("?column?", Oid.TEXT, -1),
                        new Rewritten.ResultColumn("varchar", Oid.VARCHAR, 13),
                        new Rewritten.ResultColumn("int2", Oid.INT2, -1),
                        new Rewritten.ResultColumn("pg_notify", Oid.VOID, -1));
    }

    @Test
    void theColumnsThatAreAssignedAreKnown() throws Exception {
        database.run("CREATE TABLE t (i int primary key, a int, b int, c int)");
        assertThat(database.rewrite("UPDATE t SET a = 1, (b, c) = (2, 3)").updated())
                .containsExactly("a", "b", "c");
        String upsert = "INSERT INTO t VALUES (1) ON CONFLICT (i) DO UPDATE SET b = 2";
        assertThat(database.rewrite(upsert).updated()).containsExactly("b");
        assertThat(database.rewrite("INSERT INTO t VALUES (1)").updated()).isEmpty();
    }

    @Test
    void parametersOfAllStylesCountOn() throws Exception {
        // SQLite: a ? is one more than the largest number before it.
        assertThat(
                        database.rewrite("SELECT ?::int, ?::int, $3::int, ?4::int, ?::int")
                                .parameterCount())
                .isEqualTo(5);
        assertThat(
                        database.rewrite(
                                        "SELECT ?7::int, ?::int, $1::int, $2::int, $3::int,"
                                                + " $4::int, $5::int, $6::int")
                                .parameterCount())
                .isEqualTo(8);
    }

    @Test
    void limitsStandInAnyOrder() throws Exception {
        String numbers = "SELECT i FROM generate_series(1, 5) i ORDER BY i";
        assertThat(database.run(numbers + " OFFSET 1 LIMIT 2")).containsExactly("2", "3");
        assertThat(database.run(numbers + " LIMIT ALL OFFSET 3 ROWS")).containsExactly("4", "5");
        assertThat(database.run(numbers + " FETCH FIRST ROW ONLY")).containsExactly("1");
        assertThat(database.run(numbers + " LIMIT 1, 2")).containsExactly("2", "3");
    }

    /**
     * <a href="https://www.postgresql.org/docs/15/functions-srf.html">PostgreSQL: set returning
     * functions</a>.
     */
    @Test
    void functionsThatReturnRowsStandInSelectListsAndInFrom() throws Exception {
        assertThat(database.run("SELECT generate_series(1, 3)")).containsExactly("1", "2", "3");
        assertThat(database.run("SELECT g.n * 2 FROM generate_series(2, 3) AS g(n)"))
                .containsExactly("4", "6");
        assertThat(database.columns("SELECT * FROM generate_series(1, 2)"))
                .containsExactly("generate_series");
        assertThat(database.columns("SELECT * FROM (VALUES (1, 2)) v"))
                .containsExactly("column1", "column2");
    }

    @Test
    void nullsSortAsTheLargestAndLocksAreTaken() throws Exception {
        database.run("CREATE TABLE t (n INT)");
        database.run("INSERT INTO t VALUES (1), (NULL)");
        assertThat(database.run("SELECT n FROM t ORDER BY n")).containsExactly("1", "null");
        assertThat(database.run("SELECT n FROM t ORDER BY n DESC FOR UPDATE SKIP LOCKED"))
                .containsExactly("null", "1");
        assertThat(database.rewrite("SELECT n FROM t FOR SHARE").isWrite()).isTrue();
        assertThat(database.rewrite("SELECT n FROM t").isWrite()).isFalse();
    }

    /**
     * <a href="https://www.postgresql.org/docs/15/sql-createtable.html">PostgreSQL: CREATE
     * TABLE</a>: names of constraints.
     */
    @Test
    void constraintsHavePostgresNames() {
        String sql =
                database.rewrite(
                                "CREATE TABLE t (id INT PRIMARY KEY, a INT UNIQUE CHECK (a > 0), b"
                                        + " INT REFERENCES u (x) ON DELETE CASCADE, UNIQUE (a, b),"
                                        + " CONSTRAINT mine CHECK (a < b))")
                        .sql();
        assertThat(sql)
                .contains(
                        "\"t_pkey\"",
                        "\"t_a_key\"",
                        "\"t_a_check\"",
                        "\"t_b_fkey\"",
                        "\"t_a_b_key\"",
                        "\"mine\"");
    }

    @Test
    void definitionsRun() throws Exception {
        assertThat(database.run("CREATE TABLE t (id INT PRIMARY KEY, n TEXT)"))
                .containsExactly("CREATE TABLE");
        assertThat(database.run("CREATE INDEX ON t USING btree (n DESC, id)"))
                .containsExactly("CREATE INDEX");
        assertThat(
                        database.run(
                                "ALTER TABLE t ADD COLUMN x INT DEFAULT 1, ADD CONSTRAINT u UNIQUE"
                                        + " (x, id)"))
                .containsExactly("ALTER TABLE");
        assertThat(database.run("ALTER TABLE t RENAME COLUMN x TO y"))
                .containsExactly("ALTER TABLE");
        assertThat(database.run("CREATE VIEW v AS SELECT n, y FROM t"))
                .containsExactly("CREATE VIEW");
        assertThat(database.run("CREATE SEQUENCE s START 5")).containsExactly("CREATE SEQUENCE");
        assertThat(database.run("COMMENT ON COLUMN t.n IS 'name'")).containsExactly("COMMENT");
        assertThat(database.run("TRUNCATE t")).containsExactly("TRUNCATE TABLE");
        assertThat(database.run("DROP VIEW v; DROP TABLE IF EXISTS t, nothing"))
                .containsExactly("DROP TABLE");
    }

    @Test
    void deleteUsingRemovesTheRowsThatMatch() throws Exception {
        database.run(
                "CREATE TABLE t (id INT); CREATE TABLE u (id INT); INSERT INTO t VALUES (1), (2);"
                        + " INSERT INTO u VALUES (2)");
        assertThat(database.run("DELETE FROM t USING u WHERE t.id = u.id"))
                .containsExactly("DELETE 1");
    }

    private void assertState(String sql, String state, int position) {
        assertThatThrownBy(() -> database.rewrite(sql))
                .isInstanceOfSatisfying(
                        PgException.class,
                        e -> {
                            assertThat(e.sqlState().code()).isEqualTo(state);
                            assertThat(e.report().position()).isEqualTo(position);
                        });
    }
}
