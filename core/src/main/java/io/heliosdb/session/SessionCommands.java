package io.heliosdb.session;

import io.heliosdb.engine.TypedValue;
import io.heliosdb.pg.Column;
import io.heliosdb.pg.Oid;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pubsub.ListenAction;
import io.heliosdb.sql.PublicationStatement;
import io.heliosdb.sql.RoutineParameter;
import io.heliosdb.sql.Statement;
import io.heliosdb.sql.TransactionStatement;
import io.heliosdb.trigger.routine.Routine;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The statements that this database answers itself rather than its engine. Confined to the session.
 */
final class SessionCommands {
    private final SessionState session;
    private final StatementRunner runner;
    private final Planner planner;
    private final TransactionCommands transactions;
    private final RoleCommands roles;
    private final CopyCommands copies;
    private final CursorCommands cursors;

    SessionCommands(
            SessionState session,
            StatementRunner runner,
            Planner planner,
            TransactionCommands transactions) {
        this.session = session;
        this.runner = runner;
        this.planner = planner;
        this.transactions = transactions;
        roles = new RoleCommands(session);
        copies = new CopyCommands(session, runner, transactions);
        cursors = new CursorCommands(session, runner, transactions);
    }

    /** The columns of a command that returns rows; null for one that does not. */
    static @Nullable List<Column> columns(Statement statement) {
        if (statement instanceof Statement.Show show) {
            if (show.name().equals("all")) {
                return List.of(
                        new Column("name", Oid.TEXT),
                        new Column("setting", Oid.TEXT),
                        new Column("description", Oid.TEXT));
            }
            return List.of(new Column(Setting.require(show.name()).name(), Oid.TEXT));
        }
        return null;
    }

    /** Runs a command; its tag and rows go into the portal. */
    void run(Bound bound) {
        var statement = bound.prepared().statement();
        switch (statement) {
            case Statement.Show show -> bound.opened(new OwnRows(show(show.name())), "SHOW", false);
            case Statement.Execute execute -> execute(execute, bound);
            case Statement.DeclareCursor declare ->
                    bound.completed(cursors.declare(declare, bound));
            case Statement.Fetch fetch -> cursors.fetch(fetch, bound);
            case Statement.Copy _ -> bound.completed("COPY");
            case Statement.Call call -> call(call, bound);
            default -> bound.completed(runForTag(statement));
        }
    }

    /** COPY, which talks to its client while it runs; gives its tag. */
    String copy(Statement.Copy copy, ResultReceiver out) {
        return copies.run(copy, out);
    }

    private String runForTag(Statement statement) {
        return switch (statement) {
            case Statement.Empty empty -> "";
            case Statement.Listen listen ->
                    listen(new ListenAction.Listen(listen.channel()), "LISTEN");
            case Statement.Unlisten unlisten ->
                    listen(new ListenAction.Unlisten(unlisten.channel()), "UNLISTEN");
            case Statement.UnlistenAll all -> listen(new ListenAction.UnlistenAll(), "UNLISTEN");
            case Statement.Notify notify -> notify(notify);
            case TransactionStatement.Begin begin -> transactions.begin(begin);
            case TransactionStatement.Commit commit -> transactions.commit(commit.chain());
            case TransactionStatement.Rollback rollback -> transactions.rollback(rollback.chain());
            case TransactionStatement.Savepoint savepoint ->
                    transactions.savepoint(savepoint.name());
            case TransactionStatement.Release release -> transactions.release(release.name());
            case TransactionStatement.RollbackTo rollbackTo ->
                    transactions.rollbackTo(rollbackTo.name());
            case TransactionStatement.PrepareTransaction prepare ->
                    transactions.prepareTransaction();
            case TransactionStatement.CommitPrepared commit ->
                    transactions.endPrepared("COMMIT PREPARED", commit.id());
            case TransactionStatement.RollbackPrepared rollback ->
                    transactions.endPrepared("ROLLBACK PREPARED", rollback.id());
            case TransactionStatement.SetTransaction set ->
                    transactions.setModes(set.session(), set.modes());
            case TransactionStatement.SetTransactionSnapshot set ->
                    transactions.setSnapshot(set.snapshot());
            case Statement.Set set -> set(set);
            case Statement.Reset reset -> reset(reset.name());
            case Statement.Discard discard -> discard(discard.target());
            case Statement.Prepare prepare -> prepare(prepare);
            case Statement.CloseCursor close -> cursors.close(close.name());
            case Statement.Deallocate deallocate -> deallocate(deallocate.name());
            case Statement.CreateTrigger create -> {
                requireWritable("CREATE TRIGGER");
                session.triggers().create(create.definition());
                yield "CREATE TRIGGER";
            }
            case Statement.CreateRoutine create -> {
                String command =
                        create.definition().isProcedure() ? "CREATE PROCEDURE" : "CREATE FUNCTION";
                requireWritable(command);
                session.routines().create(create.definition());
                yield command;
            }
            case Statement.DropRoutine drop -> {
                requireWritable("DROP " + drop.kind());
                session.routines().drop(drop, routine -> requireUnused(routine, drop.isCascade()));
                yield "DROP " + drop.kind();
            }
            case Statement.AlterRoutine alter -> {
                requireWritable("ALTER " + alter.kind());
                session.routines().alter(alter);
                yield "ALTER " + alter.kind();
            }
            case Statement.Do block -> {
                session.applySettings();
                session.routineHost()
                        .asProcedure(
                                !transactions.isInString(),
                                () -> {
                                    session.routines().calls().run(block);
                                    return true;
                                });
                yield "DO";
            }
            case Statement.CreateFunctionTrigger create -> {
                requireWritable("CREATE TRIGGER");
                session.applySettings();
                session.triggers().create(create.definition());
                yield "CREATE TRIGGER";
            }
            case Statement.RenameTrigger rename -> {
                requireWritable("ALTER TRIGGER");
                session.triggers().rename(rename);
                yield "ALTER TRIGGER";
            }
            case Statement.EnableTrigger enable -> {
                requireWritable("ALTER TABLE");
                session.triggers().enable(enable);
                yield "ALTER TABLE";
            }
            case Statement.CreateRule create -> {
                requireWritable("CREATE RULE");
                session.triggers().create(create);
                yield "CREATE RULE";
            }
            case Statement.DropRule drop -> {
                requireWritable("DROP RULE");
                session.triggers().drop(drop);
                yield "DROP RULE";
            }
            case PublicationStatement publication -> {
                requireWritable(publication.tag());
                session.applySettings();
                yield session.publications().run(publication);
            }
            case Statement.SetConstraints set -> {
                if (!session.block().isBlock() && !transactions.isInString()) {
                    session.warning(
                            SqlState.NO_ACTIVE_SQL_TRANSACTION,
                            "SET CONSTRAINTS can only be used in transaction blocks");
                }
                session.triggers().set(set);
                yield "SET CONSTRAINTS";
            }
            case Statement.DropTrigger drop -> {
                requireWritable("DROP TRIGGER");
                session.triggers().drop(drop.name(), drop.table(), drop.ifExists());
                yield "DROP TRIGGER";
            }
            case Statement.CreateRole create -> {
                requireWritable("CREATE ROLE");
                yield roles.create(create);
            }
            case Statement.AlterRole alter -> {
                requireWritable("ALTER ROLE");
                yield roles.alter(alter);
            }
            case Statement.DropRole drop -> {
                requireWritable("DROP ROLE");
                yield roles.drop(drop);
            }
            case Statement.Nothing nothing -> nothing.tag();
            case Statement.Checkpoint _ -> checkpoint();
            case Statement.Unsupported unsupported ->
                    throw unsupported(unsupported.command() + " is not supported yet");
            case Statement.Show _,
                    Statement.Execute _,
                    Statement.DeclareCursor _,
                    Statement.Copy _ ->
                    throw new IllegalStateException("it has its own way: " + statement.source());
            case Statement.Fetch _ -> throw new IllegalStateException("FETCH has its own way");
            case Statement.Call call -> throw new IllegalStateException("CALL has its own way");
            case Statement.Engine engine ->
                    throw new IllegalStateException("the engine runs " + engine.kind());
        };
    }

    private String listen(ListenAction action, String tag) {
        session.listen(action);
        return tag;
    }

    private String notify(Statement.Notify notify) {
        session.notify(notify.channel(), notify.payload());
        return "NOTIFY";
    }

    private String set(Statement.Set set) {
        if (set.local() && !session.block().isBlock() && !transactions.isInString()) {
            session.warning(
                    SqlState.NO_ACTIVE_SQL_TRANSACTION,
                    "SET LOCAL can only be used in transaction blocks");
        }
        var value = set.values().isEmpty() ? null : String.join(", ", set.values());
        change(session, set.name(), value, set.local());
        return "SET";
    }

    /** Changes a setting; some of them are more than a value. */
    static void change(SessionState session, String name, @Nullable String value, boolean isLocal) {
        var setting = Setting.require(name);
        switch (setting.name()) {
            case "session_authorization" -> {
                authorize(session, value);
                noteSuperuser(session, false);
            }
            case "role" -> {
                actAs(session, value, isLocal);
                noteSuperuser(session, isLocal);
            }
            default -> session.settings().set(setting, value, isLocal);
        }
    }

    /** Clients are told whether who they act as may do everything. */
    private static void noteSuperuser(SessionState session, boolean isLocal) {
        boolean isSuperuser =
                session.instance()
                        .roles()
                        .find(session.user())
                        .map(Role::isSuperuser)
                        .orElse(false);
        session.settings().force("is_superuser", isSuperuser ? "on" : "off", isLocal);
    }

    private static void authorize(SessionState session, @Nullable String role) {
        var wanted = role == null || role.equals("default") ? session.loginUser() : role;
        if (!wanted.equals(session.loginUser())) {
            session.requireSuperuser(
                    "permission denied to set session authorization \"" + wanted + "\"");
            session.instance().roles().require(wanted);
        }
        session.settings().force("session_authorization", wanted, false);
        session.settings().force("role", "none", false);
    }

    private static void actAs(SessionState session, @Nullable String role, boolean isLocal) {
        if (role != null && !role.equals("none") && !role.equals(session.sessionUser())) {
            session.instance().roles().require(role);
            session.requireSuperuser("permission denied to set role \"" + role + "\"");
        }
        session.settings().set(Setting.require("role"), role == null ? "none" : role, isLocal);
    }

    private String reset(String name) {
        if (name.equals("all")) {
            session.settings().resetAll();
        } else {
            change(session, name, null, false);
        }
        return "RESET";
    }

    private String checkpoint() {
        boolean isSuperuser =
                session.instance()
                        .roles()
                        .find(session.user())
                        .map(Role::isSuperuser)
                        .orElse(false);
        if (!isSuperuser) {
            throw new PgException(
                    SqlState.INSUFFICIENT_PRIVILEGE,
                    "must be superuser or have privileges of pg_checkpoint to do CHECKPOINT");
        }
        session.instance().engine().checkpoint();
        return "CHECKPOINT";
    }

    private List<@Nullable Object[]> show(String name) {
        if (!name.equals("all")) {
            return List.<@Nullable Object[]>of(
                    new @Nullable Object[] {session.settings().shown(name)});
        }
        var rows = new ArrayList<@Nullable Object[]>();
        for (var setting : Setting.all()) {
            rows.add(
                    new @Nullable Object[] {
                        setting.name(), session.settings().shown(setting.name()), ""
                    });
        }
        return rows;
    }

    private String discard(Statement.Discard.Target target) {
        switch (target) {
            case ALL -> {
                transactions.requireOutsideBlock("DISCARD ALL");
                session.portals().closeAll();
                session.settings().resetAll();
                change(session, "session_authorization", null, false);
                session.statements().clear();
                session.listenQuietly(new ListenAction.UnlistenAll());
                planner.forgetPlans();
                discardTemporary();
            }
            case PLANS -> planner.forgetPlans();
            case SEQUENCES -> {}
            case TEMP -> discardTemporary();
        }
        return "DISCARD " + target;
    }

    private void discardTemporary() {
        RoutineSchemas.dropTemporary(session, this::dropUsers);
        session.rows().dropTemporaryObjects();
    }

    private String prepare(Statement.Prepare prepare) {
        int[] oids = prepare.parameterOids().stream().mapToInt(Integer::intValue).toArray();
        session.statements()
                .keep(prepare.name(), runner.prepare(prepare.body(), oids), prepare.source(), true);
        return "PREPARE";
    }

    private String deallocate(Optional<String> name) {
        if (name.isEmpty()) {
            session.statements().clear();
            return "DEALLOCATE ALL";
        }
        session.statements().deallocate(name.get());
        return "DEALLOCATE";
    }

    private void execute(Statement.Execute execute, Bound bound) {
        var prepared = session.statements().require(execute.name());
        var parameters =
                execute.arguments().map(this::arguments).orElseGet(() -> new @Nullable Object[0]);
        if (parameters.length != prepared.parameterCount()) {
            throw new PgException(
                            SqlState.SYNTAX_ERROR,
                            "wrong number of parameters for prepared statement \""
                                    + execute.name()
                                    + "\"")
                    .withDetail(
                            "Expected %d parameters but got %d."
                                    .formatted(prepared.parameterCount(), parameters.length));
        }
        var inner = new Bound("", prepared, parameters);
        runner.start(inner);
        bound.takeOver(inner);
    }

    private void call(Statement.Call call, Bound bound) {
        session.applySettings();
        var calls = session.routines().calls();
        var match = calls.procedure(call);
        var values = new @Nullable Object[0];
        var oids = new int[0];
        if (!call.arguments().isEmpty()) {
            var prepared = runner.prepare(planner.arguments(call), new int[0]);
            values = row(prepared, bound.parameters());
            oids = prepared.requireColumns().stream().mapToInt(Column::typeOid).toArray();
        }
        var given = values;
        var types = oids;
        var outcome =
                session.routineHost()
                        .asProcedure(
                                !transactions.isInString(),
                                () -> calls.run(match, given, types, this::defaultOf));
        if (outcome.columns().isEmpty()) {
            bound.completed("CALL");
        } else {
            bound.opened(new OwnRows(List.<@Nullable Object[]>of(outcome.values())), "CALL", false);
        }
    }

    TypedValue defaultOf(RoutineParameter parameter) {
        var text = "SELECT " + parameter.defaultText().orElse("NULL");
        var prepared = runner.prepare(runner.parseSingle(text), new int[0]);
        return new TypedValue(
                row(prepared, new @Nullable Object[0])[0],
                prepared.requireColumns().getFirst().typeOid());
    }

    private @Nullable Object[] row(Prepared prepared, @Nullable Object[] parameters) {
        var inner = new Bound("", prepared, parameters);
        runner.start(inner);
        try {
            var rows = inner.rows();
            if (rows == null || rows.count() != 1) {
                throw new IllegalStateException("a SELECT of expressions gives one row");
            }
            return rows.row(0);
        } finally {
            inner.close();
        }
    }

    private @Nullable Object[] arguments(Statement.Engine select) {
        var inner = new Bound("", runner.prepare(select, new int[0]), new @Nullable Object[0]);
        runner.start(inner);
        var rows = inner.rows();
        if (rows == null || rows.count() != 1) {
            throw new IllegalStateException("a SELECT of expressions gives one row");
        }
        var values = rows.row(0);
        inner.close();
        return values;
    }

    /** Drops what calls a routine that is to go. */
    void dropUsers(Routine routine) {
        requireUnused(routine, true);
    }

    /** A function that triggers call goes with them or not at all. */
    private void requireUnused(Routine routine, boolean isCascade) {
        var triggers = session.triggers().calling(routine.oid());
        if (triggers.isEmpty()) {
            return;
        }
        if (isCascade) {
            triggers.forEach(session.triggers()::dropWithFunction);
            return;
        }
        var detail =
                triggers.stream()
                        .map(trigger ->
                                "trigger %s on table %s depends on function %s()"
                                        .formatted(
                                                trigger.name(),
                                                trigger.table().name(),
                                                routine.name()))
                        .collect(Collectors.joining("\n"));
        throw new PgException(
                        new SqlState("2BP01"),
                        "cannot drop function %s() because other objects depend on it"
                                .formatted(routine.name()))
                .withDetail(detail)
                .withHint("Use DROP ... CASCADE to drop the dependent objects too.");
    }

    private void requireWritable(String command) {
        if (transactions.isReadOnlyNow()) {
            throw new PgException(
                    SqlState.READ_ONLY_SQL_TRANSACTION,
                    "cannot execute " + command + " in a read-only transaction");
        }
    }

    private static PgException unsupported(String message) {
        return new PgException(SqlState.FEATURE_NOT_SUPPORTED, message);
    }
}
