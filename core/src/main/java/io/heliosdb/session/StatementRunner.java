package io.heliosdb.session;

import io.heliosdb.engine.EngineResult;
import io.heliosdb.engine.EngineSession;
import io.heliosdb.engine.SnapshotPoint;
import io.heliosdb.engine.TypedValue;
import io.heliosdb.pg.Column;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.Report;
import io.heliosdb.pg.Severity;
import io.heliosdb.pg.SqlState;
import io.heliosdb.replication.ReplicationSlot;
import io.heliosdb.sql.Rewritten;
import io.heliosdb.sql.RoutineParameter;
import io.heliosdb.sql.Statement;
import io.heliosdb.sql.TransactionStatement;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Runs one statement after the other for a session: checks that the transaction takes it, times it,
 * hands it to the engine or to {@link SessionCommands}, and gives out its rows. Confined to the
 * session.
 */
final class StatementRunner {
    /** How often an upsert that lost a race is run again before its error is reported. */
    private static final int UPSERT_TRIES = 100;

    /** A race is lost to another row each time; the same key again and again is the statement's. */
    private static final int SAME_KEY_TRIES = 8;

    private final SessionState session;
    private final Planner planner;
    private final TransactionCommands transactions;
    private final SessionCommands commands;

    StatementRunner(SessionState session) {
        this.session = session;
        planner = new Planner(session);
        transactions = new TransactionCommands(session);
        commands = new SessionCommands(session, this, planner, transactions);
        session.routineHost().runBy(this, transactions);
    }

    List<Statement> parse(String sql) {
        return planner.parse(sql);
    }

    Statement parseSingle(String sql) {
        return planner.parseSingle(sql);
    }

    /**
     * Begins work on a statement: 25P02 in a failed block, else its transaction is open and its
     * time runs.
     */
    void begin(Statement statement, boolean isInString) {
        if (session.block().state() == TransactionBlock.State.FAILED && !endsBlock(statement)) {
            throw new PgException(
                    SqlState.IN_FAILED_SQL_TRANSACTION,
                    "current transaction is aborted, commands ignored until end of transaction"
                            + " block");
        }
        transactions.open();
        transactions.isInString(isInString);
        session.cancellation().begin(session.settings().statementTimeoutMillis());
    }

    void end() {
        session.cancellation().end();
    }

    Prepared prepare(Statement statement, int[] parameterOids) {
        truncation(statement).ifPresent(session::notice);
        return planner.prepare(statement, parameterOids);
    }

    /** Binds parameters; the portal takes the place of the unnamed one where it has no name. */
    Bound bind(String portalName, Prepared prepared, @Nullable Object[] parameters) {
        if (parameters.length != prepared.parameterCount()) {
            throw new PgException(
                    SqlState.PROTOCOL_VIOLATION,
                    "bind message supplies %d parameters, but prepared statement \"\" requires %d"
                            .formatted(parameters.length, prepared.parameterCount()));
        }
        if (portalName.isEmpty()) {
            session.portals().close("");
        } else {
            session.portals().requireFree(portalName);
        }
        begin(prepared.statement(), false);
        try {
            var bound = new Bound(portalName, refreshed(prepared), parameters);
            session.portals().open(bound);
            return bound;
        } finally {
            end();
        }
    }

    /** Makes a slot whose changes go on where what the transaction sees ends. */
    ReplicationSlot createSlotAtSnapshot(String name, String plugin, boolean isTemporary) {
        String command = "CREATE_REPLICATION_SLOT ... (SNAPSHOT 'use')";
        if (!session.block().isBlock()) {
            throw new PgException(
                    SqlState.INTERNAL_ERROR, command + " must be called inside a transaction");
        }
        transactions.requireSnapshot(command);
        return session.instance()
                .replication()
                .createSlot(
                        name,
                        plugin,
                        isTemporary,
                        session.pid(),
                        () -> SnapshotPoint.take(session.rows()));
    }

    /** The value of a parameter that CALL leaves out. */
    TypedValue defaultOf(RoutineParameter parameter) {
        return commands.defaultOf(parameter);
    }

    /** Runs a statement inside another one; its rows go nowhere. */
    long runInside(Statement statement) {
        var prepared = planner.prepare(statement, new int[0]);
        var bound = new Bound("", prepared, new @Nullable Object[prepared.parameterCount()]);
        try {
            start(bound);
            return bound.changed();
        } finally {
            bound.close();
        }
    }

    /** A prepared statement as it is now: compiled anew where the schema has changed since. */
    Prepared refreshed(Prepared prepared) {
        return planner.refreshed(prepared);
    }

    /** Runs a portal up to its first row, its columns known to its client. */
    void start(Bound bound) {
        start(bound, columns -> {});
    }

    /**
     * Runs a portal up to its first row. As in PostgreSQL the columns of a query come before what
     * it may fail with; those of a change or a command only once it has succeeded.
     */
    void start(Bound bound, Consumer<List<Column>> announce) {
        if (bound.prepared().statement() instanceof Statement.Engine) {
            startEngine(bound, announce);
        } else {
            commands.run(bound);
            announce(bound, announce);
        }
    }

    /**
     * Gives out rows of a started portal.
     *
     * @return whether the portal is at its end; false where the limit was reached
     */
    boolean fetch(Bound bound, int maxRows, ResultReceiver out) {
        bound.requireUsable();
        if (bound.prepared().statement() instanceof Statement.Copy copy && !bound.isSpent()) {
            bound.spend();
            bound.completed(commands.copy(copy, out));
            bound.give(0, out);
            return true;
        }
        if (bound.rows() == null) {
            if (bound.columns() == null && bound.isSpent()) {
                throw bound.cannotRun();
            }
            bound.spend();
        }
        return bound.give(maxRows == 0 ? Statement.Fetch.ALL : maxRows, out);
    }

    private static void announce(Bound bound, Consumer<List<Column>> announce) {
        var columns = bound.columns();
        if (columns != null) {
            announce.accept(columns);
        }
    }

    private void startEngine(Bound bound, Consumer<List<Column>> announce) {
        var prepared = bound.prepared();
        planner.refresh(prepared);
        var compiled = prepared.requireCompiled();
        var rewritten = compiled.rewritten();
        if (rewritten.isWrite() && transactions.isReadOnlyNow()) {
            throw new PgException(
                    SqlState.READ_ONLY_SQL_TRANSACTION,
                    "cannot execute " + verb(rewritten.tag(0)) + " in a read-only transaction");
        }
        session.applySettings();
        var definition = rewritten.definition();
        if (definition != null && DefinitionTargets.isDone(session, definition)) {
            boolean isQuery = rewritten.tag().counts();
            bound.completed(isQuery ? "CREATE TABLE AS" : rewritten.tag(0));
            return;
        }
        if (definition != null) {
            RoutineSchemas.requireEmpty(session, definition);
        }
        if (!rewritten.notice().isEmpty()) {
            session.notice(
                    Report.of(Severity.NOTICE, SqlState.SUCCESSFUL_COMPLETION, rewritten.notice()));
        }
        if (compiled.plan().commitsImplicitly()) {
            runDefinition(bound, compiled);
            return;
        }
        boolean isQuery = rewritten.tag().text().equals("SELECT");
        if (isQuery) {
            announce(bound, announce);
        }
        var result =
                isQuery && !rewritten.isWrite() && bound.isLimited()
                        ? compiled.plan().executeLazily(bound.parameters())
                        : execute(compiled, bound.parameters());
        if (!isQuery) {
            announce(bound, announce);
        }
        if (rewritten.returnsRows()) {
            open(
                    bound,
                    rewritten,
                    new EngineRows(
                            result,
                            prepared.requireColumns().size(),
                            RegNames.of(
                                    session.instance().catalog(),
                                    session.rows(),
                                    prepared.requireColumns())));
        } else {
            long count = result.updateCount();
            result.close();
            runRest(rewritten);
            if (compiled.plan().isTemporary()) {
                session.triggers().afterDefinition(prepared.statement().source());
            }
            bound.completed(rewritten.tag(count));
        }
        transactions.noteQuery();
    }

    /** The tag of a SELECT counts the rows fetched, that of INSERT … RETURNING the rows written. */
    private static void open(Bound bound, Rewritten rewritten, EngineRows rows) {
        boolean countsFetched = !rewritten.isWrite() && rewritten.tag().counts();
        if (countsFetched) {
            bound.opened(rows, rewritten.tag().text(), true);
        } else {
            bound.opened(rows, rewritten.tag(rows.count()), false);
        }
    }

    private void runRest(Rewritten rewritten) {
        for (String sql : rewritten.rest()) {
            session.rows().execute(sql);
        }
    }

    /**
     * A definition commits what came before it; H2 would do so behind our back, so it goes our way
     * first.
     */
    private void runDefinition(Bound bound, Prepared.Compiled compiled) {
        var rewritten = compiled.rewritten();
        boolean hasWork =
                session.rows().hasChanges()
                        || !session.effects().isEmpty()
                        || session.triggers().hasChanges()
                        || session.routines().hasChanges()
                        || session.publications().hasChanges();
        if (hasWork) {
            session.work().commitRowsAndEffects();
            if (session.block().isBlock()) {
                session.warning(
                        SqlState.WARNING,
                        "the definition commits the changes made before it in this transaction"
                                + " block");
            }
        }
        long count;
        var routines = RoutineSchemas.around(session, rewritten.tag(0));
        try (var result = execute(compiled, bound.parameters())) {
            count = result.updateCount();
        }
        runRest(rewritten);
        planner.defined();
        routines.ifPresent(each -> each.follow(commands::dropUsers));
        boolean hasFollowed =
                session.triggers().afterDefinition(bound.prepared().statement().source());
        if (session.publications().afterDefinition()
                || hasFollowed
                || session.routines().hasChanges()) {
            // A rollback of the block brings the table back no more, so not its triggers either.
            session.work().commitRowsAndEffects();
        }
        session.instance().engine().awaitDurable();
        session.block().rebaseSavepoints();
        bound.completed(rewritten.tag(count));
    }

    private EngineResult execute(Prepared.Compiled compiled, @Nullable Object[] parameters) {
        if (!compiled.rewritten().retryOnUnique()) {
            return compiled.plan().execute(parameters);
        }
        PgException last = null;
        int same = 0;
        for (int tries = 1; ; tries++) {
            var before = session.work().mark();
            try {
                return compiled.plan().execute(parameters);
            } catch (PgException e) {
                if (!e.sqlState().equals(SqlState.UNIQUE_VIOLATION)) {
                    throw e;
                }
                boolean isSame = last != null && last.report().equals(e.report());
                same = isSame ? same + 1 : 0;
                last = e;
                if (same == SAME_KEY_TRIES && compiled.rewritten().updatesConflicting()) {
                    throw EngineSession.affectedTwice();
                }
                if (tries == UPSERT_TRIES) {
                    throw e;
                }
                // Another upsert has put the row there between our look and our insert: look again.
                session.work().rollbackTo(before);
                session.cancellation().check();
            }
        }
    }

    private static boolean endsBlock(Statement statement) {
        return statement instanceof TransactionStatement.Commit
                || statement instanceof TransactionStatement.Rollback
                || statement instanceof TransactionStatement.RollbackTo
                || statement instanceof TransactionStatement.PrepareTransaction
                || statement instanceof Statement.Empty;
    }

    /** A name that was cut is told of when its statement is read, however often it runs. */
    private static Optional<Report> truncation(Statement statement) {
        return switch (statement) {
            case Statement.Listen listen -> listen.notice();
            case Statement.Unlisten unlisten -> unlisten.notice();
            case Statement.Notify notify -> notify.notice();
            default -> Optional.empty();
        };
    }

    private static String verb(String tag) {
        int end = tag.indexOf(' ');
        return end > 0 && Character.isDigit(tag.charAt(end + 1)) ? tag.substring(0, end) : tag;
    }
}
