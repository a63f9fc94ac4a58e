package io.heliosdb.sql;

import io.heliosdb.pg.Identifier;

import java.util.ArrayList;
import java.util.Set;

/**
 * Functions of FROM that make records of JSON: each column of the list that follows them is a key
 * of the object, or of each object of the array.
 *
 * @see <a href="https://www.postgresql.org/docs/15/functions-json.html">PostgreSQL: JSON
 *     functions</a>
 */
final class JsonRecords {
    private static final Set<String> FUNCTIONS =
            Set.of("json_to_record", "jsonb_to_record", "json_to_recordset", "jsonb_to_recordset");

    private final Grammar grammar;

    JsonRecords(Grammar grammar) {
        this.grammar = grammar;
    }

    static boolean isFunction(String name) {
        return FUNCTIONS.contains(name);
    }

    /** Puts a query in the place of a call, at whose end the cursor stands. */
    void rewrite(Expression call) {
        var cursor = grammar.cursor;
        boolean hasAs = cursor.tryWord("as");
        String alias = call.label();
        int token = cursor.at;
        if (!cursor.isPunctuation("(")) {
            alias = cursor.columnId();
            grammar.edits.remove(hasAs ? token - 1 : token, cursor.at);
        }
        var columns = new ArrayList<String>();
        for (RoutineParameter column : grammar.from.columnDefinitions()) {
            columns.add(value(column) + " AS " + Identifier.quote(column.name().orElse("")));
        }
        boolean isSet = call.label().endsWith("set");
        int open = call.from();
        while (!grammar.tokens.texts[open].equals("(")) {
            open++;
        }
        String argument = grammar.edits.render(open, call.to());
        String from =
                isSet
                        ? "UNNEST(helios_json_elements" + argument + ") AS helios_elements(c)"
                        : "(SELECT helios_json" + argument + " AS c) AS helios_elements";
        grammar.edits.fixKeepingAround(
                call.from(),
                call.to(),
                "(SELECT "
                        + String.join(", ", columns)
                        + " FROM "
                        + from
                        + ") AS "
                        + Identifier.quote(alias));
    }

    private static String value(RoutineParameter column) {
        String key = Edits.string(column.name().orElse(""));
        SqlType type = column.type().sqlType();
        if (type.isJson() && !type.isArray()) {
            return Casts.json(type) + "(helios_json_get(c, " + key + "))";
        }
        String text = "helios_json_get_text(c, " + key + ')';
        return "CAST(" + text + " AS " + type.engine() + ')';
    }
}
