package io.heliosdb.trigger.routine;

import io.heliosdb.engine.EngineSession;
import io.heliosdb.engine.TableInfo;
import io.heliosdb.pg.Column;
import io.heliosdb.pg.Oid;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.sql.RoutineDefinition;
import io.heliosdb.sql.RoutineResolver;
import io.heliosdb.sql.RoutineType;
import io.heliosdb.sql.SqlParser;
import io.heliosdb.sql.SqlType;
import io.heliosdb.sql.Statement;
import io.heliosdb.sql.TableName;
import io.heliosdb.sql.TransactionStatement;
import io.heliosdb.trigger.plpgsql.PlpgsqlBody;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads and compiles the bodies of routines in SQL; what is compiled is kept for each routine and
 * version of the schema. Confined to the session's thread.
 */
final class RoutineBodies implements AutoCloseable {
    /** Compiled bodies beyond this are dropped all at once. */
    private static final int COMPILED_MAX = 512;

    private record Key(Routine routine, List<SqlType> types) {}

    private final EngineSession engine;
    private final RoutineHost host;
    private final Map<Key, ArrayDeque<SqlRun>> idle = new HashMap<>();

    RoutineBodies(EngineSession engine, RoutineHost host) {
        this.engine = engine;
        this.host = host;
    }

    /**
     * Reads a body.
     *
     * @throws PgException 42601 and the like, with the position in the CREATE statement
     */
    static RoutineBody read(
            RoutineDefinition definition, Function<TableName, Optional<TableInfo>> tables) {
        try {
            if (definition.language().equals("sql")) {
                return new RoutineBody.Sql(new SqlParser().parse(definition.body()));
            }
            return new RoutineBody.Procedural(
                    PlpgsqlBody.parse(definition.body(), Signatures.body(definition, tables)));
        } catch (PgException e) {
            throw placed(e, definition);
        }
    }

    private static PgException placed(PgException e, RoutineDefinition definition) {
        int position = e.report().position();
        return position > 0 ? e.withPosition(definition.position(position)) : e;
    }

    /** Compiles what is about to be created; tables and columns must be there. */
    void check(RoutineDefinition definition, RoutineBody body) {
        boolean isPolymorphic =
                definition.inputs().stream().anyMatch(each -> each.type().isPolymorphic());
        if (!(body instanceof RoutineBody.Sql(var statements)) || isPolymorphic) {
            return;
        }
        var types = definition.inputs().stream().map(each -> each.type().sqlType()).toList();
        boolean isOpen = statements.stream().anyMatch(SqlRun::changesSchema);
        if (!isOpen) {
            try (var run = SqlRun.compile(definition, statements, types, engine, host)) {
                requireResult(definition, run.columns(), run.returnsRows());
            } catch (PgException e) {
                throw placed(e, definition);
            }
        }
    }

    private void requireResult(
            RoutineDefinition definition, List<Column> columns, boolean returnsRows) {
        RoutineType returns = definition.returns();
        if (returns.oid() == RoutineType.VOID || definition.isProcedure()) {
            return;
        }
        if (!returnsRows) {
            throw mismatch(
                    definition,
                    "Function's final statement must be SELECT or INSERT/UPDATE/DELETE"
                            + " RETURNING.");
        }
        boolean isRow =
                returns.oid() == RoutineType.RECORD
                        || Signatures.row(returns, host::table).isPresent()
                        || definition.outputs().size() > 1;
        if (isRow) {
            requireRow(definition, columns);
            return;
        }
        if (columns.size() != 1) {
            throw mismatch(definition, "Final statement must return exactly one column.");
        }
        int actual = columns.getFirst().typeOid();
        var target =
                definition.outputs().isEmpty() ? returns : definition.outputs().getFirst().type();
        if (!isAssignable(actual, target)) {
            throw mismatch(
                    definition,
                    "Actual return type is %s.".formatted(RoutineType.of(actual).display()));
        }
    }

    private void requireRow(RoutineDefinition definition, List<Column> columns) {
        var row = Signatures.row(definition.returns(), host::table);
        int expected = row.isPresent() ? row.get().columns().size() : definition.outputs().size();
        if (expected == 0) {
            return;
        }
        if (columns.size() != expected && columns.size() != 1) {
            throw mismatch(
                    definition,
                    columns.size() < expected
                            ? "Final statement returns too few columns."
                            : "Final statement returns too many columns.");
        }
    }

    private static boolean isAssignable(int actual, RoutineType target) {
        SqlType from = SqlType.of(actual);
        if (from == null || target.isNamed() || target.isPolymorphic() || actual == Oid.TEXT) {
            return actual != Oid.TEXT || isTextual(target);
        }
        boolean isNumber = isNumber(actual) && isNumber(target.oid());
        return isNumber || RoutineResolver.isImplicit(from, target);
    }

    /** A constant in quotes is a text for the engine and may become anything in PostgreSQL. */
    private static boolean isTextual(RoutineType target) {
        return !isNumber(target.oid()) && target.oid() != Oid.BOOL;
    }

    private static boolean isNumber(int oid) {
        return oid == Oid.INT2
                || oid == Oid.INT4
                || oid == Oid.INT8
                || oid == Oid.NUMERIC
                || oid == Oid.FLOAT4
                || oid == Oid.FLOAT8;
    }

    private static PgException mismatch(RoutineDefinition definition, String detail) {
        String type = definition.returns().display();
        return new PgException(
                        new SqlState("42P13"),
                        "return type mismatch in function declared to return " + type)
                .withDetail(detail)
                .withWhere("SQL function \"" + definition.name().name() + '"');
    }

    /** A run of a routine for its caller alone, to be given back. */
    SqlRun borrow(Routine routine, List<SqlType> types) {
        if (!(routine.body() instanceof RoutineBody.Sql(var statements))) {
            throw new IllegalStateException(routine.name() + " is not in SQL");
        }
        var free = idle.get(new Key(routine, types));
        while (free != null && !free.isEmpty()) {
            var run = free.pop();
            if (run.isCurrent(engine)) {
                return run;
            }
            run.close();
        }
        return SqlRun.compile(routine.definition(), statements, types, engine, host);
    }

    void giveBack(Routine routine, List<SqlType> types, SqlRun run) {
        if (idle.size() >= COMPILED_MAX) {
            close();
        }
        idle.computeIfAbsent(new Key(routine, types), key -> new ArrayDeque<>(1)).push(run);
    }

    @Override
    public void close() {
        idle.values().forEach(runs -> runs.forEach(SqlRun::close));
        idle.clear();
    }

    /** Statements that a body may not hold. */
    static void requireAllowed(Statement statement, String function) {
        String command =
                switch (statement) {
                    case TransactionStatement.Begin begin -> begin.tag();
                    case TransactionStatement.Commit commit -> "COMMIT";
                    case TransactionStatement.Rollback rollback -> "ROLLBACK";
                    case TransactionStatement.Savepoint savepoint -> "SAVEPOINT";
                    case TransactionStatement.Release release -> "RELEASE SAVEPOINT";
                    case TransactionStatement.RollbackTo rollback -> "ROLLBACK TO SAVEPOINT";
                    default -> "";
                };
        if (!command.isEmpty()) {
            throw new PgException(
                            SqlState.FEATURE_NOT_SUPPORTED,
                            command + " is not allowed in an SQL function")
                    .withWhere("SQL function \"" + function + "\" during startup");
        }
    }
}
