package io.heliosdb.trigger.plpgsql;

import io.heliosdb.pg.Severity;
import io.heliosdb.sql.TableName;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * A statement of a body, its names resolved. Immutable.
 *
 * @see <a href="https://www.postgresql.org/docs/15/plpgsql-statements.html">PostgreSQL: basic
 *     statements</a>
 */
sealed interface Instruction {
    /** The line it starts in, from 1. */
    int line();

    /** What CONTEXT calls it. */
    default String kind() {
        return switch (this) {
            case Block _ -> "statement block";
            case Assign _ -> "assignment";
            case If _ -> "IF";
            case Case _ -> "CASE";
            case Loop _ -> "LOOP";
            case While _ -> "WHILE";
            case ForInteger _ -> "FOR with integer loop variable";
            case ForQuery loop ->
                    loop.query.using() == null
                            ? "FOR over SELECT rows"
                            : "FOR over EXECUTE statement";
            case ForCursor _ -> "FOR over cursor";
            case ForEach _ -> "FOREACH over array";
            case Exit exit -> exit.isContinue ? "CONTINUE" : "EXIT";
            case Return _ -> "RETURN";
            case ReturnNext _ -> "RETURN NEXT";
            case ReturnQuery _ -> "RETURN QUERY";
            case Raise _ -> "RAISE";
            case Assert _ -> "ASSERT";
            case Execute _ -> "SQL statement";
            case Dynamic _ -> "EXECUTE";
            case Perform _ -> "PERFORM";
            case Call _ -> "CALL";
            case Diagnostics get -> get.isStacked ? "GET STACKED DIAGNOSTICS" : "GET DIAGNOSTICS";
            case Open _ -> "OPEN";
            case Fetch fetch -> fetch.into == null ? "MOVE" : "FETCH";
            case Close _ -> "CLOSE";
            case EndTransaction end -> end.isCommit ? "COMMIT" : "ROLLBACK";
            case Nothing _ -> "NULL";
        };
    }

    /** A place that takes a value: a variable, a field of it, or an element of either. */
    record Target(Variable variable, @Nullable String field, List<Sql> subscripts) {}

    /** Where the first row of a result goes: one record, or values in their order. */
    record Into(List<Target> targets, boolean isStrict) {
        boolean isRow() {
            return targets.size() == 1
                    && targets.getFirst().field == null
                    && targets.getFirst().variable.isRow();
        }
    }

    /** A query; {@code using} is null for one that is written in the body. */
    record Query(Sql text, @Nullable List<Sql> using) {}

    record Branch(int line, Sql condition, List<Instruction> body) {}

    /** An SQLSTATE, or that of a class, which ends in 000; empty for OTHERS. */
    record Condition(String state) {
        static final Condition OTHERS = new Condition("");

        boolean isOthers() {
            return state.isEmpty();
        }
    }

    record Handler(List<Condition> conditions, List<Instruction> body) {}

    /** The handlers of a block, with the variables SQLSTATE and SQLERRM that they see. */
    record Handlers(Variable state, Variable message, List<Handler> list) {}

    record Block(
            int line,
            @Nullable String label,
            List<Variable> declared,
            List<Instruction> body,
            @Nullable Handlers handlers)
            implements Instruction {}

    /** {@code text} is all of it, for CONTEXT. */
    record Assign(int line, String text, Target target, Sql value) implements Instruction {}

    record If(int line, List<Branch> branches, List<Instruction> otherwise)
            implements Instruction {}

    /** {@code otherwise} is null where there is no ELSE. */
    record Case(
            int line,
            @Nullable Sql test,
            @Nullable Variable tested,
            List<Branch> branches,
            @Nullable List<Instruction> otherwise)
            implements Instruction {}

    record Loop(int line, @Nullable String label, List<Instruction> body) implements Instruction {}

    record While(int line, @Nullable String label, Sql condition, List<Instruction> body)
            implements Instruction {}

    record ForInteger(
            int line,
            @Nullable String label,
            Variable variable,
            boolean isReverse,
            Sql from,
            Sql to,
            @Nullable Sql step,
            List<Instruction> body)
            implements Instruction {}

    record ForQuery(
            int line, @Nullable String label, Into into, Query query, List<Instruction> body)
            implements Instruction {}

    record ForCursor(
            int line,
            @Nullable String label,
            Variable row,
            Variable cursor,
            List<Sql> arguments,
            List<Instruction> body)
            implements Instruction {}

    record ForEach(
            int line,
            @Nullable String label,
            Into into,
            int slice,
            Sql array,
            List<Instruction> body)
            implements Instruction {}

    record Exit(int line, boolean isContinue, @Nullable String label, @Nullable Sql condition)
            implements Instruction {}

    record Return(int line, @Nullable Sql value) implements Instruction {}

    record ReturnNext(int line, @Nullable Sql value) implements Instruction {}

    record ReturnQuery(int line, Query query) implements Instruction {}

    enum RaiseOption {
        ERRCODE,
        MESSAGE,
        DETAIL,
        HINT,
        COLUMN,
        CONSTRAINT,
        DATATYPE,
        TABLE,
        SCHEMA
    }

    record RaiseSetting(RaiseOption option, Sql value) {}

    /**
     * {@code condition} is an SQLSTATE, {@code name} how it was named. A bare RAISE has nothing.
     */
    record Raise(
            int line,
            Severity severity,
            @Nullable String condition,
            @Nullable String name,
            @Nullable String format,
            List<Sql> arguments,
            List<RaiseSetting> settings)
            implements Instruction {
        boolean isBare() {
            return condition == null && format == null && settings.isEmpty();
        }
    }

    record Assert(int line, Sql condition, @Nullable Sql message) implements Instruction {}

    record Execute(int line, Sql statement, @Nullable Into into) implements Instruction {}

    record Dynamic(int line, Query query, @Nullable Into into) implements Instruction {}

    record Perform(int line, Sql query) implements Instruction {}

    /** An argument of CALL; {@code place} is what takes the value of an OUT parameter. */
    record Argument(@Nullable String name, Sql value, @Nullable Target place) {}

    record Call(int line, String text, TableName procedure, List<Argument> arguments)
            implements Instruction {}

    enum DiagnosticsItem {
        ROW_COUNT,
        PG_CONTEXT,
        PG_EXCEPTION_CONTEXT,
        PG_EXCEPTION_DETAIL,
        PG_EXCEPTION_HINT,
        RETURNED_SQLSTATE,
        COLUMN_NAME,
        CONSTRAINT_NAME,
        PG_DATATYPE_NAME,
        MESSAGE_TEXT,
        TABLE_NAME,
        SCHEMA_NAME
    }

    record DiagnosticsValue(Target target, DiagnosticsItem item) {}

    record Diagnostics(int line, boolean isStacked, List<DiagnosticsValue> values)
            implements Instruction {}

    /** {@code query} is null for a cursor that is bound to one. */
    record Open(
            int line,
            Variable cursor,
            @Nullable Query query,
            @Nullable Boolean isScroll,
            List<Sql> arguments)
            implements Instruction {}

    enum Direction {
        FORWARD,
        BACKWARD,
        ABSOLUTE,
        RELATIVE
    }

    /** {@code fixed} holds where there is no {@code count}; {@code into} is null for MOVE. */
    record Fetch(
            int line,
            Variable cursor,
            Direction direction,
            @Nullable Sql count,
            int fixed,
            @Nullable Into into)
            implements Instruction {
        static final int ALL = Integer.MAX_VALUE;
    }

    record Close(int line, Variable cursor) implements Instruction {}

    record EndTransaction(int line, boolean isCommit, boolean isChain) implements Instruction {}

    record Nothing(int line) implements Instruction {}
}
