package io.heliosdb.sql;

import io.heliosdb.pg.SqlState;
import io.heliosdb.sql.Expression.Form;
import io.heliosdb.sql.Facts.Place;
import io.heliosdb.sql.QueryGrammar.Item;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * Reads what ends a query, ORDER BY, LIMIT and FOR UPDATE, and the windows of its functions.
 *
 * @see <a href="https://www.postgresql.org/docs/15/sql-select.html#SQL-LIMIT">PostgreSQL: LIMIT</a>
 */
final class TailGrammar {
    private final Grammar grammar;
    private final Cursor cursor;
    private final Tokens tokens;
    private final Edits edits;

    TailGrammar(Grammar grammar) {
        this.grammar = grammar;
        this.cursor = grammar.cursor;
        this.tokens = grammar.tokens;
        this.edits = grammar.edits;
    }

    private void expressions() {
        do {
            grammar.expressions.expression();
        } while (cursor.tryPunctuation(","));
    }

    /** A window in parentheses. */
    void windowSpecification() {
        cursor.requirePunctuation("(");
        if (cursor.isColumnId()
                && !cursor.isWord("partition")
                && !cursor.isWord("order")
                && !isFrame()) {
            grammar.terms.name(cursor.at);
            cursor.columnId();
        }
        if (cursor.tryWord("partition")) {
            cursor.requireWord("by");
            expressions();
        }
        orderBy();
        if (isFrame()) {
            frame();
        }
        cursor.requirePunctuation(")");
    }

    private boolean isFrame() {
        return cursor.isWord("range") || cursor.isWord("rows") || cursor.isWord("groups");
    }

    private void frame() {
        cursor.at++;
        if (cursor.tryWord("between")) {
            bound();
            cursor.requireWord("and");
        }
        bound();
        if (cursor.tryWord("exclude")) {
            if (!cursor.tryWords("current", "row")
                    && !cursor.tryWords("no", "others")
                    && !cursor.tryWord("group")
                    && !cursor.tryWord("ties")) {
                throw cursor.syntaxError();
            }
        }
    }

    private void bound() {
        if (cursor.tryWords("current", "row")) {
            return;
        }
        if (!cursor.tryWord("unbounded")) {
            grammar.expressions.expression();
        }
        if (!cursor.tryWord("preceding") && !cursor.tryWord("following")) {
            throw cursor.syntaxError();
        }
    }

    // ---- ORDER BY, LIMIT, FOR UPDATE

    /** ORDER BY, where it stands here. */
    void orderBy() {
        orderBy(List.of());
    }

    /** The engine looks for what sorts DISTINCT rows by the names that they are selected under. */
    private void byPlace(Expression expression, List<Item> distinct) {
        if (!expression.is(Form.COLUMN) || expression.to() != expression.from() + 1) {
            return;
        }
        String name = tokens.texts[expression.from()];
        int place = 0;
        for (int i = 0; i < distinct.size(); i++) {
            Item item = distinct.get(i);
            if (item.star() || item.label().equals(name)) {
                return;
            }
            Expression selected = item.expression();
            if (selected.is(Form.COLUMN) && tokens.texts[selected.to() - 1].equals(name)) {
                place = i + 1;
            }
        }
        if (place > 0) {
            edits.fix(expression.from(), expression.to(), Integer.toString(place));
        }
    }

    private void orderBy(List<Item> distinct) {
        if (!cursor.isWord("order")) {
            return;
        }
        cursor.at++;
        cursor.requireWord("by");
        do {
            byPlace(grammar.expressions.expression(), distinct);
            if (cursor.isWord("using")) {
                using();
            } else if (!cursor.tryWord("asc")) {
                cursor.tryWord("desc");
            }
            if (cursor.isWord("nulls")
                    && (cursor.isWordAhead(1, "first") || cursor.isWordAhead(1, "last"))) {
                cursor.at += 2;
            }
        } while (cursor.tryPunctuation(","));
    }

    /** The operator that sorts up or down. */
    private void using() {
        int from = cursor.at++;
        boolean isUp = cursor.isPunctuation("<");
        if (!isUp && !cursor.isPunctuation(">")) {
            throw cursor.error(
                    SqlState.WRONG_OBJECT_TYPE,
                    "operator " + cursor.text() + " is not a valid ordering operator");
        }
        edits.fix(from, ++cursor.at, isUp ? "ASC" : "DESC");
    }

    /** All that may end a query. */
    void tail(List<Item> distinct) {
        orderBy(distinct);
        if (cursor.isWord("for")) {
            int from = cursor.at;
            locks();
            int end = cursor.at;
            limits();
            if (cursor.at > end) {
                // The engine has them the other way round.
                String locks = edits.render(from, end);
                edits.remove(from, end);
                edits.after(cursor.at - 1, ' ' + locks);
            }
        } else {
            limits();
            if (cursor.isWord("for")) {
                locks();
            }
        }
    }

    /** LIMIT, OFFSET and FETCH in any order, as the engine wants them. */
    private void limits() {
        int from = cursor.at;
        String limit = null;
        String offset = null;
        boolean all = false;
        boolean ties = false;
        while (true) {
            if (cursor.isWord("limit") && limit == null && !all) {
                cursor.at++;
                if (cursor.tryWord("all")) {
                    all = true;
                    continue;
                }
                limit = count();
                if (offset == null && cursor.tryPunctuation(",")) {
                    offset = limit;
                    limit = count();
                }
            } else if (cursor.isWord("fetch") && limit == null && !all) {
                cursor.at++;
                limit = fetch();
                ties = tokens.texts[cursor.at - 1].equals("ties");
            } else if (cursor.isWord("offset") && offset == null) {
                cursor.at++;
                offset = count();
                if (!cursor.tryWord("row")) {
                    cursor.tryWord("rows");
                }
            } else {
                break;
            }
        }
        if (cursor.at > from) {
            edits.fix(from, cursor.at, limits(limit, offset, ties));
        }
    }

    private static String limits(@Nullable String limit, @Nullable String offset, boolean ties) {
        if (limit == null || ties) {
            String skip = offset == null ? "" : "OFFSET " + offset + " ROWS ";
            return limit == null ? skip : skip + "FETCH NEXT " + limit + " ROWS WITH TIES";
        }
        return "LIMIT " + limit + (offset == null ? "" : " OFFSET " + offset);
    }

    private String count() {
        Expression count = grammar.expressions.expression(Place.LIMIT);
        return edits.render(count.from(), count.to());
    }

    private String fetch() {
        if (!cursor.tryWord("first")) {
            cursor.requireWord("next");
        }
        String count = "1";
        if (!cursor.isWord("row") && !cursor.isWord("rows")) {
            boolean sign = cursor.isPunctuation("+") || cursor.isPunctuation("-");
            int from = cursor.at;
            if (sign) {
                cursor.at++;
            }
            Expression term = grammar.terms.term();
            if (term.is(Form.PARAMETER)) {
                grammar.facts.place(term.from(), Place.LIMIT);
            }
            count = edits.render(from, term.to());
        }
        if (!cursor.tryWord("row")) {
            cursor.requireWord("rows");
        }
        if (!cursor.tryWord("only") && !cursor.tryWords("with", "ties")) {
            throw cursor.syntaxError();
        }
        return count;
    }

    private void locks() {
        grammar.facts.writes = true;
        while (cursor.isWord("for")) {
            int from = cursor.at++;
            if (cursor.tryWord("read")) {
                cursor.requireWord("only");
                edits.remove(from, cursor.at);
                continue;
            }
            if (cursor.tryWord("no")) {
                cursor.requireWord("key");
                cursor.requireWord("update");
            } else if (cursor.tryWord("key")) {
                cursor.requireWord("share");
            } else if (!cursor.tryWord("update")) {
                cursor.requireWord("share");
            }
            if (cursor.tryWord("of")) {
                do {
                    grammar.from.relationName();
                } while (cursor.tryPunctuation(","));
            }
            String wait = "";
            if (cursor.tryWord("nowait")) {
                wait = " NOWAIT";
            } else if (cursor.tryWords("skip", "locked")) {
                wait = " SKIP LOCKED";
            }
            // The engine has one strength of row lock and locks the rows of every table.
            edits.fix(from, cursor.at, "FOR UPDATE" + wait);
        }
    }
}
