package io.heliosdb.sql;

import io.heliosdb.pg.Identifier;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.sql.Statement.Engine.Kind;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads TRUNCATE, and finds the tables that have to be emptied with those that are named.
 *
 * @see <a href="https://www.postgresql.org/docs/15/sql-truncate.html">PostgreSQL: TRUNCATE</a>
 */
final class TruncateGrammar {
    private final Grammar grammar;
    private final Cursor cursor;

    TruncateGrammar(Grammar grammar) {
        this.grammar = grammar;
        this.cursor = grammar.cursor;
    }

    Statement.Engine truncate(int from) {
        cursor.tryWord("table");
        var targets = new LinkedHashMap<TableName, String>();
        do {
            int at = cursor.at;
            TableName name = grammar.from.relation();
            String text = grammar.edits.render(at, cursor.at).strip();
            targets.putIfAbsent(grammar.schema.qualified(name), text);
        } while (cursor.tryPunctuation(","));
        boolean restart = cursor.isWord("restart");
        if (cursor.tryWord("restart") || cursor.tryWord("continue")) {
            cursor.requireWord("identity");
        }
        boolean cascade = cursor.tryWord("cascade");
        if (!cascade) {
            cursor.tryWord("restrict");
        }
        addReferencing(targets, cascade);
        var statements = new ArrayList<String>();
        for (String target : targets.values()) {
            statements.add("TRUNCATE TABLE " + target + (restart ? " RESTART IDENTITY" : ""));
        }
        return grammar.commands.build(
                from, Kind.DDL, "TRUNCATE TABLE", Shape.Fixed.all(statements), List.of());
    }

    private void addReferencing(Map<TableName, String> targets, boolean cascade) {
        var open = new ArrayDeque<>(targets.keySet());
        while (!open.isEmpty()) {
            TableName target = open.removeFirst();
            for (TableName other : grammar.schema.referencing(target)) {
                if (targets.containsKey(other)) {
                    continue;
                }
                if (!cascade) {
                    throw isReferenced(target, other);
                }
                String schema = other.schema().map(Identifier::quote).orElseThrow();
                targets.put(other, schema + '.' + Identifier.quote(other.name()));
                open.add(other);
            }
        }
    }

    private static PgException isReferenced(TableName target, TableName other) {
        return new PgException(
                        SqlState.FEATURE_NOT_SUPPORTED,
                        "cannot truncate a table referenced in a foreign key constraint")
                .withDetail(
                        "Table \"%s\" references \"%s\".".formatted(other.name(), target.name()))
                .withHint(
                        "Truncate table \"%s\" at the same time, or use TRUNCATE ... CASCADE."
                                .formatted(other.name()));
    }
}
