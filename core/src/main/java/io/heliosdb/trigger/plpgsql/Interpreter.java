package io.heliosdb.trigger.plpgsql;

import io.heliosdb.pg.Oid;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.type.PgArray;
import io.heliosdb.pg.type.PgType;
import io.heliosdb.sql.SqlType;
import io.heliosdb.trigger.plpgsql.Instruction.Block;
import io.heliosdb.trigger.plpgsql.Instruction.Branch;
import io.heliosdb.trigger.plpgsql.Instruction.Into;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** Runs the statements of bodies: blocks, branches, loops. Confined to the session's thread. */
final class Interpreter {
    private final PlpgsqlHost host;
    private final SqlRunner sql;
    private final Assigner assigner;
    private final SqlInstructions instructions;
    private final Errors errors;
    private final Portals portals;

    /** How a statement ended. */
    enum Flow {
        NEXT,
        EXIT,
        CONTINUE,
        RETURN
    }

    Interpreter(PlpgsqlHost host, SqlRunner sql, Calls calls) {
        this.host = host;
        this.sql = sql;
        this.assigner = new Assigner(sql, host);
        this.portals = new Portals(sql, assigner, host);
        this.instructions = new SqlInstructions(host, sql, assigner, portals);
        this.errors = new Errors(host, sql, assigner, calls);
    }

    Assigner assigner() {
        return assigner;
    }

    Portals portals() {
        return portals;
    }

    Flow run(List<Instruction> list, Frame frame) {
        for (int i = 0; i < list.size(); i++) {
            var flow = run(list.get(i), frame);
            if (flow != Flow.NEXT) {
                return flow;
            }
        }
        return Flow.NEXT;
    }

    /** Runs a statement; where it fails it stays the frame's, for CONTEXT. */
    Flow run(Instruction instruction, Frame frame) {
        var before = frame.at;
        frame.at = instruction;
        var flow = dispatch(instruction, frame);
        frame.at = before;
        return flow;
    }

    private Flow dispatch(Instruction instruction, Frame frame) {
        switch (instruction) {
            case Block block -> {
                return block(block, frame);
            }
            case Instruction.If test -> {
                return branch(test.branches(), test.otherwise(), frame);
            }
            case Instruction.Case test -> {
                return choose(test, frame);
            }
            case Instruction.Loop loop -> {
                return loop(loop, frame);
            }
            case Instruction.While loop -> {
                return whileLoop(loop, frame);
            }
            case Instruction.ForInteger loop -> {
                return integers(loop, frame);
            }
            case Instruction.ForQuery loop -> {
                return rows(loop, frame);
            }
            case Instruction.ForCursor loop -> {
                return cursorRows(loop, frame);
            }
            case Instruction.ForEach loop -> {
                return elements(loop, frame);
            }
            case Instruction.Exit exit -> {
                return exit(exit, frame);
            }
            case Instruction.Return end -> {
                instructions.result(end, frame);
                return Flow.RETURN;
            }
            case Instruction.Assign assign -> assigner.assign(assign, frame);
            case Instruction.ReturnNext next -> instructions.next(next, frame);
            case Instruction.ReturnQuery query -> instructions.query(query, frame);
            case Instruction.Execute execute -> instructions.execute(execute, frame);
            case Instruction.Dynamic execute -> instructions.dynamic(execute, frame);
            case Instruction.Perform perform -> instructions.perform(perform, frame);
            case Instruction.Call call -> instructions.call(call, frame);
            case Instruction.EndTransaction end -> instructions.end(end);
            case Instruction.Raise raise -> errors.raise(raise, frame);
            case Instruction.Assert assertion -> errors.check(assertion, frame);
            case Instruction.Diagnostics get -> errors.diagnostics(get, frame);
            case Instruction.Open open -> portals.open(open, frame);
            case Instruction.Fetch fetch -> portals.fetch(fetch, frame);
            case Instruction.Close close -> portals.close(close, frame);
            case Instruction.Nothing _ -> {}
        }
        return Flow.NEXT;
    }

    // ---- blocks

    Flow block(Block block, Frame frame) {
        declare(block.declared(), frame);
        var flow =
                block.handlers() == null
                        ? run(block.body(), frame)
                        : guarded(block, block.handlers(), frame);
        if (flow == Flow.EXIT && frame.exitLabel != null && frame.exitLabel.equals(block.label())) {
            frame.exitLabel = null;
            return Flow.NEXT;
        }
        return flow;
    }

    private void declare(List<Variable> declared, Frame frame) {
        if (declared.isEmpty()) {
            return;
        }
        frame.doing = "during statement block local variable initialization";
        for (int i = 0; i < declared.size(); i++) {
            var variable = declared.get(i);
            frame.doingLine = variable.line();
            initialize(variable, frame);
        }
        frame.doing = null;
    }

    private void initialize(Variable variable, Frame frame) {
        var bound = variable.cursor();
        if (bound != null) {
            frame.slots[variable.slot()] = variable.name();
        } else if (variable.initial() != null) {
            Object value = sql.value(variable.initial(), frame);
            assigner.put(new Instruction.Target(variable, null, List.of()), value, sql.oid, frame);
        } else {
            var shape = frame.body.shape(variable);
            frame.slots[variable.slot()] = shape == null ? null : RowValue.empty(shape);
        }
    }

    /** A block with EXCEPTION: its statements are a subtransaction. */
    private Flow guarded(Block block, Instruction.Handlers handlers, Frame frame) {
        var mark = host.mark();
        instructions.enterSubtransaction();
        Flow flow;
        try {
            flow = run(block.body(), frame);
        } catch (PgException e) {
            var handler = errors.handler(handlers, e);
            if (handler == null) {
                throw e;
            }
            host.rollbackTo(mark);
            host.release(mark);
            return handle(handlers, handler, e, block, frame);
        } finally {
            instructions.leaveSubtransaction();
        }
        host.release(mark);
        return flow;
    }

    private Flow handle(
            Instruction.Handlers handlers,
            Instruction.Handler handler,
            PgException e,
            Block block,
            Frame frame) {
        var outer = frame.handled;
        frame.handled = e == frame.again ? e : e.withWhere(SqlRunner.where(e, frame.where()));
        frame.again = null;
        frame.doing = null;
        frame.running = null;
        frame.at = block;
        frame.slots[handlers.state().slot()] = e.sqlState().code();
        frame.slots[handlers.message().slot()] = e.report().message();
        var flow = run(handler.body(), frame);
        frame.handled = outer;
        return flow;
    }

    // ---- branches

    private Flow branch(List<Branch> branches, List<Instruction> otherwise, Frame frame) {
        for (int i = 0; i < branches.size(); i++) {
            var branch = branches.get(i);
            if (sql.isTrue(branch.condition(), frame)) {
                return run(branch.body(), frame);
            }
        }
        return run(otherwise, frame);
    }

    private Flow choose(Instruction.Case test, Frame frame) {
        if (test.test() != null && test.tested() != null) {
            Object value = sql.value(test.test(), frame);
            int oid = sql.oid == Oid.UNKNOWN ? Oid.TEXT : sql.oid;
            var shape = new RowShape(List.of("v"), List.of(RowShape.type(oid)));
            frame.slots[test.tested().slot()] = RowValue.of(shape, new @Nullable Object[] {value});
        }
        for (var branch : test.branches()) {
            if (sql.isTrue(branch.condition(), frame)) {
                return run(branch.body(), frame);
            }
        }
        if (test.otherwise() == null) {
            throw new PgException(new SqlState("20000"), "case not found")
                    .withHint("CASE statement is missing ELSE part.");
        }
        return run(test.otherwise(), frame);
    }

    private Flow exit(Instruction.Exit exit, Frame frame) {
        if (exit.condition() != null && !sql.isTrue(exit.condition(), frame)) {
            return Flow.NEXT;
        }
        frame.exitLabel = exit.label();
        return exit.isContinue() ? Flow.CONTINUE : Flow.EXIT;
    }

    // ---- loops

    /** What a turn of a loop leads to: NEXT for another turn, EXIT out of it, or out further. */
    private static @Nullable Flow afterTurn(Flow flow, @Nullable String label, Frame frame) {
        boolean isMine = frame.exitLabel == null || frame.exitLabel.equals(label);
        return switch (flow) {
            case NEXT -> null;
            case RETURN -> Flow.RETURN;
            case EXIT -> {
                frame.exitLabel = isMine ? null : frame.exitLabel;
                yield isMine ? Flow.NEXT : Flow.EXIT;
            }
            case CONTINUE -> {
                frame.exitLabel = isMine ? null : frame.exitLabel;
                yield isMine ? null : Flow.CONTINUE;
            }
        };
    }

    private Flow loop(Instruction.Loop loop, Frame frame) {
        while (true) {
            host.checkCancelled();
            var end = afterTurn(run(loop.body(), frame), loop.label(), frame);
            if (end != null) {
                return end;
            }
        }
    }

    private Flow whileLoop(Instruction.While loop, Frame frame) {
        while (sql.isTrue(loop.condition(), frame)) {
            host.checkCancelled();
            var end = afterTurn(run(loop.body(), frame), loop.label(), frame);
            if (end != null) {
                return end;
            }
        }
        return Flow.NEXT;
    }

    private Flow integers(Instruction.ForInteger loop, Frame frame) {
        int from = bound(loop.from(), "lower bound", frame);
        int to = bound(loop.to(), "upper bound", frame);
        int step = loop.step() == null ? 1 : bound(loop.step(), "BY value", frame);
        if (step <= 0) {
            throw new PgException(
                    SqlState.INVALID_PARAMETER_VALUE,
                    "BY value of FOR loop must be greater than zero");
        }
        boolean isFound = false;
        Flow end = null;
        for (long i = from;
                end == null && (loop.isReverse() ? i >= to : i <= to);
                i += loop.isReverse() ? -step : step) {
            host.checkCancelled();
            isFound = true;
            frame.slots[loop.variable().slot()] = (int) i;
            end = afterTurn(run(loop.body(), frame), loop.label(), frame);
        }
        instructions.found(isFound, frame);
        return end == null ? Flow.NEXT : end;
    }

    private int bound(Sql expression, String name, Frame frame) {
        Object value = sql.value(expression, frame);
        Object number = assigner.convert(SqlType.INT4, value, sql.oid);
        if (number == null) {
            throw new PgException(
                    SqlState.NULL_VALUE_NOT_ALLOWED, name + " of FOR loop cannot be null");
        }
        return (Integer) number;
    }

    private Flow rows(Instruction.ForQuery loop, Frame frame) {
        var outcome = sql.run(loop.query(), frame, Integer.MAX_VALUE);
        return rows(outcome, loop.into(), loop.label(), loop.body(), frame);
    }

    private Flow rows(
            SqlRunner.Outcome outcome,
            Into into,
            @Nullable String label,
            List<Instruction> body,
            Frame frame) {
        var shape = outcome.shape();
        if (shape == null) {
            throw new PgException(
                    SqlState.SYNTAX_ERROR, "cannot open a query that returns no rows as cursor");
        }
        if (outcome.rows().isEmpty()) {
            assigner.intoNothing(into, shape, frame);
        }
        Flow end = null;
        for (var row : outcome.rows()) {
            host.checkCancelled();
            assigner.into(into, shape, row, frame);
            end = afterTurn(run(body, frame), label, frame);
            if (end != null) {
                break;
            }
        }
        instructions.found(!outcome.rows().isEmpty(), frame);
        return end == null ? Flow.NEXT : end;
    }

    private Flow cursorRows(Instruction.ForCursor loop, Frame frame) {
        var bound = loop.cursor().cursor();
        if (bound == null) {
            throw new IllegalStateException("a cursor without a query");
        }
        portals.open(
                new Instruction.Open(loop.line(), loop.cursor(), null, null, loop.arguments()),
                frame);
        var target = new Instruction.Target(loop.row(), null, List.of());
        var portal = portals.require(loop.cursor(), frame);
        try {
            var outcome = new SqlRunner.Outcome(portal.shape(), portal.rows(), 0, false);
            return rows(
                    outcome, new Into(List.of(target), false), loop.label(), loop.body(), frame);
        } finally {
            portals.forget(loop.cursor(), frame);
        }
    }

    private Flow elements(Instruction.ForEach loop, Frame frame) {
        Object value = sql.value(loop.array(), frame);
        if (value == null) {
            throw new PgException(
                    SqlState.NULL_VALUE_NOT_ALLOWED, "FOREACH expression must not be null");
        }
        if (!(value instanceof PgArray array)) {
            throw new PgException(
                    SqlState.DATATYPE_MISMATCH,
                    "FOREACH expression must yield an array, not type "
                            + PgType.of(sql.oid).displayName());
        }
        var slices = Slices.of(array, loop.slice());
        int oid = loop.slice() == 0 ? array.elementOid() : sql.oid;
        var shape = new RowShape(List.of("v"), List.of(RowShape.type(oid)));
        Flow end = null;
        for (Object slice : slices) {
            host.checkCancelled();
            assigner.into(loop.into(), shape, new @Nullable Object[] {slice}, frame);
            end = afterTurn(run(loop.body(), frame), loop.label(), frame);
            if (end != null) {
                break;
            }
        }
        instructions.found(!slices.isEmpty(), frame);
        return end == null ? Flow.NEXT : end;
    }
}
