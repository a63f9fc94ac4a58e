package io.heliosdb.trigger.routine;

import io.heliosdb.pg.Column;
import io.heliosdb.pg.type.PgType;
import io.heliosdb.pg.type.TextStyle;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * A row as a text, in parentheses.
 *
 * @see <a href="https://www.postgresql.org/docs/15/rowtypes.html#ROWTYPES-IO-SYNTAX">PostgreSQL:
 *     input and output of rows</a>
 */
final class RecordText {
    private RecordText() {}

    static String of(List<Column> columns, @Nullable Object[] row, TextStyle style) {
        var out = new StringBuilder("(");
        for (int i = 0; i < row.length; i++) {
            if (i > 0) {
                out.append(',');
            }
            Object value = row[i];
            if (value != null) {
                int oid = i < columns.size() ? columns.get(i).typeOid() : 0;
                field(
                        value instanceof String text
                                ? text
                                : (oid == 0 ? PgType.forValue(value) : PgType.of(oid))
                                        .toText(value, style),
                        out);
            }
        }
        return out.append(')').toString();
    }

    private static void field(String text, StringBuilder out) {
        boolean isQuoted =
                text.isEmpty()
                        || text.chars()
                                .anyMatch(c ->
                                        c == '"'
                                                || c == '\\'
                                                || c == '('
                                                || c == ')'
                                                || c == ','
                                                || Character.isWhitespace(c));
        if (!isQuoted) {
            out.append(text);
            return;
        }
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append(c);
            }
            out.append(c);
        }
        out.append('"');
    }
}
