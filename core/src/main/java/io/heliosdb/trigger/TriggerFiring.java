package io.heliosdb.trigger;

import io.heliosdb.engine.EngineSession;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.Report;
import io.heliosdb.pg.SqlState;
import io.heliosdb.trigger.routine.SessionRoutines;

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
    private final SessionRoutines routines;
    private final IdentityHashMap<Trigger, CompiledTrigger> compiled = new IdentityHashMap<>();
    private int depth;

    TriggerFiring(EngineSession engine, TriggerHost host, SessionRoutines routines) {
        this.engine = engine;
        this.host = host;
        this.routines = routines;
    }

    /** Compiles a trigger that is about to be created; an error has its position in the source. */
    void check(Trigger trigger) {
        CompiledTrigger.compile(trigger, engine, host, routines).close();
    }

    /**
     * Fires a trigger.
     *
     * @return the row to go on with; null where it is to be skipped
     */
    @Nullable Object @Nullable [] fire(Trigger trigger, Firing firing) {
        if (depth >= DEPTH_MAX) {
            throw tooDeep();
        }
        depth++;
        try {
            return compiled(trigger).fire(firing);
        } catch (PgException e) {
            throw trigger.action() instanceof TriggerAction.SqlBody ? inTrigger(trigger, e) : e;
        } catch (StackOverflowError e) {
            throw tooDeep();
        } finally {
            depth--;
        }
    }

    /** Whether a trigger's UPDATE OF and WHEN let it fire. */
    boolean isMet(Trigger trigger, Firing firing) {
        return compiled(trigger).isMet(firing);
    }

    /** How many triggers fire, each inside another. */
    int depth() {
        return depth;
    }

    private CompiledTrigger compiled(Trigger trigger) {
        long version = engine.schemaVersion();
        var known = compiled.get(trigger);
        if (known != null && known.schemaVersion() == version) {
            return known;
        }
        if (known != null) {
            known.close();
        } else if (compiled.size() >= COMPILED_MAX && depth == 1) {
            close();
        }
        var fresh = CompiledTrigger.compile(trigger, engine, host, routines);
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
