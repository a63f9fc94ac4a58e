package io.heliosdb.trigger;

import io.heliosdb.engine.EngineSession;
import io.heliosdb.engine.RowHook;
import io.heliosdb.engine.TableId;
import io.heliosdb.engine.TemporaryObjects;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.Report;
import io.heliosdb.pg.Severity;
import io.heliosdb.pg.SqlState;
import io.heliosdb.sql.FunctionTriggerDefinition;
import io.heliosdb.sql.Statement;
import io.heliosdb.sql.TableName;
import io.heliosdb.sql.TriggerDefinition;
import io.heliosdb.trigger.routine.RoutineCatalog;
import io.heliosdb.trigger.routine.SessionRoutines;

import java.util.List;
import java.util.Optional;

/**
 * The triggers of one session: CREATE and DROP TRIGGER as part of its transaction, and the firing
 * of what that transaction sees. The store's definitions commit at once, triggers do not: they are
 * rows of a system table and, beside it, changes that this holds until the commit. Confined to the
 * session's thread.
 */
public final class SessionTriggers implements AutoCloseable {
    private final TriggerCatalog catalog;
    private final EngineSession engine;
    private final TriggerHost host;
    private final TriggerRows rows;
    private final TransactionTriggers transaction;
    private final TriggerFiring firing;
    private final DeferredTriggers deferred;
    private final StatementTriggers statements;
    private final SessionRoutines routines;
    private final RoutineCatalog numbers;

    /**
     * The triggers of a session; to be closed with it.
     *
     * @param catalog the instance's triggers
     * @param engine the session's rows
     * @param host the session itself
     * @param routines the session's functions
     * @param numbers gives the numbers of new triggers
     */
    public SessionTriggers(
            TriggerCatalog catalog,
            EngineSession engine,
            TriggerHost host,
            SessionRoutines routines,
            RoutineCatalog numbers) {
        this.catalog = catalog;
        this.engine = engine;
        this.host = host;
        rows = new TriggerRows(engine);
        transaction = new TransactionTriggers(catalog);
        this.routines = routines;
        this.numbers = numbers;
        firing = new TriggerFiring(engine, host, routines);
        deferred = new DeferredTriggers(transaction, firing);
        statements = new StatementTriggers(transaction, firing, deferred, engine, host);
        engine.companion().set(this);
    }

    /**
     * Reads the triggers of a database that opens, and makes their system table where there is
     * none.
     *
     * @param catalog what to fill
     * @param engine a session with a transaction to do it in, which the caller commits
     * @param numbers knows the numbers of routines, which triggers share
     */
    public static void load(TriggerCatalog catalog, EngineSession engine, RoutineCatalog numbers) {
        TriggerRows.define(engine);
        var rows = new TriggerRows(engine);
        for (var trigger : rows.all(numbers)) {
            if (TemporaryObjects.isTemporary(trigger.table())) {
                // Its session did not live to drop it.
                rows.remove(trigger);
                continue;
            }
            catalog.apply(List.of(new TriggerChange.Put(trigger)));
            catalog.places().remember(trigger.table(), engine);
        }
    }

    /**
     * What the engine is to tell of rows.
     *
     * @param catalog the triggers to fire
     * @return the hook that fires them
     */
    public static RowHook hook(TriggerCatalog catalog) {
        return new TriggerHook(catalog);
    }

    /** The firing of the session's statements. */
    StatementTriggers statements() {
        return statements;
    }

    /**
     * The triggers that the transaction sees.
     *
     * @return a snapshot
     */
    public TriggerSet visible() {
        return transaction.visible();
    }

    /**
     * CREATE TRIGGER with a body.
     *
     * @param definition what the statement says
     * @throws PgException 42P01, 42703, 42710 and what is wrong with the body, with its position
     */
    public void create(TriggerDefinition definition) {
        var table = requireTable(definition.table());
        var existing = transaction.visible().find(table, definition.name());
        if (existing.isPresent() && !definition.orReplace()) {
            if (definition.ifNotExists()) {
                skip(
                        "trigger \"%s\" for relation \"%s\" already exists, skipping",
                        definition, table);
                return;
            }
            throw alreadyExists(definition.name(), table);
        }
        int oid = existing.map(Trigger::oid).orElseGet(numbers::nextOid);
        add(Trigger.of(definition, table, oid), table);
    }

    /**
     * CREATE TRIGGER … EXECUTE FUNCTION.
     *
     * @param definition what the statement says
     * @throws PgException 42P01, 42703, 42710, 42809, 42883, 42P17, 0A000
     */
    public void create(FunctionTriggerDefinition definition) {
        var table = requireTable(definition.table());
        var info = host.info(definition.table());
        FunctionTriggers.requireValid(definition, table, info);
        int function = FunctionTriggers.requireFunction(definition, routines);
        var existing = transaction.visible().find(table, definition.name());
        if (existing.isPresent() && !definition.orReplace()) {
            throw alreadyExists(definition.name(), table);
        }
        if (existing.isPresent() && definition.isConstraint()) {
            throw new PgException(
                    SqlState.FEATURE_NOT_SUPPORTED,
                    "CREATE OR REPLACE CONSTRAINT TRIGGER is not supported");
        }
        int oid = existing.map(Trigger::oid).orElseGet(numbers::nextOid);
        add(Trigger.of(definition, table, oid, function), table);
    }

    /**
     * CREATE RULE … DO ALSO NOTIFY.
     *
     * @param rule the statement
     * @throws PgException 42P01, 42710
     */
    public void create(Statement.CreateRule rule) {
        var table = requireTable(rule.table());
        var existing = transaction.visible().find(table, Trigger.ruleName(rule.name()));
        if (existing.isPresent() && !rule.orReplace()) {
            throw new PgException(
                    SqlState.DUPLICATE_OBJECT,
                    "rule \"%s\" for relation \"%s\" already exists"
                            .formatted(rule.name(), table.name()));
        }
        int oid = existing.map(Trigger::oid).orElseGet(numbers::nextOid);
        add(Trigger.of(rule, table, oid), table);
    }

    private void add(Trigger trigger, TableId table) {
        firing.check(trigger);
        try {
            rows.put(trigger);
        } catch (PgException e) {
            throw e.sqlState().equals(SqlState.UNIQUE_VIOLATION)
                    ? alreadyExists(trigger.name(), table)
                    : e;
        }
        transaction.put(trigger);
        catalog.places().remember(table, engine);
        engine.engine().rowHookChanged();
    }

    /**
     * DROP RULE.
     *
     * @param drop the statement
     * @throws PgException 42704, 42P01
     */
    public void drop(Statement.DropRule drop) {
        var table = host.find(drop.table());
        if (table.isEmpty() && drop.ifExists()) {
            missing("relation \"%s\" does not exist".formatted(drop.table()), true);
            return;
        }
        var known = table.orElseGet(() -> requireTable(drop.table()));
        var rule = transaction.visible().find(known, Trigger.ruleName(drop.name()));
        if (rule.isPresent()) {
            remove(rule.get());
        } else {
            missing(
                    "rule \"%s\" for relation \"%s\" does not exist"
                            .formatted(drop.name(), known.name()),
                    drop.ifExists());
        }
    }

    /**
     * ALTER TRIGGER … RENAME TO.
     *
     * @param rename the statement
     * @throws PgException 42704, 42710, 42P01
     */
    public void rename(Statement.RenameTrigger rename) {
        var table = requireTable(rename.table());
        var trigger = require(table, rename.name(), rename.table());
        if (transaction.visible().find(table, rename.newName()).isPresent()) {
            throw alreadyExists(rename.newName(), table);
        }
        remove(trigger);
        add(trigger.named(rename.newName()));
    }

    /**
     * ALTER TABLE … ENABLE or DISABLE TRIGGER.
     *
     * @param enable the statement
     * @throws PgException 42704, 42P01
     */
    public void enable(Statement.EnableTrigger enable) {
        var table = requireTable(enable.table());
        if (enable.name().isPresent()) {
            add(require(table, enable.name().get(), enable.table()).enabled(enable.mode()));
        } else {
            for (var trigger : transaction.visible().on(table)) {
                if (!trigger.isRule()) {
                    add(trigger.enabled(enable.mode()));
                }
            }
        }
    }

    private Trigger require(TableId table, String name, TableName written) {
        return transaction
                .visible()
                .find(table, name)
                .orElseThrow(() ->
                        new PgException(
                                SqlState.UNDEFINED_OBJECT,
                                "trigger \"%s\" for table \"%s\" does not exist"
                                        .formatted(name, written)));
    }

    /**
     * The triggers that call a function.
     *
     * @param function its number
     * @return those that the transaction sees
     */
    public List<Trigger> calling(int function) {
        return transaction.visible().all().stream()
                .filter(trigger ->
                        trigger.action() instanceof TriggerAction.CallFunction(var _, var called)
                                && called == function)
                .toList();
    }

    /**
     * Drops a trigger whose function goes.
     *
     * @param trigger the trigger
     */
    public void dropWithFunction(Trigger trigger) {
        notice(
                "drop cascades to trigger %s on table %s"
                        .formatted(trigger.name(), trigger.table().name()));
        remove(trigger);
    }

    /**
     * SET CONSTRAINTS.
     *
     * @param set the statement
     * @throws PgException 42704, 42809, and what a trigger raises that fires now
     */
    public void set(Statement.SetConstraints set) {
        deferred.set(set.names(), set.isDeferred());
    }

    /**
     * Fires what has waited for the commit.
     *
     * @throws PgException what a trigger raises; the transaction cannot be committed
     */
    public void fireDeferred() {
        deferred.fireAll();
    }

    /**
     * How many triggers fire, each inside another.
     *
     * @return 0 outside of triggers
     */
    public int depth() {
        return firing.depth();
    }

    /**
     * DROP TRIGGER.
     *
     * @param name the trigger's name
     * @param table its table; where it is not named, the only trigger of that name is meant
     * @param ifExists whether a missing one is a notice only
     * @throws PgException 42704 where there is none, 42P01 where the table does not exist, 42725
     *     where several tables have one of that name
     */
    public void drop(String name, Optional<TableName> table, boolean ifExists) {
        if (table.isPresent()) {
            dropOn(table.get(), name, ifExists);
            return;
        }
        var named = transaction.visible().named(name);
        if (named.size() > 1) {
            throw new PgException(
                            new SqlState("42725"), "trigger \"%s\" is not unique".formatted(name))
                    .withHint("Name its table: DROP TRIGGER %s ON table.".formatted(name));
        }
        if (named.isEmpty()) {
            missing("trigger \"%s\" does not exist".formatted(name), ifExists);
        } else {
            remove(named.getFirst());
        }
    }

    private void dropOn(TableName tableName, String name, boolean ifExists) {
        var table = host.find(tableName);
        if (table.isEmpty() && ifExists) {
            missing("relation \"%s\" does not exist".formatted(tableName), true);
            return;
        }
        var known = table.orElseGet(() -> requireTable(tableName));
        var trigger = transaction.visible().find(known, name);
        if (trigger.isPresent()) {
            remove(trigger.get());
        } else {
            missing(
                    "trigger \"%s\" for %s \"%s\" does not exist"
                            .formatted(name, ifExists ? "relation" : "table", tableName),
                    ifExists);
        }
    }

    /**
     * The store has run a definition, which has committed: triggers of tables that are gone go,
     * those of renamed tables follow them. What this changes is committed by the caller at once.
     *
     * @param sql the definition
     * @return whether there is something to commit
     */
    public boolean afterDefinition(String sql) {
        int before = transaction.mark();
        for (var table : transaction.visible().tables()) {
            var now = catalog.places().locate(table, engine);
            if (now.filter(table::equals).isPresent()) {
                continue;
            }
            for (var trigger : transaction.visible().on(table)) {
                remove(trigger);
                now.ifPresent(renamed -> add(trigger.on(renamed)));
            }
        }
        boolean hasChanged = !transaction.isUnchangedSince(before);
        if (hasChanged) {
            engine.engine().rowHookChanged();
        }
        return hasChanged;
    }

    /**
     * Drops the triggers of the session's own tables, which are about to go.
     *
     * @return whether there is something to commit
     */
    public boolean dropTemporary() {
        boolean hasChanged = false;
        for (var table : transaction.visible().tables()) {
            if (engine.temporary().isOwn(table)) {
                transaction.visible().on(table).forEach(this::remove);
                hasChanged = true;
            }
        }
        return hasChanged;
    }

    /**
     * Whether the transaction has created or dropped triggers.
     *
     * @return whether its commit changes them
     */
    public boolean hasChanges() {
        return !transaction.isUnchangedSince(0);
    }

    /**
     * A place in the transaction to go back to.
     *
     * @return for {@link #rollbackTo}
     */
    public long mark() {
        return (long) deferred.mark() << 32 | transaction.mark();
    }

    /**
     * Forgets what came after a mark; the rows are rolled back by the caller.
     *
     * @param mark from {@link #mark}, in the same transaction
     */
    public void rollbackTo(long mark) {
        transaction.rollbackTo((int) mark);
        deferred.rollbackTo((int) (mark >>> 32));
    }

    /** The transaction has committed: everybody sees what it did. */
    public void commit() {
        if (hasChanges()) {
            transaction.commit();
            engine.engine().rowHookChanged();
        }
    }

    /** The transaction is undone. */
    public void rollback() {
        transaction.rollbackTo(0);
        deferred.clear();
    }

    /** The transaction is over, and with it what SET CONSTRAINTS has said. */
    public void ended() {
        deferred.clear();
    }

    /** The session ends. */
    @Override
    public void close() {
        rollback();
        firing.close();
        engine.companion().set(null);
    }

    private void add(Trigger trigger) {
        rows.put(trigger);
        transaction.put(trigger);
    }

    private void remove(Trigger trigger) {
        rows.remove(trigger);
        transaction.remove(trigger);
    }

    private TableId requireTable(TableName name) {
        return host.find(name)
                .orElseThrow(() ->
                        new PgException(
                                SqlState.UNDEFINED_TABLE,
                                "relation \"%s\" does not exist".formatted(name)));
    }

    private void missing(String message, boolean ifExists) {
        if (!ifExists) {
            throw new PgException(SqlState.UNDEFINED_OBJECT, message);
        }
        notice(message + ", skipping");
    }

    private void skip(String message, TriggerDefinition definition, TableId table) {
        notice(message.formatted(definition.name(), table.name()));
    }

    private void notice(String message) {
        host.notice(Report.of(Severity.NOTICE, SqlState.SUCCESSFUL_COMPLETION, message));
    }

    private static PgException alreadyExists(String name, TableId table) {
        return new PgException(
                SqlState.DUPLICATE_OBJECT,
                "trigger \"%s\" for relation \"%s\" already exists".formatted(name, table.name()));
    }
}
