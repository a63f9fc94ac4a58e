package io.heliosdb.trigger.plpgsql;

import io.heliosdb.pg.SqlState;
import io.heliosdb.sql.Statement;
import io.heliosdb.sql.Token;
import io.heliosdb.sql.TransactionStatement;
import io.heliosdb.trigger.plpgsql.Instruction.Argument;
import io.heliosdb.trigger.plpgsql.Instruction.Into;
import io.heliosdb.trigger.plpgsql.Instruction.Query;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** Reads the statements that run SQL, and RETURN. */
final class SqlStatements {
    private final BodyReader reader;
    private final BodyCursor cursor;

    SqlStatements(BodyReader reader) {
        this.reader = reader;
        this.cursor = reader.cursor;
    }

    // ---- SQL as it stands, with INTO

    Instruction execute(int line) {
        int from = cursor.at;
        requireStatement(from);
        int intoFrom = -1;
        int intoTo = -1;
        Into into = null;
        boolean isDefinition = cursor.isWord("create");
        for (; !cursor.is(";"); cursor.at++) {
            if (cursor.atEnd()) {
                throw cursor.near("unexpected end of function definition", cursor.at);
            }
            if (!isDefinition && isInto(from)) {
                if (into != null) {
                    throw cursor.error(cursor.at, "INTO specified more than once");
                }
                intoFrom = cursor.at++;
                into = reader.into();
                intoTo = cursor.at--;
            }
        }
        int end = cursor.at;
        cursor.at++;
        String text = cursor.between(from, end);
        if (into != null) {
            int start = cursor.tokens.start(from);
            var blanked = new StringBuilder(text);
            int to = cursor.tokens.end(intoTo - 1) - start;
            for (int i = cursor.tokens.start(intoFrom) - start; i < to; i++) {
                blanked.setCharAt(i, ' ');
            }
            text = blanked.toString();
        }
        var statement = reader.sql.statement(reader.scope, text.stripTrailing(), from);
        requireNoTransaction(statement, from);
        return new Instruction.Execute(line, statement, into);
    }

    private boolean isInto(int from) {
        return cursor.isWord("into")
                && cursor.at > from
                && !cursor.isWord(cursor.at - 1, "insert")
                && !cursor.isWord(cursor.at - 1, "replace")
                && !cursor.isWord(cursor.at - 1, "merge");
    }

    /** A word that starts no statement is the error, not what follows it. */
    private void requireStatement(int from) {
        if (cursor.tokens.kind(from) != Token.WORD && !cursor.is("(")) {
            throw cursor.syntaxError();
        }
    }

    private void requireNoTransaction(Sql statement, int from) {
        if (isTransaction(statement.sql().statement())) {
            throw cursor.error(
                    from,
                    SqlState.FEATURE_NOT_SUPPORTED,
                    "unsupported transaction command in PL/pgSQL");
        }
    }

    /** Whether a statement begins or ends transactions or parts of them. */
    static boolean isTransaction(Statement statement) {
        return switch (statement) {
            case TransactionStatement.Begin _,
                    TransactionStatement.Commit _,
                    TransactionStatement.Rollback _,
                    TransactionStatement.Savepoint _,
                    TransactionStatement.Release _,
                    TransactionStatement.RollbackTo _,
                    TransactionStatement.PrepareTransaction _,
                    TransactionStatement.CommitPrepared _,
                    TransactionStatement.RollbackPrepared _ ->
                    true;
            default -> false;
        };
    }

    // ---- PERFORM, CALL, EXECUTE

    Instruction perform(int line) {
        int from = ++cursor.at;
        reader.sql.skipTo(true, ";");
        if (cursor.at == from) {
            throw cursor.near("missing expression", cursor.at);
        }
        var query = reader.sql.perform(reader.scope, from, cursor.at);
        cursor.at++;
        return new Instruction.Perform(line, query);
    }

    /** CALL; a variable that stands alone as an argument may take the value of an OUT parameter. */
    Instruction call(int line) {
        int from = cursor.at++;
        if (!cursor.isName(cursor.at)) {
            throw cursor.syntaxError();
        }
        int end = reader.nameEnd();
        var procedure = Declarations.tableName(reader.path(cursor.at, end));
        cursor.at = end;
        cursor.require("(");
        var arguments = new ArrayList<Argument>();
        if (!cursor.is(")")) {
            do {
                arguments.add(argument());
            } while (cursor.trySymbol(","));
        }
        cursor.require(")");
        String text = cursor.between(from, cursor.at);
        cursor.require(";");
        return new Instruction.Call(line, text, procedure, List.copyOf(arguments));
    }

    private Argument argument() {
        String name = null;
        if (cursor.is(cursor.at + 1, "=>") || cursor.is(cursor.at + 1, ":=")) {
            name = cursor.name();
            cursor.at++;
        }
        int from = cursor.at;
        var place = reader.tryPlace();
        if (place != null && !cursor.is(",") && !cursor.is(")")) {
            place = null;
        }
        cursor.at = from;
        return new Argument(name, reader.sql.expression(reader.scope, ",", ")"), place);
    }

    Instruction dynamic(int line) {
        cursor.at++;
        var text = reader.sql.expression(reader.scope, ";", "into", "using");
        Into into = null;
        List<Sql> using = List.of();
        while (!cursor.is(";")) {
            if (into == null && cursor.tryWord("into")) {
                into = reader.into();
            } else if (using.isEmpty() && cursor.isWord("using")) {
                using = Cursors.using(reader);
            } else {
                throw cursor.syntaxError();
            }
        }
        cursor.at++;
        return new Instruction.Dynamic(line, new Query(text, using), into);
    }

    // ---- RETURN

    Instruction returning(int line) {
        int at = cursor.at++;
        if (cursor.tryWord("next")) {
            return next(line, at);
        }
        if (cursor.tryWord("query")) {
            return query(line, at);
        }
        return plain(line);
    }

    private Instruction plain(int line) {
        boolean hasValue = !cursor.is(";");
        String refusal = refusal();
        if (refusal != null) {
            if (hasValue) {
                var error = cursor.error(cursor.at, SqlState.DATATYPE_MISMATCH, refusal);
                throw signature() instanceof Signature.Returns.Many
                        ? error.withHint("Use RETURN NEXT or RETURN QUERY.")
                        : error;
            }
            cursor.at++;
            return new Instruction.Return(line, null);
        }
        var value = reader.sql.expression(reader.scope, ";");
        cursor.at++;
        return new Instruction.Return(line, value);
    }

    private Signature.Returns signature() {
        return reader.signature.returns();
    }

    /** Why RETURN has no value here; null where it has one. */
    private @Nullable String refusal() {
        if (signature() instanceof Signature.Returns.Many) {
            return "RETURN cannot have a parameter in function returning set";
        }
        if (!reader.signature.outputs().isEmpty()) {
            return "RETURN cannot have a parameter in function with OUT parameters";
        }
        if (reader.signature.isProcedure()) {
            return "RETURN cannot have a parameter in a procedure";
        }
        return signature() instanceof Signature.Returns.Nothing
                ? "RETURN cannot have a parameter in function returning void"
                : null;
    }

    private Instruction next(int line, int at) {
        requireSet(at, "RETURN NEXT");
        if (reader.signature.outputs().isEmpty()) {
            var value = reader.sql.expression(reader.scope, ";");
            cursor.at++;
            return new Instruction.ReturnNext(line, value);
        }
        if (!cursor.is(";")) {
            throw cursor.error(
                    cursor.at,
                    SqlState.DATATYPE_MISMATCH,
                    "RETURN NEXT cannot have a parameter in function with OUT parameters");
        }
        cursor.at++;
        return new Instruction.ReturnNext(line, null);
    }

    private Instruction query(int line, int at) {
        requireSet(at, "RETURN QUERY");
        Query query;
        if (cursor.tryWord("execute")) {
            var text = reader.sql.expression(reader.scope, ";", "using");
            query = new Query(text, Cursors.using(reader));
        } else {
            query = new Query(reader.sql.statement(reader.scope, ";"), null);
        }
        cursor.require(";");
        return new Instruction.ReturnQuery(line, query);
    }

    private void requireSet(int at, String statement) {
        if (!(signature() instanceof Signature.Returns.Many)) {
            throw cursor.error(
                    at,
                    SqlState.DATATYPE_MISMATCH,
                    "cannot use " + statement + " in a non-SETOF function");
        }
    }
}
