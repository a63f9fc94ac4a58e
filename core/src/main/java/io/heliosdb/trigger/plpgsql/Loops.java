package io.heliosdb.trigger.plpgsql;

import io.heliosdb.sql.SqlType;
import io.heliosdb.sql.Token;
import io.heliosdb.trigger.plpgsql.Instruction.Into;
import io.heliosdb.trigger.plpgsql.Instruction.Query;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads loops.
 *
 * @see <a href="https://www.postgresql.org/docs/15/plpgsql-control-structures.html">PostgreSQL:
 *     control structures</a>
 */
final class Loops {
    private final BodyReader reader;
    private final BodyCursor cursor;

    Loops(BodyReader reader) {
        this.reader = reader;
        this.cursor = reader.cursor;
    }

    /** The loop at the cursor; null where there is none. */
    @Nullable Instruction tryLoop(int line, @Nullable String label) {
        if (cursor.tokens.kind(cursor.at) != Token.WORD) {
            return null;
        }
        var outside = reader.scope;
        reader.scope = Scope.level(outside, Scope.Kind.LOOP, label);
        try {
            return switch (cursor.text()) {
                case "loop" -> new Instruction.Loop(line, label, body(label));
                case "while" -> {
                    cursor.at++;
                    var condition = reader.sql.expression(reader.scope, "loop");
                    yield new Instruction.While(line, label, condition, body(label));
                }
                case "for" -> forLoop(line, label);
                case "foreach" -> forEach(line, label);
                default -> null;
            };
        } finally {
            reader.scope = outside;
        }
    }

    private List<Instruction> body(@Nullable String label) {
        cursor.requireWord("loop");
        var body = reader.statements.statements();
        cursor.requireWord("end");
        cursor.requireWord("loop");
        reader.statements.endLabel(label);
        cursor.require(";");
        return body;
    }

    private Instruction forLoop(int line, @Nullable String label) {
        int target = ++cursor.at;
        while (!cursor.isWord("in")) {
            if (cursor.atEnd() || cursor.is(";")) {
                throw cursor.syntaxError();
            }
            cursor.at++;
        }
        int in = cursor.at++;
        if (cursor.isWord("execute")) {
            return overDynamic(line, label, target);
        }
        var bound = boundCursor();
        if (bound != null) {
            return overCursor(line, label, target, bound);
        }
        boolean isReverse = cursor.tryWord("reverse");
        int from = cursor.at;
        reader.sql.skipTo(false, "loop", "..");
        return cursor.is("..")
                ? overIntegers(line, label, target, in, from, isReverse)
                : overQuery(line, label, target, from);
    }

    // ---- integers

    private Instruction overIntegers(
            int line, @Nullable String label, int target, int in, int from, boolean isReverse) {
        if (in != target + 1) {
            throw cursor.error(target, "integer FOR loop must have only one target variable");
        }
        var lower = reader.sql.expression(reader.scope, from, cursor.at);
        cursor.at++;
        var upper = reader.sql.expression(reader.scope, "loop", "by");
        Sql step = null;
        if (cursor.tryWord("by")) {
            step = reader.sql.expression(reader.scope, "loop");
        }
        String name = reader.path(target, target + 1).getFirst();
        var variable = reader.hidden(name, BodyReader.scalar(SqlType.INT4));
        return new Instruction.ForInteger(
                line, label, variable, isReverse, lower, upper, step, body(label));
    }

    // ---- rows

    private Instruction overQuery(int line, @Nullable String label, int target, int from) {
        int end = cursor.at;
        var into = rowTarget(target);
        cursor.at = end;
        var query = reader.sql.statement(reader.scope, from, end);
        return new Instruction.ForQuery(line, label, into, new Query(query, null), body(label));
    }

    private Instruction overDynamic(int line, @Nullable String label, int target) {
        int execute = cursor.at;
        var into = rowTarget(target);
        cursor.at = execute + 1;
        var text = reader.sql.expression(reader.scope, "loop", "using");
        var using = new ArrayList<Sql>();
        if (cursor.tryWord("using")) {
            do {
                using.add(reader.sql.expression(reader.scope, "loop", ","));
            } while (cursor.trySymbol(","));
        }
        return new Instruction.ForQuery(
                line, label, into, new Query(text, List.copyOf(using)), body(label));
    }

    /** What takes the rows: a record, or scalar variables. */
    private Into rowTarget(int at) {
        cursor.at = at;
        var place = reader.tryPlace();
        if (place == null) {
            throw cursor.error(
                    at,
                    "loop variable of loop over rows must be a record variable or list of scalar"
                            + " variables");
        }
        cursor.at = at;
        var into = reader.into();
        cursor.requireWord("in");
        return into;
    }

    // ---- cursors

    /** A bound cursor variable that is all of what follows IN. */
    private @Nullable Variable boundCursor() {
        int from = cursor.at;
        if (!cursor.isName(from)) {
            return null;
        }
        var place = reader.tryPlace();
        boolean isCursor =
                place != null
                        && place.field() == null
                        && place.variable().cursor() != null
                        && (cursor.is("(") || cursor.isWord("loop"));
        if (!isCursor) {
            cursor.at = from;
            return null;
        }
        return place.variable();
    }

    private Instruction overCursor(int line, @Nullable String label, int target, Variable bound) {
        var arguments = Cursors.arguments(reader, bound);
        String name = reader.path(target, target + 1).getFirst();
        var row = reader.hidden(name, BodyType.RECORD);
        return new Instruction.ForCursor(line, label, row, bound, arguments, body(label));
    }

    // ---- FOREACH

    private Instruction forEach(int line, @Nullable String label) {
        cursor.at++;
        int at = cursor.at;
        if (reader.tryPlace() == null) {
            throw cursor.error(
                    at, "loop variable of FOREACH must be a known variable or list of variables");
        }
        cursor.at = at;
        var into = reader.into();
        int slice = 0;
        if (cursor.tryWord("slice")) {
            if (cursor.tokens.kind(cursor.at) != Token.INTEGER) {
                throw cursor.syntaxError();
            }
            slice = Integer.parseInt(cursor.text());
            cursor.at++;
        }
        cursor.requireWord("in");
        cursor.requireWord("array");
        var array = reader.sql.expression(reader.scope, "loop");
        return new Instruction.ForEach(line, label, into, slice, array, body(label));
    }
}
