package io.heliosdb.engine.function;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.h2.tools.SimpleResultSet;
import org.h2.value.Value;

import java.sql.ResultSet;
import java.sql.Types;
import java.util.List;
import java.util.Map;

/**
 * The functions that give the keys of a JSON object as rows.
 *
 * @see <a href="https://www.postgresql.org/docs/15/functions-json.html">PostgreSQL: JSON
 *     functions</a>
 */
public final class JsonRows {
    private JsonRows() {}

    /**
     * The keys of an object with their values.
     *
     * @param json a json; none for NULL
     * @return a text and the text of a json for each
     * @throws PgException 22023 for an array or a scalar
     */
    public static ResultSet pairs(Value json) {
        return pairs(json, false);
    }

    /**
     * The keys of an object with their values as texts.
     *
     * @param json a json; none for NULL
     * @return two texts for each
     * @throws PgException 22023 for an array or a scalar
     */
    public static ResultSet textPairs(Value json) {
        return pairs(json, true);
    }

    private static ResultSet pairs(Value json, boolean asText) {
        var rows = new SimpleResultSet();
        rows.addColumn("key", Types.VARCHAR, Integer.MAX_VALUE, 0);
        rows.addColumn("value", Types.VARCHAR, Integer.MAX_VALUE, 0);
        if (json.getValueType() == Value.NULL) {
            return rows;
        }
        Object root = JsonTree.parse(String.valueOf(json.getString())).root();
        if (!(root instanceof Map<?, ?> object)) {
            throw new PgException(
                    SqlState.INVALID_PARAMETER_VALUE,
                    root instanceof List
                            ? "cannot deconstruct an array as an object"
                            : "cannot deconstruct a scalar");
        }
        object.forEach((key, value) -> {
            JsonTree tree = JsonTree.of(value);
            rows.addRow(key, asText ? tree.toText() : tree.toString());
        });
        return rows;
    }
}
