package io.heliosdb.trigger;

import io.heliosdb.engine.EngineSession;
import io.heliosdb.engine.TableId;
import io.heliosdb.sql.SqlParser;
import io.heliosdb.sql.Statement;
import io.heliosdb.trigger.routine.RoutineCatalog;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * The system table {@code heliosdb.triggers}: one row a trigger, written by ordinary statements in
 * the transaction that creates or drops it, so that it is undone, logged and recovered like any
 * row.
 */
final class TriggerRows {
    private final EngineSession engine;

    TriggerRows(EngineSession engine) {
        this.engine = engine;
    }

    /** Makes the table where the database has none yet. */
    static void define(EngineSession engine) {
        engine.executeSystem("CREATE SCHEMA IF NOT EXISTS heliosdb");
        engine.executeSystem(
                "CREATE TABLE IF NOT EXISTS heliosdb.triggers (table_schema VARCHAR NOT NULL,"
                        + " table_name VARCHAR NOT NULL, name VARCHAR NOT NULL,"
                        + " enabled BOOLEAN NOT NULL, source VARCHAR NOT NULL,"
                        + " PRIMARY KEY (table_schema, table_name, name))");
        engine.executeSystem("ALTER TABLE heliosdb.triggers ADD COLUMN IF NOT EXISTS oid INTEGER");
        engine.executeSystem(
                "ALTER TABLE heliosdb.triggers ADD COLUMN IF NOT EXISTS function INTEGER");
        engine.executeSystem("ALTER TABLE heliosdb.triggers ADD COLUMN IF NOT EXISTS mode VARCHAR");
    }

    /** All triggers; one without a number gets the next. */
    List<Trigger> all(RoutineCatalog numbers) {
        var found = new ArrayList<Trigger>();
        var parser = new SqlParser();
        try (var plan =
                        engine.prepareSystem(
                                "SELECT table_schema, table_name, name, source, oid, function, mode"
                                        + " FROM heliosdb.triggers");
                var rows = plan.execute()) {
            while (rows.next()) {
                var table = new TableId(text(rows.value(0)), text(rows.value(1)));
                var statement = parser.parseSingle(text(rows.value(3)));
                Object given = rows.value(4);
                int oid = given == null ? numbers.nextOid() : ((Number) given).intValue();
                numbers.taken(oid);
                Object function = rows.value(5);
                var trigger =
                        switch (statement) {
                            case Statement.CreateTrigger create ->
                                    Trigger.of(create.definition(), table, oid);
                            case Statement.CreateFunctionTrigger create ->
                                    Trigger.of(
                                            create.definition(),
                                            table,
                                            oid,
                                            function == null ? 0 : ((Number) function).intValue());
                            case Statement.CreateRule rule -> Trigger.of(rule, table, oid);
                            default ->
                                    throw new IllegalStateException(
                                            "no trigger: " + statement.source());
                        };
                Object mode = rows.value(6);
                found.add(
                        trigger.named(text(rows.value(2)))
                                .enabled(mode == null ? 'O' : mode.toString().charAt(0)));
            }
        }
        return found;
    }

    void put(Trigger trigger) {
        remove(trigger);
        engine.executeSystem(
                "INSERT INTO heliosdb.triggers (table_schema, table_name, name, enabled, source,"
                        + " oid, function, mode) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                trigger.table().schema(),
                trigger.table().name(),
                trigger.name(),
                trigger.isEnabled(),
                trigger.source(),
                trigger.oid(),
                trigger.action() instanceof TriggerAction.CallFunction(var _, var function)
                        ? function
                        : null,
                String.valueOf(trigger.mode()));
    }

    void remove(Trigger trigger) {
        engine.executeSystem(
                "DELETE FROM heliosdb.triggers WHERE table_schema = ?1 AND table_name = ?2 AND"
                        + " name = ?3",
                trigger.table().schema(),
                trigger.table().name(),
                trigger.name());
    }

    private static String text(@Nullable Object value) {
        if (value == null) {
            throw new IllegalStateException("NULL in heliosdb.triggers");
        }
        return value.toString();
    }
}
