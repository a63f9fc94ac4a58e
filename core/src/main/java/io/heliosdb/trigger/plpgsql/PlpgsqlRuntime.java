package io.heliosdb.trigger.plpgsql;

import io.heliosdb.engine.EngineSession;
import io.heliosdb.pg.Column;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.sql.SqlType;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.List;

/**
 * The bodies of one session, compiled when they first run and again after a change of the schema.
 * Confined to the session's thread.
 */
public final class PlpgsqlRuntime implements BodyRuntime {
    /** How deep bodies may call bodies; each level takes some 10 kB of the thread's stack. */
    static final int DEPTH_MAX = 64;

    /** How many bodies stay compiled. */
    private static final int COMPILED_MAX = 256;

    private static final SqlState NO_RETURN = new SqlState("2F005");

    private final PlpgsqlHost host;
    private final EngineSession engine;
    private final Calls calls = new Calls();
    private final SqlRunner sql;
    private final Interpreter interpreter;
    private final LinkedHashMap<Key, CompiledBody> compiled = new LinkedHashMap<>(16, 0.75f, true);
    private @Nullable Key lastKey;
    private @Nullable CompiledBody last;

    /** A body and, for a trigger function, the trigger; each equal only to itself. */
    private record Key(PlpgsqlBody body, @Nullable TriggerContext trigger) {
        @Override
        @SuppressWarnings("ReferenceEquality") // A body and a trigger are equal to themselves only.
        public boolean equals(@Nullable Object other) {
            return other instanceof Key(var otherBody, var otherTrigger)
                    && body == otherBody
                    && trigger == otherTrigger;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(body) * 31 + System.identityHashCode(trigger);
        }
    }

    /**
     * The runtime of a session; to be closed with it.
     *
     * @param host the session
     * @param engine its rows
     */
    public PlpgsqlRuntime(PlpgsqlHost host, EngineSession engine) {
        this.host = host;
        this.engine = engine;
        this.sql = new SqlRunner(engine, host);
        this.interpreter = new Interpreter(host, sql, calls);
    }

    @Override
    public @Nullable Object call(PlpgsqlBody body, @Nullable Object... arguments) {
        var frame = begin(body, null);
        return inFrame(
                frame,
                () -> {
                    arguments(frame, arguments);
                    boolean isReturned = run(frame);
                    return one(frame, isReturned);
                });
    }

    @Override
    public Rows callSet(PlpgsqlBody body, List<Column> expected, @Nullable Object... arguments) {
        var frame = begin(body, null);
        return inFrame(
                frame,
                () -> {
                    if (!expected.isEmpty()) {
                        frame.rowShape = RowShape.of(expected);
                    }
                    arguments(frame, arguments);
                    run(frame);
                    return new Rows(setColumns(frame), frame.rows);
                });
    }

    @Override
    public @Nullable Object[] callProcedure(PlpgsqlBody body, @Nullable Object... arguments) {
        var frame = begin(body, null);
        return inFrame(
                frame,
                () -> {
                    arguments(frame, arguments);
                    run(frame);
                    return SqlInstructions.outputValues(frame);
                });
    }

    @Override
    public @Nullable Object @Nullable [] fire(
            PlpgsqlBody body, TriggerContext trigger, TriggerContext.Firing firing) {
        var frame = begin(body, trigger);
        calls.enter(frame);
        frame.body.running++;
        try {
            rows(frame, trigger, firing);
            if (!run(frame)) {
                frame.at = null;
                throw new PgException(
                        NO_RETURN, "control reached end of trigger procedure without RETURN");
            }
            return row(frame, trigger);
        } catch (PgException e) {
            throw inContext(frame, e);
        } catch (StackOverflowError e) {
            throw inContext(frame, tooDeep());
        } finally {
            frame.body.running--;
            calls.leave();
        }
    }

    /** Forgets the cursors of a transaction that has ended. */
    public void transactionEnded() {
        interpreter.portals().clear();
    }

    @Override
    public void close() {
        compiled.values().forEach(CompiledBody::close);
        compiled.clear();
        last = null;
        lastKey = null;
        sql.close();
        interpreter.portals().clear();
    }

    // ---- a call

    /** The work of a call. */
    @FunctionalInterface
    private interface Work<T extends @Nullable Object> {
        T run();
    }

    private <T extends @Nullable Object> T inFrame(Frame frame, Work<T> work) {
        calls.enter(frame);
        frame.body.running++;
        try {
            return work.run();
        } catch (PgException e) {
            throw inContext(frame, e);
        } catch (StackOverflowError e) {
            throw inContext(frame, tooDeep());
        } finally {
            frame.body.running--;
            calls.leave();
        }
    }

    private Frame begin(PlpgsqlBody body, @Nullable TriggerContext trigger) {
        if (calls.depth() >= DEPTH_MAX) {
            throw tooDeep();
        }
        return new Frame(compiled(body, trigger));
    }

    private boolean run(Frame frame) {
        frame.slots[frame.body.code().found().slot()] = false;
        var flow = interpreter.run(frame.body.code().block(), frame);
        frame.at = null;
        return flow == Interpreter.Flow.RETURN;
    }

    @SuppressWarnings("ReferenceEquality") // As in Key.
    private CompiledBody compiled(PlpgsqlBody body, @Nullable TriggerContext trigger) {
        long version = engine.schemaVersion();
        if (last != null
                && lastKey != null
                && lastKey.body == body
                && lastKey.trigger == trigger
                && last.schemaVersion() == version) {
            return last;
        }
        var key = new Key(body, trigger);
        var known = compiled.get(key);
        if (known == null || known.schemaVersion() != version) {
            var fresh = compile(body, trigger);
            compiled.put(key, fresh);
            drop(known);
            dropOldest();
            known = fresh;
        }
        lastKey = key;
        last = known;
        return known;
    }

    private CompiledBody compile(PlpgsqlBody body, @Nullable TriggerContext trigger) {
        try {
            return new CompiledBody(body, trigger, engine, host);
        } catch (PgException e) {
            throw e.withWhere(
                    "compilation of PL/pgSQL function \"%s\" near line 1"
                            .formatted(body.signature().name()));
        }
    }

    /** What still runs is closed by nobody: its statements go with the session. */
    private static void drop(@Nullable CompiledBody body) {
        if (body != null && body.running == 0) {
            body.close();
        }
    }

    private void dropOldest() {
        if (compiled.size() > COMPILED_MAX) {
            var oldest = compiled.firstEntry();
            compiled.remove(oldest.getKey());
            drop(oldest.getValue());
        }
    }

    private void arguments(Frame frame, @Nullable Object... arguments) {
        var parameters = frame.body.body().signature().parameters();
        int next = 0;
        for (int i = 0; i < parameters.size(); i++) {
            var variable = frame.body.code().parameters().get(i);
            Object value = parameters.get(i).mode().isInput() ? arguments[next++] : null;
            var shape = frame.body.shape(variable);
            frame.slots[variable.slot()] =
                    value instanceof Object[] row && shape != null
                            ? RowValue.of(shape, row)
                            : value == null && shape != null ? RowValue.empty(shape) : value;
        }
    }

    // ---- results

    private @Nullable Object one(Frame frame, boolean isReturned) {
        var signature = frame.body.body().signature();
        if (!signature.outputs().isEmpty()) {
            var values = SqlInstructions.outputValues(frame);
            return values.length == 1 ? plain(values[0]) : values;
        }
        if (!(signature.returns() instanceof Signature.Returns.One(var type))) {
            return null;
        }
        if (!isReturned) {
            throw new PgException(NO_RETURN, "control reached end of function without RETURN");
        }
        frame.doing = "while casting return value to function's return type";
        Object result =
                switch (type) {
                    case BodyType.Scalar(SqlType scalar) ->
                            interpreter.assigner().convert(scalar, frame.result, frame.resultOid);
                    case BodyType.RowOf _, BodyType.AnyRow _ -> composite(frame, type);
                    case BodyType.ColumnOf _ -> frame.result;
                };
        frame.doing = null;
        return result;
    }

    private @Nullable Object composite(Frame frame, BodyType type) {
        if (frame.result == null) {
            return null;
        }
        if (!(frame.result instanceof RowValue row)) {
            throw notComposite();
        }
        var shape = frame.body.shape(type);
        return shape == null || shape.equals(row.shape)
                ? row.values
                : interpreter.assigner().converted(shape, row.shape, row.values);
    }

    private static @Nullable Object plain(@Nullable Object value) {
        return value instanceof RowValue row ? row.values : value;
    }

    private static PgException notComposite() {
        return new PgException(
                SqlState.DATATYPE_MISMATCH,
                "cannot return non-composite value from function returning composite type");
    }

    private static List<Column> setColumns(Frame frame) {
        var signature = frame.body.body().signature();
        if (!signature.outputs().isEmpty()) {
            return SqlInstructions.outputs(frame).columns();
        }
        if (signature.returns() instanceof Signature.Returns.Many(BodyType.Scalar(var type))) {
            return List.of(new Column(signature.name(), type.oid(), type.modifier(), 0, 0));
        }
        return frame.rowShape == null ? List.of() : frame.rowShape.columns();
    }

    // ---- triggers

    private static void rows(Frame frame, TriggerContext trigger, TriggerContext.Firing firing) {
        var variables = frame.body.code().trigger();
        if (variables == null) {
            throw new IllegalStateException("no trigger function: " + frame.body.callName());
        }
        frame.transitions = firing.transitions();
        row(frame, variables.newRow(), firing.newRow());
        row(frame, variables.oldRow(), firing.oldRow());
        var facts = frame.body.facts(trigger, firing.operation());
        System.arraycopy(facts, 0, frame.slots, variables.facts().getFirst().slot(), facts.length);
    }

    private static void row(Frame frame, Variable variable, @Nullable Object @Nullable [] values) {
        var shape = frame.body.shape(variable);
        if (shape != null) {
            frame.slots[variable.slot()] =
                    values == null ? RowValue.empty(shape) : RowValue.of(shape, values);
        }
    }

    private @Nullable Object @Nullable [] row(Frame frame, TriggerContext trigger) {
        if (frame.result == null || !trigger.level().equals("ROW")) {
            return null;
        }
        if (!(frame.result instanceof RowValue row)) {
            throw notComposite();
        }
        if (row.isNull) {
            return null;
        }
        var own = frame.body.code().trigger();
        var shape = own == null ? null : frame.body.shape(own.newRow());
        if (shape == null || shape.equals(row.shape)) {
            return row.values;
        }
        if (shape.size() != row.shape.size()) {
            throw new PgException(
                            SqlState.DATATYPE_MISMATCH,
                            "returned row structure does not match the structure of the triggering"
                                    + " table")
                    .withDetail(
                            "Number of returned columns (%d) does not match expected column count (%d)."
                                    .formatted(row.shape.size(), shape.size()));
        }
        return interpreter.assigner().converted(shape, row.shape, row.values);
    }

    // ---- errors

    private static PgException tooDeep() {
        return new PgException(SqlState.STATEMENT_TOO_COMPLEX, "stack depth limit exceeded")
                .withHint(
                        "Functions call functions more than %d deep; end the recursion earlier."
                                .formatted(DEPTH_MAX));
    }

    /** Adds where it happened; a position would point into a text that the client did not send. */
    private static PgException inContext(Frame frame, PgException e) {
        if (e == frame.again) {
            return e;
        }
        var where = e.withWhere(SqlRunner.where(e, frame.where()));
        return where.report().position() == 0 ? where : where.withPosition(0);
    }
}
