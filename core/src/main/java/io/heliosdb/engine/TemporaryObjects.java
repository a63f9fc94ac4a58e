package io.heliosdb.engine;

import org.h2.api.ErrorCode;
import org.h2.command.Prepared;
import org.h2.command.ddl.CreateSequence;
import org.h2.command.ddl.CreateTable;
import org.h2.command.ddl.CreateView;
import org.h2.command.ddl.DefineCommand;
import org.h2.command.ddl.SequenceOptions;
import org.h2.engine.SessionLocal;
import org.h2.message.DbException;
import org.h2.schema.Schema;
import org.h2.schema.SchemaObject;
import org.h2.schema.Sequence;
import org.h2.table.Column;
import org.h2.table.Table;
import org.h2.table.TableType;
import org.h2.table.TableView;
import org.h2.util.HasSQL;
import org.h2.value.TypeInfo;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * What only one session sees: its temporary tables, views and sequences. They belong to a schema of
 * the session's own, made with the first of them, which neither the file nor the log knows. Whoever
 * writes SQL for the engine names that schema; only so is an object of the same name elsewhere told
 * apart. Confined to the session's thread.
 *
 * @see <a href="https://www.postgresql.org/docs/15/runtime-config-client.html#GUC-SEARCH-PATH">
 *     PostgreSQL: pg_temp</a>
 */
public final class TemporaryObjects {
    /** What the names of all these schemas begin with; users' schemas cannot. */
    public static final String PREFIX = "pg_temp_";

    private final SessionLocal local;
    private @Nullable Schema schema;
    private long version;

    /** What the open transaction has made, in order; it goes when that is undone. */
    private final List<SchemaObject> made = new ArrayList<>();

    TemporaryObjects(SessionLocal local) {
        this.local = local;
    }

    /**
     * The schema's name; the first call makes the schema.
     *
     * @return the name, which is no other session's
     */
    public String requireSchema() {
        var known = schema;
        if (known == null) {
            var database = local.getDatabase();
            known =
                    new Schema(
                            database,
                            database.allocateObjectId(),
                            PREFIX + local.getId(),
                            local.getUser(),
                            false);
            known.setTemporary(true);
            StoreAccess.replaceSchema(database, known);
            schema = known;
        }
        return known.getName();
    }

    /**
     * The schema's name.
     *
     * @return nothing where the session has none yet
     */
    public Optional<String> schemaName() {
        return Optional.ofNullable(schema).map(Schema::getName);
    }

    /**
     * Whether a table is some session's own.
     *
     * @param table its name
     * @return whether it is
     */
    public static boolean isTemporary(TableId table) {
        return table.schema().startsWith(PREFIX);
    }

    /**
     * Whether a table would be this session's own.
     *
     * @param table its name
     * @return whether it is in the session's schema
     */
    public boolean isOwn(TableId table) {
        return isSchema(table.schema());
    }

    /** Grows with each definition. */
    long version() {
        return version;
    }

    boolean isSchema(String name) {
        return schema != null && schema.getName().equals(name);
    }

    /**
     * A temporary table or view.
     *
     * @param name its name
     * @return nothing where the session has none of that name
     */
    public Optional<TableInfo> table(String name) {
        return schema == null
                ? Optional.empty()
                : Optional.ofNullable(io.heliosdb.engine.Schema.temporary(local, name));
    }

    /**
     * Whether a relation is one of these: a table, view, index or sequence.
     *
     * @param name its name
     * @return whether it is
     */
    public boolean has(String name) {
        var known = schema;
        return known != null
                && (local.findLocalTempTable(name) != null
                        || known.findSequence(name) != null
                        || local.findLocalTempTableIndex(name) != null);
    }

    /** Drops all of them, and the schema. */
    void drop() {
        var known = schema;
        if (known == null) {
            return;
        }
        for (Table table : local.getLocalTempTables()) {
            if (table instanceof TableView) {
                local.removeLocalTempTable(table);
            }
        }
        for (Table table : local.getLocalTempTables()) {
            local.removeLocalTempTable(table);
        }
        var database = local.getDatabase();
        for (Sequence sequence : List.copyOf(known.getAllSequences())) {
            database.removeSchemaObject(local, sequence);
        }
        schema = null;
        made.clear();
        version++;
        StoreAccess.removeSchema(database, known);
        var ids = new BitSet();
        ids.set(known.getId());
        database.releaseDatabaseObjectIds(ids);
    }

    /** Whether a statement defines something that only this session sees and no crash survives. */
    boolean isDefinition(Prepared prepared) {
        if (prepared instanceof CreateTable create) {
            return StoreAccess.isTemporary(create);
        }
        var known = schema;
        return known != null && AllowList.names(prepared, known.getName());
    }

    /**
     * Runs the statement where it makes a temporary view or sequence.
     *
     * @return whether it does; otherwise the store can run it itself
     */
    boolean define(Prepared prepared) {
        var known = schema;
        if (known == null) {
            return false;
        }
        switch (prepared) {
            case CreateView create when known.equals(TableCommands.schema(create)) ->
                    create(known, TableCommands.view(create));
            case CreateSequence create when known.equals(TableCommands.schema(create)) ->
                    create(
                            known,
                            TableCommands.sequenceName(create),
                            TableCommands.options(create));
            default -> {
                return false;
            }
        }
        return true;
    }

    private void create(Schema owner, TableCommands.View definition) {
        var query = definition.query();
        if (query.getParameters() != null && !query.getParameters().isEmpty()) {
            throw DbException.getUnsupportedException("parameters in views");
        }
        String sql = query.getPlanSQL(HasSQL.DEFAULT_SQL_FLAGS);
        var columns = columns(definition.columns());
        Table old = local.findLocalTempTable(definition.name());
        if (old == null) {
            var view =
                    new TableView(
                            owner,
                            local.getDatabase().allocateObjectId(),
                            definition.name(),
                            sql,
                            columns,
                            local);
            view.setTemporary(true);
            local.addLocalTempTable(view);
            stand(view);
            made.add(view);
            return;
        }
        if (!definition.orReplace() || old.getTableType() != TableType.VIEW) {
            throw DbException.get(ErrorCode.VIEW_ALREADY_EXISTS_1, definition.name());
        }
        var view = (TableView) old;
        view.replace(sql, columns, local, false);
        view.setModified();
        stand(view);
    }

    private static Column @Nullable [] columns(List<String> names) {
        return names.isEmpty()
                ? null
                : names.stream()
                        .map(name -> new Column(name, TypeInfo.TYPE_UNKNOWN))
                        .toArray(Column[]::new);
    }

    /**
     * Takes the view from the lists of the tables that it reads: other sessions, which do not see
     * it, would make it anew as one of all, or wait for it to be gone.
     */
    private static void stand(TableView view) {
        for (Table table : view.getTables()) {
            table.removeDependentView(view);
        }
    }

    private void create(Schema owner, String name, SequenceOptions options) {
        if (owner.findSequence(name) != null || local.findLocalTempTable(name) != null) {
            throw DbException.get(ErrorCode.SEQUENCE_ALREADY_EXISTS_1, name);
        }
        var database = local.getDatabase();
        var sequence =
                new Sequence(local, owner, database.allocateObjectId(), name, options, false);
        sequence.setTemporary(true);
        database.addSchemaObject(local, sequence);
        made.add(sequence);
    }

    /** A place among what the transaction has made. */
    int mark() {
        return made.size();
    }

    /** Drops what came after a place: its transaction is undone up to there. */
    void rollbackTo(int mark) {
        if (made.size() <= mark) {
            return;
        }
        while (made.size() > mark) {
            switch (made.removeLast()) {
                case Table table when isHere(table) -> local.removeLocalTempTable(table);
                case Sequence sequence when isHere(sequence) ->
                        local.getDatabase().removeSchemaObject(local, sequence);
                default -> {}
            }
        }
        version++;
    }

    @SuppressWarnings("ReferenceEquality") // Another of the same name may have taken its place.
    private boolean isHere(Table table) {
        return local.findLocalTempTable(table.getName()) == table;
    }

    @SuppressWarnings("ReferenceEquality")
    private boolean isHere(Sequence sequence) {
        var known = schema;
        return known != null && known.findSequence(sequence.getName()) == sequence;
    }

    /** What was made stays; tables that were to go with the transaction have gone. */
    void committed() {
        if (schema != null) {
            boolean hasChanged = false;
            for (SchemaObject object : made) {
                hasChanged |= object instanceof Table table && !isHere(table);
            }
            version += hasChanged ? 1 : 0;
            made.clear();
        }
    }

    /**
     * Keeps the store from taking a temporary table for the one of all that is to be made under the
     * same name.
     *
     * @return to be closed when it is made
     */
    Namesake hideNamesake(Prepared prepared) {
        Table hidden =
                prepared instanceof CreateTable create && !StoreAccess.isTemporary(create)
                        ? local.findLocalTempTable(StoreAccess.tableName(create))
                        : null;
        if (hidden == null) {
            return () -> {};
        }
        var tables = StoreAccess.temporaryTables(local);
        tables.remove(hidden.getName());
        return () -> tables.put(hidden.getName(), hidden);
    }

    /** Hides a table until it is closed. */
    interface Namesake extends AutoCloseable {
        @Override
        void close();
    }

    /** A statement is done. Views change with their tables, or go with them. */
    void defined(Prepared prepared) {
        if (!(prepared instanceof DefineCommand) || !isDefinition(prepared)) {
            return;
        }
        version++;
        if (prepared instanceof CreateTable create) {
            Table table = local.findLocalTempTable(StoreAccess.tableName(create));
            if (table != null && !made.contains(table)) {
                made.add(table);
            }
        }
        for (Table table : local.getLocalTempTables()) {
            if (table instanceof TableView view) {
                view.recompile(local, true, true);
                if (view.isInvalid()) {
                    local.removeLocalTempTable(view);
                } else {
                    stand(view);
                }
            }
        }
    }
}
