package io.heliosdb;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.LinkedHashMap;

/**
 * Every kind of definition is in what a crash would leave as soon as it is acknowledged: a copy of
 * the files made right after it has it.
 */
@Timeout(120)
class DefinitionDurabilityTest {
    /** What the definitions below leave behind, in one row. */
    private static final String STATE =
            """
            SELECT (SELECT string_agg(nspname, ',' ORDER BY nspname) FROM pg_namespace WHERE nspname = 's') AS schemas,
                (SELECT string_agg(relname, ',' ORDER BY relname) FROM pg_class WHERE oid > 16000) AS relations,
                (SELECT string_agg(typname, ',' ORDER BY typname) FROM pg_type WHERE typname IN ('d', 'e')) AS types,
                (SELECT string_agg(seqstart || '+' || seqincrement, ',') FROM pg_sequence) AS sequences,
                (SELECT string_agg(attname, ',' ORDER BY attnum) FROM pg_attribute
                    WHERE attrelid = to_regclass('t') AND attnum > 0) AS columns,
                (SELECT string_agg(conname, ',' ORDER BY conname) FROM pg_constraint WHERE conrelid = to_regclass('t')) AS constraints,
                obj_description(to_regclass('t'), 'pg_class') AS comment,
                (SELECT string_agg(rolname, ',') FROM pg_roles WHERE rolname = 'bob') AS roles,
                (SELECT string_agg(proname, ',') FROM pg_proc WHERE proname = 'f') AS functions\
            """;

    @TempDir private Path parent;

    @Test
    void eachKindIsDurableWhenItReturns() {
        var copies = new LinkedHashMap<String, String>();
        try (var db = HeliosDb.open(parent.resolve("db"))) {
            for (var definition :
                    new String[] {
                        "CREATE SCHEMA s",
                        "CREATE SEQUENCE q",
                        "CREATE DOMAIN d AS int",
                        "CREATE TYPE e AS ENUM ('a', 'b')",
                        "CREATE VIEW v AS SELECT 1 AS x",
                        "CREATE TABLE t (a int)",
                        "ALTER TABLE t ADD COLUMN b text",
                        "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)",
                        "CREATE INDEX i ON t (a)",
                        "COMMENT ON TABLE t IS 'hello'",
                        "CREATE ROLE bob",
                        "CREATE FUNCTION f() RETURNS int AS 'SELECT 1' LANGUAGE sql",
                        "ALTER SEQUENCE q START WITH 7 INCREMENT BY 2",
                        "ALTER TABLE t RENAME COLUMN b TO bb",
                        "DROP INDEX i",
                        "DROP FUNCTION f",
                        "DROP ROLE bob",
                        "DROP VIEW v",
                        "DROP DOMAIN d",
                        "DROP TYPE e",
                        "DROP SCHEMA s",
                        "DROP SEQUENCE q",
                        "DROP TABLE t"
                    }) {
                var before = db.queryRow(STATE).orElseThrow().toString();
                db.execute(definition);
                var after = db.queryRow(STATE).orElseThrow().toString();
                assertThat(after).as(definition).isNotEqualTo(before);
                db.backup(parent.resolve(definition));
                copies.put(definition, after);
            }
        }
        copies.forEach((definition, state) -> {
            try (var copy = HeliosDb.open(parent.resolve(definition))) {
                assertThat(copy.queryRow(STATE).orElseThrow()).as(definition).hasToString(state);
            }
        });
    }
}
