package io.heliosdb.sql;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.sql.QueryGrammar.Item;
import io.heliosdb.sql.Statement.Engine;
import io.heliosdb.sql.Statement.Engine.Kind;
import io.heliosdb.sql.TriggerDefinition.BodyText;
import io.heliosdb.sql.TriggerDefinition.Event;
import io.heliosdb.sql.TriggerDefinition.Timing;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads CREATE TRIGGER with a body, as SQLite has it, and with EXECUTE FUNCTION, as PostgreSQL has
 * it.
 *
 * @see <a href="https://www.sqlite.org/lang_createtrigger.html">SQLite: CREATE TRIGGER</a>
 * @see <a href="https://www.postgresql.org/docs/15/sql-createtrigger.html">PostgreSQL: CREATE
 *     TRIGGER</a>
 */
final class TriggerGrammar {
    /** How many statements a body may have. */
    private static final int STATEMENTS_MAX = 1000;

    private final Grammar grammar;
    private final Cursor cursor;
    private final Tokens tokens;

    TriggerGrammar(Grammar grammar) {
        this.grammar = grammar;
        this.cursor = grammar.cursor;
        this.tokens = grammar.tokens;
    }

    /** After CREATE [OR REPLACE] [CONSTRAINT], at TRIGGER. */
    Statement create(int from, boolean orReplace, boolean isConstraint) {
        cursor.at++;
        boolean ifNotExists =
                cursor.isWord("if")
                        && cursor.isWordAhead(1, "not")
                        && cursor.isWordAhead(2, "exists");
        if (ifNotExists) {
            cursor.at += 3;
        }
        String name = cursor.columnId();
        if (isConstraint && !cursor.isWord("after")) {
            throw cursor.syntaxError();
        }
        String timing = timing();
        List<String> columns = new ArrayList<>();
        List<String> events = events(columns);
        cursor.requireWord("on");
        TableName table = grammar.from.relationName();
        var options = new TriggerOptions(cursor);
        options.read(isConstraint);
        boolean row = forEach(isConstraint);
        if (isFunctionAhead()) {
            return function(from, name, orReplace, table, timing, events, columns, row, options);
        }
        Optional<BodyText> condition = when(from);
        if (!cursor.isWord("begin") || isConstraint || options.isGiven()) {
            throw cursor.syntaxError();
        }
        return withBody(
                from, name, orReplace, ifNotExists, table, timing, events, columns, condition);
    }

    /** Whether EXECUTE follows, behind WHEN and its parentheses. */
    private boolean isFunctionAhead() {
        if (cursor.isWord("execute")) {
            return true;
        }
        return cursor.isWord("when")
                && cursor.isPunctuationAhead(1, "(")
                && tokens.texts[closing(cursor.at + 1) + 1].equals("execute");
    }

    private int closing(int open) {
        int depth = 0;
        for (int i = open; i < tokens.count - 1; i++) {
            if (tokens.kinds[i] == Token.PUNCTUATION) {
                depth += tokens.texts[i].equals("(") ? 1 : tokens.texts[i].equals(")") ? -1 : 0;
            }
            if (depth == 0) {
                return i;
            }
        }
        return tokens.count - 2;
    }

    private String timing() {
        if (cursor.tryWord("before")) {
            return "BEFORE";
        }
        if (cursor.tryWord("after")) {
            return "AFTER";
        }
        if (cursor.tryWord("instead")) {
            cursor.requireWord("of");
            return "INSTEAD OF";
        }
        // SQLite's triggers without a time fire before.
        if (cursor.isWord("insert") || cursor.isWord("update") || cursor.isWord("delete")) {
            return "BEFORE";
        }
        throw cursor.syntaxError();
    }

    private List<String> events(List<String> columns) {
        var events = new ArrayList<String>();
        do {
            String event = cursor.kind() == Token.WORD ? cursor.text() : "";
            switch (event) {
                case "insert", "update", "delete", "truncate" -> cursor.at++;
                default -> throw cursor.syntaxError();
            }
            if (events.contains(event.toUpperCase(Locale.ROOT))) {
                throw tokens.error(
                        cursor.at - 1, SqlState.SYNTAX_ERROR, "duplicate trigger events specified");
            }
            if (event.equals("update") && cursor.tryWord("of")) {
                do {
                    columns.add(cursor.columnId());
                } while (cursor.tryPunctuation(","));
            }
            events.add(event.toUpperCase(Locale.ROOT));
        } while (cursor.tryWord("or"));
        return events;
    }

    private boolean forEach(boolean mustBeRow) {
        if (!cursor.tryWord("for")) {
            if (mustBeRow) {
                throw cursor.syntaxError();
            }
            return false;
        }
        cursor.tryWord("each");
        if (mustBeRow && !cursor.isWord("row")) {
            throw cursor.syntaxError();
        }
        if (cursor.tryWord("row")) {
            return true;
        }
        cursor.requireWord("statement");
        return false;
    }

    private Optional<BodyText> when(int from) {
        if (!cursor.tryWord("when")) {
            return Optional.empty();
        }
        int start = cursor.at;
        grammar.push();
        try {
            Expression condition = grammar.expressions.expression();
            var items = List.of(new Item(false, Expression.NO_LABEL, condition));
            var tree =
                    new SyntaxTree(
                            grammar,
                            start,
                            cursor.at,
                            Kind.SELECT,
                            "SELECT",
                            new Shape.Condition(),
                            grammar.facts,
                            items);
            return Optional.of(text(from, start, tree));
        } finally {
            grammar.pop();
        }
    }

    private BodyText text(int from, int start, SyntaxTree tree) {
        return new BodyText(
                grammar.source(start, cursor.at), tokens.starts[start] - tokens.starts[from], tree);
    }

    // ---- BEGIN … END

    private Statement withBody(
            int from,
            String name,
            boolean orReplace,
            boolean ifNotExists,
            TableName table,
            String timing,
            List<String> events,
            List<String> columns,
            Optional<BodyText> condition) {
        if (timing.equals("INSTEAD OF") || events.contains("TRUNCATE")) {
            throw cursor.error(
                    SqlState.FEATURE_NOT_SUPPORTED,
                    timing + " triggers of this kind are not supported with a body");
        }
        cursor.requireWord("begin");
        var body = new ArrayList<BodyText>();
        do {
            body.add(bodyStatement(from));
            cursor.requirePunctuation(";");
            if (body.size() > STATEMENTS_MAX) {
                throw cursor.error(
                        SqlState.PROGRAM_LIMIT_EXCEEDED,
                        "a trigger has more than " + STATEMENTS_MAX + " statements");
            }
        } while (!cursor.isWord("end"));
        cursor.at++;
        var definition =
                new TriggerDefinition(
                        grammar.source(from, cursor.at),
                        name,
                        orReplace,
                        ifNotExists,
                        table,
                        timing.equals("BEFORE") ? Timing.BEFORE : Timing.AFTER,
                        events.stream().map(Event::valueOf).toList(),
                        columns,
                        condition,
                        body);
        return new Statement.CreateTrigger(definition.source(), tokens.starts[from], definition);
    }

    private BodyText bodyStatement(int from) {
        int start = cursor.at;
        if (!isBodyStatement()) {
            throw cursor.syntaxError();
        }
        Statement statement = grammar.commands.statement();
        if (statement instanceof Engine engine) {
            return text(from, start, engine.tree());
        }
        if (statement instanceof Statement.Notify notify) {
            return text(from, start, notifyTree(start, notify));
        }
        throw tokens.syntaxError(start);
    }

    private boolean isBodyStatement() {
        if (cursor.kind() != Token.WORD) {
            return cursor.isPunctuation("(");
        }
        return switch (cursor.text()) {
            case "select",
                    "values",
                    "with",
                    "insert",
                    "replace",
                    "update",
                    "delete",
                    "merge",
                    "notify" ->
                    true;
            default -> false;
        };
    }

    /** NOTIFY in a body is a call of pg_notify. */
    private SyntaxTree notifyTree(int start, Statement.Notify notify) {
        String sql =
                "SELECT pg_notify("
                        + Edits.string(notify.channel())
                        + ", "
                        + Edits.string(notify.payload())
                        + ')';
        return new SyntaxTree(
                grammar,
                start,
                cursor.at,
                Kind.SELECT,
                "NOTIFY",
                new Shape.Fixed(sql),
                new Facts(),
                List.of());
    }

    // ---- EXECUTE FUNCTION

    private Statement function(
            int from,
            String name,
            boolean orReplace,
            TableName table,
            String timing,
            List<String> events,
            List<String> columns,
            boolean row,
            TriggerOptions options) {
        Optional<String> condition = Optional.empty();
        int conditionOffset = 0;
        if (cursor.tryWord("when")) {
            int open = cursor.at;
            int close = closing(open);
            readCondition();
            conditionOffset = tokens.starts[open + 1] - tokens.starts[from];
            condition = Optional.of(grammar.source(open + 1, close));
            cursor.at = close + 1;
        }
        cursor.requireWord("execute");
        if (!cursor.tryWord("function")) {
            cursor.requireWord("procedure");
        }
        int functionAt = cursor.at;
        TableName function = cursor.tableName();
        List<String> arguments = arguments();
        var definition =
                new FunctionTriggerDefinition(
                        grammar.source(from, cursor.at),
                        name,
                        orReplace,
                        table,
                        timing,
                        events,
                        columns,
                        row,
                        condition,
                        conditionOffset,
                        function,
                        tokens.starts[functionAt] - tokens.starts[from],
                        arguments,
                        options.isConstraint(),
                        options.isDeferrable(),
                        options.isDeferred(),
                        options.oldTable(),
                        options.newTable());
        return new Statement.CreateFunctionTrigger(
                definition.source(), tokens.starts[from], definition);
    }

    /** Reads the condition for its syntax; {@code old.*} is there the row itself. */
    private void readCondition() {
        int open = cursor.at;
        for (int i = open; i < closing(open); i++) {
            boolean isStar =
                    tokens.texts[i].equals("*")
                            && tokens.texts[i - 1].equals(".")
                            && (tokens.texts[i - 2].equals("old")
                                    || tokens.texts[i - 2].equals("new"));
            if (isStar) {
                return;
            }
        }
        grammar.push();
        try {
            cursor.requirePunctuation("(");
            grammar.expressions.expression();
            cursor.requirePunctuation(")");
        } finally {
            grammar.pop();
        }
    }

    private List<String> arguments() {
        cursor.requirePunctuation("(");
        var arguments = new ArrayList<String>();
        if (!cursor.isPunctuation(")")) {
            do {
                switch (cursor.kind()) {
                    case STRING, INTEGER, NUMBER, WORD, QUOTED_NAME ->
                            arguments.add(tokens.texts[cursor.at++]);
                    default -> throw cursor.syntaxError();
                }
            } while (cursor.tryPunctuation(","));
        }
        cursor.requirePunctuation(")");
        return arguments;
    }

    // ---- rules

    /**
     * After CREATE [OR REPLACE], at RULE: only those that send a notification.
     *
     * @see <a href="https://www.postgresql.org/docs/15/sql-createrule.html">PostgreSQL: CREATE
     *     RULE</a>
     */
    Statement createRule(int from, boolean orReplace) {
        cursor.at++;
        String name = cursor.columnId();
        cursor.requireWord("as");
        cursor.requireWord("on");
        String event = cursor.kind() == Token.WORD ? cursor.text() : "";
        switch (event) {
            case "insert", "update", "delete", "select" -> cursor.at++;
            default -> throw cursor.syntaxError();
        }
        cursor.requireWord("to");
        TableName table = grammar.from.relationName();
        boolean hasCondition = cursor.tryWord("where");
        if (hasCondition) {
            grammar.push();
            try {
                grammar.expressions.expression();
            } finally {
                grammar.pop();
            }
        }
        cursor.requireWord("do");
        boolean isAlso = cursor.tryWord("also");
        boolean isInstead = !isAlso && cursor.tryWord("instead");
        boolean isNotify = cursor.isWord("notify");
        if (!isNotify || isInstead || event.equals("select")) {
            grammar.commands.unsupported(from, "rule");
            throw tokens.error(
                    from,
                    SqlState.FEATURE_NOT_SUPPORTED,
                    "rules other than ON INSERT, UPDATE or DELETE DO ALSO NOTIFY are not"
                            + " supported");
        }
        cursor.at++;
        String channel = cursor.columnId();
        String payload = cursor.tryPunctuation(",") ? cursor.string() : "";
        if (hasCondition) {
            throw new PgException(
                    SqlState.INVALID_OBJECT_DEFINITION,
                    "rules with WHERE conditions can only have SELECT, INSERT, UPDATE, or DELETE"
                            + " actions");
        }
        return new Statement.CreateRule(
                grammar.source(from, cursor.at),
                tokens.starts[from],
                name,
                orReplace,
                event.toUpperCase(Locale.ROOT),
                table,
                channel,
                payload);
    }

    /** After DROP, at RULE. */
    Statement dropRule(int from) {
        cursor.at++;
        boolean ifExists = cursor.tryWords("if", "exists");
        String name = cursor.columnId();
        cursor.requireWord("on");
        TableName table = grammar.from.relationName();
        if (!cursor.tryWord("cascade")) {
            cursor.tryWord("restrict");
        }
        return new Statement.DropRule(
                grammar.source(from, cursor.at), tokens.starts[from], ifExists, name, table);
    }

    /** After ALTER, at TRIGGER. */
    Statement rename(int from) {
        cursor.at++;
        String name = cursor.columnId();
        cursor.requireWord("on");
        TableName table = grammar.from.relationName();
        cursor.requireWord("rename");
        cursor.requireWord("to");
        String newName = cursor.columnId();
        return new Statement.RenameTrigger(
                grammar.source(from, cursor.at), tokens.starts[from], name, table, newName);
    }

    /** In ALTER TABLE, at ENABLE or DISABLE; null where it is not about triggers. */
    @Nullable Statement enable(int from, TableName table) {
        boolean isEnabled = cursor.isWord("enable");
        int at = cursor.at++;
        char mode = isEnabled ? 'O' : 'D';
        if (isEnabled && cursor.tryWord("always")) {
            mode = 'A';
        } else if (isEnabled && cursor.tryWord("replica")) {
            mode = 'R';
        }
        if (!cursor.tryWord("trigger")) {
            cursor.at = at;
            return null;
        }
        Optional<String> name = Optional.empty();
        boolean isAll = cursor.isWord("all") || cursor.isWord("user");
        if (isAll) {
            cursor.at++;
        } else {
            name = Optional.of(cursor.columnId());
        }
        return new Statement.EnableTrigger(
                grammar.source(from, cursor.at), tokens.starts[from], table, name, mode);
    }

    /** After DROP, at TRIGGER. */
    Statement drop(int from) {
        cursor.at++;
        boolean ifExists = cursor.tryWords("if", "exists");
        String name = cursor.columnId();
        Optional<TableName> table = Optional.empty();
        if (cursor.tryWord("on")) {
            table = Optional.of(grammar.from.relationName());
            if (!cursor.tryWord("cascade")) {
                cursor.tryWord("restrict");
            }
        }
        return new Statement.DropTrigger(
                grammar.source(from, cursor.at), tokens.starts[from], ifExists, name, table);
    }
}
