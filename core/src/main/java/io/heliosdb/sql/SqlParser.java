package io.heliosdb.sql;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Reads strings of statements in PostgreSQL's and SQLite's dialects. A string is read to its end
 * before anything of it is given, so that a syntax error in its last statement keeps the first from
 * running. Errors are 42601 with the position in the whole string, or 22xxx for what constants
 * hold. Safe for use by many threads.
 *
 * @see <a href="https://www.postgresql.org/docs/15/sql-syntax.html">PostgreSQL: SQL syntax</a>
 */
public final class SqlParser {
    /** The longest string of statements, in characters. */
    public static final int LENGTH_MAX = 64 * 1024 * 1024;

    private final Supplier<SchemaLookup> schema;

    /** Creates a parser that knows no routines. */
    public SqlParser() {
        this(() -> SchemaLookup.EMPTY);
    }

    /**
     * Creates a parser.
     *
     * @param schema gives the routines that calls may mean, for each string of statements anew;
     *     what was parsed is good as long as they do not change
     */
    public SqlParser(Supplier<SchemaLookup> schema) {
        this.schema = schema;
    }

    /**
     * Reads all statements of a simple query.
     *
     * @param sql the statements, with semicolons between them
     * @return the statements in order; none where there are only blanks, comments and semicolons
     * @throws PgException 42601, 22xxx, 54xxx, or 0A000 for a part that this version does not have
     */
    public List<Statement> parse(String sql) {
        var grammar = new Grammar(scan(sql), schema.get());
        Cursor cursor = grammar.cursor;
        var statements = new ArrayList<Statement>();
        while (true) {
            while (cursor.tryPunctuation(";")) {}
            if (cursor.atEnd()) {
                return List.copyOf(statements);
            }
            statements.add(grammar.commands.statement());
            if (!cursor.atEnd() && !cursor.isPunctuation(";")) {
                throw cursor.syntaxError();
            }
        }
    }

    /**
     * Reads the one statement of a Parse message.
     *
     * @param sql one statement, which may end in a semicolon, or none
     * @return the statement; {@link Statement.Empty} for none
     * @throws PgException as {@link #parse}, and 42601 for more than one statement
     */
    public Statement parseSingle(String sql) {
        List<Statement> statements = parse(sql);
        if (statements.size() > 1) {
            throw new PgException(
                    SqlState.SYNTAX_ERROR,
                    "cannot insert multiple commands into a prepared statement");
        }
        return statements.isEmpty() ? new Statement.Empty(sql, 0) : statements.getFirst();
    }

    private static Tokens scan(String sql) {
        if (sql.length() > LENGTH_MAX) {
            throw new PgException(
                    SqlState.PROGRAM_LIMIT_EXCEEDED,
                    "statement is longer than " + LENGTH_MAX + " characters");
        }
        Edits.requireNoNul(sql);
        return Scanner.scan(sql);
    }
}
