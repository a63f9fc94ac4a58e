package io.heliosdb.trigger.routine;

import io.heliosdb.engine.EnginePlan;
import io.heliosdb.engine.EngineSession;
import io.heliosdb.pg.Column;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.sql.BodyNames;
import io.heliosdb.sql.BoundSql;
import io.heliosdb.sql.EmbeddedSql;
import io.heliosdb.sql.RoutineDefinition;
import io.heliosdb.sql.SqlType;
import io.heliosdb.sql.Statement;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * The statements of a routine in SQL, ready to run: rewritten and prepared, with the routine's
 * arguments as their parameters. Good for one version of the schema; one call at a time uses it.
 */
final class SqlRun implements AutoCloseable {
    /** How often an upsert that lost a race is run again before its error is reported. */
    private static final int UPSERT_TRIES = 100;

    private static final class Step {
        final Statement statement;
        final @Nullable EmbeddedSql sql;
        final int offset;
        @Nullable BoundSql bound;
        @Nullable EnginePlan plan;

        Step(Statement statement, @Nullable EmbeddedSql sql, int offset) {
            this.statement = statement;
            this.sql = sql;
            this.offset = offset;
        }
    }

    private final RoutineDefinition definition;
    private final List<SqlType> types;
    private final EngineSession engine;
    private final RoutineHost host;
    private final long version;
    private final List<Step> steps = new ArrayList<>();

    private SqlRun(
            RoutineDefinition definition,
            List<SqlType> types,
            EngineSession engine,
            RoutineHost host) {
        this.definition = definition;
        this.types = types;
        this.engine = engine;
        this.host = host;
        version = engine.schemaVersion();
    }

    /**
     * Prepares the statements, up to the first one that changes the schema: those after it are
     * prepared when they run.
     *
     * @throws PgException what is wrong with them, with the position in the body
     */
    static SqlRun compile(
            RoutineDefinition definition,
            List<Statement> statements,
            List<SqlType> types,
            EngineSession engine,
            RoutineHost host) {
        var run = new SqlRun(definition, types, engine, host);
        try {
            boolean isOpen = false;
            for (Statement statement : statements) {
                RoutineBodies.requireAllowed(statement, definition.name().name());
                isOpen |= changesSchema(statement);
                var sql = EmbeddedSql.parse(statement.source(), name -> false);
                var step = new Step(statement, sql.isBindable() ? sql : null, statement.offset());
                run.steps.add(step);
                if (!isOpen) {
                    run.prepare(step);
                }
            }
            return run;
        } catch (RuntimeException e) {
            run.close();
            throw e;
        }
    }

    static boolean changesSchema(Statement statement) {
        return statement instanceof Statement.Engine engine
                && (engine.kind() == Statement.Engine.Kind.DDL);
    }

    boolean isCurrent(EngineSession session) {
        return version == session.schemaVersion();
    }

    /** The columns that the last statement gives. */
    List<Column> columns() {
        if (steps.isEmpty()) {
            return List.of();
        }
        var plan = steps.getLast().plan;
        return plan == null ? List.of() : plan.columns();
    }

    boolean returnsRows() {
        if (steps.isEmpty()) {
            return false;
        }
        var bound = steps.getLast().bound;
        return bound != null && bound.returnsRows();
    }

    /**
     * Runs the statements.
     *
     * @param arguments one for each input
     * @param rowsMax how many rows of the last one are wanted; the others' go nowhere
     */
    List<@Nullable Object[]> run(@Nullable Object[] arguments, int rowsMax) {
        var rows = new ArrayList<@Nullable Object[]>();
        for (int i = 0; i < steps.size(); i++) {
            try {
                run(steps.get(i), arguments, i == steps.size() - 1 ? rowsMax : 0, rows);
            } catch (PgException e) {
                String line =
                        "SQL function \"%s\" statement %d"
                                .formatted(definition.name().name(), i + 1);
                String where = e.report().where();
                throw e.withPosition(0).withWhere(where == null ? line : where + '\n' + line);
            }
        }
        return rows;
    }

    private void run(
            Step step, @Nullable Object[] arguments, int rowsMax, List<@Nullable Object[]> rows) {
        host.checkCancelled();
        if (step.sql == null) {
            host.run(step.statement);
            return;
        }
        prepare(step);
        var bound = step.bound;
        var plan = step.plan;
        if (bound == null || plan == null) {
            throw new IllegalStateException("a statement that was not prepared");
        }
        var values = new @Nullable Object[bound.variables().size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = arguments[(Integer) bound.variables().get(i)];
        }
        execute(plan, values, bound, rowsMax, rows);
    }

    private void execute(
            EnginePlan plan,
            @Nullable Object[] values,
            BoundSql bound,
            int rowsMax,
            List<@Nullable Object[]> rows) {
        for (int tries = 1; ; tries++) {
            try (var result = plan.execute(values)) {
                int width = plan.columns().size();
                while (rows.size() < rowsMax && result.next()) {
                    var row = new @Nullable Object[width];
                    for (int i = 0; i < width; i++) {
                        row[i] = result.value(i);
                    }
                    rows.add(row);
                }
                return;
            } catch (PgException e) {
                boolean hasLostRace =
                        bound.retryOnUnique() && e.sqlState().equals(SqlState.UNIQUE_VIOLATION);
                if (!hasLostRace || tries == UPSERT_TRIES) {
                    throw e;
                }
                host.checkCancelled();
            }
        }
    }

    private void prepare(Step step) {
        if (step.sql == null || step.plan != null) {
            return;
        }
        try {
            step.bound = step.sql.bind(new Names(), host.schema());
            step.plan = engine.prepare(step.bound.sql());
        } catch (PgException e) {
            int position = e.report().position();
            throw position > 0 ? e.withPosition(position(step, e, position)) : e;
        }
    }

    /** An error of the engine points into its own text, where the word it names is looked for. */
    private static int position(Step step, PgException e, int position) {
        var bound = step.bound;
        if (bound == null) {
            return step.offset + position;
        }
        var matcher = QUOTED.matcher(e.report().message());
        String source = step.statement.source();
        int at = matcher.find() ? source.indexOf(matcher.group(1)) : -1;
        return at < 0 ? 0 : step.offset + at + 1;
    }

    private static final java.util.regex.Pattern QUOTED =
            java.util.regex.Pattern.compile("\"([^\"]+)\"");

    /** The routine's parameters by their names, with the routine's name, and by their numbers. */
    private final class Names implements BodyNames {
        @Override
        public @Nullable Meaning find(List<String> path) {
            String name = path.getLast();
            boolean isOwn =
                    path.size() == 1
                            || (path.size() == 2
                                    && path.getFirst().equals(definition.name().name()));
            if (!isOwn) {
                return null;
            }
            var inputs = definition.inputs();
            for (int i = 0; i < inputs.size(); i++) {
                boolean isMeant =
                        name.equals("$" + (i + 1))
                                || inputs.get(i).name().filter(name::equals).isPresent();
                if (isMeant) {
                    return new Value(i, types.get(i));
                }
            }
            return null;
        }

        @Override
        public Conflict conflict() {
            return Conflict.USE_COLUMN;
        }
    }

    @Override
    public void close() {
        for (Step step : steps) {
            if (step.plan != null) {
                step.plan.close();
                step.plan = null;
            }
        }
    }
}
