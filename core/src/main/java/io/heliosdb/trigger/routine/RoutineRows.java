package io.heliosdb.trigger.routine;

import io.heliosdb.engine.EngineSession;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * The system table {@code heliosdb.routines}: one row a routine, written by ordinary statements in
 * the transaction that creates or drops it, so that it is undone, logged and recovered like any
 * row.
 */
final class RoutineRows {
    /** A row as it is stored. */
    record Stored(int oid, String schema, String name, String owner, String source) {}

    private final EngineSession engine;

    RoutineRows(EngineSession engine) {
        this.engine = engine;
    }

    /** Makes the table where the database has none yet. */
    static void define(EngineSession engine) {
        engine.executeSystem("CREATE SCHEMA IF NOT EXISTS heliosdb");
        engine.executeSystem(
                "CREATE TABLE IF NOT EXISTS heliosdb.routines (oid INTEGER PRIMARY KEY, schema_name"
                        + " VARCHAR NOT NULL, name VARCHAR NOT NULL, arguments VARCHAR NOT NULL,"
                        + " owner VARCHAR NOT NULL, source VARCHAR NOT NULL,"
                        + " UNIQUE (schema_name, name, arguments))");
    }

    List<Stored> all() {
        var found = new ArrayList<Stored>();
        try (var plan =
                        engine.prepareSystem(
                                "SELECT oid, schema_name, name, owner, source FROM"
                                        + " heliosdb.routines ORDER BY oid");
                var rows = plan.execute()) {
            while (rows.next()) {
                found.add(
                        new Stored(
                                Integer.parseInt(text(rows.value(0))),
                                text(rows.value(1)),
                                text(rows.value(2)),
                                text(rows.value(3)),
                                text(rows.value(4))));
            }
        }
        return found;
    }

    void put(Routine routine) {
        remove(routine.oid());
        engine.executeSystem(
                "INSERT INTO heliosdb.routines (oid, schema_name, name, arguments, owner, source)"
                        + " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                routine.oid(),
                routine.schema(),
                routine.name(),
                String.join(", ", routine.inputTypes()),
                routine.owner(),
                routine.definition().source());
    }

    void remove(int oid) {
        engine.executeSystem("DELETE FROM heliosdb.routines WHERE oid = ?1", oid);
    }

    private static String text(@Nullable Object value) {
        if (value == null) {
            throw new IllegalStateException("NULL in heliosdb.routines");
        }
        return value.toString();
    }
}
