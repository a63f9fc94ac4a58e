package io.heliosdb.sql;

import io.heliosdb.pg.Identifier;
import io.heliosdb.pg.SqlState;
import io.heliosdb.sql.Expression.Form;
import io.heliosdb.sql.Statement.Engine;
import io.heliosdb.sql.Statement.Engine.Kind;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads CREATE TABLE and the columns and constraints of ALTER TABLE. Constraints get the names that
 * PostgreSQL gives them.
 *
 * @see <a href="https://www.postgresql.org/docs/15/sql-createtable.html">PostgreSQL: CREATE
 *     TABLE</a>
 * @see <a href="https://www.sqlite.org/autoinc.html">SQLite: AUTOINCREMENT</a>
 */
final class TableGrammar {
    private final Grammar grammar;
    private final Cursor cursor;
    private final Tokens tokens;
    private final Edits edits;

    /** The table whose parts are read; what its constraints are called after. */
    private String table = "";

    /** Whether it is one of the session's own. */
    private boolean isTemporary;

    private final List<String> constraints = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    final List<String> primaryColumns = new ArrayList<>();

    TableGrammar(Grammar grammar) {
        this.grammar = grammar;
        this.cursor = grammar.cursor;
        this.tokens = grammar.tokens;
        this.edits = grammar.edits;
    }

    /** After CREATE [TEMP], at TABLE. */
    Engine create(int from, boolean saysTemporary) {
        cursor.at++;
        boolean ifNotExists = grammar.creates.ifNotExists();
        var named = grammar.relations.made(saysTemporary);
        start(named.name().name(), named.isTemporary());
        grammar.facts.definition =
                Definition.creating(Definition.Kind.TABLE, named.name(), ifNotExists);
        String head =
                "CREATE "
                        + (isTemporary ? "LOCAL TEMPORARY TABLE " : "TABLE ")
                        + (ifNotExists ? "IF NOT EXISTS " : "")
                        + named.sql();
        String options = cursor.isWord("on") || cursor.isWord("with") ? options() : "";
        if (cursor.isWord("as")) {
            return createAs(from, head + options);
        }
        if (cursor.isWord("partition") || cursor.isWord("of")) {
            throw cursor.error(
                    SqlState.FEATURE_NOT_SUPPORTED,
                    "partitions and typed tables are not supported");
        }
        int open = cursor.at;
        cursor.requirePunctuation("(");
        if (isColumnListOfQuery()) {
            cursor.at = open;
            grammar.from.columnNames();
            if (cursor.isWord("as")) {
                return createAs(from, head + edits.render(open, cursor.at));
            }
            throw cursor.syntaxError();
        }
        List<String> columns = new ArrayList<>();
        if (!cursor.isPunctuation(")")) {
            do {
                element(columns);
            } while (cursor.tryPunctuation(","));
        }
        cursor.requirePunctuation(")");
        String tail = options();
        columns.addAll(constraints);
        String sql = head + " (" + String.join(", ", columns) + ')' + tail;
        return grammar.commands.build(
                from, Kind.DDL, "CREATE TABLE", new Shape.Fixed(sql), List.of());
    }

    void start(String newTable, boolean isItTemporary) {
        table = newTable;
        isTemporary = isItTemporary;
        constraints.clear();
        names.clear();
    }

    private boolean isColumnListOfQuery() {
        return cursor.isColumnId()
                && (cursor.isPunctuationAhead(1, ",") || cursor.isPunctuationAhead(1, ")"));
    }

    private Engine createAs(int from, String head) {
        cursor.at++;
        String sql = head + " AS " + grammar.queries.defining();
        if (cursor.tryWord("with")) {
            boolean no = cursor.tryWord("no");
            cursor.requireWord("data");
            if (no) {
                return grammar.commands.build(
                        from,
                        Kind.DDL,
                        "CREATE TABLE AS",
                        new Shape.Fixed(sql + " WITH NO DATA"),
                        List.of());
            }
        }
        return grammar.commands.build(from, Kind.DDL, "SELECT", new Shape.Fixed(sql), List.of());
    }

    /** What follows the parenthesis and means nothing here. */
    private String options() {
        String tail = "";
        while (true) {
            if (cursor.tryWord("without")) {
                // SQLite's WITHOUT ROWID, and WITHOUT OIDS.
                if (!cursor.tryWord("rowid")) {
                    cursor.requireWord("oids");
                }
                cursor.tryPunctuation(",");
            } else if (cursor.tryWord("strict")) {
                cursor.tryPunctuation(",");
            } else if (cursor.isWord("with") && cursor.isPunctuationAhead(1, "(")) {
                cursor.at++;
                skipParentheses();
            } else if (cursor.tryWord("on")) {
                tail = onCommit();
            } else if (cursor.tryWord("tablespace")) {
                cursor.columnId();
            } else if (cursor.isWord("inherits") || cursor.isWord("partition")) {
                throw cursor.error(
                        SqlState.FEATURE_NOT_SUPPORTED,
                        "inheritance and partitions are not supported");
            } else {
                return tail;
            }
        }
    }

    private String onCommit() {
        if (!isTemporary) {
            throw cursor.error(
                    SqlState.INVALID_OBJECT_DEFINITION,
                    "ON COMMIT can only be used on temporary tables");
        }
        cursor.requireWord("commit");
        if (cursor.tryWord("drop")) {
            return " ON COMMIT DROP";
        }
        if (cursor.tryWord("delete")) {
            cursor.requireWord("rows");
            return " ON COMMIT DELETE ROWS";
        }
        cursor.requireWord("preserve");
        cursor.requireWord("rows");
        return "";
    }

    /** Goes over a balanced parenthesis. */
    void skipParentheses() {
        cursor.requirePunctuation("(");
        int depth = 1;
        while (depth > 0) {
            if (cursor.atEnd()) {
                throw cursor.syntaxError();
            }
            depth += cursor.isPunctuation("(") ? 1 : cursor.isPunctuation(")") ? -1 : 0;
            cursor.at++;
        }
    }

    private void element(List<String> columns) {
        if (isConstraint()) {
            constraint();
        } else if (cursor.isWord("like")) {
            throw cursor.error(
                    SqlState.FEATURE_NOT_SUPPORTED, "LIKE in CREATE TABLE is not supported");
        } else {
            columns.add(column());
        }
    }

    private boolean isConstraint() {
        return cursor.isWord("constraint")
                || cursor.isWord("primary")
                || cursor.isWord("unique")
                || cursor.isWord("check")
                || cursor.isWord("foreign")
                || (cursor.isWord("exclude")
                        && (cursor.isWordAhead(1, "using") || cursor.isPunctuationAhead(1, "(")));
    }

    // ---- columns

    /**
     * A column's definition in the engine's words; its constraints are kept for {@link
     * #takeConstraints}.
     */
    String column() {
        String name = cursor.columnId();
        String word = cursor.kind() == Token.WORD ? cursor.text() : "";
        SqlType type = grammar.types.type();
        var column = new Column(name, type, word.endsWith("serial") || word.startsWith("serial"));
        if (cursor.tryWord("collate")) {
            do {
                cursor.label();
            } while (cursor.tryPunctuation("."));
        }
        while (columnConstraint(column)) {}
        return column.toEngine();
    }

    private static final class Column {
        final String name;
        final SqlType type;
        boolean identity;
        boolean always;
        boolean wide;
        boolean notNull;
        String sequence;
        @Nullable String value;
        @Nullable String computed;

        Column(String name, SqlType type, boolean serial) {
            this.name = name;
            this.type = type;
            this.identity = this.notNull = serial;
            this.sequence = serial ? CreateGrammar.SERIAL_OPTIONS : "";
        }

        String toEngine() {
            var text =
                    new StringBuilder(Identifier.quote(name))
                            .append(' ')
                            .append(wide ? "BIGINT" : type.engine());
            if (identity) {
                text.append(
                                always
                                        ? " GENERATED ALWAYS AS IDENTITY"
                                        : " GENERATED BY DEFAULT AS IDENTITY")
                        .append(sequence);
            } else if (computed != null) {
                text.append(" GENERATED ALWAYS AS (").append(computed).append(')');
            } else if (value != null) {
                text.append(" DEFAULT ").append(value);
            }
            return notNull ? text.append(" NOT NULL").toString() : text.toString();
        }
    }

    private boolean columnConstraint(Column column) {
        String name = constraintName();
        String word = cursor.kind() == Token.WORD ? cursor.text() : "";
        switch (word) {
            case "not" -> {
                cursor.at++;
                if (!cursor.tryWord("deferrable")) {
                    cursor.requireWord("null");
                    column.notNull = true;
                }
            }
            case "null" -> cursor.at++;
            case "default" -> {
                cursor.at++;
                column.value = defaultValue(column.type);
            }
            case "primary" -> primaryKey(column, name);
            case "unique" -> {
                cursor.at++;
                add(
                        name,
                        List.of(column.name),
                        "key",
                        "UNIQUE (" + Identifier.quote(column.name) + ')');
                indexOptions();
            }
            case "check" -> check(name, column.name);
            case "references" -> references(name, List.of(column.name));
            case "generated" -> generated(column);
            case "deferrable", "initially" -> deferrable();
            case "autoincrement" -> throw cursor.syntaxError();
            default -> {
                if (!name.isEmpty()) {
                    throw cursor.syntaxError();
                }
                return false;
            }
        }
        return true;
    }

    private String constraintName() {
        return cursor.tryWord("constraint") ? cursor.columnId() : "";
    }

    /** INTEGER PRIMARY KEY AUTOINCREMENT is a 64-bit identity. */
    private void primaryKey(Column column, String name) {
        cursor.at++;
        cursor.requireWord("key");
        if (!cursor.tryWord("asc")) {
            cursor.tryWord("desc");
        }
        if (cursor.isWord("autoincrement")) {
            if (!column.type.engine().equals("INTEGER") && !column.type.engine().equals("BIGINT")) {
                throw tokens.error(
                        cursor.at,
                        SqlState.SYNTAX_ERROR,
                        "AUTOINCREMENT is only allowed on an INTEGER PRIMARY KEY");
            }
            cursor.at++;
            column.identity = true;
            column.wide = true;
        }
        column.notNull = true;
        add(name, List.of(), "pkey", "PRIMARY KEY (" + Identifier.quote(column.name) + ')');
        indexOptions();
    }

    /** A default; constants of types that the engine reads otherwise are converted. */
    String defaultValue(SqlType type) {
        Expression value = grammar.calls.columnDefault(grammar.expressions::restricted);
        if (value.is(Form.STRING)) {
            String text = tokens.texts[value.from()];
            if (type.isArray() || type.isJson() || type.oid() == 16 || type.oid() == 17) {
                return Casts.constant(tokens, value.from(), text, type);
            }
            Casts.requireValue(text, type);
        }
        requireNoParameters();
        return edits.render(value.from(), value.to());
    }

    private void requireNoParameters() {
        if (!grammar.facts.sites.isEmpty()) {
            Facts.Site site = grammar.facts.sites.getFirst();
            throw tokens.error(
                    site.token(),
                    SqlState.UNDEFINED_PARAMETER,
                    "there is no parameter $" + site.number());
        }
    }

    private void generated(Column column) {
        cursor.at++;
        boolean always = cursor.tryWord("always");
        if (!always) {
            cursor.requireWord("by");
            cursor.requireWord("default");
        }
        cursor.requireWord("as");
        if (always && cursor.isPunctuation("(")) {
            int open = cursor.at++;
            grammar.expressions.expression();
            cursor.requirePunctuation(")");
            column.computed = edits.render(open + 1, cursor.at - 1);
            cursor.requireWord("stored");
            return;
        }
        cursor.requireWord("identity");
        column.identity = true;
        column.always = always;
        column.notNull = true;
        if (cursor.tryPunctuation("(")) {
            column.sequence = " (" + grammar.creates.sequenceOptions() + ')';
            cursor.requirePunctuation(")");
        }
    }

    // ---- constraints

    /** A constraint of the table. */
    void constraint() {
        String name = constraintName();
        String word = cursor.kind() == Token.WORD ? cursor.text() : "";
        cursor.at++;
        switch (word) {
            case "primary" -> {
                cursor.requireWord("key");
                columnsConstraint(name, "PRIMARY KEY", "pkey");
            }
            case "unique" -> columnsConstraint(name, "UNIQUE", "key");
            case "check" -> {
                cursor.at--;
                check(name, "");
            }
            case "foreign" -> {
                cursor.requireWord("key");
                references(name, columns());
            }
            case "exclude" ->
                    throw cursor.error(
                            SqlState.FEATURE_NOT_SUPPORTED,
                            "exclusion constraints are not supported");
            default -> {
                cursor.at--;
                throw cursor.syntaxError();
            }
        }
        while (cursor.isWord("deferrable")
                || cursor.isWord("initially")
                || (cursor.isWord("not") && cursor.isWordAhead(1, "deferrable"))) {
            cursor.tryWord("not");
            deferrable();
        }
        if (cursor.isWord("not") && cursor.isWordAhead(1, "valid")) {
            cursor.at += 2;
        }
    }

    private void columnsConstraint(String name, String words, String suffix) {
        if (cursor.isWord("using")) {
            throw cursor.error(
                    SqlState.FEATURE_NOT_SUPPORTED, "constraints USING INDEX are not supported");
        }
        List<String> columns = columns();
        if (suffix.equals("pkey")) {
            primaryColumns.addAll(columns);
        }
        add(
                name,
                suffix.equals("pkey") ? List.of() : columns,
                suffix,
                words + " (" + list(columns) + ')');
        indexOptions();
    }

    private List<String> columns() {
        var columns = new ArrayList<String>();
        cursor.requirePunctuation("(");
        do {
            columns.add(cursor.columnId());
        } while (cursor.tryPunctuation(","));
        cursor.requirePunctuation(")");
        return columns;
    }

    private static String list(List<String> columns) {
        return String.join(", ", columns.stream().map(Identifier::quote).toList());
    }

    private void indexOptions() {
        if (cursor.isWord("nulls")) {
            throw cursor.error(
                    SqlState.FEATURE_NOT_SUPPORTED, "NULLS NOT DISTINCT is not supported");
        }
        if (cursor.isWord("with") && cursor.isPunctuationAhead(1, "(")) {
            cursor.at++;
            skipParentheses();
        }
    }

    private void check(String name, String column) {
        cursor.at++;
        cursor.requirePunctuation("(");
        int from = cursor.at;
        grammar.expressions.expression();
        int to = cursor.at;
        cursor.requirePunctuation(")");
        if (cursor.tryWord("no")) {
            cursor.requireWord("inherit");
        }
        requireNoParameters();
        String only = column.isEmpty() ? onlyColumn(from, to) : column;
        add(
                name,
                only.isEmpty() ? List.of() : List.of(only),
                "check",
                "CHECK (" + edits.render(from, to) + ')');
    }

    /** A check of one column is called after it. */
    private String onlyColumn(int from, int to) {
        String only = "";
        for (int i = from; i < to; i++) {
            boolean name =
                    tokens.kinds[i] == Token.QUOTED_NAME
                            || (tokens.kinds[i] == Token.WORD && cursor.isColumnId(i));
            if (name && !tokens.texts[i + 1].equals("(")) {
                if (!only.isEmpty() && !only.equals(tokens.texts[i])) {
                    return "";
                }
                only = tokens.texts[i];
            }
        }
        return only;
    }

    private void references(String name, List<String> columns) {
        cursor.requireWord("references");
        var text =
                new StringBuilder("FOREIGN KEY (")
                        .append(list(columns))
                        .append(") REFERENCES ")
                        .append(grammar.relations.referenced(table, isTemporary));
        if (cursor.isPunctuation("(")) {
            text.append(" (").append(list(columns())).append(')');
        }
        while (true) {
            if (cursor.tryWord("match")) {
                if (!cursor.tryWord("simple")) {
                    throw cursor.error(
                            SqlState.FEATURE_NOT_SUPPORTED,
                            "MATCH FULL and PARTIAL are not supported");
                }
            } else if (cursor.tryWord("on")) {
                if (!cursor.isWord("delete") && !cursor.isWord("update")) {
                    throw cursor.syntaxError();
                }
                text.append(" ON ").append(tokens.texts[cursor.at++]);
                text.append(' ').append(action());
            } else if (cursor.isWord("deferrable") || cursor.isWord("initially")) {
                deferrable();
            } else {
                break;
            }
        }
        add(name, columns, "fkey", text.toString());
    }

    private String action() {
        if (cursor.tryWord("cascade")) {
            return "CASCADE";
        }
        if (cursor.tryWord("restrict")) {
            return "RESTRICT";
        }
        if (cursor.tryWords("no", "action")) {
            return "NO ACTION";
        }
        cursor.requireWord("set");
        if (cursor.tryWord("null")) {
            return "SET NULL";
        }
        cursor.requireWord("default");
        return "SET DEFAULT";
    }

    private void deferrable() {
        if (cursor.tryWord("deferrable")) {
            return;
        }
        cursor.requireWord("initially");
        if (!cursor.tryWord("deferred")) {
            // The engine looks at every constraint at once, which refuses more and never less.
            cursor.requireWord("immediate");
        }
    }

    /**
     * Keeps a constraint under the name that was given, or PostgreSQL's choice:
     * table_column_suffix.
     */
    private void add(String name, List<String> columns, String suffix, String text) {
        String chosen = name;
        if (name.isEmpty()) {
            String base = columns.isEmpty() ? table : table + '_' + String.join("_", columns);
            chosen = shortened(base, suffix, "");
            for (int i = 1; names.contains(chosen); i++) {
                chosen = shortened(base, suffix, Integer.toString(i));
            }
        }
        names.add(chosen);
        constraints.add("CONSTRAINT " + Identifier.quote(chosen) + ' ' + text);
    }

    static String shortened(String base, String suffix, String number) {
        String end = '_' + suffix + number;
        String start = base;
        while (!start.isEmpty()
                && Identifier.utf8Length(start) + end.length() > Identifier.BYTES_MAX) {
            start = start.substring(0, start.offsetByCodePoints(start.length(), -1));
        }
        return start + end;
    }

    /** The constraints read since {@link #start}. */
    List<String> takeConstraints() {
        List<String> taken = List.copyOf(constraints);
        constraints.clear();
        return taken;
    }
}
