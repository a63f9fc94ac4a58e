package io.heliosdb.trigger.routine;

import io.heliosdb.engine.TypedValue;
import io.heliosdb.pg.Column;
import io.heliosdb.pg.Oid;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.type.PgArray;
import io.heliosdb.pg.type.PgType;
import io.heliosdb.sql.RoutineParameter;
import io.heliosdb.sql.RoutineResolver;
import io.heliosdb.sql.RoutineSignature;
import io.heliosdb.sql.RoutineType;
import io.heliosdb.sql.SqlType;
import io.heliosdb.sql.Statement;
import io.heliosdb.trigger.plpgsql.BodyRuntime;
import io.heliosdb.trigger.plpgsql.PlpgsqlBody;
import io.heliosdb.trigger.plpgsql.Signature;
import io.heliosdb.trigger.plpgsql.TriggerContext;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Calls the routines of one session: chooses, converts the arguments, acts as who it has to, and
 * converts the result. Confined to the session's thread.
 */
public final class RoutineCalls implements AutoCloseable {
    /** How deep routines in SQL may call each other; each level takes some kB of the stack. */
    static final int DEPTH_MAX = 64;

    private static final int SPECS_MAX = 1024;

    private record BodyKey(Routine routine, List<SqlType> types) {}

    private final SessionRoutines routines;
    private final RoutineHost host;
    private final BodyRuntime runtime;
    private final RoutineBodies bodies;
    private final Map<String, CallSpec> specs = new HashMap<>();
    private final Map<BodyKey, PlpgsqlBody> polymorphic = new HashMap<>();
    private int depth;

    RoutineCalls(
            SessionRoutines routines, RoutineHost host, BodyRuntime runtime, RoutineBodies bodies) {
        this.routines = routines;
        this.host = host;
        this.runtime = runtime;
        this.bodies = bodies;
    }

    @SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
    private record Call(Routine routine, List<SqlType> types, @Nullable Object[] inputs) {}

    /**
     * Calls a function for one value.
     *
     * @param spec which one, as a rewritten call says it
     * @param arguments the arguments' values
     * @param oids their types
     * @return its value; a row as a text
     * @throws PgException 42883 and what the function raises
     */
    public TypedValue call(String spec, @Nullable Object[] arguments, int[] oids) {
        var call = choose(spec, arguments, oids);
        var routine = call.routine;
        var definition = routine.definition();
        if (routine.isTrigger()) {
            throw new PgException(
                    SqlState.FEATURE_NOT_SUPPORTED,
                    "trigger functions can only be called as triggers");
        }
        var signature = Signatures.of(routine, host::table);
        int oid = resultOid(call, signature);
        if (definition.isStrict() && Arrays.asList(call.inputs).contains(null)) {
            return new TypedValue(null, oid);
        }
        Object value = guarded(call, () -> value(call, signature, oid));
        return new TypedValue(value, oid);
    }

    private int resultOid(Call call, RoutineSignature signature) {
        if (signature.isRow()) {
            return Oid.TEXT;
        }
        RoutineType returns = signature.returns();
        if (returns.isPolymorphic()) {
            return actual(call, returns).oid();
        }
        return returns.oid() == RoutineType.VOID || returns.isNamed() ? Oid.TEXT : returns.oid();
    }

    private @Nullable Object value(Call call, RoutineSignature signature, int oid) {
        if (!(call.routine.body() instanceof RoutineBody.Procedural)) {
            boolean isVoid = signature.returns().oid() == RoutineType.VOID;
            var run = bodies.borrow(call.routine, call.types);
            List<@Nullable Object[]> rows;
            List<Column> columns;
            try {
                rows = run.run(call.inputs, isVoid ? 0 : 1);
                columns = run.columns();
            } finally {
                bodies.giveBack(call.routine, call.types, run);
            }
            if (rows.isEmpty()) {
                return null;
            }
            if (signature.isRow()) {
                return RecordText.of(
                        signature.columns().isEmpty() ? columns : signature.columns(),
                        converted(rows.getFirst(), columns, signature.columns()),
                        host.textStyle());
            }
            return Coercion.assign(
                    rows.getFirst()[0], columns.getFirst().typeOid(), oid, host.textStyle());
        }
        Object value = runtime.call(body(call), call.inputs);
        if (signature.returns().oid() == RoutineType.VOID) {
            return "";
        }
        if (value instanceof Object[] row) {
            return RecordText.of(signature.columns(), row, host.textStyle());
        }
        return value;
    }

    /**
     * Calls a function for rows.
     *
     * @param spec which one, as a rewritten call says it
     * @param expected the columns that the call names, with their types
     * @param arguments the arguments' values
     * @param oids their types
     * @return its rows, in those columns
     * @throws PgException 42883, 42804 and what the function raises
     */
    public BodyRuntime.Rows rows(
            String spec, List<Column> expected, @Nullable Object[] arguments, int[] oids) {
        var call = choose(spec, arguments, oids);
        var signature = Signatures.of(call.routine, host::table);
        var definition = call.routine.definition();
        if (definition.isStrict() && Arrays.asList(call.inputs).contains(null)) {
            var rows = new ArrayList<@Nullable Object[]>();
            if (!definition.returnsSet()) {
                rows.add(new @Nullable Object[expected.size()]);
            }
            return new BodyRuntime.Rows(expected, rows);
        }
        return guarded(call, () -> rows(call, signature, expected));
    }

    private BodyRuntime.Rows rows(Call call, RoutineSignature signature, List<Column> expected) {
        boolean isRowAsText =
                expected.size() == 1
                        && signature.isRow()
                        && expected.getFirst().typeOid() == RoutineType.RECORD;
        List<Column> inner = isRowAsText ? signature.columns() : expected;
        var found = inner(call, signature, inner);
        var rows = new ArrayList<@Nullable Object[]>();
        for (var row : found.rows()) {
            if (isRowAsText) {
                rows.add(
                        new @Nullable Object[] {
                            RecordText.of(
                                    signature.columns().isEmpty()
                                            ? found.columns()
                                            : signature.columns(),
                                    row,
                                    host.textStyle())
                        });
            } else {
                requireWidth(row.length, expected.size());
                rows.add(converted(row, found.columns(), expected));
            }
        }
        return new BodyRuntime.Rows(expected, rows);
    }

    private static void requireWidth(int actual, int expected) {
        if (actual != expected) {
            throw new PgException(
                            SqlState.DATATYPE_MISMATCH,
                            "function return row and query-specified return row do not match")
                    .withDetail(
                            "Returned row contains %d attribute%s, but query expects %d."
                                    .formatted(actual, actual == 1 ? "" : "s", expected));
        }
    }

    private BodyRuntime.Rows inner(Call call, RoutineSignature signature, List<Column> expected) {
        if (!(call.routine.body() instanceof RoutineBody.Procedural)) {
            boolean isSet = signature.returnsSet();
            boolean isVoid = signature.returns().oid() == RoutineType.VOID;
            var run = bodies.borrow(call.routine, call.types);
            try {
                var rows = run.run(call.inputs, isVoid ? 0 : isSet ? Integer.MAX_VALUE : 1);
                if (isVoid) {
                    rows.add(new @Nullable Object[] {null});
                } else if (rows.isEmpty() && !isSet) {
                    rows.add(new @Nullable Object[Math.max(expected.size(), 1)]);
                }
                return new BodyRuntime.Rows(run.columns(), rows);
            } finally {
                bodies.giveBack(call.routine, call.types, run);
            }
        }
        if (signature.returnsSet()) {
            boolean isOpen = signature.columns().isEmpty();
            return runtime.callSet(body(call), isOpen ? expected : List.of(), call.inputs);
        }
        Object value = runtime.call(body(call), call.inputs);
        var rows = new ArrayList<@Nullable Object[]>();
        if (value instanceof Object[] row) {
            rows.add(row);
        } else if (value == null && signature.isRow()) {
            rows.add(new @Nullable Object[expected.size()]);
        } else {
            boolean isVoid = signature.returns().oid() == RoutineType.VOID;
            rows.add(new @Nullable Object[] {isVoid ? "" : value});
        }
        return new BodyRuntime.Rows(expected, rows);
    }

    private @Nullable Object[] converted(
            @Nullable Object[] row, List<Column> from, List<Column> to) {
        if (to.isEmpty()) {
            return row;
        }
        var converted = row.clone();
        for (int i = 0; i < row.length && i < to.size(); i++) {
            Object value = row[i];
            if (value != null) {
                int known = i < from.size() ? from.get(i).typeOid() : 0;
                int oid = known == 0 ? PgType.forValue(value).oid() : known;
                converted[i] = Coercion.assign(value, oid, to.get(i).typeOid(), host.textStyle());
            }
        }
        return converted;
    }

    // ---- procedures and blocks

    /**
     * What CALL gives.
     *
     * @param columns the output columns
     * @param values their values
     */
    @SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
    public record Outcome(List<Column> columns, @Nullable Object[] values) {
        /** Copies the columns. */
        public Outcome {
            columns = List.copyOf(columns);
        }
    }

    /**
     * Finds the procedure that CALL means.
     *
     * @param call the statement
     * @return its match
     * @throws PgException 42883, 42725, 42809
     */
    public RoutineResolver.Match procedure(Statement.Call call) {
        var candidates = routines.signatures(call.name());
        var procedures = candidates.stream().filter(RoutineSignature::isProcedure).toList();
        var matches = RoutineResolver.resolve(procedures, call.types(), call.names(), false);
        String display =
                RoutineResolver.display(call.name().toString(), call.types(), call.names());
        int position = call.source().codePointCount(0, call.nameOffset()) + 1;
        if (matches.size() == 1) {
            return matches.getFirst();
        }
        if (matches.size() > 1) {
            throw new PgException(new SqlState("42725"), "procedure " + display + " is not unique")
                    .withHint(
                            "Could not choose a best candidate procedure. You might need to add"
                                    + " explicit type casts.")
                    .withPosition(position);
        }
        boolean isFunction =
                !RoutineResolver.resolve(candidates, call.types(), call.names(), false).isEmpty();
        if (isFunction) {
            throw new PgException(new SqlState("42809"), display + " is not a procedure")
                    .withHint("To call a function, use SELECT.")
                    .withPosition(position);
        }
        throw new PgException(
                        SqlState.UNDEFINED_FUNCTION, "procedure " + display + " does not exist")
                .withHint(
                        "No procedure matches the given name and argument types. You might need"
                                + " to add explicit type casts.")
                .withPosition(position);
    }

    /**
     * Runs a procedure.
     *
     * @param match what CALL means
     * @param values one for each of its arguments that is an input, in the order of the call; null
     *     for those that only come out
     * @param oids their types
     * @param defaults evaluates the default of a parameter that the call leaves out
     * @return what comes out
     */
    public Outcome run(
            RoutineResolver.Match match,
            @Nullable Object[] values,
            int[] oids,
            java.util.function.Function<RoutineParameter, TypedValue> defaults) {
        var routine = routines.visible().find(match.routine().oid());
        if (routine == null) {
            throw new IllegalStateException("no procedure " + match.routine().display());
        }
        var parameters = routine.definition().parameters();
        var places = new TypedValue[parameters.size()];
        for (int i = 0; i < values.length; i++) {
            places[match.places()[i]] = new TypedValue(values[i], oids[i]);
        }
        var inputs = new ArrayList<@Nullable Object>();
        var types = new ArrayList<SqlType>();
        for (int i = 0; i < parameters.size(); i++) {
            var parameter = parameters.get(i);
            if (parameter.isInput()) {
                var given = places[i] == null ? defaults.apply(parameter) : places[i];
                inputs.add(convert(given.value(), given.oid(), parameter.type()));
                types.add(parameter.type().sqlType());
            }
        }
        var call = new Call(routine, types, inputs.toArray());
        return guarded(call, () -> run(call));
    }

    private Outcome run(Call call) {
        var outputs =
                call.routine.definition().outputs().stream()
                        .map(each -> new Column(each.name().orElse(""), each.type().oid()))
                        .toList();
        if (call.routine.body() instanceof RoutineBody.Procedural) {
            return new Outcome(outputs, runtime.callProcedure(body(call), call.inputs));
        }
        var run = bodies.borrow(call.routine, call.types);
        try {
            var rows = run.run(call.inputs, outputs.isEmpty() ? 0 : 1);
            return new Outcome(
                    outputs,
                    rows.isEmpty()
                            ? new @Nullable Object[outputs.size()]
                            : converted(rows.getFirst(), run.columns(), outputs));
        } finally {
            bodies.giveBack(call.routine, call.types, run);
        }
    }

    /**
     * Runs DO.
     *
     * @param statement the statement
     * @throws PgException 42704 for another language, and what the block raises
     */
    public void run(Statement.Do statement) {
        if (!statement.language().equals("plpgsql")) {
            throw statement.language().equals("sql")
                    ? new PgException(
                            SqlState.FEATURE_NOT_SUPPORTED,
                            "language \"sql\" does not support inline code execution")
                    : new PgException(
                            SqlState.UNDEFINED_OBJECT,
                            "language \"" + statement.language() + "\" does not exist");
        }
        PlpgsqlBody body;
        try {
            body = PlpgsqlBody.parse(statement.body(), Signature.inlineBlock());
        } catch (PgException e) {
            int position = e.report().position();
            throw position > 0
                    ? e.withPosition(
                            statement.source().codePointCount(0, statement.bodyOffset()) + position)
                    : e;
        }
        runtime.callProcedure(body);
    }

    // ---- choosing and converting

    private Call choose(String spec, @Nullable Object[] arguments, int[] oids) {
        if (specs.size() > SPECS_MAX) {
            specs.clear();
        }
        var choices = specs.computeIfAbsent(spec, CallSpec::parse).choices();
        var choice = choices.size() == 1 ? choices.getFirst() : byTypes(choices, oids);
        var routine = require(choice.oid());
        var inputs = routine.definition().inputs();
        var values = new @Nullable Object[inputs.size()];
        int last = inputs.size() - 1;
        var rest = new ArrayList<@Nullable Object>();
        var types = new ArrayList<@Nullable SqlType>();
        for (var input : inputs) {
            types.add(input.type().isPolymorphic() ? null : input.type().sqlType());
        }
        for (int i = 0; i < arguments.length; i++) {
            int place = choice.place(i);
            if (choice.isExpanded() && place >= last) {
                rest.add(arguments[i]);
                continue;
            }
            values[place] = convert(arguments[i], oids[i], inputs.get(place).type());
            if (types.get(place) == null) {
                types.set(place, typeOf(arguments[i], oids[i]));
            }
        }
        if (choice.isExpanded()) {
            SqlType element = SqlType.named(inputs.get(last).type().name());
            int oid = element == null ? Oid.TEXT : element.oid();
            var elements = new ArrayList<@Nullable Object>();
            for (Object value : rest) {
                elements.add(
                        value == null
                                ? null
                                : Coercion.assign(
                                        value,
                                        PgType.forValue(value).oid(),
                                        oid,
                                        host.textStyle()));
            }
            values[last] = PgArray.of(oid, elements);
        }
        return new Call(
                routine,
                types.stream()
                        .map(Optional::ofNullable)
                        .map(type -> type.orElse(SqlType.TEXT))
                        .toList(),
                values);
    }

    private static SqlType typeOf(@Nullable Object value, int oid) {
        SqlType type = SqlType.of(value != null && oid == 0 ? PgType.forValue(value).oid() : oid);
        return type == null ? SqlType.TEXT : type;
    }

    private CallSpec.Choice byTypes(List<CallSpec.Choice> choices, int[] oids) {
        var candidates = new ArrayList<RoutineSignature>();
        for (var choice : choices) {
            candidates.add(Signatures.of(require(choice.oid()), host::table));
        }
        var types = new ArrayList<@Nullable SqlType>();
        var names = new ArrayList<String>();
        for (int oid : oids) {
            types.add(SqlType.of(oid));
            names.add("");
        }
        var matches = RoutineResolver.resolve(candidates, types, names, false);
        String display = RoutineResolver.display(candidates.getFirst().name(), types, names);
        if (matches.isEmpty()) {
            throw new PgException(
                            SqlState.UNDEFINED_FUNCTION, "function " + display + " does not exist")
                    .withHint(
                            "No function matches the given name and argument types. You might"
                                    + " need to add explicit type casts.");
        }
        if (matches.size() > 1) {
            throw new PgException(new SqlState("42725"), "function " + display + " is not unique")
                    .withHint(
                            "Could not choose a best candidate function. You might need to add"
                                    + " explicit type casts.");
        }
        int oid = matches.getFirst().routine().oid();
        return choices.stream().filter(choice -> choice.oid() == oid).findFirst().orElseThrow();
    }

    private Routine require(int oid) {
        var routine = routines.visible().find(oid);
        if (routine == null) {
            throw new PgException(
                    SqlState.UNDEFINED_FUNCTION, "function with OID " + oid + " does not exist");
        }
        return routine;
    }

    private @Nullable Object convert(@Nullable Object value, int oid, RoutineType target) {
        if (value == null || target.isNamed() || target.isPolymorphic()) {
            return value;
        }
        return Coercion.assign(value, oid, target.oid(), host.textStyle());
    }

    private static SqlType actual(Call call, RoutineType wanted) {
        var inputs = call.routine.definition().inputs();
        for (int i = 0; i < inputs.size(); i++) {
            RoutineType type = inputs.get(i).type();
            if (type.isPolymorphic()) {
                return wanted(wanted, type, call.types.get(i));
            }
        }
        return SqlType.TEXT;
    }

    private static SqlType wanted(RoutineType wanted, RoutineType taken, SqlType given) {
        boolean isArray = wanted.oid() == RoutineType.ANY_ARRAY;
        if (isArray == (taken.oid() == RoutineType.ANY_ARRAY)) {
            return given;
        }
        SqlType element = SqlType.named(given.name());
        return isArray ? given.array() : element == null ? SqlType.TEXT : element;
    }

    /** The body, which for each combination of types that stand for any is one of its own. */
    private PlpgsqlBody body(Call call) {
        if (!(call.routine.body() instanceof RoutineBody.Procedural(var body))) {
            throw new IllegalStateException(call.routine.name() + " is not in PL/pgSQL");
        }
        var definition = call.routine.definition();
        boolean isPolymorphic =
                definition.parameters().stream().anyMatch(each -> each.type().isPolymorphic());
        if (!isPolymorphic) {
            return body;
        }
        return polymorphic.computeIfAbsent(
                new BodyKey(call.routine, call.types),
                key ->
                        PlpgsqlBody.parse(
                                definition.body(),
                                Signatures.body(
                                        definition.resolved(
                                                type -> RoutineType.of(actual(call, type))),
                                        host::table)));
    }

    private <T> T guarded(Call call, Supplier<T> work) {
        if (depth >= DEPTH_MAX) {
            throw tooDeep();
        }
        depth++;
        try {
            var definition = call.routine.definition();
            if (!definition.isSecurityDefiner() && definition.settings().isEmpty()) {
                return work.get();
            }
            return host.acting(
                    definition.isSecurityDefiner()
                            ? Optional.of(call.routine.owner())
                            : Optional.empty(),
                    definition.settings(),
                    work);
        } catch (StackOverflowError e) {
            throw tooDeep();
        } finally {
            depth--;
        }
    }

    private static PgException tooDeep() {
        return new PgException(SqlState.STATEMENT_TOO_COMPLEX, "stack depth limit exceeded")
                .withHint(
                        "Functions call functions more than %d deep; a condition can end that."
                                .formatted(DEPTH_MAX));
    }

    /**
     * Runs a trigger's function.
     *
     * @param oid the function
     * @param trigger the trigger
     * @param firing the event and its rows
     * @return the row that it returns; null for none
     * @throws PgException what it raises
     */
    public @Nullable Object @Nullable [] fire(
            int oid, TriggerContext trigger, TriggerContext.Firing firing) {
        var routine = require(oid);
        if (!(routine.body() instanceof RoutineBody.Procedural(var body))) {
            throw new IllegalStateException(routine.name() + " is not in PL/pgSQL");
        }
        var definition = routine.definition();
        if (!definition.isSecurityDefiner() && definition.settings().isEmpty()) {
            return runtime.fire(body, trigger, firing);
        }
        return host.acting(
                definition.isSecurityDefiner() ? Optional.of(routine.owner()) : Optional.empty(),
                definition.settings(),
                () -> runtime.fire(body, trigger, firing));
    }

    @Override
    public void close() {
        runtime.close();
        polymorphic.clear();
    }
}
