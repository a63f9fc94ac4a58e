package io.heliosdb.session;

import io.heliosdb.engine.ColumnInfo;
import io.heliosdb.engine.EnginePlan;
import io.heliosdb.engine.TableInfo;
import io.heliosdb.pg.Identifier;
import io.heliosdb.pg.Oid;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.copy.CopyReader;
import io.heliosdb.pg.type.PgType;
import io.heliosdb.pg.type.TextStyle;
import io.heliosdb.sql.Rewriter;
import io.heliosdb.sql.Statement.Copy;
import io.heliosdb.sql.TableName;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * Inserts the rows of a COPY FROM, one after another as they are read, so that a row that fails is
 * known by its line; triggers see one statement. Confined to the session.
 */
final class CopyInsert implements AutoCloseable {
    private static final SqlState BAD_COPY_FILE_FORMAT = new SqlState("22P04");
    private static final SqlState FOREIGN_KEY_VIOLATION = new SqlState("23503");

    /** How much of a line or value an error shows. */
    private static final int SHOWN_BYTES = 100;

    private final String relation;
    private final List<ColumnInfo> columns;
    private final PgType[] types;
    private final EnginePlan plan;
    private final TextStyle style;
    private final @Nullable Object[] values;

    private CopyInsert(
            SessionState session, String relation, List<ColumnInfo> columns, EnginePlan plan) {
        this.relation = relation;
        this.columns = columns;
        this.plan = plan;
        types = columns.stream().map(column -> PgType.of(column.oid())).toArray(PgType[]::new);
        style = session.textStyle();
        values = new @Nullable Object[columns.size()];
    }

    static CopyInsert prepare(
            SessionState session, Copy copy, TableInfo table, List<ColumnInfo> columns) {
        var name = copy.table().orElseThrow();
        String sql =
                copy.where().isEmpty()
                        ? insert(name, columns)
                        : insert(
                                name,
                                table,
                                columns,
                                new Rewriter().condition(copy.where().get(), session.searchPath()));
        try {
            return new CopyInsert(session, table.id().name(), columns, session.rows().prepare(sql));
        } catch (PgException e) {
            throw ErrorPosition.point(e, copy);
        }
    }

    static String quoted(TableName name) {
        String table = Identifier.quote(name.name());
        return name.schema().map(schema -> Identifier.quote(schema) + '.' + table).orElse(table);
    }

    private static String insert(TableName name, List<ColumnInfo> columns) {
        if (columns.isEmpty()) {
            return "INSERT INTO " + quoted(name) + " DEFAULT VALUES";
        }
        var parameters = new ArrayList<String>();
        for (int i = 1; i <= columns.size(); i++) {
            parameters.add("?" + i);
        }
        return head(name, columns) + " VALUES (" + String.join(", ", parameters) + ')';
    }

    /** The condition sees the columns that are not copied too, with their defaults. */
    private static String insert(
            TableName name, TableInfo table, List<ColumnInfo> columns, String condition) {
        var all = new ArrayList<>(columns);
        var values = new ArrayList<String>();
        for (int i = 0; i < columns.size(); i++) {
            values.add("CAST(?" + (i + 1) + " AS " + columns.get(i).type() + ')');
        }
        for (var column : table.columns()) {
            if (!columns.contains(column) && !column.isGenerated() && !column.isIdentity()) {
                all.add(column);
                values.add(
                        "CAST("
                                + column.defaultExpression().orElse("NULL")
                                + " AS "
                                + column.type()
                                + ')');
            }
        }
        String row = Identifier.quote(name.name());
        return head(name, all)
                + " SELECT "
                + names(all)
                + " FROM (VALUES ("
                + String.join(", ", values)
                + ")) AS "
                + row
                + '('
                + names(all)
                + ") WHERE "
                + condition;
    }

    /** COPY fills identity columns whatever they are generated as. */
    private static String head(TableName name, List<ColumnInfo> columns) {
        boolean overrides = columns.stream().anyMatch(ColumnInfo::isGeneratedAlways);
        return "INSERT INTO "
                + quoted(name)
                + " ("
                + names(columns)
                + ')'
                + (overrides ? " OVERRIDING SYSTEM VALUE" : "");
    }

    private static String names(List<ColumnInfo> columns) {
        return String.join(
                ", ", columns.stream().map(ColumnInfo::name).map(Identifier::quote).toList());
    }

    /** Inserts all rows; gives their number. */
    long all(CopyReader reader) {
        var count = new long[1];
        plan.asOneStatement(() -> {
            while (next(reader)) {
                read(reader);
                count[0] += insert(reader);
            }
        });
        return count[0];
    }

    private boolean next(CopyReader reader) {
        try {
            return reader.next();
        } catch (PgException e) {
            if (reader.line() == 0) {
                throw e;
            }
            boolean isUnreadable = e.sqlState().equals(SqlState.CHARACTER_NOT_IN_REPERTOIRE);
            throw at(e, isUnreadable ? place(reader) : lineContext(reader));
        }
    }

    private void read(CopyReader reader) {
        for (int i = 0; i < values.length; i++) {
            try {
                values[i] = fitted(reader.value(i, types[i], style), columns.get(i));
            } catch (PgException e) {
                boolean isMissing =
                        e.sqlState().equals(BAD_COPY_FILE_FORMAT) && reader.lineText() != null;
                throw at(e, isMissing ? lineContext(reader) : columnContext(reader, i));
            }
        }
    }

    /** A text that is too long is refused where it is read, unless blanks alone are too many. */
    private static @Nullable Object fitted(@Nullable Object value, ColumnInfo column) {
        boolean isLimited =
                (column.oid() == Oid.VARCHAR || column.oid() == Oid.BPCHAR)
                        && column.typeModifier() > 4;
        if (!isLimited || !(value instanceof String text)) {
            return value;
        }
        int max = column.typeModifier() - 4;
        if (text.length() <= max || text.codePointCount(0, text.length()) <= max) {
            return value;
        }
        int end = text.offsetByCodePoints(0, max);
        if (!text.substring(end).chars().allMatch(c -> c == ' ')) {
            throw new PgException(
                    SqlState.STRING_DATA_RIGHT_TRUNCATION,
                    "value too long for type "
                            + PgType.of(column.oid()).displayName()
                            + '('
                            + max
                            + ')');
        }
        return text.substring(0, end);
    }

    private long insert(CopyReader reader) {
        try (var result = plan.execute(values)) {
            return result.updateCount();
        } catch (PgException e) {
            if (e.sqlState().equals(FOREIGN_KEY_VIOLATION)) {
                throw e; // PostgreSQL looks at foreign keys once it has read everything.
            }
            throw at(
                    e,
                    e.sqlState().equals(SqlState.UNIQUE_VIOLATION)
                            ? place(reader)
                            : lineContext(reader));
        }
    }

    private static PgException at(PgException e, String context) {
        var inner = e.report().where();
        return e.withWhere(inner == null || inner.isEmpty() ? context : inner + '\n' + context);
    }

    private String place(CopyReader reader) {
        return "COPY " + relation + ", line " + reader.line();
    }

    private String lineContext(CopyReader reader) {
        var line = reader.lineText();
        return line == null ? place(reader) : place(reader) + ": \"" + shown(line) + '"';
    }

    private String columnContext(CopyReader reader, int column) {
        var field = reader.fieldText(column);
        String place = place(reader) + ", column " + columns.get(column).name();
        return field == null ? place : place + ": \"" + shown(field) + '"';
    }

    private static String shown(String text) {
        if (text.length() <= SHOWN_BYTES) {
            return text;
        }
        int end =
                Character.isHighSurrogate(text.charAt(SHOWN_BYTES - 1))
                        ? SHOWN_BYTES - 1
                        : SHOWN_BYTES;
        return text.substring(0, end) + "...";
    }

    @Override
    public void close() {
        plan.close();
    }
}
