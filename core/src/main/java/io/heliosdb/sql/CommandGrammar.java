package io.heliosdb.sql;

import io.heliosdb.pg.Report;
import io.heliosdb.pg.SqlState;
import io.heliosdb.sql.QueryGrammar.Item;
import io.heliosdb.sql.QueryGrammar.Query;
import io.heliosdb.sql.Shape.Range;
import io.heliosdb.sql.Statement.Discard.Target;
import io.heliosdb.sql.Statement.Engine;
import io.heliosdb.sql.Statement.Engine.Kind;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads one statement by its first word. What no rule here knows is a syntax error: nothing reaches
 * the engine unread.
 *
 * @see <a href="https://www.postgresql.org/docs/15/sql-commands.html">PostgreSQL: SQL commands</a>
 */
final class CommandGrammar {
    private final Grammar grammar;
    private final Cursor cursor;
    private final Tokens tokens;

    CommandGrammar(Grammar grammar) {
        this.grammar = grammar;
        this.cursor = grammar.cursor;
        this.tokens = grammar.tokens;
    }

    /** A statement; the cursor stands after it. */
    Statement statement() {
        int from = cursor.at;
        if (cursor.kind() != Token.WORD) {
            if (cursor.isPunctuation("(")) {
                return engine();
            }
            throw cursor.syntaxError();
        }
        return switch (cursor.text()) {
            case "select",
                    "values",
                    "table",
                    "with",
                    "insert",
                    "replace",
                    "update",
                    "delete",
                    "merge" ->
                    engine();
            case "listen", "unlisten", "notify" -> notification(from);
            case "begin", "start", "commit", "end", "rollback", "abort", "savepoint", "release" ->
                    transaction(from);
            case "prepare", "execute", "deallocate" -> prepared(from);
            case "set" -> grammar.settings.set();
            case "show" -> grammar.settings.show();
            case "reset" -> grammar.settings.reset();
            case "discard" -> discard(from);
            case "explain" -> explain(from);
            case "create", "drop", "alter", "truncate", "comment" ->
                    grammar.definitions.definition();
            default -> other(from);
        };
    }

    // ---- statements for the engine

    /** A query or a change of rows. */
    Engine engine() {
        int from = cursor.at;
        grammar.push();
        try {
            return engineStatement(from);
        } finally {
            grammar.pop();
        }
    }

    private Engine engineStatement(int from) {
        Range with = null;
        if (cursor.isWord("with") && !isQueryAfterWith()) {
            grammar.queries.withClause();
            with = new Range(from, cursor.at);
        }
        if (cursor.kind() == Token.WORD) {
            switch (cursor.text()) {
                case "insert", "replace" -> {
                    return change(from, Kind.INSERT, "INSERT 0", grammar.changes.insert(with));
                }
                case "update" -> {
                    return change(from, Kind.UPDATE, "UPDATE", grammar.changes.update());
                }
                case "delete" -> {
                    return change(from, Kind.DELETE, "DELETE", grammar.changes.delete());
                }
                case "merge" -> {
                    grammar.changes.merge();
                    return build(from, Kind.MERGE, "MERGE", new Shape.Definition(), List.of());
                }
                default -> {}
            }
        }
        if (with != null || !grammar.queries.startsQuery()) {
            if (cursor.isWord("values")) {
                cursor.at++;
            }
            while (cursor.tryPunctuation("(")) {}
            throw cursor.syntaxError();
        }
        Query query = grammar.queries.topQuery();
        if (!grammar.facts.into.isEmpty()) {
            String sql = grammar.facts.into + grammar.edits.render(from, cursor.at);
            return build(from, Kind.DDL, "SELECT", new Shape.Fixed(sql), List.of());
        }
        return build(from, Kind.SELECT, "SELECT", new Shape.Select(), query.items());
    }

    /** Whether the main statement after WITH is a query; its parentheses are skipped to see. */
    private boolean isQueryAfterWith() {
        int depth = 0;
        for (int i = cursor.at + 1; i < tokens.count; i++) {
            if (tokens.kinds[i] == Token.PUNCTUATION) {
                depth += tokens.texts[i].equals("(") ? 1 : tokens.texts[i].equals(")") ? -1 : 0;
                if (tokens.texts[i].equals(";") && depth == 0) {
                    return true;
                }
            } else if (depth == 0
                    && tokens.kinds[i] == Token.WORD
                    && tokens.kinds[i - 1] != Token.WORD) {
                switch (tokens.texts[i]) {
                    case "insert", "update", "delete", "merge", "replace" -> {
                        return !tokens.texts[i - 1].equals(")");
                    }
                    default -> {}
                }
            }
        }
        return true;
    }

    private Engine change(int from, Kind kind, String tag, ChangeGrammar.Change change) {
        return build(from, kind, tag, change.shape(), change.items());
    }

    /** Ends a statement for the engine that began at a token. */
    Engine build(int from, Kind kind, String tag, Shape shape, List<Item> items) {
        var tree = new SyntaxTree(grammar, from, cursor.at, kind, tag, shape, grammar.facts, items);
        return new Engine(source(from), tokens.starts[from], kind, tree);
    }

    private Statement explain(int from) {
        cursor.at++;
        boolean analyze = false;
        if (cursor.isPunctuation("(") && !grammar.queries.opensQuery()) {
            cursor.at++;
            do {
                String option = explainOption();
                boolean on = !cursor.tryWord("off") && !cursor.tryWord("false");
                if (on && !cursor.isPunctuation(",") && !cursor.isPunctuation(")")) {
                    cursor.at++;
                }
                analyze |= on && (option.equals("analyze") || option.equals("analyse"));
            } while (cursor.tryPunctuation(","));
            cursor.requirePunctuation(")");
        } else {
            analyze = cursor.tryWord("analyze") || cursor.tryWord("analyse");
            cursor.tryWord("verbose");
        }
        if (!isExplainable()) {
            throw cursor.syntaxError();
        }
        Engine body = engine();
        String plan = analyze ? "EXPLAIN ANALYZE" : "EXPLAIN";
        grammar.push();
        try {
            return build(from, Kind.EXPLAIN, plan, new Shape.Explain(body.tree()), List.of());
        } finally {
            grammar.pop();
        }
    }

    private String explainOption() {
        int at = cursor.at;
        String option = cursor.nonReservedWordOrAnalyze();
        return switch (option) {
            case "analyze",
                    "analyse",
                    "verbose",
                    "costs",
                    "settings",
                    "buffers",
                    "wal",
                    "timing",
                    "summary",
                    "format" ->
                    option;
            default ->
                    throw tokens.error(
                            at,
                            SqlState.SYNTAX_ERROR,
                            "unrecognized EXPLAIN option \"" + option + '"');
        };
    }

    private boolean isExplainable() {
        if (cursor.isPunctuation("(")) {
            return true;
        }
        if (cursor.kind() != Token.WORD) {
            return false;
        }
        return switch (cursor.text()) {
            case "select", "values", "table", "with", "insert", "update", "delete", "merge" -> true;
            default -> false;
        };
    }

    // ---- LISTEN, UNLISTEN, NOTIFY

    private Statement notification(int from) {
        String command = tokens.texts[cursor.at++];
        if (command.equals("unlisten") && cursor.tryPunctuation("*")) {
            return new Statement.UnlistenAll(source(from), offset(from));
        }
        Optional<Report> notice =
                cursor.isColumnId() ? cursor.truncationNotice(cursor.at) : Optional.empty();
        String channel = cursor.columnId();
        return switch (command) {
            case "listen" -> new Statement.Listen(source(from), offset(from), channel, notice);
            case "unlisten" -> new Statement.Unlisten(source(from), offset(from), channel, notice);
            default -> {
                String payload = cursor.tryPunctuation(",") ? cursor.string() : "";
                yield new Statement.Notify(source(from), offset(from), channel, payload, notice);
            }
        };
    }

    // ---- transactions

    private Statement transaction(int from) {
        String command = tokens.texts[cursor.at++];
        return switch (command) {
            case "begin" -> begin(from);
            case "start" -> {
                cursor.requireWord("transaction");
                TransactionModes modes = grammar.settings.modes();
                yield new TransactionStatement.Begin(
                        source(from), offset(from), "START TRANSACTION", modes);
            }
            case "commit", "end" -> commit(from, command);
            case "rollback", "abort" -> rollback(from, command);
            case "savepoint" -> {
                String name = cursor.columnId();
                yield new TransactionStatement.Savepoint(source(from), offset(from), name);
            }
            default -> {
                savepointWord();
                String name = cursor.columnId();
                yield new TransactionStatement.Release(source(from), offset(from), name);
            }
        };
    }

    /**
     * BEGIN; SQLite's DEFERRED, IMMEDIATE and EXCLUSIVE mean nothing where writers do not exclude
     * each other.
     */
    private Statement begin(int from) {
        if (cursor.isWord("immediate") || cursor.isWord("exclusive") || cursor.isWord("deferred")) {
            cursor.at++;
            cursor.tryWord("transaction");
            return new TransactionStatement.Begin(
                    source(from), offset(from), "BEGIN", TransactionModes.NONE);
        }
        if (!cursor.tryWord("work")) {
            cursor.tryWord("transaction");
        }
        TransactionModes modes = grammar.settings.modes();
        return new TransactionStatement.Begin(source(from), offset(from), "BEGIN", modes);
    }

    private Statement commit(int from, String command) {
        if (command.equals("commit") && cursor.tryWord("prepared")) {
            String id = cursor.string();
            return new TransactionStatement.CommitPrepared(source(from), offset(from), id);
        }
        boolean chain = chain();
        return new TransactionStatement.Commit(source(from), offset(from), chain);
    }

    private Statement rollback(int from, String command) {
        boolean rollback = command.equals("rollback");
        if (rollback && cursor.tryWord("prepared")) {
            String id = cursor.string();
            return new TransactionStatement.RollbackPrepared(source(from), offset(from), id);
        }
        if (!cursor.tryWord("work")) {
            cursor.tryWord("transaction");
        }
        if (rollback && cursor.tryWord("to")) {
            savepointWord();
            String name = cursor.columnId();
            return new TransactionStatement.RollbackTo(source(from), offset(from), name);
        }
        boolean chain = chainClause();
        return new TransactionStatement.Rollback(source(from), offset(from), chain);
    }

    /** SAVEPOINT before a name; alone it is the name. */
    private void savepointWord() {
        if (cursor.isWord("savepoint") && cursor.isColumnId(cursor.at + 1)) {
            cursor.at++;
        }
    }

    private boolean chain() {
        if (!cursor.tryWord("work")) {
            cursor.tryWord("transaction");
        }
        return chainClause();
    }

    private boolean chainClause() {
        if (!cursor.tryWord("and")) {
            return false;
        }
        boolean no = cursor.tryWord("no");
        cursor.requireWord("chain");
        return !no;
    }

    // ---- PREPARE, EXECUTE, DEALLOCATE

    private Statement prepared(int from) {
        String command = tokens.texts[cursor.at++];
        return switch (command) {
            case "prepare" -> prepare(from);
            case "execute" -> execute(from);
            default -> deallocate(from);
        };
    }

    private Statement prepare(int from) {
        if (cursor.isWord("transaction") && tokens.kinds[cursor.at + 1] == Token.STRING) {
            cursor.at++;
            String id = cursor.string();
            return new TransactionStatement.PrepareTransaction(source(from), offset(from), id);
        }
        if (cursor.isWord("transaction")
                && !cursor.isWordAhead(1, "as")
                && !cursor.isPunctuationAhead(1, "(")) {
            cursor.at++;
            throw cursor.syntaxError();
        }
        String name = cursor.columnId();
        List<Integer> types = new ArrayList<>();
        if (cursor.tryPunctuation("(")) {
            do {
                types.add(grammar.types.type().oid());
            } while (cursor.tryPunctuation(","));
            cursor.requirePunctuation(")");
        }
        cursor.requireWord("as");
        if (!isPreparable()) {
            throw cursor.syntaxError();
        }
        Engine body = engine();
        return new Statement.Prepare(source(from), offset(from), name, List.copyOf(types), body);
    }

    private boolean isPreparable() {
        return isExplainable();
    }

    /** The arguments are read as the select list of a query. */
    private Statement execute(int from) {
        String name = cursor.columnId();
        if (!cursor.isPunctuation("(")) {
            return new Statement.Execute(source(from), offset(from), name, Optional.empty());
        }
        int open = cursor.at++;
        grammar.push();
        try {
            List<Item> items = new ArrayList<>();
            do {
                items.add(
                        new Item(
                                false,
                                Expression.NO_LABEL,
                                grammar.expressions.expression(Facts.Place.ITEM)));
            } while (cursor.tryPunctuation(","));
            int close = cursor.at;
            cursor.requirePunctuation(")");
            grammar.edits.replace(open, "SELECT");
            var tree =
                    new SyntaxTree(
                            grammar,
                            open,
                            close,
                            Kind.SELECT,
                            "SELECT",
                            new Shape.Select(),
                            grammar.facts,
                            items);
            var arguments =
                    new Engine(grammar.source(open, close), tokens.starts[open], Kind.SELECT, tree);
            return new Statement.Execute(source(from), offset(from), name, Optional.of(arguments));
        } finally {
            grammar.pop();
        }
    }

    private Statement deallocate(int from) {
        if (cursor.isWord("prepare")
                && (cursor.isWordAhead(1, "all") || cursor.isColumnId(cursor.at + 1))) {
            cursor.at++;
        }
        Optional<String> name =
                cursor.tryWord("all") ? Optional.empty() : Optional.of(cursor.columnId());
        return new Statement.Deallocate(source(from), offset(from), name);
    }

    private Statement discard(int from) {
        cursor.at++;
        Target target =
                switch (cursor.kind() == Token.WORD ? cursor.text() : "") {
                    case "all" -> Target.ALL;
                    case "plans" -> Target.PLANS;
                    case "sequences" -> Target.SEQUENCES;
                    case "temp", "temporary" -> Target.TEMP;
                    default -> throw cursor.syntaxError();
                };
        cursor.at++;
        return new Statement.Discard(source(from), offset(from), target);
    }

    // ---- the rest

    private Statement other(int from) {
        @Nullable Statement statement = maintenance(from);
        if (statement != null) {
            return statement;
        }
        return switch (cursor.text()) {
            case "pragma" -> pragma(from);
            case "copy" -> grammar.copies.copy();
            case "declare" -> grammar.cursors.declare();
            case "fetch", "move" -> grammar.cursors.fetch();
            case "close" -> grammar.cursors.close();
            case "do" -> grammar.routines.anonymous(from);
            case "call" -> grammar.routines.call(from);
            case "lock",
                    "grant",
                    "revoke",
                    "cluster",
                    "reassign",
                    "import",
                    "security",
                    "refresh" ->
                    unsupported(from, cursor.text());
            default -> throw cursor.syntaxError();
        };
    }

    private @Nullable Statement maintenance(int from) {
        String command = cursor.text();
        switch (command) {
            case "checkpoint" -> {
                cursor.at++;
                return new Statement.Checkpoint(source(from), offset(from));
            }
            case "vacuum", "analyze", "analyse", "reindex" -> skip();
            default -> {
                return null;
            }
        }
        String tag = command.equals("analyse") ? "ANALYZE" : command.toUpperCase(Locale.ROOT);
        return new Statement.Nothing(source(from), offset(from), tag);
    }

    /** A statement of PostgreSQL's that is not there yet, whatever follows. */
    Statement unsupported(int from, String command) {
        skip();
        return new Statement.Unsupported(
                source(from), offset(from), command.toUpperCase(Locale.ROOT));
    }

    /** Goes to the end of the statement. */
    private void skip() {
        int depth = 0;
        while (!cursor.atEnd()) {
            if (cursor.isPunctuation(";") && depth <= 0) {
                return;
            }
            if (cursor.kind() == Token.OTHER) {
                throw cursor.syntaxError();
            }
            depth += cursor.isPunctuation("(") ? 1 : cursor.isPunctuation(")") ? -1 : 0;
            cursor.at++;
        }
    }

    /**
     * SQLite's settings of its own files mean nothing here.
     *
     * @see <a href="https://www.sqlite.org/pragma.html">SQLite: PRAGMA</a>
     */
    private Statement pragma(int from) {
        int at = cursor.at++;
        if (cursor.kind() != Token.WORD) {
            throw tokens.syntaxError(at);
        }
        switch (cursor.text()) {
            case "journal_mode",
                    "synchronous",
                    "foreign_keys",
                    "busy_timeout",
                    "cache_size",
                    "temp_store",
                    "mmap_size",
                    "wal_autocheckpoint",
                    "optimize" -> {}
            default -> throw tokens.syntaxError(at);
        }
        cursor.at++;
        if (cursor.tryPunctuation("=")) {
            pragmaValue();
        } else if (cursor.tryPunctuation("(")) {
            pragmaValue();
            cursor.requirePunctuation(")");
        }
        return new Statement.Nothing(source(from), offset(from), "PRAGMA");
    }

    private void pragmaValue() {
        if (cursor.isPunctuation("-")) {
            cursor.at++;
        }
        switch (cursor.kind()) {
            case WORD, STRING, INTEGER, NUMBER -> cursor.at++;
            default -> throw cursor.syntaxError();
        }
    }

    private String source(int from) {
        return grammar.source(from, cursor.at);
    }

    private int offset(int from) {
        return tokens.starts[from];
    }
}
