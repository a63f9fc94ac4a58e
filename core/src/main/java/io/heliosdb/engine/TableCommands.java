package io.heliosdb.engine;

import org.h2.command.Prepared;
import org.h2.command.ddl.AlterTable;
import org.h2.command.ddl.AlterTableAlterColumn;
import org.h2.command.ddl.AlterTableRename;
import org.h2.command.ddl.AlterTableRenameConstraint;
import org.h2.expression.Expression;
import org.h2.table.Column;
import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * What a parsed ALTER TABLE says, which the store keeps to itself. Its version is pinned, and a
 * missing member fails when this class is loaded.
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
