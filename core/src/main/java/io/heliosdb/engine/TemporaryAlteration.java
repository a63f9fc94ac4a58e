package io.heliosdb.engine;

import org.h2.api.ErrorCode;
import org.h2.command.CommandContainer;
import org.h2.command.CommandInterface;
import org.h2.command.ParserBase;
import org.h2.command.Prepared;
import org.h2.command.ddl.AlterTableAlterColumn;
import org.h2.command.ddl.AlterTableRename;
import org.h2.command.ddl.AlterTableRenameConstraint;
import org.h2.command.ddl.CreateTableData;
import org.h2.constraint.Constraint;
import org.h2.constraint.ConstraintReferential;
import org.h2.constraint.ConstraintUnique;
import org.h2.engine.DbObject;
import org.h2.engine.SessionLocal;
import org.h2.expression.Expression;
import org.h2.index.Index;
import org.h2.message.DbException;
import org.h2.schema.Sequence;
import org.h2.table.Column;
import org.h2.table.Table;
import org.h2.util.HasSQL;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The changes of a session's temporary table that the store refuses: those that write its rows
 * anew, into a copy that takes its place, and those of names. What a copy fails with leaves the
 * table as it was. Used once, by the session's thread, inside a statement.
 */
final class TemporaryAlteration {
    private final SessionLocal session;
    private final Table table;

    /** What the copy and its parts are called until the table is gone. */
    private final String copyName;

    private TemporaryAlteration(SessionLocal session, Table table) {
        this.session = session;
        this.table = table;
        copyName = session.getDatabase().getTempTableName(table.getName(), session);
    }

    /**
     * Runs the statement where it is such a change.
     *
     * @return whether it is; otherwise the store can run it itself
     */
    static boolean run(SessionLocal session, Prepared prepared) {
        String name = TableCommands.tableName(prepared);
        Table table = name == null ? null : session.findLocalTempTable(name);
        if (table == null) {
            return false;
        }
        var alteration = new TemporaryAlteration(session, table);
        return switch (prepared) {
            case AlterTableRename rename -> {
                alteration.rename(TableCommands.newName(rename));
                yield true;
            }
            case AlterTableRenameConstraint rename -> {
                alteration.renameConstraint(
                        TableCommands.constraintName(rename), TableCommands.newName(rename));
                yield true;
            }
            case AlterTableAlterColumn alter -> alteration.alter(alter);
            default -> false;
        };
    }

    private void rename(String name) {
        if (session.findLocalTempTable(name) != null) {
            throw DbException.get(ErrorCode.TABLE_OR_VIEW_ALREADY_EXISTS_1, name);
        }
        move(table, name);
    }

    /** Has the session know a table by another name. */
    private void move(Table moved, String name) {
        StoreAccess.temporaryTables(session).remove(moved.getName());
        moved.rename(name);
        session.addLocalTempTable(moved);
    }

    private void renameConstraint(String old, String name) {
        var constraints = session.getLocalTempTableConstraints();
        Constraint constraint = constraints.get(old);
        if (constraint == null || !table.equals(constraint.getTable())) {
            throw DbException.get(ErrorCode.CONSTRAINT_NOT_FOUND_1, old);
        }
        if (constraints.containsKey(name)) {
            throw DbException.get(ErrorCode.CONSTRAINT_ALREADY_EXISTS_1, name);
        }
        renamePart(constraints, constraint, name);
    }

    private static <T extends DbObject> void renamePart(Map<String, T> all, T part, String name) {
        all.remove(part.getName());
        part.rename(name);
        all.put(name, part);
    }

    private boolean alter(AlterTableAlterColumn alter) {
        var change = TableCommands.columns(alter);
        return switch (alter.getType()) {
            case CommandInterface.ALTER_TABLE_ADD_COLUMN -> {
                if (!change.ifNotExists()
                        || !table.doesColumnExist(change.added().getFirst().getName())) {
                    add(change.added());
                }
                yield true;
            }
            case CommandInterface.ALTER_TABLE_DROP_COLUMN -> {
                drop(change.removed());
                yield true;
            }
            case CommandInterface.ALTER_TABLE_ALTER_COLUMN_CHANGE_TYPE -> {
                Column old = change.oldColumn();
                Column changed = change.newColumn();
                boolean copies =
                        old != null
                                && changed != null
                                && (change.using() != null || !old.isWideningConversion(changed));
                if (copies) {
                    changeType(old, changed, change.using());
                }
                yield copies;
            }
            default -> false;
        };
    }

    private void add(List<Column> added) {
        var database = session.getDatabase();
        for (Column column : added) {
            if (column.hasIdentityOptions()) {
                column.initializeSequence(
                        session, table.getSchema(), database.allocateObjectId(), true);
            }
        }
        var columns = columns();
        columns.addAll(added);
        var kept = new ArrayList<>(columns);
        kept.removeAll(added);
        replace(columns, kept, null, null);
    }

    private void drop(List<Column> removed) {
        if (table.getColumns().length == removed.size()) {
            throw DbException.get(
                    ErrorCode.CANNOT_DROP_LAST_COLUMN, removed.getFirst().getTraceSQL());
        }
        table.dropMultipleColumnsConstraintsAndIndexes(session, new ArrayList<>(removed));
        var names = removed.stream().map(Column::getName).toList();
        var columns = columns();
        columns.removeIf(column -> names.contains(column.getName()));
        replace(columns, columns, null, null);
    }

    private void changeType(Column old, Column changed, @Nullable Expression using) {
        var columns = columns();
        columns.set(old.getColumnId(), changed);
        replace(columns, columns, changed, using);
    }

    private List<Column> columns() {
        var columns = new ArrayList<Column>();
        for (Column column : table.getColumns()) {
            columns.add(column.getClone());
        }
        return columns;
    }

    /** Puts a copy with these columns in the table's place, the kept ones with their values. */
    private void replace(
            List<Column> columns,
            List<Column> kept,
            @Nullable Column computed,
            @Nullable Expression value) {
        Table copy = createCopy(columns);
        boolean isComplete = false;
        try {
            execute(copyingRows(copy, kept, computed, value));
            createParts(copy);
            isComplete = true;
        } finally {
            if (!isComplete) {
                discard(copy);
            }
        }
        release(table, columns);
        String name = table.getName();
        copy.setOnCommitDrop(table.getOnCommitDrop());
        copy.setOnCommitTruncate(table.getOnCommitTruncate());
        session.removeLocalTempTable(table);
        move(copy, name);
        renameParts(copy);
    }

    /** Takes sequences from a table, which would otherwise be gone with it. */
    private static void release(Table from, List<Column> columns) {
        for (Column column : columns) {
            Sequence sequence = column.getSequence();
            if (sequence != null) {
                from.removeSequence(sequence);
            }
        }
    }

    private void discard(Table copy) {
        release(copy, List.of(table.getColumns()));
        session.removeLocalTempTable(copy);
    }

    /** As the store has it: the text of a table that is never used makes the columns anew. */
    private Table createCopy(List<Column> columns) {
        var data = new CreateTableData();
        data.tableName = copyName;
        data.id = session.getDatabase().allocateObjectId();
        data.columns = new ArrayList<>(columns);
        data.temporary = true;
        data.persistData = table.isPersistData();
        data.persistIndexes = table.isPersistIndexes();
        data.session = session;
        Table template = table.getSchema().createTable(data);
        template.setComment(table.getComment());
        String sql = template.getCreateSQLForMeta();
        template.removeChildrenAndResources(session);
        execute(sql);
        Table copy = session.findLocalTempTable(copyName);
        if (copy == null) {
            throw new IllegalStateException("no copy of a temporary table: " + sql);
        }
        return copy;
    }

    private String copyingRows(
            Table copy, List<Column> kept, @Nullable Column computed, @Nullable Expression value) {
        var targets = new ArrayList<String>();
        var values = new ArrayList<String>();
        for (Column column : kept) {
            if (column.isGenerated()) {
                continue;
            }
            String name = column.getSQL(HasSQL.DEFAULT_SQL_FLAGS);
            targets.add(name);
            values.add(
                    column.equals(computed) && value != null
                            ? value.getSQL(HasSQL.DEFAULT_SQL_FLAGS)
                            : name);
        }
        String target = copy.getSQL(HasSQL.DEFAULT_SQL_FLAGS);
        String source = table.getSQL(HasSQL.DEFAULT_SQL_FLAGS);
        if (targets.isEmpty()) {
            throw DbException.getUnsupportedException("a table whose columns are all generated");
        }
        return "INSERT INTO "
                + target
                + '('
                + String.join(", ", targets)
                + ") OVERRIDING SYSTEM VALUE SELECT "
                + String.join(", ", values)
                + " FROM "
                + source;
    }

    /** Indexes and constraints, the keys before what refers to them. */
    private void createParts(Table copy) {
        var keys = new ArrayList<String>();
        var others = new ArrayList<String>();
        for (DbObject part : table.getChildren()) {
            boolean isPart =
                    part instanceof Constraint
                            || (part instanceof Index index
                                    && !index.getIndexType().getBelongsToConstraint());
            if (isPart && part.getCreateSQL() != null) {
                (part instanceof ConstraintUnique ? keys : others).add(copied(part, copy));
            }
        }
        keys.forEach(this::execute);
        others.forEach(this::execute);
    }

    private String copied(DbObject part, Table copy) {
        String name =
                ParserBase.quoteIdentifier(
                        copyName + '_' + part.getName(), HasSQL.DEFAULT_SQL_FLAGS);
        if (part instanceof ConstraintReferential key && !key.getTable().equals(table)) {
            return key.getCreateSQLForCopy(key.getTable(), copy, name, false);
        }
        return part.getCreateSQLForCopy(copy, name);
    }

    private void renameParts(Table copy) {
        String prefix = copyName + '_';
        for (DbObject part : copy.getChildren()) {
            String name = part.getName();
            if (name == null || !name.startsWith(prefix)) {
                continue;
            }
            String plain = name.substring(prefix.length());
            if (part instanceof Constraint constraint) {
                renamePart(session.getLocalTempTableConstraints(), constraint, plain);
            } else if (part instanceof Index index) {
                renamePart(session.getLocalTempTableIndexes(), index, plain);
            }
        }
    }

    private void execute(String sql) {
        Prepared prepared = session.prepare(sql);
        try (var command = new CommandContainer(session, sql, prepared)) {
            command.executeUpdate(null);
        }
    }
}
