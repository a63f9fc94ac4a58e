package io.heliosdb.trigger.plpgsql;

import io.heliosdb.pg.Oid;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.type.PgType;
import io.heliosdb.sql.SqlType;
import io.heliosdb.trigger.plpgsql.Instruction.Into;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The statements of bodies that run SQL or give results. */
final class SqlInstructions {
    private static final SqlState NO_DATA_FOUND = new SqlState("P0002");
    private static final SqlState TOO_MANY_ROWS = new SqlState("P0003");
    private static final SqlState INVALID_TRANSACTION_TERMINATION = new SqlState("2D000");

    private final PlpgsqlHost host;
    private final SqlRunner sql;
    private final Assigner assigner;
    private final Portals portals;
    private int subtransactions;

    SqlInstructions(PlpgsqlHost host, SqlRunner sql, Assigner assigner, Portals portals) {
        this.host = host;
        this.sql = sql;
        this.assigner = assigner;
        this.portals = portals;
    }

    void enterSubtransaction() {
        subtransactions++;
    }

    void leaveSubtransaction() {
        subtransactions--;
    }

    void found(boolean isFound, Frame frame) {
        frame.slots[frame.body.code().found().slot()] = isFound;
    }

    private void done(long count, Frame frame) {
        frame.rowCount = count;
        found(count > 0, frame);
    }

    // ---- SQL with and without INTO

    void execute(Instruction.Execute execute, Frame frame) {
        var into = execute.into();
        var outcome = sql.run(execute.statement(), frame, into == null ? 0 : 2);
        if (into == null) {
            if (outcome.shape() != null || !outcome.rows().isEmpty()) {
                throw noDestination(outcome.isWrite());
            }
            if (execute.statement().sql().isBindable()) {
                done(outcome.count(), frame);
            }
            return;
        }
        into(into, outcome, outcome.isWrite(), frame);
        done(into.isStrict() ? 1 : Math.min(outcome.count(), 1), frame);
    }

    private static PgException noDestination(boolean isWrite) {
        var error =
                new PgException(SqlState.SYNTAX_ERROR, "query has no destination for result data");
        return isWrite
                ? error
                : error.withHint(
                        "If you want to discard the results of a SELECT, use PERFORM instead.");
    }

    private void into(Into into, SqlRunner.Outcome outcome, boolean isOne, Frame frame) {
        var shape = outcome.shape();
        if (shape == null) {
            throw new PgException(
                    SqlState.SYNTAX_ERROR, "INTO used with a command that cannot return data");
        }
        if (outcome.rows().isEmpty()) {
            if (into.isStrict()) {
                throw new PgException(NO_DATA_FOUND, "query returned no rows");
            }
            assigner.intoNothing(into, shape, frame);
            return;
        }
        if (outcome.count() > 1 && (into.isStrict() || isOne)) {
            throw new PgException(TOO_MANY_ROWS, "query returned more than one row")
                    .withHint("Make sure the query returns a single row, or use LIMIT 1.");
        }
        assigner.into(into, shape, outcome.rows().getFirst(), frame);
    }

    void perform(Instruction.Perform perform, Frame frame) {
        done(sql.run(perform.query(), frame, 0).count(), frame);
    }

    /** EXECUTE sets ROW_COUNT, not FOUND. */
    void dynamic(Instruction.Dynamic execute, Frame frame) {
        var into = execute.into();
        var outcome = sql.run(execute.query(), frame, into == null ? 0 : 2);
        frame.rowCount = outcome.count();
        if (into != null) {
            into(into, outcome, outcome.isWrite(), frame);
            frame.rowCount = Math.min(outcome.count(), 1);
        }
    }

    // ---- CALL, COMMIT

    void call(Instruction.Call call, Frame frame) {
        var arguments = new ArrayList<PlpgsqlHost.Argument>();
        for (var argument : call.arguments()) {
            Object value = sql.value(argument.value(), frame);
            arguments.add(
                    new PlpgsqlHost.Argument(Optional.ofNullable(argument.name()), value, sql.oid));
        }
        List<Optional<PlpgsqlHost.Output>> outputs;
        try {
            outputs = host.call(call.procedure(), arguments);
        } catch (PgException e) {
            throw SqlRunner.inSql(e, "SQL statement", call.text());
        }
        for (int i = 0; i < outputs.size() && i < arguments.size(); i++) {
            var output = outputs.get(i);
            if (output.isEmpty()) {
                continue;
            }
            var place = call.arguments().get(i).place();
            if (place == null) {
                throw new PgException(
                        SqlState.SYNTAX_ERROR,
                        "procedure parameter %d is an output parameter but corresponding argument is not writable"
                                .formatted(i + 1));
            }
            assigner.put(place, output.get().value(), output.get().oid(), frame);
        }
    }

    void end(Instruction.EndTransaction end) {
        if (subtransactions > 0) {
            throw new PgException(
                    INVALID_TRANSACTION_TERMINATION,
                    end.isCommit()
                            ? "cannot commit while a subtransaction is active"
                            : "cannot roll back while a subtransaction is active");
        }
        if (end.isCommit()) {
            host.commit(end.isChain());
        } else {
            host.rollback(end.isChain());
        }
        portals.clear();
    }

    // ---- RETURN

    void result(Instruction.Return end, Frame frame) {
        if (end.value() == null) {
            return;
        }
        frame.result = sql.value(end.value(), frame);
        frame.resultOid = sql.oid;
    }

    void next(Instruction.ReturnNext next, Frame frame) {
        if (next.value() == null) {
            var outputs = outputs(frame);
            frame.rowShape = outputs;
            frame.rows.add(outputValues(frame));
            return;
        }
        Object value = sql.value(next.value(), frame);
        int oid = sql.oid;
        var type = ((Signature.Returns.Many) frame.body.body().signature().returns()).type();
        if (type instanceof BodyType.Scalar(var scalar)) {
            frame.rows.add(new @Nullable Object[] {assigner.convert(scalar, value, oid)});
            return;
        }
        var shape = frame.rowShape == null ? frame.body.shape(type) : frame.rowShape;
        if (value instanceof RowValue row) {
            frame.rowShape = shape == null ? row.shape : shape;
            frame.rows.add(assigner.converted(frame.rowShape, row.shape, row.values));
        } else if (value == null && shape != null) {
            frame.rowShape = shape;
            frame.rows.add(new @Nullable Object[shape.size()]);
        } else {
            throw new PgException(
                    SqlState.DATATYPE_MISMATCH,
                    "cannot return non-composite value from function returning composite type");
        }
    }

    void query(Instruction.ReturnQuery query, Frame frame) {
        var outcome = sql.run(query.query(), frame, Integer.MAX_VALUE);
        var shape = outcome.shape();
        if (shape == null) {
            throw new PgException(
                    SqlState.SYNTAX_ERROR, "cannot open a query that returns no rows as cursor");
        }
        var target = targetShape(shape, frame);
        try {
            requireSame(target, shape);
        } catch (PgException e) {
            throw query.query().using() == null
                    ? SqlRunner.inSql(e, "SQL statement", query.query().text().text())
                    : e;
        }
        for (var row : outcome.rows()) {
            frame.rows.add(assigner.converted(target, shape, row));
        }
        frame.rowShape = target;
        done(outcome.count(), frame);
    }

    private static void requireSame(RowShape target, RowShape shape) {
        if (target.size() != shape.size()) {
            throw mismatch(
                    "Number of returned columns (%d) does not match expected column count (%d)."
                            .formatted(shape.size(), target.size()));
        }
        for (int i = 0; i < target.size(); i++) {
            requireSame(target.types().get(i), shape.types().get(i), i + 1);
        }
    }

    /** RETURN QUERY converts nothing; the engine knows no difference between kinds of text. */
    private static void requireSame(SqlType wanted, SqlType given, int column) {
        boolean isSame =
                wanted.oid() == given.oid()
                        || wanted.oid() == 0
                        || given.oid() == 0
                        || (isText(wanted) && isText(given))
                        || (wanted.isJson() && given.isJson());
        if (!isSame) {
            throw mismatch(
                    "Returned type %s does not match expected type %s in column %d."
                            .formatted(
                                    PgType.of(given.oid()).displayName(),
                                    PgType.of(wanted.oid()).displayName(),
                                    column));
        }
    }

    private static boolean isText(SqlType type) {
        return switch (type.oid()) {
            case Oid.TEXT, Oid.VARCHAR, Oid.BPCHAR, Oid.NAME, Oid.UNKNOWN -> true;
            default -> false;
        };
    }

    private static PgException mismatch(String detail) {
        return new PgException(
                        SqlState.DATATYPE_MISMATCH,
                        "structure of query does not match function result type")
                .withDetail(detail);
    }

    private static RowShape targetShape(RowShape given, Frame frame) {
        if (frame.rowShape != null) {
            return frame.rowShape;
        }
        var signature = frame.body.body().signature();
        if (!signature.outputs().isEmpty()) {
            return outputs(frame);
        }
        var type = ((Signature.Returns.Many) signature.returns()).type();
        if (type instanceof BodyType.Scalar(var scalar)) {
            return new RowShape(List.of(signature.name()), List.of(scalar));
        }
        var shape = frame.body.shape(type);
        return shape == null ? given : shape;
    }

    /** The columns that the OUT parameters are. */
    static RowShape outputs(Frame frame) {
        var names = new ArrayList<String>();
        var types = new ArrayList<SqlType>();
        for (var variable : outputVariables(frame)) {
            names.add(variable.name());
            types.add(variable.isRow() ? RowShape.type(Oid.TEXT) : frame.body.type(variable));
        }
        return new RowShape(names, types);
    }

    /** The values that the OUT parameters have. */
    static @Nullable Object[] outputValues(Frame frame) {
        var variables = outputVariables(frame);
        var values = new @Nullable Object[variables.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = frame.slots[variables.get(i).slot()];
        }
        return values;
    }

    private static List<Variable> outputVariables(Frame frame) {
        var parameters = frame.body.body().signature().parameters();
        var variables = new ArrayList<Variable>();
        for (int i = 0; i < parameters.size(); i++) {
            if (parameters.get(i).mode().isOutput()) {
                variables.add(frame.body.code().parameters().get(i));
            }
        }
        return variables;
    }
}
