package io.heliosdb.session;

import io.heliosdb.engine.TableInfo;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.Report;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.type.TextStyle;
import io.heliosdb.sql.RoutineResolver;
import io.heliosdb.sql.SchemaLookup;
import io.heliosdb.sql.SqlType;
import io.heliosdb.sql.Statement;
import io.heliosdb.sql.TableName;
import io.heliosdb.trigger.routine.RoutineCalls;
import io.heliosdb.trigger.routine.RoutineHost;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** What functions, procedures and their bodies ask of the session they run in. */
final class SessionRoutineHost implements RoutineHost {
    private final SessionState session;
    private @Nullable StatementRunner runner;
    private @Nullable TransactionCommands transactions;

    /** How many procedures and blocks run that may end the transaction: 1 or none. */
    private boolean mayEndTransaction;

    SessionRoutineHost(SessionState session) {
        this.session = session;
    }

    /** The session's runner exists later than its functions. */
    void runBy(StatementRunner newRunner, TransactionCommands newTransactions) {
        runner = newRunner;
        transactions = newTransactions;
    }

    @Override
    public SchemaLookup schema() {
        return session.searchPath();
    }

    @Override
    public Optional<TableInfo> table(TableName name) {
        return session.searchPath().info(name);
    }

    @Override
    public List<String> schemas() {
        return session.existingSchemas();
    }

    @Override
    public String user() {
        return session.user();
    }

    @Override
    public TextStyle textStyle() {
        return session.textStyle();
    }

    @Override
    public void notice(Report report) {
        session.notice(report);
    }

    @Override
    public Object mark() {
        return session.work().mark();
    }

    @Override
    public void rollbackTo(Object mark) {
        session.work().rollbackTo(mark);
    }

    @Override
    public void release(Object mark) {
        // A mark is a place in the transaction and holds nothing.
    }

    @Override
    public void commit(boolean chain) {
        requireProcedure();
        end(chain, () -> session.block().commit());
    }

    @Override
    public void rollback(boolean chain) {
        requireProcedure();
        end(chain, () -> session.block().rollback());
    }

    private void end(boolean chain, Runnable ending) {
        var commands = transactions;
        if (commands == null) {
            throw new IllegalStateException("a session without its runner");
        }
        commands.endAndBegin(chain, ending);
    }

    private void requireProcedure() {
        boolean isOutermost = session.block().state() == TransactionBlock.State.IMPLICIT;
        if (!mayEndTransaction || !isOutermost) {
            throw new PgException(new SqlState("2D000"), "invalid transaction termination");
        }
    }

    /** Runs CALL or DO, which may end the transaction where nothing stands around it. */
    <T> T asProcedure(boolean isAlone, Supplier<T> work) {
        boolean before = mayEndTransaction;
        mayEndTransaction = isAlone;
        try {
            return work.get();
        } finally {
            mayEndTransaction = before;
        }
    }

    /** Runs a function, which may not end the transaction. */
    <T> T asFunction(Supplier<T> work) {
        return asProcedure(false, work);
    }

    @Override
    public void checkCancelled() {
        session.cancellation().check();
    }

    @Override
    public List<Optional<Output>> call(TableName procedure, List<Argument> arguments) {
        var types = new ArrayList<@Nullable SqlType>();
        for (var argument : arguments) {
            types.add(SqlType.argument(argument.oid()));
        }
        var statement =
                new Statement.Call(
                        "CALL " + procedure,
                        0,
                        procedure,
                        5,
                        List.of(),
                        arguments.stream().map(each -> each.name().orElse("")).toList(),
                        types);
        var calls = session.routines().calls();
        var match = calls.procedure(statement);
        var by = requireRunner();
        var outcome =
                calls.run(
                        match,
                        arguments.stream().map(Argument::value).toArray(),
                        arguments.stream().mapToInt(Argument::oid).toArray(),
                        by::defaultOf);
        return outputs(match, outcome);
    }

    /** For each argument what its parameter holds, where it comes out. */
    private static List<Optional<Output>> outputs(
            RoutineResolver.Match match, RoutineCalls.Outcome outcome) {
        var parameters = match.routine().parameters();
        var outputs = new ArrayList<Optional<Output>>();
        for (int place : match.places()) {
            int column = 0;
            for (int i = 0; i < place; i++) {
                column += parameters.get(i).isOutput() ? 1 : 0;
            }
            outputs.add(
                    parameters.get(place).isOutput()
                            ? Optional.of(
                                    new Output(
                                            outcome.values()[column],
                                            parameters.get(place).type().oid()))
                            : Optional.empty());
        }
        return outputs;
    }

    private StatementRunner requireRunner() {
        var by = runner;
        if (by == null) {
            throw new IllegalStateException("a session without its runner");
        }
        return by;
    }

    @Override
    public long run(Statement statement) {
        return requireRunner().runInside(statement);
    }

    @Override
    public <T> T acting(Optional<String> role, Map<String, String> settings, Supplier<T> work) {
        var before = new HashMap<String, String>();
        role.ifPresent(name -> before.put("role", session.settings().value("role")));
        settings.forEach((name, value) -> before.put(name, session.settings().value(name)));
        try {
            role.ifPresent(name -> session.settings().set(Setting.require("role"), name, true));
            settings.forEach(
                    (name, value) -> session.settings().set(Setting.require(name), value, true));
            session.applySettings();
            return work.get();
        } finally {
            before.forEach(
                    (name, value) -> session.settings().set(Setting.require(name), value, true));
            session.applySettings();
        }
    }
}
