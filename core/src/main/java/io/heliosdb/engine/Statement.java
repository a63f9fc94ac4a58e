package io.heliosdb.engine;

import org.h2.command.CommandContainer;
import org.h2.command.Prepared;
import org.h2.command.ddl.CreateSchema;
import org.h2.command.ddl.DefineCommand;
import org.h2.command.dml.Call;
import org.h2.command.query.Query;
import org.h2.engine.DbObject;
import org.h2.result.ResultInterface;
import org.h2.result.ResultWithGeneratedKeys;
import org.h2.table.MetaTable;
import org.h2.table.TableBase;
import org.jspecify.annotations.Nullable;

import java.util.Set;

/**
 * A command of the store that remembers what it depends on, which the store would collect anew each
 * time, and undoes what a failed query has changed, which the store leaves to the caller.
 */
final class Statement extends CommandContainer {
    final Prepared prepared;

    /** Whether it changes the store's maps itself. */
    final boolean changesStore;

    private final boolean mayWrite;
    private final TemporaryObjects temporary;
    private @Nullable Set<DbObject> dependencies;

    /** Prepares a statement, and refuses one that reaches outside unless it is our own. */
    static Statement of(EngineSession session, String sql, boolean isSystem) {
        Prepared prepared = session.local().prepare(sql);
        // Its functions that give rows say their columns; they need not be asked each time.
        prepared.setPrepareAlways(false);
        if (!isSystem) {
            AllowList.check(prepared, sql);
        }
        if (prepared instanceof DefineCommand definition
                && session.temporary().isDefinition(prepared)) {
            // It commits nothing, since nobody else sees it.
            definition.setTransactional(true);
        }
        if (prepared instanceof CreateSchema schema) {
            schema.setAuthorization(session.engine().ownerName());
        }
        return new Statement(session, sql, prepared);
    }

    private Statement(EngineSession session, String sql, Prepared prepared) {
        super(session.local(), sql, prepared);
        this.prepared = prepared;
        temporary = session.temporary();
        changesStore =
                prepared instanceof Query query
                        ? QueryShape.writes(query, sql)
                        : !(prepared instanceof Call);
        mayWrite =
                prepared instanceof Query query
                        && (!prepared.isReadOnly() || QueryShape.writes(query, sql));
    }

    /** Whether its rows depend on nothing that another statement could change. */
    boolean readsNoTable() {
        return prepared instanceof Query
                && !changesStore
                && getDependencies().stream()
                        .noneMatch(object ->
                                object instanceof TableBase || object instanceof MetaTable);
    }

    @Override
    public Set<DbObject> getDependencies() {
        var known = dependencies;
        if (known == null) {
            known = super.getDependencies();
            dependencies = known;
        }
        return known;
    }

    @Override
    public ResultWithGeneratedKeys update(@Nullable Object generatedKeys) {
        boolean isDone = temporary.define(prepared) || TemporaryAlteration.run(session, prepared);
        if (isDone) {
            temporary.defined(prepared);
            return ResultWithGeneratedKeys.of(0);
        }
        try (var _ = temporary.hideNamesake(prepared)) {
            return super.update(generatedKeys);
        } finally {
            temporary.defined(prepared);
        }
    }

    @Override
    public ResultInterface query(long maxrows) {
        if (!mayWrite) {
            return super.query(maxrows);
        }
        var mark = session.setSavepoint();
        try {
            return super.query(maxrows);
        } catch (Throwable e) {
            session.rollbackTo(mark);
            throw e;
        }
    }
}
