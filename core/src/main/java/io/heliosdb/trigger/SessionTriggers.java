package io.heliosdb.trigger;

import io.heliosdb.engine.EngineSession;
import io.heliosdb.engine.RowEvent;
import io.heliosdb.engine.RowHook;
import io.heliosdb.engine.TableId;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.Report;
import io.heliosdb.pg.Severity;
import io.heliosdb.pg.SqlState;
import io.heliosdb.sql.TableName;
import io.heliosdb.sql.TriggerDefinition;
import io.heliosdb.sql.TriggerDefinition.Timing;

import org.jspecify.annotations.Nullable;

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

    /**
     * The triggers of a session; to be closed with it.
     *
     * @param catalog the instance's triggers
     * @param engine the session's rows
     * @param host the session itself
     */
    public SessionTriggers(TriggerCatalog catalog, EngineSession engine, TriggerHost host) {
        this.catalog = catalog;
        this.engine = engine;
        this.host = host;
        rows = new TriggerRows(engine);
        transaction = new TransactionTriggers(catalog);
        firing = new TriggerFiring(engine, host);
        catalog.attach(engine, this);
    }

    /**
     * Reads the triggers of a database that opens, and makes their system table where there is
     * none.
     *
     * @param catalog what to fill
     * @param engine a session with a transaction to do it in, which the caller commits
     */
    public static void load(TriggerCatalog catalog, EngineSession engine) {
        TriggerRows.define(engine);
        for (var trigger : new TriggerRows(engine).all()) {
            catalog.apply(List.of(new TriggerChange.Put(trigger)));
            catalog.located(trigger.table(), engine);
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

    /**
     * CREATE TRIGGER.
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
        var trigger = Trigger.of(definition, table);
        firing.check(trigger);
        try {
            rows.put(trigger);
        } catch (PgException e) {
            throw e.sqlState().equals(SqlState.UNIQUE_VIOLATION)
                    ? alreadyExists(definition.name(), table)
                    : e;
        }
        transaction.put(trigger);
        catalog.located(table, engine);
        engine.engine().rowHookChanged();
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
                    "trigger \"%s\" for table \"%s\" does not exist".formatted(name, tableName),
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
            var now = catalog.locate(table, engine);
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
    public int mark() {
        return transaction.mark();
    }

    /**
     * Forgets what came after a mark; the rows are rolled back by the caller.
     *
     * @param mark from {@link #mark}, in the same transaction
     */
    public void rollbackTo(int mark) {
        transaction.rollbackTo(mark);
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
    }

    /** The session ends. */
    @Override
    public void close() {
        rollback();
        firing.close();
        catalog.detach(engine);
    }

    void fire(
            TableId table,
            RowEvent event,
            Timing moment,
            @Nullable Object @Nullable [] oldRow,
            @Nullable Object @Nullable [] newRow) {
        for (var trigger : transaction.visible().on(table)) {
            if (trigger.fires(event, moment)) {
                firing.fire(trigger, event, oldRow, newRow);
            }
        }
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
