package io.heliosdb.engine;

import io.heliosdb.pg.Column;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.h2.api.ErrorCode;
import org.h2.command.CommandInterface;
import org.h2.command.Prepared;
import org.h2.command.ddl.AlterSequence;
import org.h2.command.ddl.CreateSequence;
import org.h2.command.ddl.CreateTable;
import org.h2.command.ddl.DefineCommand;
import org.h2.command.ddl.SetComment;
import org.h2.command.ddl.TruncateTable;
import org.h2.command.dml.DataChangeStatement;
import org.h2.command.query.Query;
import org.h2.command.query.Select;
import org.h2.expression.Parameter;
import org.h2.message.DbException;
import org.h2.result.LazyResult;
import org.h2.result.ResultInterface;
import org.h2.table.Table;
import org.h2.value.Value;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * A prepared statement of one session: prepared anew by itself after a change of the schema. Used
 * by the session's thread, any number of times, also from inside its own row hooks as long as one
 * execution does not run inside another of the same plan.
 */
public final class EnginePlan implements AutoCloseable {
    private static final @Nullable Object[] NONE = {};

    private final EngineSession session;
    private final String sql;
    private final boolean isSystem;
    private Statement statement;
    private List<Column> columns;
    private int[] parameterOids;
    private Parameter[] parameters;
    private int[] parameterTypes;
    private Set<String> assigned = Set.of();

    /** What an UPDATE sets, as of one preparation. */
    private record Updated(Prepared prepared, @Nullable Set<String> columns) {}

    private @Nullable Updated updated;

    /** The view whose rows it changes. */
    private @Nullable HookedView view;

    /** The last result whose rows are computed as they are read. */
    private @Nullable EngineResult unfinished;

    EnginePlan(EngineSession session, String sql, boolean isSystem) {
        this.session = session;
        this.sql = sql;
        this.isSystem = isSystem;
        statement = session.parse(sql, isSystem);
        columns = describeColumns();
        parameters = inOrder(statement.prepared.getParameters());
        parameterTypes = new int[parameters.length];
        parameterOids = describeParameters();
        view = HookedView.of(statement.prepared);
        ReturnedRows.restrict(statement.prepared);
    }

    /**
     * The columns of the rows it returns.
     *
     * @return empty where it returns none
     */
    public List<Column> columns() {
        return columns;
    }

    /**
     * The types of its parameters, as far as the statement tells them.
     *
     * @return one oid for each, 0 where it is not known
     */
    public int[] parameterOids() {
        return parameterOids.clone();
    }

    /**
     * Whether it returns rows.
     *
     * @return whether it does
     */
    public boolean isQuery() {
        return statement.isQuery();
    }

    /**
     * Whether it changes rows or locks them, which a read-only transaction does not allow.
     *
     * @return whether it does
     */
    public boolean isWrite() {
        Prepared prepared = statement.prepared;
        return prepared instanceof DataChangeStatement
                || prepared instanceof DefineCommand
                || (prepared instanceof Query query && QueryShape.writes(query, sql));
    }

    /**
     * Whether it commits the transaction it is run in, as every change of the schema does.
     *
     * @return whether it does
     */
    public boolean commitsImplicitly() {
        return !statement.isTransactional() || (isQuietDefinition() && !isTemporary());
    }

    /**
     * Whether it is a definition that the store would leave in the transaction, where no log sees
     * it: of a sequence, or a comment.
     */
    boolean isQuietDefinition() {
        return statement.prepared instanceof CreateSequence
                || statement.prepared instanceof AlterSequence
                || statement.prepared instanceof SetComment;
    }

    /** Whether it changes the store's maps itself, and not only by statements that it calls. */
    boolean changesStore() {
        return statement.changesStore;
    }

    /**
     * Whether it empties a table, which is a definition to the store but leaves the schema alone.
     */
    boolean isTruncation() {
        return statement.prepared instanceof TruncateTable;
    }

    /**
     * Whether it defines something that only its session sees and no crash survives.
     *
     * @return whether it does
     */
    public boolean isTemporary() {
        return session.temporary().isDefinition(statement.prepared);
    }

    /**
     * Whether the schema has changed since it was described, so that columns and parameters may no
     * longer be as they were; they are right again after the next execution or {@link #refresh}.
     *
     * @return whether it has
     */
    public boolean isStale() {
        return statement.prepared.needRecompile();
    }

    /** Prepares the statement anew where that is needed. */
    public void refresh() {
        if (isStale()) {
            prepareAgain();
        }
    }

    private void prepareAgain() {
        statement = session.parse(sql, isSystem);
        columns = describeColumns();
        parameters = inOrder(statement.prepared.getParameters());
        parameterTypes = new int[parameters.length];
        parameterOids = describeParameters();
        view = HookedView.of(statement.prepared);
        ReturnedRows.restrict(statement.prepared);
    }

    /**
     * Runs the statement without parameters.
     *
     * @return its result
     */
    public EngineResult execute() {
        return execute(NONE);
    }

    /**
     * Runs the statement. Nothing of a failed statement remains. A change of the schema commits
     * before and after itself.
     *
     * @param values one value for each parameter, as {@code pg.type} represents it; null for none
     * @return its result
     * @throws PgException what PostgreSQL answers, 57014 after a cancel, 40P01, 55P03 ...
     */
    public EngineResult execute(@Nullable Object @Nullable [] values) {
        return session.run(this, values == null ? NONE : values, false);
    }

    /**
     * Runs the statement as {@link #execute(Object[])} does, but leaves rows to be computed when
     * they are read, where it can: those of a query that reads no table. What such a query fails
     * with later, reading its rows throws. The plan can run again meanwhile.
     *
     * @param values one value for each parameter; null for none
     * @return its result
     */
    public EngineResult executeLazily(@Nullable Object @Nullable [] values) {
        return session.run(this, values == null ? NONE : values, true);
    }

    /**
     * Says which columns the statement assigns, for triggers that ask.
     *
     * @param columns their names; empty where it is no UPDATE
     */
    public void assigns(Collection<String> columns) {
        assigned = Set.copyOf(columns);
    }

    Set<String> assignedColumns() {
        return assigned;
    }

    /**
     * The values of this statement without a statement, where it is a query that reads no table. To
     * be asked again after {@link #refresh}.
     *
     * @return null for any other statement
     */
    public @Nullable EngineExpression expression() {
        return statement.prepared instanceof Query query
                ? EngineExpression.of(session, sql, query, parameters, parameterTypes)
                : null;
    }

    @Override
    public void close() {
        statement.close();
    }

    /** Runs in the session's thread, between its enter and exit. */
    EngineResult executeNow(@Nullable Object[] values) {
        return executeNow(values, false);
    }

    /** As {@link #executeNow(Object[])}, but its rows may be computed later. */
    EngineResult executeNow(@Nullable Object[] values, boolean lazily) {
        if (unfinished != null && unfinished.isLazy()) {
            // Its parameters and its place are those of the statement, which it keeps.
            unfinished = null;
            prepareAgain();
        } else if (commitsImplicitly() || isStale()) {
            refresh();
        }
        bind(values);
        var outside = session.depth().enterPlan(this);
        ResultInterface rows = null;
        long count = 0;
        long skipped;
        HookedView changedView = view;
        try {
            if (changedView != null) {
                changedView.begin(session, this);
            }
            if (statement.isQuery()) {
                var later = lazily ? begun() : null;
                rows = later == null ? statement.executeQuery(0, -1, false) : later;
            } else {
                count = statement.executeUpdate(null).getUpdateCount();
                if (statement.prepared instanceof CreateTable create) {
                    count = StoreAccess.rowCount(session.local(), create);
                }
            }
            if (changedView != null) {
                changedView.end(session);
            }
        } finally {
            skipped = session.depth().leavePlan(outside);
        }
        if (rows instanceof LazyResult later) {
            var begun = statement;
            var result = new EngineResult(session.local(), later, work -> resume(begun, work));
            unfinished = result;
            return result;
        }
        return new EngineResult(session.local(), rows, rows == null ? count - skipped : 0);
    }

    /** Begins the query without computing a row; null where its rows are to be computed at once. */
    private @Nullable LazyResult begun() {
        if (!(statement.prepared instanceof Select query)
                || !statement.readsNoTable()
                || !LazyQuery.isPossible(query)) {
            return null;
        }
        var local = session.local();
        local.startStatementWithinTransaction(statement);
        try {
            return lazily(() -> LazyQuery.begin(local, query));
        } finally {
            local.endStatement();
        }
    }

    /** Goes on with rows that were left, inside the statement that they belong to. */
    private boolean resume(Statement begun, BooleanSupplier work) {
        return session.evaluate(
                sql,
                () -> {
                    var local = session.local();
                    var outside = session.depth().enterPlan(this);
                    local.startStatementWithinTransaction(begun);
                    try {
                        return lazily(work::getAsBoolean);
                    } finally {
                        local.endStatement();
                        session.depth().leavePlan(outside);
                    }
                });
    }

    /** What the query reads is computed as it is read, too: the store asks the session for that. */
    private <T> T lazily(Supplier<T> work) {
        var local = session.local();
        local.setLazyQueryExecution(true);
        try {
            return work.get();
        } finally {
            local.setLazyQueryExecution(false);
        }
    }

    /** The columns that this sets by UPDATE. */
    @SuppressWarnings("ReferenceEquality") // It is about this preparation, not an equal one.
    @Nullable Set<String> updatedColumns(Table table) {
        Prepared now = statement.prepared;
        var known = updated;
        if (known == null || known.prepared != now) {
            known = new Updated(now, AssignedColumns.of(now, table));
            updated = known;
        }
        return known.columns;
    }

    String sql() {
        return sql;
    }

    /**
     * Has many executions of this plan, which inserts rows, look like one statement to the row
     * hook.
     *
     * @param work executes it, any number of times
     */
    public void asOneStatement(Runnable work) {
        var table = hookedTable();
        if (table == null) {
            work.run();
        } else {
            session.asOneStatement(this, table, work);
        }
    }

    /** The table that it changes, where that tells the row hook. */
    private @Nullable HookedTable hookedTable() {
        return statement.prepared instanceof DataChangeStatement change
                        && change.getTable() instanceof HookedTable table
                ? table
                : null;
    }

    /** The table that it changes, where that is a table of its own. */
    @Nullable String tableName() {
        if (statement.prepared instanceof DataChangeStatement change) {
            return change.getTable().getName();
        }
        return QueryShape.changedTable(sql);
    }

    int kind() {
        return statement.getCommandType();
    }

    private void bind(@Nullable Object[] values) {
        if (values.length < parameters.length) {
            throw new PgException(
                    SqlState.PROTOCOL_VIOLATION,
                    "bind message supplies "
                            + values.length
                            + " parameters, but prepared statement requires "
                            + parameters.length);
        }
        for (int i = 0; i < parameters.length; i++) {
            parameters[i].setValue(
                    Values.toValue(values[i], parameterTypes[i], session.local()), true);
        }
    }

    private List<Column> describeColumns() {
        if (!(statement.prepared instanceof Query query)) {
            return statement.isQuery() ? textColumns() : List.of();
        }
        return QueryShape.columns(query);
    }

    /** The columns of EXPLAIN and its like. */
    private List<Column> textColumns() {
        ResultInterface meta = statement.queryMeta();
        var list = new ArrayList<Column>();
        for (int i = 0; meta != null && i < meta.getVisibleColumnCount(); i++) {
            String name =
                    statement.getCommandType() == CommandInterface.EXPLAIN
                            ? "QUERY PLAN"
                            : meta.getAlias(i);
            list.add(new Column(name, Types.computedOid(meta.getColumnType(i))));
        }
        return List.copyOf(list);
    }

    private int[] describeParameters() {
        var oids = new int[parameters.length];
        var hints = ParameterTypes.of(statement.prepared);
        for (int i = 0; i < oids.length; i++) {
            var type = parameters[i].getType();
            parameterTypes[i] = type.getValueType();
            Integer hint = hints.get(i);
            if (hint != null && type.getValueType() == Value.UNKNOWN) {
                oids[i] = hint;
            } else {
                oids[i] = Types.computedOid(type);
            }
        }
        return oids;
    }

    private static Parameter[] inOrder(@Nullable List<Parameter> list) {
        if (list == null) {
            return new Parameter[0];
        }
        var ordered = new Parameter[list.size()];
        for (Parameter parameter : list) {
            if (parameter == null || parameter.getIndex() >= ordered.length) {
                throw DbException.get(ErrorCode.PARAMETER_NOT_SET_1, "#" + ordered.length);
            }
            ordered[parameter.getIndex()] = parameter;
        }
        return ordered;
    }

    PgException isRefusedToWrite() {
        return new PgException(
                SqlState.READ_ONLY_SQL_TRANSACTION,
                "cannot execute " + CommandWords.of(kind()) + " in a read-only transaction");
    }
}
