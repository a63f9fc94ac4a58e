package io.heliosdb.engine;

import org.h2.command.Prepared;
import org.h2.command.ddl.AlterTable;
import org.h2.command.ddl.AlterTableAlterColumn;
import org.h2.command.ddl.AlterTableRename;
import org.h2.command.ddl.AlterTableRenameConstraint;
import org.h2.command.ddl.CreateSequence;
import org.h2.command.ddl.CreateView;
import org.h2.command.ddl.SchemaCommand;
import org.h2.command.ddl.SequenceOptions;
import org.h2.command.query.Query;
import org.h2.expression.Expression;
import org.h2.schema.Schema;
import org.h2.table.Column;
import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * What a parsed ALTER TABLE, CREATE VIEW or CREATE SEQUENCE says, which the store keeps to itself.
 * Its version is pinned, and a missing member fails when this class is loaded.
 */
final class TableCommands {
    private static final VarHandle TABLE = field(AlterTable.class, "tableName", String.class);
    private static final VarHandle COLUMN_TABLE =
            field(AlterTableAlterColumn.class, "tableName", String.class);
    private static final VarHandle NEW_TABLE =
            field(AlterTableRename.class, "newTableName", String.class);
    private static final VarHandle CONSTRAINT =
            field(AlterTableRenameConstraint.class, "constraintName", String.class);
    private static final VarHandle NEW_CONSTRAINT =
            field(AlterTableRenameConstraint.class, "newConstraintName", String.class);
    private static final VarHandle OLD_COLUMN =
            field(AlterTableAlterColumn.class, "oldColumn", Column.class);
    private static final VarHandle NEW_COLUMN =
            field(AlterTableAlterColumn.class, "newColumn", Column.class);
    private static final VarHandle USING =
            field(AlterTableAlterColumn.class, "usingExpression", Expression.class);
    private static final VarHandle IF_NOT_EXISTS =
            field(AlterTableAlterColumn.class, "ifNotExists", boolean.class);
    private static final VarHandle ADDED =
            field(AlterTableAlterColumn.class, "columnsToAdd", ArrayList.class);
    private static final VarHandle REMOVED =
            field(AlterTableAlterColumn.class, "columnsToRemove", ArrayList.class);

    private static final VarHandle SCHEMA = field(SchemaCommand.class, "schema", Schema.class);
    private static final VarHandle VIEW_NAME = field(CreateView.class, "viewName", String.class);
    private static final VarHandle VIEW_QUERY = field(CreateView.class, "query", Query.class);
    private static final VarHandle VIEW_COLUMNS =
            field(CreateView.class, "columnNames", String[].class);
    private static final VarHandle OR_REPLACE = field(CreateView.class, "orReplace", boolean.class);
    private static final VarHandle SEQUENCE_NAME =
            field(CreateSequence.class, "sequenceName", String.class);
    private static final VarHandle OPTIONS =
            field(CreateSequence.class, "options", SequenceOptions.class);

    /**
     * A view to be made.
     *
     * @param name its name
     * @param query its query
     * @param columns what its columns are called; empty for the names that the query gives them
     * @param orReplace whether it may take the place of another view
     */
    record View(String name, Query query, List<String> columns, boolean orReplace) {}

    /**
     * A change of columns.
     *
     * @param added the columns to add
     * @param removed the columns to drop
     * @param oldColumn the column that changes its type; null for none
     * @param newColumn what it is to be; null for none
     * @param using its values; null for its own, converted
     * @param ifNotExists whether a column that is there already is no error
     */
    record ColumnChange(
            List<Column> added,
            List<Column> removed,
            @Nullable Column oldColumn,
            @Nullable Column newColumn,
            @Nullable Expression using,
            boolean ifNotExists) {}

    private TableCommands() {}

    /** The table that it changes; null for another statement. */
    static @Nullable String tableName(Prepared prepared) {
        return switch (prepared) {
            case AlterTable alter -> (String) TABLE.get(alter);
            case AlterTableAlterColumn alter -> (String) COLUMN_TABLE.get(alter);
            default -> null;
        };
    }

    static Schema schema(SchemaCommand command) {
        return (Schema) SCHEMA.get(command);
    }

    static View view(CreateView create) {
        return new View(
                (String) VIEW_NAME.get(create),
                (Query) VIEW_QUERY.get(create),
                names((String[]) VIEW_COLUMNS.get(create)),
                (boolean) OR_REPLACE.get(create));
    }

    private static List<String> names(String @Nullable [] names) {
        return names == null ? List.of() : List.of(names);
    }

    static String sequenceName(CreateSequence create) {
        return (String) SEQUENCE_NAME.get(create);
    }

    static SequenceOptions options(CreateSequence create) {
        return (SequenceOptions) OPTIONS.get(create);
    }

    static String newName(AlterTableRename rename) {
        return (String) NEW_TABLE.get(rename);
    }

    static String constraintName(AlterTableRenameConstraint rename) {
        return (String) CONSTRAINT.get(rename);
    }

    static String newName(AlterTableRenameConstraint rename) {
        return (String) NEW_CONSTRAINT.get(rename);
    }

    static ColumnChange columns(AlterTableAlterColumn alter) {
        return new ColumnChange(
                list(ADDED.get(alter)),
                list(REMOVED.get(alter)),
                (Column) OLD_COLUMN.get(alter),
                (Column) NEW_COLUMN.get(alter),
                (Expression) USING.get(alter),
                (boolean) IF_NOT_EXISTS.get(alter));
    }

    @SuppressWarnings("unchecked") // the fields' declared type
    private static List<Column> list(@Nullable Object columns) {
        return columns == null ? List.of() : List.copyOf((List<Column>) columns);
    }

    private static VarHandle field(Class<?> owner, String name, Class<?> type) {
        try {
            return MethodHandles.privateLookupIn(owner, MethodHandles.lookup())
                    .findVarHandle(owner, name, type);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
