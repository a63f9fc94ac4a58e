package io.heliosdb.trigger;

import io.heliosdb.engine.EngineSession;
import io.heliosdb.engine.RowEvent;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.Report;
import io.heliosdb.pg.SqlState;

import org.jspecify.annotations.Nullable;

import java.util.IdentityHashMap;

/**
 * Runs the triggers of one session. Each is compiled when it first fires, and again only after a
 * change of the schema; a row costs the binding of its values. A trigger may fire others and
 * itself, up to a depth. Confined to the session's thread.
 */
final class TriggerFiring implements AutoCloseable {
    /** How deep triggers may fire triggers; each level takes some 10 kB of the thread's stack. */
    static final int DEPTH_MAX = 64;

    /** Compiled triggers beyond this are dropped all at once; far more than one session fires. */
    private static final int COMPILED_MAX = 1024;

    private final EngineSession engine;
    private final TriggerHost host;
    private final IdentityHashMap<Trigger, CompiledTrigger> compiled = new IdentityHashMap<>();
    private int depth;

    TriggerFiring(EngineSession engine, TriggerHost host) {
        this.engine = engine;
        this.host = host;
    }

    /** Compiles a trigger that is about to be created; an error has its position in the source. */
    void check(Trigger trigger) {
        CompiledTrigger.compile(trigger, engine, host).close();
    }

    void fire(
            Trigger trigger,
            RowEvent event,
            @Nullable Object @Nullable [] oldRow,
            @Nullable Object @Nullable [] newRow) {
        if (depth >= DEPTH_MAX) {
            throw tooDeep();
        }
        depth++;
        try {
            compiled(trigger).fire(event, oldRow, newRow);
        } catch (PgException e) {
            throw inTrigger(trigger, e);
        } finally {
            depth--;
        }
    }

    private CompiledTrigger compiled(Trigger trigger) {
        long version = engine.engine().schemaVersion();
        var known = compiled.get(trigger);
        if (known != null && known.schemaVersion() == version) {
            return known;
        }
        if (known != null) {
            known.close();
        } else if (compiled.size() >= COMPILED_MAX && depth == 1) {
            close();
        }
        var fresh = CompiledTrigger.compile(trigger, engine, host);
        compiled.put(trigger, fresh);
        return fresh;
    }

    private static PgException tooDeep() {
        return new PgException(SqlState.STATEMENT_TOO_COMPLEX, "stack depth limit exceeded")
                .withHint(
                        "Triggers fire triggers more than %d deep; a WHEN condition can end that."
                                .formatted(DEPTH_MAX));
    }

    /** Adds where it happened; a position would point into a text that the client did not send. */
    private static PgException inTrigger(Trigger trigger, PgException e) {
        var report = e.report();
        String where =
                report.where() == null ? trigger.where() : report.where() + "\n" + trigger.where();
        return new PgException(
                new Report(
                        report.severity(),
                        report.sqlState(),
                        report.message(),
                        report.detail(),
                        report.hint(),
                        0,
                        where),
                e);
    }

    @Override
    public void close() {
        compiled.values().forEach(CompiledTrigger::close);
        compiled.clear();
    }
}
