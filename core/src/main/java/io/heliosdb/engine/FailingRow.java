package io.heliosdb.engine;

import io.heliosdb.pg.type.PgType;

import org.h2.engine.SessionLocal;
import org.h2.expression.Expression;
import org.h2.result.Row;
import org.h2.table.Column;
import org.h2.value.Value;
import org.h2.value.ValueNull;

import java.util.StringJoiner;

/** Shows a row in the detail of an error, as PostgreSQL does: long values are cut off. */
final class FailingRow {
    private static final int BYTES_MAX = 64;

    private FailingRow() {}

    /** The row; a column that has no value yet is shown with its default. */
    static String of(SessionLocal session, Column[] columns, Row row) {
        var text = new StringJoiner(", ", "(", ")");
        for (int i = 0; i < columns.length; i++) {
            Value value = row.getValue(i);
            text.add(shown(value == null ? byDefault(session, columns[i]) : value, session));
        }
        return text.toString();
    }

    private static Value byDefault(SessionLocal session, Column column) {
        Expression expression = column.isGenerated() ? null : column.getDefaultExpression();
        return expression == null
                ? ValueNull.INSTANCE
                : column.convert(session, expression.getValue(session));
    }

    private static String shown(Value value, SessionLocal session) {
        Object object = Values.toJava(value, session);
        if (object == null) {
            return "null";
        }
        String text =
                object instanceof String given
                        ? given
                        : PgType.of(Types.computedOid(value.getType())).toText(object);
        return text.codePointCount(0, text.length()) <= BYTES_MAX
                ? text
                : text.substring(0, text.offsetByCodePoints(0, BYTES_MAX)) + "...";
    }
}
