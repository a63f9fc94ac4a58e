package io.heliosdb.sql;

import io.heliosdb.pg.Identifier;
import io.heliosdb.pg.SqlState;
import io.heliosdb.sql.Expression.Form;
import io.heliosdb.sql.Facts.Place;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.StringJoiner;

/**
 * Reads SELECT, VALUES and TABLE with all that goes around them.
 *
 * @see <a href="https://www.postgresql.org/docs/15/sql-select.html">PostgreSQL: SELECT</a>
 */
final class QueryGrammar {
    private final Grammar grammar;
    private final Cursor cursor;
    private final Tokens tokens;
    private final Edits edits;

    /**
     * How many queries stand around the one that is read: only the outermost may have columns of
     * the same name.
     */
    private int nesting;

    /** Those of the SELECT that is read. */
    private ArraySets sets;

    /** Where the last SELECT DISTINCT ended; -1 for none. */
    private int distinctEnd = -1;

    int nesting() {
        return nesting;
    }

    QueryGrammar(Grammar grammar) {
        this.grammar = grammar;
        this.cursor = grammar.cursor;
        this.tokens = grammar.tokens;
        this.edits = grammar.edits;
        sets = new ArraySets(grammar, 0);
    }

    ArraySets sets() {
        return sets;
    }

    /** A query that has been read. */
    record Query(int from, int to, List<Item> items) {
        /** The name of the first column. */
        String firstLabel() {
            return items.isEmpty() ? Expression.NO_LABEL : items.getFirst().label();
        }

        boolean hasStar() {
            return items.stream().anyMatch(Item::star);
        }
    }

    /** An item of a select list. */
    record Item(boolean star, String label, Expression expression) {}

    /** Whether a query starts here. */
    boolean startsQuery() {
        return isQueryWord(cursor.at) || (cursor.isPunctuation("(") && opensQuery());
    }

    private boolean isQueryWord(int token) {
        if (tokens.kinds[token] != Token.WORD) {
            return false;
        }
        return switch (tokens.texts[token]) {
            case "select", "values", "with", "table" -> isQueryStart(token);
            default -> false;
        };
    }

    /** VALUES is a column's name too, where no parenthesis follows. */
    private boolean isQueryStart(int token) {
        return !tokens.texts[token].equals("values") || tokens.texts[token + 1].equals("(");
    }

    /** Whether the parenthesis here holds a query and not an expression. */
    boolean opensQuery() {
        int i = cursor.at + 1;
        if (isQueryWord(i)) {
            return true;
        }
        int inner = i;
        while (isOpen(i)) {
            i++;
        }
        if (i == inner || !isQueryWord(i)) {
            return false;
        }
        int after = matching(inner) + 1;
        if (after >= tokens.count) {
            return false;
        }
        return switch (tokens.texts[after]) {
            case ")", "union", "intersect", "except", "order", "limit", "offset", "fetch", "for" ->
                    tokens.kinds[after] != Token.QUOTED_NAME && tokens.kinds[after] != Token.STRING;
            default -> false;
        };
    }

    private boolean isOpen(int token) {
        return tokens.kinds[token] == Token.PUNCTUATION && tokens.texts[token].equals("(");
    }

    private int matching(int open) {
        int depth = 0;
        for (int i = open; i < tokens.count; i++) {
            if (tokens.kinds[i] == Token.PUNCTUATION) {
                if (tokens.texts[i].equals("(")) {
                    depth++;
                } else if (tokens.texts[i].equals(")") && --depth == 0) {
                    return i;
                }
            }
        }
        return tokens.count;
    }

    /** The outermost query of a statement. */
    Query topQuery() {
        nesting = 0;
        return query();
    }

    /** The query of a definition, as the engine reads it. */
    String defining() {
        int from = cursor.at;
        if (!startsQuery()) {
            throw cursor.syntaxError();
        }
        nestedQuery();
        RowJson.rewrite(grammar, from);
        return edits.render(from, cursor.at);
    }

    /** A query (SelectStmt without its own parentheses, or with). */
    Query query() {
        cursor.enter();
        int from = cursor.at;
        if (cursor.isWord("with")) {
            withClause();
        }
        Query first = setOperation(1);
        grammar.tails.tail(distinctEnd == cursor.at ? first.items() : List.of());
        grammar.facts.scopes.add(new Facts.Scope(from, cursor.at));
        cursor.leave();
        return new Query(from, cursor.at, first.items());
    }

    /** A query inside another statement. */
    Query nestedQuery() {
        nesting++;
        try {
            return query();
        } finally {
            nesting--;
        }
    }

    void withClause() {
        cursor.requireWord("with");
        boolean isRecursive = cursor.tryWord("recursive");
        var names = new HashSet<String>();
        do {
            int at = cursor.at;
            if (cursor.isColumnId() && !names.add(tokens.texts[at])) {
                throw tokens.error(
                        at,
                        new SqlState("42712"),
                        "WITH query name \"" + tokens.texts[at] + "\" specified more than once");
            }
            commonTable(isRecursive);
        } while (cursor.tryPunctuation(","));
    }

    private void commonTable(boolean isRecursive) {
        grammar.terms.name(cursor.at);
        int at = cursor.at;
        String name = cursor.columnId();
        var commons = grammar.facts.commons;
        int index = commons.size();
        commons.add(new Facts.Common(name, at, Integer.MAX_VALUE, isRecursive));
        boolean isNamed = cursor.isPunctuation("(");
        if (isNamed) {
            grammar.from.columnNames();
        }
        var names = grammar.from.namesBefore(at);
        cursor.requireWord("as");
        int mark = cursor.at;
        if (cursor.tryWord("materialized") || cursor.tryWords("not", "materialized")) {
            edits.remove(mark, cursor.at);
        }
        cursor.requirePunctuation("(");
        if (cursor.isWord("insert") || cursor.isWord("update") || cursor.isWord("delete")) {
            grammar.changes.nested(name);
        } else if (startsQuery()) {
            Query query = nestedQuery();
            grammar.facts.commonColumns.put(
                    at, new Facts.Columns(query.items(), names, query.from(), query.to()));
            if (isRecursive && !isNamed) {
                nameColumns(at, query);
            }
        } else {
            throw cursor.syntaxError();
        }
        cursor.requirePunctuation(")");
        commons.set(index, new Facts.Common(name, at, cursor.at, isRecursive));
        if (cursor.isWord("search") || cursor.isWord("cycle")) {
            throw cursor.error(
                    SqlState.FEATURE_NOT_SUPPORTED, "SEARCH and CYCLE are not supported");
        }
    }

    /** The engine wants to hear the columns of what may refer to itself. */
    private void nameColumns(int name, Query query) {
        var labels = new LinkedHashSet<String>();
        for (Item item : query.items()) {
            if (item.star() || !labels.add(item.label())) {
                return;
            }
        }
        if (!labels.isEmpty()) {
            var columns = new StringJoiner(", ", "(", ")");
            labels.forEach(label -> columns.add(Identifier.quote(label)));
            edits.after(name, columns.toString());
        }
    }

    private Query setOperation(int level) {
        Query left = level == 2 ? primary() : setOperation(2);
        while (level == 2
                ? cursor.isWord("intersect")
                : cursor.isWord("union") || cursor.isWord("except")) {
            cursor.at++;
            if (!cursor.tryWord("all") && cursor.isWord("distinct")) {
                edits.remove(cursor.at, ++cursor.at);
            }
            if (level == 2) {
                primary();
            } else {
                setOperation(2);
            }
        }
        return left;
    }

    private Query primary() {
        if (cursor.isPunctuation("(")) {
            cursor.at++;
            if (!startsQuery()) {
                throw cursor.syntaxError();
            }
            Query inner = query();
            cursor.requirePunctuation(")");
            return inner;
        }
        if (cursor.isWord("select")) {
            return select();
        }
        if (cursor.isWord("values")) {
            return values(Place.ITEM);
        }
        if (cursor.isWord("table")) {
            return table();
        }
        throw cursor.syntaxError();
    }

    private Query table() {
        int from = cursor.at++;
        edits.replace(from, "SELECT * FROM");
        grammar.from.relation();
        return new Query(
                from, cursor.at, List.of(new Item(true, "*", Expression.other(from, cursor.at))));
    }

    /** VALUES rows. */
    Query values(Place place) {
        int from = cursor.at;
        cursor.requireWord("values");
        var items = new ArrayList<Item>();
        int width = -1;
        do {
            int row = cursor.at;
            List<Expression> expressions = valueRow(place);
            if (width < 0) {
                for (Expression expression : expressions) {
                    items.add(new Item(false, "column" + (items.size() + 1), expression));
                }
                width = expressions.size();
            } else if (width != expressions.size()) {
                throw tokens.error(
                        row, SqlState.SYNTAX_ERROR, "VALUES lists must all be the same length");
            }
        } while (cursor.tryPunctuation(","));
        return new Query(from, cursor.at, items);
    }

    private List<Expression> valueRow(Place place) {
        cursor.requirePunctuation("(");
        var row = new ArrayList<Expression>();
        do {
            row.add(grammar.expressions.expression(place));
        } while (cursor.tryPunctuation(","));
        cursor.requirePunctuation(")");
        return row;
    }

    // ---- SELECT

    private Query select() {
        int from = cursor.at++;
        boolean top = nesting == 0;
        nesting++;
        ArraySets outer = sets;
        sets = new ArraySets(grammar, from);
        try {
            return select(from, top);
        } finally {
            nesting--;
            sets = outer;
        }
    }

    private Query select(int from, boolean top) {
        boolean isDistinct = !cursor.tryWord("all") && cursor.tryWord("distinct");
        if (isDistinct && cursor.tryWord("on")) {
            isDistinct = false;
            cursor.requirePunctuation("(");
            expressions();
            cursor.requirePunctuation(")");
        }
        var items = new ArrayList<Item>();
        if (startsItem()) {
            sets.inItems(true);
            do {
                items.add(item());
            } while (cursor.tryPunctuation(","));
            sets.inItems(false);
        }
        int listEnd = cursor.at;
        if (cursor.isWord("into")) {
            into(top);
        }
        boolean hasFrom = cursor.tryWord("from");
        if (hasFrom) {
            grammar.from.list();
        }
        expandSets(items, hasFrom ? cursor.at : listEnd, hasFrom);
        labelItems(items, top);
        sets.join(hasFrom ? cursor.at : listEnd, hasFrom);
        int fromEnd = cursor.at;
        String condition = sets.condition();
        if (items.isEmpty()) {
            edits.after(from, " NULL");
        }
        if (cursor.tryWord("where")) {
            Expression where = grammar.expressions.expression();
            if (!condition.isEmpty()) {
                edits.wrap(where.from(), where.to(), condition + " AND (", ")");
            }
        } else if (!condition.isEmpty()) {
            edits.after(fromEnd - 1, " WHERE " + condition);
        }
        groupBy();
        if (cursor.tryWord("having")) {
            grammar.expressions.expression();
        }
        if (cursor.tryWord("window")) {
            do {
                grammar.terms.name(cursor.at);
                cursor.columnId();
                cursor.requireWord("as");
                grammar.tails.windowSpecification();
            } while (cursor.tryPunctuation(","));
        }
        sets.substitute(items);
        distinctEnd = isDistinct ? cursor.at : -1;
        return new Query(from, cursor.at, items);
    }

    /** SELECT … INTO is CREATE TABLE … AS. */
    private void into(boolean top) {
        int from = cursor.at;
        if (!top) {
            throw cursor.error(SqlState.SYNTAX_ERROR, "SELECT ... INTO is not allowed here");
        }
        cursor.at++;
        boolean temporary = cursor.tryWord("temporary") || cursor.tryWord("temp");
        if (!temporary) {
            cursor.tryWord("unlogged");
        }
        cursor.tryWord("table");
        var table = grammar.relations.made(temporary);
        grammar.facts.definition = Definition.creating(Definition.Kind.TABLE, table.name(), false);
        grammar.facts.into =
                (table.isTemporary() ? "CREATE LOCAL TEMPORARY TABLE " : "CREATE TABLE ")
                        + table.sql()
                        + " AS ";
        edits.remove(from, cursor.at);
    }

    private boolean startsItem() {
        if (cursor.kind() == Token.END) {
            return false;
        }
        if (cursor.kind() == Token.PUNCTUATION) {
            return cursor.isPunctuation("(");
        }
        if (cursor.kind() != Token.WORD) {
            return true;
        }
        return switch (cursor.text()) {
            case "from",
                    "where",
                    "group",
                    "having",
                    "window",
                    "union",
                    "intersect",
                    "except",
                    "order",
                    "limit",
                    "offset",
                    "fetch",
                    "for",
                    "into" ->
                    false;
            default -> true;
        };
    }

    /** An item of a select list or of RETURNING. */
    Item item() {
        int from = cursor.at;
        if (cursor.isPunctuation("*")) {
            cursor.at++;
            return new Item(true, "*", Expression.other(from, cursor.at));
        }
        if (isQualifiedStar()) {
            while (!cursor.isPunctuation("*")) {
                grammar.terms.name(cursor.at++);
            }
            cursor.at++;
            return new Item(true, "*", Expression.other(from, cursor.at));
        }
        Expression expression = grammar.expressions.expression(Place.ITEM);
        if (cursor.tryWord("as")) {
            return labelled(expression);
        }
        if (cursor.kind() == Token.QUOTED_NAME
                || (cursor.kind() == Token.WORD && isBareLabel(cursor.text()))) {
            return labelled(expression);
        }
        return new Item(false, "", expression);
    }

    private static boolean isBareLabel(String word) {
        return Keyword.kind(word) == null || Keyword.isBareLabel(word);
    }

    private Item labelled(Expression expression) {
        int token = cursor.at;
        String label = cursor.label();
        edits.replace(token, Identifier.quote(label));
        if (!tokens.texts[token - 1].equals("as") || tokens.kinds[token - 1] != Token.WORD) {
            edits.before(token, "AS ");
        }
        return new Item(false, label, expression);
    }

    private boolean isQualifiedStar() {
        int i = cursor.at;
        if (!cursor.isColumnId(i)) {
            return false;
        }
        i++;
        while (tokens.kinds[i] == Token.PUNCTUATION && tokens.texts[i].equals(".")) {
            i++;
            if (tokens.kinds[i] == Token.OPERATOR && tokens.texts[i].equals("*")) {
                return true;
            }
            if (tokens.kinds[i] != Token.WORD && tokens.kinds[i] != Token.QUOTED_NAME) {
                return false;
            }
            i++;
        }
        return false;
    }

    /** Gives the items that have no label PostgreSQL's, where the engine would choose another. */
    void labelItems(List<Item> items, boolean top) {
        for (int i = 0; i < items.size(); i++) {
            Item item = items.get(i);
            if (item.star() || !item.label().isEmpty()) {
                continue;
            }
            Expression expression = item.expression();
            String label = expression.label();
            items.set(i, new Item(false, label, expression));
            if (!expression.is(Form.COLUMN) && (top || isFirst(items, i, label))) {
                edits.after(expression.to() - 1, " AS " + Identifier.quote(label));
            }
        }
    }

    private static boolean isFirst(List<Item> items, int index, String label) {
        for (int i = 0; i < items.size(); i++) {
            Item item = items.get(i);
            String other = item.label().isEmpty() ? item.expression().label() : item.label();
            if (i != index && (other.equals(label) || item.star())) {
                return false;
            }
        }
        return true;
    }

    /** A function that returns rows, as an item, is joined as a table. */
    private void expandSets(List<Item> items, int end, boolean hasFrom) {
        int sets = 0;
        for (int i = 0; i < items.size(); i++) {
            Expression call = items.get(i).expression();
            if (!call.is(Form.SET_RETURNING)) {
                continue;
            }
            String alias = "helios_set_" + ++sets;
            grammar.from.asRecords(call);
            grammar.from.asRows(call);
            edits.move(
                    call.from(),
                    call.to(),
                    alias + ".c",
                    end - 1,
                    hasFrom || sets > 1 ? " CROSS JOIN " : " FROM ",
                    " AS " + alias + "(c)");
        }
    }

    private void groupBy() {
        if (!cursor.isWord("group")) {
            return;
        }
        cursor.at++;
        cursor.requireWord("by");
        if (!cursor.tryWord("all")) {
            cursor.tryWord("distinct");
        }
        do {
            if ((cursor.isWord("rollup") || cursor.isWord("cube"))
                    && cursor.isPunctuationAhead(1, "(")) {
                throw cursor.error(
                        SqlState.FEATURE_NOT_SUPPORTED, "grouping sets are not supported");
            }
            if (cursor.isWord("grouping") && cursor.isWordAhead(1, "sets")) {
                throw cursor.error(
                        SqlState.FEATURE_NOT_SUPPORTED, "grouping sets are not supported");
            }
            if (cursor.isPunctuation("(") && cursor.isPunctuationAhead(1, ")")) {
                cursor.at += 2;
            } else {
                grammar.expressions.expression();
            }
        } while (cursor.tryPunctuation(","));
    }

    private void expressions() {
        do {
            grammar.expressions.expression();
        } while (cursor.tryPunctuation(","));
    }
}
