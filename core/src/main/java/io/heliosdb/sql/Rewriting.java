package io.heliosdb.sql;

import io.heliosdb.pg.Identifier;
import io.heliosdb.pg.Oid;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.sql.Expression.Form;
import io.heliosdb.sql.Shape.Assignment;
import io.heliosdb.sql.Shape.OnConflict;
import io.heliosdb.sql.Shape.Range;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One rewriting: puts the parts of a statement together for the engine, with what the schema says
 * about its tables. RETURNING becomes a query of FINAL or OLD TABLE, and an upsert becomes MERGE.
 *
 * @see <a href="https://www.postgresql.org/docs/15/dml-returning.html">PostgreSQL: RETURNING</a>
 * @see <a href="https://www.postgresql.org/docs/15/sql-insert.html#SQL-ON-CONFLICT">PostgreSQL: ON
 *     CONFLICT</a>
 */
final class Rewriting {
    final Edits edits;
    boolean retryOnUnique;
    boolean usesSchema;

    private final SyntaxTree tree;
    private final Tokens tokens;
    private final SchemaLookup schema;

    Rewriting(SyntaxTree tree, SchemaLookup schema, Edits edits) {
        this.tree = tree;
        this.tokens = tree.tokens;
        this.schema = schema;
        this.edits = edits;
    }

    String sql() {
        ColumnOperators.compare(tree, edits, this::lookup);
        ColumnOperators.changeJson(tree, edits, this::lookup);
        if (!tree.facts.rowCalls.isEmpty()) {
            new RowJson(tree, edits, this::lookup).rewrite();
        }
        var commons = new CommonTables(tree, edits);
        commons.renameHiding(name -> lookup(name).isPresent());
        commons.rewriteChanges(this::change);
        return change(tree.shape);
    }

    private String change(Shape shape) {
        return switch (shape) {
            case Shape.Select ignored -> edits.render(tree.from, tree.to);
            case Shape.Definition ignored -> edits.render(tree.from, tree.to);
            case Shape.Condition ignored -> edits.render(tree.from, tree.to);
            case Shape.Fixed fixed -> fixed.sql();
            case Shape.Explain explain ->
                    throw new IllegalStateException("EXPLAIN of " + explain.tree().kind);
            case Shape.Insert insert -> insert(insert);
            case Shape.Update update -> update(update);
            case Shape.Delete delete -> delete(delete);
        };
    }

    private Optional<TableMetadata> lookup(TableName name) {
        usesSchema = true;
        return schema.table(name);
    }

    private TableMetadata require(TableName name, int token) {
        return lookup(name)
                .orElseThrow(() ->
                        tokens.error(
                                token,
                                SqlState.UNDEFINED_TABLE,
                                "relation \"" + name + "\" does not exist"));
    }

    // ---- INSERT

    private String insert(Shape.Insert insert) {
        requireWidth(insert);
        convertRows(insert);
        String change =
                switch (insert.conflict().action()) {
                    case ERROR -> plainInsert(insert, "");
                    case NOTHING -> insertOrNothing(insert);
                    case UPDATE -> upsert(insert);
                    case REPLACE -> replace(insert);
                };
        return returning(change, "FINAL", insert.alias(), insert.returning());
    }

    private String plainInsert(Shape.Insert insert, String tail) {
        if (tokens.texts[insert.from()].equals("replace")) {
            edits.replace(insert.from(), "INSERT");
        }
        Range with = insert.with();
        if (with != null) {
            moveWith(with, insert);
        }
        dropAlias(insert);
        nameColumns(insert);
        return edits.render(insert.from(), insert.end()) + tail;
    }

    /** The engine has WITH in the query that an INSERT reads, not before INSERT. */
    private void moveWith(Range with, Shape.Insert insert) {
        Range source = insert.source();
        if (source == null || insert.rows() != null) {
            new CommonTables(tree, edits).moveIntoReads(with, insert.from());
            return;
        }
        edits.before(source.from(), edits.render(with.from(), with.to()) + ' ');
    }

    /** The engine's INSERT has no alias; RETURNING gets it from the delta table. */
    private void dropAlias(Shape.Insert insert) {
        int as = insert.target().to();
        if (tokens.kinds[as] == Token.WORD && tokens.texts[as].equals("as")) {
            edits.remove(as, as + 2);
        }
    }

    /**
     * Rows that are shorter than the table leave the rest to the defaults; the engine wants to hear
     * that.
     */
    private void nameColumns(Shape.Insert insert) {
        if (insert.rows() == null || !insert.columns().isEmpty()) {
            return;
        }
        int width = insert.rows().getFirst().size();
        lookup(insert.table())
                .filter(table -> width < table.columns().size())
                .ifPresent(table ->
                        edits.after(
                                insert.target().to() - 1,
                                " (" + list(columns(insert, table)) + ')'));
    }

    private void requireWidth(Shape.Insert insert) {
        List<Expression> row = insert.rows() == null ? List.of() : insert.rows().getFirst();
        int columns = insert.columns().size();
        if (row.isEmpty() || columns == 0 || row.size() == columns) {
            return;
        }
        boolean more = row.size() > columns;
        throw tokens.error(
                more ? row.get(columns).from() : insert.target().from(),
                SqlState.SYNTAX_ERROR,
                more
                        ? "INSERT has more expressions than target columns"
                        : "INSERT has more target columns than expressions");
    }

    /** Constants for columns whose types the engine reads otherwise. */
    private void convertRows(Shape.Insert insert) {
        if (insert.rows() == null || !needsTypes(insert.rows())) {
            return;
        }
        Optional<TableMetadata> found = lookup(insert.table());
        if (found.isEmpty()) {
            return;
        }
        TableMetadata table = found.get();
        for (List<Expression> row : insert.rows()) {
            for (int i = 0; i < row.size(); i++) {
                columnOf(insert, table, i).ifPresent(convert(row.get(i)));
            }
        }
    }

    private static boolean needsTypes(List<List<Expression>> rows) {
        for (List<Expression> row : rows) {
            for (Expression value : row) {
                if (value.is(Form.STRING) || value.is(Form.PARAMETER)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static Optional<TableMetadata.Column> columnOf(
            Shape.Insert insert, TableMetadata table, int index) {
        if (!insert.columns().isEmpty()) {
            return index < insert.columns().size()
                    ? table.column(insert.columns().get(index))
                    : Optional.empty();
        }
        return index < table.columns().size()
                ? Optional.of(table.columns().get(index))
                : Optional.empty();
    }

    private Consumer<TableMetadata.Column> convert(Expression value) {
        return column -> {
            if (value.is(Form.STRING)) {
                convertConstant(value, column);
            } else if (value.is(Form.PARAMETER) && column.isJson()) {
                edits.innermost(value.from(), "helios_json(", ")");
            }
        };
    }

    private void convertConstant(Expression value, TableMetadata.Column column) {
        String text = tokens.texts[value.from()];
        SqlType type = SqlType.of(column.oid());
        String moment = type == null ? null : Casts.moment(text, type);
        if (moment != null) {
            edits.replace(value.from(), moment);
        } else if (type != null && type.oid() == Oid.INTERVAL) {
            edits.replace(value.from(), IntervalText.toEngine(tokens, value.from(), text));
        } else if (column.isJson()) {
            edits.replace(value.from(), "helios_json(" + Edits.string(text) + ')');
        } else if (column.isBinary()) {
            edits.replace(value.from(), "X'" + Casts.bytes(tokens, value.from(), text) + '\'');
        } else if (column.isBoolean()) {
            edits.replace(value.from(), Casts.bool(tokens, value.from(), text));
        } else if (column.engineType().endsWith(" ARRAY")) {
            SqlType element = new SqlType("text", 0, -1, column.engineType());
            edits.replace(value.from(), ArrayText.toEngine(tokens, value.from(), text, element));
        }
    }

    // ---- ON CONFLICT

    /**
     * The engine ignores a conflict with any key, which is right without a target, or where there
     * is one key. Otherwise only the key that is named may conflict in silence.
     */
    private String insertOrNothing(Shape.Insert insert) {
        OnConflict conflict = insert.conflict();
        if (conflict.target() == null && conflict.constraint() == null) {
            return plainInsert(insert, " ON CONFLICT DO NOTHING");
        }
        TableMetadata table = require(insert.table(), insert.target().from());
        TableMetadata.Key key = arbiter(table, conflict);
        if (table.keys().size() == 1) {
            return plainInsert(insert, " ON CONFLICT DO NOTHING");
        }
        return merge(insert, table, key, "");
    }

    private String upsert(Shape.Insert insert) {
        OnConflict conflict = insert.conflict();
        TableMetadata table = require(insert.table(), insert.target().from());
        TableMetadata.Key key = arbiter(table, conflict);
        Range sets = conflict.sets();
        if (sets == null) {
            throw new IllegalStateException("DO UPDATE without assignments");
        }
        String where =
                conflict.where() == null
                        ? ""
                        : " AND ("
                                + edits.render(conflict.where().from(), conflict.where().to())
                                + ')';
        return merge(
                insert,
                table,
                key,
                " WHEN MATCHED"
                        + where
                        + " THEN UPDATE SET "
                        + edits.render(sets.from(), sets.to()));
    }

    /**
     * SQLite's REPLACE: the row that is there gets the new values, and the defaults of columns that
     * are not named.
     */
    private String replace(Shape.Insert insert) {
        TableMetadata table = require(insert.table(), insert.target().from());
        TableMetadata.Key key = replaceKey(insert, table);
        if (key == null) {
            return plainInsert(insert, "");
        }
        List<String> given = columns(insert, table);
        var sets = new ArrayList<String>();
        for (TableMetadata.Column column : table.columns()) {
            if (key.columns().contains(column.name())) {
                continue;
            }
            String name = Identifier.quote(column.name());
            if (given.contains(column.name())) {
                sets.add(name + " = excluded." + name);
            } else if (!column.generated()) {
                sets.add(name + " = DEFAULT");
            }
        }
        return merge(
                insert,
                table,
                key,
                sets.isEmpty() ? "" : " WHEN MATCHED THEN UPDATE SET " + String.join(", ", sets));
    }

    /** The first key whose columns all get a value. */
    private static TableMetadata.@Nullable Key replaceKey(
            Shape.Insert insert, TableMetadata table) {
        List<String> given = columns(insert, table);
        for (TableMetadata.Key key : table.keys()) {
            if (given.containsAll(key.columns())) {
                return key;
            }
        }
        return null;
    }

    /** The columns that the source fills, in its order. */
    private static List<String> columns(Shape.Insert insert, TableMetadata table) {
        if (!insert.columns().isEmpty()) {
            return insert.columns();
        }
        int width =
                insert.rows() == null ? table.columns().size() : insert.rows().getFirst().size();
        return table.columns().stream().limit(width).map(TableMetadata.Column::name).toList();
    }

    private TableMetadata.Key arbiter(TableMetadata table, OnConflict conflict) {
        for (TableMetadata.Key key : table.keys()) {
            boolean matches =
                    conflict.constraint() != null
                            ? key.name().equals(conflict.constraint())
                            : conflict.target() != null
                                    && key.columns().size()
                                            == conflict.target().stream().distinct().count()
                                    && key.columns().containsAll(conflict.target());
            if (matches) {
                return key;
            }
        }
        if (conflict.constraint() != null) {
            throw tokens.error(
                    conflict.at(),
                    SqlState.UNDEFINED_OBJECT,
                    "constraint \""
                            + conflict.constraint()
                            + "\" for table \""
                            + table.name()
                            + "\" does not exist");
        }
        List<String> target = conflict.target() == null ? List.of() : conflict.target();
        for (String column : target) {
            if (table.column(column).isEmpty()) {
                throw tokens.error(
                        conflict.at(),
                        SqlState.UNDEFINED_COLUMN,
                        "column \"" + column + "\" does not exist");
            }
        }
        throw tokens.error(
                conflict.at(),
                new SqlState("42P10"),
                "there is no unique or exclusion constraint matching the ON CONFLICT"
                        + " specification");
    }

    private String merge(
            Shape.Insert insert, TableMetadata table, TableMetadata.Key key, String matched) {
        List<String> columns = columns(insert, table);
        requireColumns(insert, table, columns);
        if (!columns.containsAll(key.columns()) || insert.source() == null) {
            // The key comes from an identity or is NULL: it cannot be there already.
            return plainInsert(insert, "");
        }
        retryOnUnique = true;
        var sourced = new ArrayList<String>();
        var values = new ArrayList<String>();
        String source = source(insert, table, columns, sourced, values);
        String target = edits.render(insert.target().from(), insert.target().to());
        String alias = Identifier.quote(insert.alias());
        var on = new ArrayList<String>();
        for (String column : key.columns()) {
            String name = Identifier.quote(column);
            on.add(alias + '.' + name + " = excluded." + name);
        }
        return "MERGE INTO "
                + target
                + " AS "
                + alias
                + " USING "
                + source
                + " AS excluded("
                + list(sourced)
                + ") ON ("
                + String.join(" AND ", on)
                + ')'
                + matched
                + " WHEN NOT MATCHED THEN INSERT ("
                + list(columns)
                + ") VALUES ("
                + String.join(", ", values)
                + ')';
    }

    private void requireColumns(Shape.Insert insert, TableMetadata table, List<String> columns) {
        for (String column : columns) {
            if (table.column(column).isEmpty()) {
                throw tokens.error(
                        insert.target().from(),
                        SqlState.UNDEFINED_COLUMN,
                        "column \""
                                + column
                                + "\" of relation \""
                                + table.name()
                                + "\" does not exist");
            }
        }
        int width = insert.rows() == null ? columns.size() : insert.rows().getFirst().size();
        if (width != columns.size()) {
            boolean more = width > columns.size();
            throw new PgException(
                            SqlState.SYNTAX_ERROR,
                            more
                                    ? "INSERT has more expressions than target columns"
                                    : "INSERT has more target columns than expressions")
                    .withPosition(
                            Scanner.position(tokens.sql, tokens.starts[insert.target().from()]));
        }
    }

    private static String list(List<String> columns) {
        return String.join(", ", columns.stream().map(Identifier::quote).toList());
    }

    /**
     * The rows to merge, each value in its column's type; a column that is DEFAULT throughout is
     * left to the INSERT.
     */
    private String source(
            Shape.Insert insert,
            TableMetadata table,
            List<String> columns,
            List<String> sourced,
            List<String> values) {
        List<List<Expression>> rows = insert.rows();
        Range range = insert.source();
        if (range == null) {
            throw new IllegalStateException("a merge without a source");
        }
        var kept = new ArrayList<Integer>();
        for (int i = 0; i < columns.size(); i++) {
            boolean isDefault = rows != null && rows.getFirst().get(i).is(Form.DEFAULT);
            if (isDefault) {
                values.add("DEFAULT");
            } else {
                kept.add(i);
                sourced.add(columns.get(i));
                values.add("excluded." + Identifier.quote(columns.get(i)));
            }
        }
        Range with = insert.with();
        if (with != null) {
            moveWith(with, insert);
        }
        if (rows == null) {
            return '(' + edits.render(range.from(), range.to()) + ')';
        }
        var text = new StringBuilder("(VALUES ");
        for (List<Expression> row : rows) {
            text.append(text.length() > 8 ? ", (" : "(");
            for (int i = 0; i < row.size(); i++) {
                if (row.get(i).is(Form.DEFAULT) == kept.contains(i)) {
                    throw tokens.error(
                            row.get(i).from(),
                            SqlState.FEATURE_NOT_SUPPORTED,
                            "DEFAULT in some rows of a column only is not supported with ON"
                                    + " CONFLICT");
                }
            }
            for (int n = 0; n < kept.size(); n++) {
                Expression value = row.get(kept.get(n));
                TableMetadata.Column column = table.column(columns.get(kept.get(n))).orElseThrow();
                text.append(n == 0 ? "" : ", ")
                        .append("CAST(")
                        .append(edits.render(value.from(), value.to()))
                        .append(" AS ")
                        .append(column.engineType())
                        .append(')');
            }
            text.append(')');
        }
        return text.append(')').toString();
    }

    // ---- UPDATE and DELETE

    private String update(Shape.Update update) {
        new CommonTables(tree, edits).moveIntoReads(update.from());
        convertSets(update);
        if (update.joined()) {
            requireOwnColumns(update.returning(), update.alias());
        }
        return returning(
                edits.render(update.from(), update.end()),
                "FINAL",
                update.alias(),
                update.returning());
    }

    /** The engine gives back the rows of the table that is changed, and none of the others. */
    private void requireOwnColumns(@Nullable Range items, String alias) {
        if (items == null) {
            return;
        }
        for (int i = items.from(); i < items.to(); i++) {
            boolean isName = tokens.kinds[i] == Token.WORD || tokens.kinds[i] == Token.QUOTED_NAME;
            boolean isOther =
                    isName
                            && tokens.texts[i + 1].equals(".")
                            && !tokens.texts[i].equals(alias)
                            && !tokens.texts[i - 1].equals(".");
            boolean isStar =
                    tokens.texts[i].equals("*")
                            && (i == items.from() || tokens.texts[i - 1].equals(","));
            if (isOther || isStar) {
                throw tokens.error(
                        i,
                        SqlState.FEATURE_NOT_SUPPORTED,
                        "RETURNING of tables other than the one that is changed is not"
                                + " supported");
            }
        }
    }

    private void convertSets(Shape.Update update) {
        boolean needed = false;
        for (Assignment set : update.sets()) {
            needed |= set.value().is(Form.STRING) || set.value().is(Form.PARAMETER);
        }
        if (!needed) {
            return;
        }
        lookup(update.table())
                .ifPresent(table -> {
                    for (Assignment set : update.sets()) {
                        table.column(set.column()).ifPresent(convert(set.value()));
                    }
                });
    }

    /** DELETE … USING is a DELETE of the rows for which a row of the other tables exists. */
    private String delete(Shape.Delete delete) {
        new CommonTables(tree, edits).moveIntoReads(delete.from());
        String sql;
        if (delete.using() == null) {
            sql = edits.render(delete.from(), delete.end());
        } else {
            requireOwnColumns(delete.returning(), delete.alias());
            Range where = delete.where();
            sql =
                    "DELETE FROM "
                            + edits.render(delete.target().from(), delete.target().to())
                            + " WHERE EXISTS (SELECT 1 FROM "
                            + edits.render(delete.using().from(), delete.using().to())
                            + (where == null
                                    ? ""
                                    : " WHERE " + edits.render(where.from(), where.to()))
                            + ')';
        }
        return returning(sql, "OLD", delete.alias(), delete.returning());
    }

    private String returning(String change, String table, String alias, @Nullable Range items) {
        if (items == null) {
            return change;
        }
        return "SELECT "
                + edits.render(items.from(), items.to())
                + " FROM "
                + table
                + " TABLE ("
                + change
                + ") AS "
                + Identifier.quote(alias);
    }
}
