package io.heliosdb.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliosdb.pg.PgException;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Random;

/**
 * Whatever comes in, the parser ends, and fails with nothing but an error that points into the
 * text.
 */
final class ParserFuzzTest {
    private static final long SEED = 20261120;

    private static final List<String> STATEMENTS =
            List.of(
                    "SELECT a, b::int, json_build_object('k', $1)::text FROM t AS x JOIN u USING"
                            + " (id) WHERE a = ANY($2) ORDER BY 1 LIMIT 2",
                    "INSERT INTO t (a, b) VALUES (1, 'x'), ($1, DEFAULT) ON CONFLICT (a) DO UPDATE"
                            + " SET b = excluded.b RETURNING *",
                    "UPDATE t SET a = a + 1, (b, c) = (1, 2) FROM u WHERE t.id = u.id",
                    "CREATE TABLE t (id SERIAL PRIMARY KEY, a NUMERIC(10, 2) DEFAULT 1.5 CHECK (a >"
                            + " 0), b TEXT[] DEFAULT '{a,\"b\"}')",
                    "CREATE TRIGGER x AFTER UPDATE OF a ON t WHEN NEW.a > OLD.a BEGIN SELECT"
                            + " NOTIFY('c', NEW.b || 'x'); DELETE FROM t; END",
                    "WITH RECURSIVE r(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM r) SELECT *"
                            + " FROM r, LATERAL (SELECT 1) z",
                    "LISTEN \"a b\"; NOTIFY c, E'\\u0041\\'' ; BEGIN ISOLATION LEVEL SERIALIZABLE;"
                            + " SET x = 'a', 1; SHOW ALL",
                    "SELECT CASE WHEN a IN (1, 2) THEN interval '1 day' ELSE -b ^ 2 END, U&'\\0041'"
                            + " UESCAPE '!', $q$x$q$, B'1', X'ff' /* c */");

    @Test
    void randomCharactersNeverSurprise() {
        var random = new Random(SEED);
        for (int i = 0; i < 4_000; i++) {
            var text = new StringBuilder();
            int length = random.nextInt(60);
            for (int n = 0; n < length; n++) {
                text.append(
                        (char)
                                (random.nextInt(10) == 0
                                        ? random.nextInt(0x10000)
                                        : 1 + random.nextInt(126)));
            }
            check(text.toString());
        }
    }

    @Test
    void randomTokensNeverSurprise() {
        var random = new Random(SEED);
        String[] words = String.join(" ", STATEMENTS).split(" ", -1);
        for (int i = 0; i < 4_000; i++) {
            var text = new StringBuilder();
            int length = 1 + random.nextInt(15);
            for (int n = 0; n < length; n++) {
                text.append(words[random.nextInt(words.length)]).append(' ');
            }
            check(text.toString());
        }
    }

    @Test
    void damagedStatementsNeverSurprise() {
        var random = new Random(SEED);
        for (int i = 0; i < 4_000; i++) {
            var text = new StringBuilder(STATEMENTS.get(random.nextInt(STATEMENTS.size())));
            for (int n = random.nextInt(4); n >= 0 && text.length() > 1; n--) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(3)) {
                    case 0 -> text.deleteCharAt(at);
                    case 1 -> text.insert(at, "()'\"$?;,.:[]*-E".charAt(random.nextInt(15)));
                    default -> text.setLength(Math.max(1, at));
                }
            }
            check(text.toString());
        }
    }

    @Test
    void deepNestingIsRefused() {
        for (String open :
                List.of(
                        "(",
                        "(SELECT ",
                        "CASE WHEN ",
                        "NOT ",
                        "- ",
                        "ARRAY[",
                        "coalesce(",
                        "1 + (")) {
            String sql = "SELECT " + open.repeat(20_000);
            PgException error = check(sql);
            assertThat(error).as(open).isNotNull();
            assertThat(error.sqlState().code()).as(open).isIn("54001", "42601");
        }
        assertThat(check("SELECT " + "1 + ".repeat(5000) + "1")).isNull();
        assertThat(check("SELECT 1 FROM " + "(".repeat(20_000))).isNotNull();
        assertThat(check("SELECT 1 FROM a" + " JOIN a".repeat(20_000))).isNotNull();
    }

    private static PgException check(String sql) {
        try {
            for (Statement statement : new SqlParser().parse(sql)) {
                if (statement instanceof Statement.Engine engine) {
                    new Rewriter().rewrite(engine, SchemaLookup.EMPTY, new int[0]);
                }
            }
            return null;
        } catch (PgException e) {
            String state = e.sqlState().code();
            assertThat(
                            state.startsWith("42")
                                    || state.startsWith("22")
                                    || state.startsWith("54")
                                    || state.equals("0A000"))
                    .as("seed %d: %s in %s", SEED, e.getMessage(), sql)
                    .isTrue();
            assertThat(e.report().position()).as(sql).isBetween(0, sql.length() + 1);
            return e;
        } catch (RuntimeException | StackOverflowError e) {
            throw new AssertionError("seed " + SEED + ": " + sql, e);
        }
    }
}
