package io.heliosdb.sql;

import io.heliosdb.pg.Identifier;
import io.heliosdb.pg.SqlState;
import io.heliosdb.sql.Expression.Form;
import io.heliosdb.sql.Facts.Place;
import io.heliosdb.sql.QueryGrammar.Item;
import io.heliosdb.sql.Shape.Assignment;
import io.heliosdb.sql.Shape.Conflict;
import io.heliosdb.sql.Shape.OnConflict;
import io.heliosdb.sql.Shape.Range;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.StringJoiner;

/**
 * Reads INSERT, UPDATE, DELETE and MERGE, and SQLite's INSERT OR … and REPLACE.
 *
 * @see <a href="https://www.postgresql.org/docs/15/sql-insert.html">PostgreSQL: INSERT</a>
 * @see <a href="https://www.sqlite.org/lang_insert.html">SQLite: INSERT</a>
 */
final class ChangeGrammar {
    private static final OnConflict NO_CONFLICT =
            new OnConflict(Conflict.ERROR, 0, null, null, null, null);

    private final Grammar grammar;
    private final Cursor cursor;
    private final Tokens tokens;

    /** The table of the change that is read. */
    private TableName target = new TableName(Optional.empty(), "");

    ChangeGrammar(Grammar grammar) {
        this.grammar = grammar;
        this.cursor = grammar.cursor;
        this.tokens = grammar.tokens;
    }

    /** A change that has been read, with the items of its RETURNING. */
    record Change(Shape shape, List<Item> items) {}

    /** A change as a common table. */
    void nested(String name) {
        int from = cursor.at;
        TableName outer = target;
        Change change =
                cursor.isWord("insert")
                        ? insert(null)
                        : cursor.isWord("update") ? update() : delete();
        target = outer;
        grammar.facts.writes = true;
        grammar.facts.nested.add(new Facts.Nested(name, from, cursor.at, change.shape()));
    }

    // ---- INSERT

    Change insert(@Nullable Range with) {
        int from = cursor.at;
        OnConflict conflict = NO_CONFLICT;
        if (cursor.tryWord("replace")) {
            conflict = new OnConflict(Conflict.REPLACE, from, null, null, null, null);
        } else {
            cursor.requireWord("insert");
            if (cursor.tryWord("or")) {
                conflict = orClause(from);
            }
        }
        cursor.requireWord("into");
        int name = cursor.at;
        TableName table = grammar.from.relationName();
        target = table;
        Range named = new Range(name, cursor.at);
        String alias = table.name();
        if (cursor.tryWord("as")) {
            grammar.terms.name(cursor.at);
            alias = cursor.columnId();
        }
        grammar.facts.relations.add(new Facts.Relation(table, alias, cursor.at - 1));
        List<String> columns = insertColumns();
        if (cursor.tryWord("overriding")) {
            if (!cursor.tryWord("user")) {
                cursor.requireWord("system");
            }
            cursor.requireWord("value");
        }
        Range source = null;
        List<List<Expression>> rows = null;
        if (columns.isEmpty() && cursor.tryWord("default")) {
            cursor.requireWord("values");
        } else if (cursor.isWord("values")) {
            int values = cursor.at++;
            rows = insertRows();
            for (List<Expression> row : rows) {
                for (int i = 0; i < row.size(); i++) {
                    assigned(row.get(i), i, columns);
                }
            }
            source = new Range(values, cursor.at);
        } else if (grammar.queries.startsQuery()) {
            int query = cursor.at;
            int sites = grammar.facts.sites.size();
            List<Item> items = grammar.queries.nestedQuery().items();
            for (int i = 0; i < items.size(); i++) {
                assigned(items.get(i).expression(), i, columns);
            }
            placeColumns(sites);
            source = new Range(query, cursor.at);
        } else {
            throw cursor.syntaxError();
        }
        int end = cursor.at;
        if (cursor.isWord("on")) {
            conflict = onConflict();
        }
        List<Item> items = new ArrayList<>();
        Range returning = returning(items);
        return new Change(
                new Shape.Insert(
                        from, with, table, named, alias, columns, source, rows, end, conflict,
                        returning),
                items);
    }

    private void assigned(Expression value, int index, List<String> columns) {
        if (value.is(Form.PARAMETER)) {
            String column = index < columns.size() ? columns.get(index) : "";
            grammar.facts.assigned.add(new Facts.Assigned(target, value, index, column));
        }
    }

    /** A parameter that is an item of the query takes the type of its column. */
    private void placeColumns(int firstSite) {
        for (int i = firstSite; i < grammar.facts.sites.size(); i++) {
            Facts.Site site = grammar.facts.sites.get(i);
            if (site.place() == Place.ITEM) {
                grammar.facts.place(site.token(), Place.COLUMN);
            }
        }
    }

    private OnConflict orClause(int from) {
        String action = cursor.text();
        int at = cursor.at;
        if (cursor.kind() != Token.WORD) {
            throw cursor.syntaxError();
        }
        Conflict conflict =
                switch (action) {
                    case "replace" -> Conflict.REPLACE;
                    case "ignore" -> Conflict.NOTHING;
                    case "abort", "fail", "rollback" -> Conflict.ERROR;
                    default -> throw cursor.syntaxError();
                };
        cursor.at++;
        if (action.equals("rollback") || action.equals("fail")) {
            throw tokens.error(
                    at,
                    SqlState.FEATURE_NOT_SUPPORTED,
                    "INSERT OR " + tokens.raw(at).toUpperCase(Locale.ROOT) + " is not supported");
        }
        grammar.edits.remove(from + 1, cursor.at);
        return new OnConflict(conflict, at, null, null, null, null);
    }

    private List<String> insertColumns() {
        if (!cursor.isPunctuation("(") || grammar.queries.opensQuery()) {
            return List.of();
        }
        cursor.at++;
        var columns = new ArrayList<String>();
        do {
            grammar.terms.name(cursor.at);
            columns.add(cursor.columnId());
        } while (cursor.tryPunctuation(","));
        cursor.requirePunctuation(")");
        return columns;
    }

    private List<List<Expression>> insertRows() {
        var rows = new ArrayList<List<Expression>>();
        do {
            int open = cursor.at;
            cursor.requirePunctuation("(");
            var row = new ArrayList<Expression>();
            do {
                row.add(value());
            } while (cursor.tryPunctuation(","));
            cursor.requirePunctuation(")");
            if (!rows.isEmpty() && rows.getFirst().size() != row.size()) {
                throw tokens.error(
                        open, SqlState.SYNTAX_ERROR, "VALUES lists must all be the same length");
            }
            rows.add(row);
        } while (cursor.tryPunctuation(","));
        if (cursor.kind() == Token.WORD) {
            switch (cursor.text()) {
                case "union", "intersect", "except", "order", "limit", "offset", "fetch", "for" ->
                        throw cursor.error(
                                SqlState.FEATURE_NOT_SUPPORTED,
                                "INSERT of VALUES with more than rows is not supported");
                default -> {}
            }
        }
        return rows;
    }

    /** A value for a column: an expression or DEFAULT. */
    private Expression value() {
        if (cursor.isWord("default")) {
            int from = cursor.at++;
            return new Expression(from, cursor.at, Form.DEFAULT, "", 0, null);
        }
        return grammar.expressions.expression(Place.COLUMN);
    }

    private OnConflict onConflict() {
        int at = cursor.at++;
        cursor.requireWord("conflict");
        List<String> target = null;
        String constraint = null;
        if (cursor.tryPunctuation("(")) {
            target = conflictColumns();
        } else if (cursor.tryWord("on")) {
            cursor.requireWord("constraint");
            constraint = cursor.columnId();
        }
        if (cursor.isWord("where")) {
            throw cursor.error(
                    SqlState.FEATURE_NOT_SUPPORTED,
                    "ON CONFLICT with an index predicate is not supported");
        }
        cursor.requireWord("do");
        if (cursor.tryWord("nothing")) {
            return new OnConflict(Conflict.NOTHING, at, target, constraint, null, null);
        }
        cursor.requireWord("update");
        cursor.requireWord("set");
        int sets = cursor.at;
        assignments();
        Range setRange = new Range(sets, cursor.at);
        Range where = null;
        if (cursor.tryWord("where")) {
            int condition = cursor.at;
            grammar.expressions.expression();
            where = new Range(condition, cursor.at);
        }
        if (target == null && constraint == null) {
            throw tokens.error(
                            at,
                            SqlState.SYNTAX_ERROR,
                            "ON CONFLICT DO UPDATE requires inference specification or constraint"
                                    + " name")
                    .withHint("For example, ON CONFLICT (column_name).");
        }
        return new OnConflict(Conflict.UPDATE, at, target, constraint, setRange, where);
    }

    private List<String> conflictColumns() {
        var columns = new ArrayList<String>();
        do {
            if (cursor.isPunctuation("(")
                    || (!cursor.isColumnId() || cursor.isPunctuationAhead(1, "("))) {
                if (cursor.isColumnId()
                        || cursor.isPunctuation("(")
                        || cursor.isTypeFunctionName(cursor.at)) {
                    throw cursor.error(
                            SqlState.FEATURE_NOT_SUPPORTED,
                            "ON CONFLICT with an expression is not supported");
                }
                throw cursor.syntaxError();
            }
            columns.add(cursor.columnId());
            if (cursor.tryWord("collate")) {
                cursor.label();
            }
        } while (cursor.tryPunctuation(","));
        cursor.requirePunctuation(")");
        return columns;
    }

    /** RETURNING, where it stands here. */
    private @Nullable Range returning(List<Item> items) {
        if (!cursor.tryWord("returning")) {
            return null;
        }
        int from = cursor.at;
        do {
            items.add(grammar.queries.item());
        } while (cursor.tryPunctuation(","));
        grammar.queries.labelItems(items, true);
        return new Range(from, cursor.at);
    }

    // ---- UPDATE

    Change update() {
        int from = cursor.at;
        cursor.requireWord("update");
        TableName table = grammar.from.relation();
        target = table;
        String alias = table.name();
        if (cursor.isWord("as") || (cursor.isColumnId() && !cursor.isWord("set"))) {
            String given = grammar.from.alias();
            alias = given == null ? alias : given;
        }
        grammar.facts.relations.add(new Facts.Relation(table, alias, cursor.at - 1));
        cursor.requireWord("set");
        List<Assignment> sets = assignments();
        boolean joined = cursor.tryWord("from");
        if (joined) {
            grammar.from.list();
        }
        if (cursor.tryWord("where")) {
            requireNoCursor();
            grammar.expressions.expression();
        }
        int end = cursor.at;
        List<Item> items = new ArrayList<>();
        Range returning = returning(items);
        return new Change(
                new Shape.Update(from, table, alias, sets, end, joined, returning), items);
    }

    private void requireNoCursor() {
        if (cursor.isWord("current") && cursor.isWordAhead(1, "of")) {
            throw cursor.error(SqlState.FEATURE_NOT_SUPPORTED, "WHERE CURRENT OF is not supported");
        }
    }

    /** The assignments after SET. */
    private List<Assignment> assignments() {
        var sets = new ArrayList<Assignment>();
        do {
            if (cursor.isPunctuation("(")) {
                int open = cursor.at;
                grammar.from.columnNames();
                for (int i = open + 1; i < cursor.at; i += 2) {
                    grammar.facts.updated.add(tokens.texts[i]);
                }
                cursor.requirePunctuation("=");
                grammar.expressions.expression();
            } else {
                grammar.terms.name(cursor.at);
                String column = cursor.columnId();
                requireNoField(column);
                requireOnce(column);
                grammar.facts.updated.add(column);
                if (cursor.isPunctuation("[")) {
                    element(column);
                    continue;
                }
                cursor.requirePunctuation("=");
                Expression value = value();
                assigned(value, 0, List.of(column));
                sets.add(new Assignment(column, value));
            }
        } while (cursor.tryPunctuation(","));
        return sets;
    }

    private void requireNoField(String column) {
        if (cursor.isPunctuation(".")) {
            String table = target == null ? "" : target.name();
            throw cursor.error(
                    SqlState.UNDEFINED_COLUMN,
                    "column \"%s\" of relation \"%s\" does not exist".formatted(column, table));
        }
    }

    private void requireOnce(String column) {
        if (grammar.facts.updated.contains(column)) {
            throw cursor.error(
                    SqlState.SYNTAX_ERROR, "multiple assignments to same column \"" + column + '"');
        }
    }

    /** An element is put into a copy of the array that the column has. */
    private void element(String column) {
        String name = Identifier.quote(column);
        int open = cursor.at;
        cursor.requirePunctuation("[");
        grammar.expressions.expression();
        int close = cursor.at;
        if (cursor.isPunctuation(":")) {
            throw cursor.error(
                    SqlState.FEATURE_NOT_SUPPORTED,
                    "assignment to a slice of an array is not supported");
        }
        cursor.requirePunctuation("]");
        grammar.edits.replace(open, "= COALESCE(helios_array_set(" + name + ',');
        grammar.edits.replace(close, ",");
        grammar.edits.remove(cursor.at, cursor.at + 1);
        cursor.requirePunctuation("=");
        Expression value = grammar.expressions.expression();
        grammar.edits.after(value.to() - 1, "), " + name + ')');
    }

    // ---- DELETE

    Change delete() {
        int from = cursor.at;
        cursor.requireWord("delete");
        cursor.requireWord("from");
        int name = cursor.at;
        TableName table = grammar.from.relation();
        target = table;
        String alias = table.name();
        if (cursor.isWord("as") || cursor.isColumnId()) {
            String given = grammar.from.alias();
            alias = given == null ? alias : given;
        }
        Range named = new Range(name, cursor.at);
        grammar.facts.relations.add(new Facts.Relation(table, alias, cursor.at - 1));
        Range using = null;
        if (cursor.tryWord("using")) {
            int list = cursor.at;
            grammar.from.list();
            using = new Range(list, cursor.at);
        }
        Range where = null;
        if (cursor.tryWord("where")) {
            requireNoCursor();
            int condition = cursor.at;
            grammar.expressions.expression();
            where = new Range(condition, cursor.at);
        }
        int end = cursor.at;
        List<Item> items = new ArrayList<>();
        Range returning = returning(items);
        return new Change(
                new Shape.Delete(from, table, named, alias, using, where, end, returning), items);
    }

    // ---- MERGE

    /** MERGE; the engine has it in the standard's form. */
    void merge() {
        cursor.requireWord("merge");
        cursor.requireWord("into");
        TableName table = grammar.from.relation();
        target = table;
        String alias = grammar.from.alias();
        grammar.facts.relations.add(
                new Facts.Relation(table, alias == null ? table.name() : alias, cursor.at - 1));
        cursor.requireWord("using");
        grammar.from.list();
        cursor.requireWord("on");
        grammar.expressions.expression();
        if (!cursor.isWord("when")) {
            throw cursor.syntaxError();
        }
        int ignored = -1;
        while (cursor.isWord("when")) {
            int from = cursor.at++;
            if (ignored >= 0) {
                throw tokens.error(
                        ignored,
                        SqlState.FEATURE_NOT_SUPPORTED,
                        "DO NOTHING before another WHEN clause is not supported");
            }
            boolean not = cursor.tryWord("not");
            cursor.requireWord("matched");
            if (cursor.tryWord("and")) {
                grammar.expressions.expression();
            }
            cursor.requireWord("then");
            if (cursor.tryWords("do", "nothing")) {
                grammar.edits.remove(from, cursor.at);
                ignored = from;
            } else {
                mergeAction(not);
            }
        }
    }

    private void mergeAction(boolean not) {
        if (!not && cursor.tryWord("delete")) {
            return;
        }
        if (!not && cursor.tryWord("update")) {
            cursor.requireWord("set");
            assignments();
            return;
        }
        if (!not) {
            throw cursor.syntaxError();
        }
        int insert = cursor.at;
        cursor.requireWord("insert");
        boolean isNamed = cursor.isPunctuation("(");
        insertColumns();
        if (cursor.tryWord("default")) {
            cursor.requireWord("values");
            return;
        }
        cursor.requireWord("values");
        int width = insertRows().getFirst().size();
        if (!isNamed && target != null) {
            nameColumns(insert, target, width);
        }
    }

    /** The engine wants to hear which columns MERGE fills. */
    private void nameColumns(int insert, TableName table, int width) {
        grammar.schema
                .table(table)
                .ifPresent(found -> {
                    var names = new StringJoiner(", ", " (", ")");
                    found.columns().stream()
                            .limit(width)
                            .forEach(column -> names.add(Identifier.quote(column.name())));
                    grammar.edits.after(insert, names.toString());
                });
    }
}
