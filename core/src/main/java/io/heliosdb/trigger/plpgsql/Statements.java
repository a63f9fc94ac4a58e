package io.heliosdb.trigger.plpgsql;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.sql.Token;
import io.heliosdb.trigger.plpgsql.Instruction.Branch;
import io.heliosdb.trigger.plpgsql.Instruction.Target;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** Reads blocks and the statements that have rules of their own in a body. */
final class Statements {
    private static final int DEPTH_MAX = 200;

    private final BodyReader reader;
    private final BodyCursor cursor;
    private final SqlReader sql;
    private final SqlStatements sqlStatements;
    private final Loops loops;
    private final Raises raises;
    private final Cursors cursors;
    private int depth;

    Statements(BodyReader reader) {
        this.reader = reader;
        this.cursor = reader.cursor;
        this.sql = reader.sql;
        this.sqlStatements = new SqlStatements(reader);
        this.loops = new Loops(reader);
        this.raises = new Raises(reader);
        this.cursors = new Cursors(reader);
    }

    /** A block, at its label, DECLARE or BEGIN. */
    Instruction.Block block() {
        return block(cursor.line(cursor.at), label());
    }

    private @Nullable String label() {
        if (!cursor.trySymbol("<<")) {
            return null;
        }
        String label = cursor.anyName();
        cursor.require(">>");
        return label;
    }

    private Instruction.Block block(int line, @Nullable String label) {
        var outside = reader.scope;
        reader.scope = Scope.level(outside, Scope.Kind.BLOCK, label);
        List<Variable> declared = List.of();
        if (cursor.tryWord("declare")) {
            declared = reader.declarations.read();
        }
        int begin = cursor.line(cursor.at);
        cursor.requireWord("begin");
        var body = statements();
        Instruction.Handlers handlers = null;
        if (cursor.tryWord("exception")) {
            handlers = raises.handlers();
        }
        cursor.requireWord("end");
        endLabel(label);
        reader.scope = outside;
        return new Instruction.Block(
                declared.isEmpty() ? begin : line, label, declared, body, handlers);
    }

    /** The name that may follow END. */
    void endLabel(@Nullable String label) {
        if (cursor.atEnd() || cursor.is(";")) {
            return;
        }
        int at = cursor.at;
        String end = cursor.anyName();
        if (label == null) {
            throw cursor.error(at, "end label \"" + end + "\" specified for unlabeled block");
        }
        if (!label.equals(end)) {
            throw cursor.error(
                    at, "end label \"" + end + "\" differs from block's label \"" + label + '"');
        }
    }

    /** Statements up to a word that ends them. */
    List<Instruction> statements() {
        if (++depth > DEPTH_MAX) {
            throw new PgException(SqlState.STATEMENT_TOO_COMPLEX, "stack depth limit exceeded")
                    .withHint("The body nests deeper than " + DEPTH_MAX + " levels.");
        }
        var list = new ArrayList<Instruction>();
        while (!endsStatements()) {
            list.add(statement());
        }
        depth--;
        return List.copyOf(list);
    }

    private boolean endsStatements() {
        return cursor.isWord("end")
                || cursor.isWord("else")
                || cursor.isWord("elsif")
                || cursor.isWord("elseif")
                || cursor.isWord("when")
                || (cursor.isWord("exception") && !isAssignment());
    }

    private boolean isAssignment() {
        int next = cursor.at + 1;
        return cursor.is(next, ":=") || cursor.is(next, "=") || cursor.is(next, "[");
    }

    private Instruction statement() {
        if (cursor.atEnd()) {
            throw cursor.syntaxError();
        }
        int line = cursor.line(cursor.at);
        if (cursor.is("<<")) {
            return labelled(line);
        }
        var assignment = tryAssignment(line);
        if (assignment != null) {
            return assignment;
        }
        return switch (cursor.tokens.kind(cursor.at)) {
            case WORD -> byWord(line, cursor.text());
            default -> sqlStatements.execute(line);
        };
    }

    private Instruction labelled(int line) {
        String label = label();
        if (cursor.isWord("declare") || cursor.isWord("begin")) {
            var block = block(line, label);
            cursor.require(";");
            return block;
        }
        var loop = loops.tryLoop(line, label);
        if (loop == null) {
            throw cursor.syntaxError();
        }
        return loop;
    }

    private Instruction byWord(int line, String word) {
        var loop = loops.tryLoop(line, null);
        if (loop != null) {
            return loop;
        }
        return switch (word) {
            case "declare", "begin" -> {
                var block = block(line, null);
                cursor.require(";");
                yield block;
            }
            case "if" -> ifStatement(line);
            case "case" -> caseStatement(line);
            case "exit", "continue" -> exit(line);
            case "null" -> {
                cursor.at++;
                cursor.require(";");
                yield new Instruction.Nothing(line);
            }
            case "return" -> sqlStatements.returning(line);
            case "perform" -> sqlStatements.perform(line);
            case "execute" -> sqlStatements.dynamic(line);
            case "call" -> sqlStatements.call(line);
            case "commit", "rollback" -> endTransaction(line);
            case "raise" -> raises.raise(line);
            case "assert" -> raises.assertion(line);
            case "get" -> raises.diagnostics(line);
            case "open" -> cursors.open(line);
            case "fetch", "move" -> cursors.fetch(line);
            case "close" -> cursors.close(line);
            default -> sqlStatements.execute(line);
        };
    }

    // ---- assignment

    private @Nullable Instruction tryAssignment(int line) {
        int from = cursor.at;
        boolean isParameter = cursor.tokens.kind(from) == Token.PARAMETER;
        if (!isParameter && !cursor.isName(from)) {
            return null;
        }
        int end = isParameter ? from + 1 : reader.nameEnd();
        boolean assigns = cursor.is(end, ":=") || cursor.is(end, "=") || cursor.is(end, "[");
        if (!assigns) {
            return null;
        }
        var place = reader.tryPlace();
        if (place == null) {
            throw reader.unknown(from);
        }
        reader.requireAssignable(place.variable(), from);
        var subscripts = new ArrayList<Sql>();
        while (cursor.trySymbol("[")) {
            subscripts.add(sql.expression(reader.scope, "]"));
            cursor.require("]");
        }
        if (!cursor.trySymbol(":=")) {
            cursor.require("=");
        }
        var target = new Target(place.variable(), place.field(), List.copyOf(subscripts));
        var value = sql.expression(reader.scope, ";");
        String text = cursor.between(from, cursor.at);
        cursor.require(";");
        return new Instruction.Assign(line, text, target, value);
    }

    // ---- IF and CASE

    private Instruction ifStatement(int line) {
        cursor.at++;
        var branches = new ArrayList<Branch>();
        branches.add(branch(line));
        List<Instruction> otherwise = List.of();
        while (true) {
            int at = cursor.line(cursor.at);
            if (cursor.tryWord("elsif") || cursor.tryWord("elseif")) {
                branches.add(branch(at));
            } else {
                break;
            }
        }
        if (cursor.tryWord("else")) {
            otherwise = statements();
        }
        end("if");
        return new Instruction.If(line, List.copyOf(branches), otherwise);
    }

    private Branch branch(int line) {
        var condition = sql.expression(reader.scope, "then");
        cursor.requireWord("then");
        return new Branch(line, condition, statements());
    }

    private void end(String word) {
        cursor.requireWord("end");
        cursor.requireWord(word);
        cursor.require(";");
    }

    private Instruction caseStatement(int line) {
        cursor.at++;
        Sql test = null;
        Variable tested = null;
        var outside = reader.scope;
        if (!cursor.isWord("when")) {
            test = sql.expression(outside, "when");
            tested = reader.hidden("__Case__Variable_" + cursor.at + "__", BodyType.RECORD);
        }
        var branches = new ArrayList<Branch>();
        while (cursor.isWord("when")) {
            int at = cursor.line(cursor.at++);
            Sql condition = tested == null ? sql.expression(reader.scope, "then") : in(tested);
            cursor.requireWord("then");
            branches.add(new Branch(at, condition, statements()));
        }
        if (branches.isEmpty()) {
            throw cursor.syntaxError();
        }
        List<Instruction> otherwise = cursor.tryWord("else") ? statements() : null;
        end("case");
        reader.scope = outside;
        return new Instruction.Case(line, test, tested, List.copyOf(branches), otherwise);
    }

    private Sql in(Variable tested) {
        int from = cursor.at;
        var values = sql.expression(reader.scope, "then");
        return sql.generated(
                reader.scope, '"' + tested.name() + "\".\"v\" IN (" + values.text() + ')', from);
    }

    // ---- EXIT, COMMIT

    private Instruction exit(int line) {
        int at = cursor.at;
        boolean isContinue = cursor.isWord("continue");
        cursor.at++;
        String label = null;
        if (!cursor.is(";") && !cursor.isWord("when")) {
            int name = cursor.at;
            label = cursor.anyName();
            Scope level = reader.scope.labelled(label);
            if (level == null) {
                throw cursor.error(
                        name,
                        "there is no label \""
                                + label
                                + "\" attached to any block or loop enclosing this statement");
            }
            if (isContinue && level.kind() != Scope.Kind.LOOP) {
                throw cursor.error(
                        name, "block label \"" + label + "\" cannot be used in CONTINUE");
            }
        } else if (!reader.scope.isInLoop()) {
            throw cursor.error(
                    at,
                    isContinue
                            ? "CONTINUE cannot be used outside a loop"
                            : "EXIT cannot be used outside a loop, unless it has a label");
        }
        Sql condition = null;
        if (cursor.tryWord("when")) {
            condition = sql.expression(reader.scope, ";");
        }
        cursor.require(";");
        return new Instruction.Exit(line, isContinue, label, condition);
    }

    private Instruction endTransaction(int line) {
        boolean isCommit = cursor.isWord("commit");
        cursor.at++;
        boolean isChain = false;
        if (cursor.tryWord("and")) {
            isChain = !cursor.tryWord("no");
            cursor.requireWord("chain");
        }
        cursor.require(";");
        return new Instruction.EndTransaction(line, isCommit, isChain);
    }
}
