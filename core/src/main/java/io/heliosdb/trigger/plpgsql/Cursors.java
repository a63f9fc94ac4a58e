package io.heliosdb.trigger.plpgsql;

import io.heliosdb.pg.SqlState;
import io.heliosdb.sql.Token;
import io.heliosdb.trigger.plpgsql.Instruction.Direction;
import io.heliosdb.trigger.plpgsql.Instruction.Fetch;
import io.heliosdb.trigger.plpgsql.Instruction.Into;
import io.heliosdb.trigger.plpgsql.Instruction.Query;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads OPEN, FETCH, MOVE and CLOSE.
 *
 * @see <a href="https://www.postgresql.org/docs/15/plpgsql-cursors.html">PostgreSQL: cursors</a>
 */
final class Cursors {
    private final BodyReader reader;
    private final BodyCursor cursor;

    Cursors(BodyReader reader) {
        this.reader = reader;
        this.cursor = reader.cursor;
    }

    Instruction open(int line) {
        cursor.at++;
        var variable = reader.cursorVariable();
        var bound = variable.cursor();
        if (bound != null) {
            var arguments = arguments(reader, variable);
            cursor.require(";");
            return new Instruction.Open(line, variable, null, bound.isScroll(), arguments);
        }
        Boolean isScroll = reader.declarations.scroll();
        cursor.requireWord("for");
        Query query;
        if (cursor.tryWord("execute")) {
            var text = reader.sql.expression(reader.scope, "using", ";");
            query = new Query(text, using(reader));
        } else {
            query = new Query(reader.sql.statement(reader.scope, ";"), null);
        }
        cursor.require(";");
        return new Instruction.Open(line, variable, query, isScroll, List.of());
    }

    /** The expressions after USING, where there are any, up to the semicolon or INTO. */
    static List<Sql> using(BodyReader reader) {
        var using = new ArrayList<Sql>();
        if (reader.cursor.tryWord("using")) {
            do {
                using.add(reader.sql.expression(reader.scope, ";", ",", "into"));
            } while (reader.cursor.trySymbol(","));
        }
        return List.copyOf(using);
    }

    /** The arguments of a bound cursor, in the order of its parameters. */
    static List<Sql> arguments(BodyReader reader, Variable variable) {
        var cursor = reader.cursor;
        var bound = variable.cursor();
        var parameters = bound == null ? List.<Variable>of() : bound.arguments();
        if (parameters.isEmpty()) {
            if (cursor.is("(")) {
                throw cursor.error(
                        cursor.at, "cursor \"" + variable.name() + "\" has no arguments");
            }
            return List.of();
        }
        int open = cursor.at;
        if (!cursor.trySymbol("(")) {
            throw cursor.error(open, "cursor \"" + variable.name() + "\" has arguments");
        }
        var values = new @Nullable Sql[parameters.size()];
        for (int i = 0; ; i++) {
            int at = cursor.at;
            int place = i;
            if (cursor.is(at + 1, ":=") || cursor.is(at + 1, "=>")) {
                String name = cursor.name();
                place = parameters.stream().map(Variable::name).toList().indexOf(name);
                if (place < 0) {
                    throw cursor.error(
                            at,
                            "cursor \""
                                    + variable.name()
                                    + "\" has no argument named \""
                                    + name
                                    + '"');
                }
                cursor.at++;
            }
            if (place >= values.length) {
                throw cursor.error(at, "too many arguments for cursor \"" + variable.name() + '"');
            }
            if (values[place] != null) {
                throw cursor.error(
                        at,
                        "value for parameter \""
                                + parameters.get(place).name()
                                + "\" of cursor \""
                                + variable.name()
                                + "\" specified more than once");
            }
            values[place] = reader.sql.expression(reader.scope, ",", ")");
            if (!cursor.trySymbol(",")) {
                break;
            }
        }
        int close = cursor.at;
        cursor.require(")");
        var list = new ArrayList<Sql>();
        for (Sql value : values) {
            if (value == null) {
                throw cursor.error(
                        close, "not enough arguments for cursor \"" + variable.name() + '"');
            }
            list.add(value);
        }
        return List.copyOf(list);
    }

    // ---- FETCH and MOVE

    Instruction fetch(int line) {
        boolean isMove = cursor.isWord("move");
        cursor.at++;
        var way = way(isMove);
        if (cursor.isWord("from") || cursor.isWord("in")) {
            cursor.at++;
        }
        var variable = reader.cursorVariable();
        Into into = null;
        if (!isMove) {
            cursor.requireWord("into");
            into = reader.into();
        }
        cursor.require(";");
        return new Fetch(line, variable, way.direction, way.count, way.fixed, into);
    }

    Instruction close(int line) {
        cursor.at++;
        var variable = reader.cursorVariable();
        cursor.require(";");
        return new Instruction.Close(line, variable);
    }

    private record Way(Direction direction, @Nullable Sql count, int fixed) {}

    private Way way(boolean isMove) {
        if (cursor.tokens.kind(cursor.at) != Token.WORD) {
            return counted(Direction.FORWARD, isMove);
        }
        String word = cursor.text();
        switch (word) {
            case "next", "prior", "first", "last", "absolute", "relative", "all" -> cursor.at++;
            case "forward", "backward" -> {
                cursor.at++;
                boolean isForward = word.equals("forward");
                return counted(isForward ? Direction.FORWARD : Direction.BACKWARD, isMove);
            }
            default -> {
                return isName() ? one(Direction.FORWARD) : counted(Direction.FORWARD, isMove);
            }
        }
        return switch (word) {
            case "prior" -> one(Direction.BACKWARD);
            case "first" -> new Way(Direction.ABSOLUTE, null, 1);
            case "last" -> new Way(Direction.ABSOLUTE, null, -1);
            case "absolute" -> new Way(Direction.ABSOLUTE, count(), 0);
            case "relative" -> new Way(Direction.RELATIVE, count(), 0);
            case "all" -> all(Direction.FORWARD, isMove);
            default -> one(Direction.FORWARD);
        };
    }

    /** Whether the word is the cursor itself, and not the first of a count. */
    private boolean isName() {
        return cursor.isWord("from")
                || cursor.isWord("in")
                || cursor.is(cursor.at + 1, ";")
                || cursor.isWord(cursor.at + 1, "into");
    }

    private static Way one(Direction direction) {
        return new Way(direction, null, 1);
    }

    private Way all(Direction direction, boolean isMove) {
        if (!isMove) {
            throw cursor.error(
                    cursor.at - 1,
                    SqlState.FEATURE_NOT_SUPPORTED,
                    "FETCH statement cannot return multiple rows");
        }
        return new Way(direction, null, Fetch.ALL);
    }

    private Way counted(Direction direction, boolean isMove) {
        if (cursor.tryWord("all")) {
            return all(direction, isMove);
        }
        if (cursor.tokens.kind(cursor.at) == Token.WORD && isName()) {
            return one(direction);
        }
        int at = cursor.at;
        var count = count();
        if (!isMove) {
            throw cursor.error(
                    at,
                    SqlState.FEATURE_NOT_SUPPORTED,
                    "FETCH statement cannot return multiple rows");
        }
        return new Way(direction, count, 0);
    }

    private Sql count() {
        return reader.sql.expression(reader.scope, "from", "in");
    }
}
