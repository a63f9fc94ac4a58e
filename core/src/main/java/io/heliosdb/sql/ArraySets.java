package io.heliosdb.sql;

import io.heliosdb.pg.Identifier;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;

/**
 * The functions of one SELECT that make rows of an array which its tables give. The engine's UNNEST
 * does not see the tables beside it, so the array is joined with a table of positions, and its
 * elements are taken by their positions.
 *
 * @see <a href="https://www.postgresql.org/docs/15/functions-array.html">PostgreSQL: array
 *     functions</a>
 */
final class ArraySets {
    private static final Set<String> FUNCTIONS =
            Set.of("unnest", "generate_subscripts", "_pg_expandarray");

    /** Columns of the catalogs whose first element has the number 0. */
    private static final Set<String> VECTORS =
            Set.of(
                    "indkey",
                    "indclass",
                    "indcollation",
                    "indoption",
                    "i_indoption",
                    "partattrs",
                    "partclass",
                    "partcollation",
                    "proargtypes",
                    "prattrs",
                    "stxkeys",
                    "tgattr");

    private record Column(String table, String name, String text) {}

    private final Grammar grammar;
    private final Edits edits;
    private final Tokens tokens;
    private final int from;
    private final List<String> arrays = new ArrayList<>();
    private final List<Column> columns = new ArrayList<>();
    private final List<String> conditions = new ArrayList<>();
    private boolean inItems;
    private int tables;

    ArraySets(Grammar grammar, int from) {
        this.grammar = grammar;
        this.edits = grammar.edits;
        this.tokens = grammar.tokens;
        this.from = from;
    }

    static boolean isFunction(String name) {
        return FUNCTIONS.contains(name);
    }

    void inItems(boolean isInside) {
        inItems = isInside;
    }

    // ---- in the select list

    /** Rewrites a call in the select list; null where it stands elsewhere. */
    @Nullable Expression item(int start, int end, String name, Expression argument) {
        if (!inItems) {
            return null;
        }
        String array = edits.render(argument.from(), argument.to());
        boolean isVector = isVector(argument.from(), argument.to());
        arrays.add(array);
        String text = value(name, array, alias() + ".n", isVector);
        edits.fix(start, end, text);
        return Expression.named(start, end, name);
    }

    /**
     * Rewrites a call in the select list of a function that gives the elements of an array as rows;
     * null where it stands elsewhere.
     */
    @Nullable Expression elements(int start, int last, int end, String name) {
        String function = inItems ? FunctionNames.arrayOf(name) : null;
        if (function == null) {
            return null;
        }
        edits.replace(last, function);
        String array = edits.render(start, end);
        arrays.add(array);
        edits.fix(start, end, ofElement(function, element(array, alias() + ".n")));
        return Expression.named(start, end, name);
    }

    /** The engine says of no element of an array that it is json. */
    private static String ofElement(String function, String element) {
        return switch (function) {
            case "helios_jsonb_elements" -> "helios_jsonb(" + element + ')';
            case "helios_json_elements" -> "helios_json(" + element + ')';
            default -> element;
        };
    }

    private String alias() {
        return "helios_n" + from;
    }

    private static String value(String name, String array, String position, boolean isVector) {
        return switch (name) {
            case "generate_subscripts" ->
                    "CASE WHEN "
                            + position
                            + " <= CARDINALITY("
                            + array
                            + ") THEN "
                            + position
                            + (isVector ? " - 1" : "")
                            + " END";
            case "_pg_expandarray" ->
                    "CAST(ROW("
                            + element(array, position)
                            + ", "
                            + position
                            + ") AS ROW(x BIGINT, n INTEGER))";
            default -> element(array, position);
        };
    }

    private static String element(String array, String position) {
        return "CASE WHEN "
                + position
                + " BETWEEN 1 AND CARDINALITY("
                + array
                + ") THEN ("
                + array
                + ")["
                + position
                + "] END";
    }

    // ---- in FROM

    /**
     * Whether a call in FROM depends on the tables beside it, or wants to number its rows.
     *
     * @param isBeside whether a table stands before it
     */
    boolean isJoined(Expression call, boolean hasOrdinality, boolean isBeside) {
        boolean isArray =
                isFunction(call.label())
                        || ((isBeside || hasOrdinality)
                                && (FunctionNames.arrayOf(call.label()) != null
                                        || call.label().equals("generate_series")));
        List<Expression> given = grammar.facts.arguments.get(call.from());
        return isArray
                && call.is(Expression.Form.SET_RETURNING)
                && (hasOrdinality
                        || (given != null && given.size() > 1 && call.label().equals("unnest"))
                        || grammar.facts.columns.stream()
                                .anyMatch(each ->
                                        each.from() >= call.from() && each.to() <= call.to()));
    }

    /**
     * Rewrites a call in FROM.
     *
     * @param call the call
     * @param end where its alias ends
     * @param alias what it is called
     * @param names the names of its columns, those left out being the usual ones
     * @param hasOrdinality whether a number is the last of them
     */
    void table(Expression call, int end, String alias, List<String> names, boolean hasOrdinality) {
        var given = new ArrayList<String>();
        String function = function(call);
        if (function == null) {
            for (Expression argument : grammar.facts.arguments.get(call.from())) {
                given.add(edits.render(argument.from(), argument.to()));
            }
        } else {
            given.add(edits.render(call.from(), call.to()));
        }
        String array = given.getFirst();
        boolean isVector = isVector(call.from(), call.to());
        String number = Identifier.quote(alias) + ".n";
        String first = names.isEmpty() ? columnName(call, alias) : names.getFirst();
        if (call.label().equals("_pg_expandarray")) {
            columns.add(new Column(alias, names.isEmpty() ? "x" : first, element(array, number)));
            columns.add(new Column(alias, names.size() > 1 ? names.get(1) : "n", number));
        } else if (function != null) {
            columns.add(new Column(alias, first, ofElement(function, element(array, number))));
        } else {
            for (int i = 0; i < given.size(); i++) {
                String name = i < names.size() ? names.get(i) : i == 0 ? first : alias;
                columns.add(
                        new Column(
                                alias, name, value(call.label(), given.get(i), number, isVector)));
            }
        }
        if (hasOrdinality && !call.label().equals("_pg_expandarray")) {
            int width = given.size();
            String last = names.size() > width ? names.get(width) : "ordinality";
            columns.add(new Column(alias, last, "CAST(" + number + " AS BIGINT)"));
        }
        edits.fix(call.from(), end, "pg_catalog.helios_positions AS " + Identifier.quote(alias));
        var lengths = given.stream().map(each -> "CARDINALITY(" + each + ')').toList();
        conditions.add(Identifier.quote(alias) + ".length = " + length(lengths));
    }

    private static String length(List<String> lengths) {
        return "COALESCE("
                + (lengths.size() == 1
                        ? lengths.getFirst()
                        : "GREATEST(" + String.join(", ", lengths) + ')')
                + ", 0)";
    }

    /** What the one column is called where it has no name. */
    private static String columnName(Expression call, String alias) {
        return alias.equals(call.label()) && alias.contains("_array_elements") ? "value" : alias;
    }

    /** The function that gives the array; null for one whose argument it is. */
    private @Nullable String function(Expression call) {
        int name = call.from();
        while (!tokens.texts[name + 1].equals("(")) {
            name++;
        }
        String function = FunctionNames.arrayOf(call.label());
        if (call.label().equals("generate_series")) {
            String series = edits.text(name);
            function = series.startsWith("helios_series_") ? series : "helios_series_integer";
        }
        if (function != null) {
            edits.replace(name, function);
        }
        return function;
    }

    /**
     * The condition of the last call in FROM, for the ON that follows; null where there is none.
     */
    @Nullable String takeCondition(int before) {
        return conditions.size() > before ? conditions.removeLast() : null;
    }

    int conditions() {
        return conditions.size();
    }

    // ---- the end of the SELECT

    /**
     * Joins the positions.
     *
     * @param end where the select list or FROM ends
     * @param hasFrom whether there is a FROM
     */
    void join(int end, boolean hasFrom) {
        if (arrays.isEmpty()) {
            return;
        }
        edits.after(
                end - 1, (hasFrom ? ", " : " FROM ") + "pg_catalog.helios_positions AS " + alias());
        var lengths = arrays.stream().map(each -> "CARDINALITY(" + each + ')').toList();
        conditions.add(alias() + ".length = " + length(lengths));
    }

    /** What WHERE is to say besides; empty for nothing. */
    String condition() {
        return String.join(" AND ", conditions);
    }

    /** How many tables FROM has. */
    void tables(int count) {
        tables = count;
    }

    /** Has a star stand for the elements, where there is nothing else or it is theirs alone. */
    private void expandStar(Expression star) {
        String qualifier = star.to() > star.from() + 1 ? tokens.texts[star.from()] : "";
        var names = columns.stream().map(Column::table).distinct().toList();
        if (qualifier.isEmpty() ? tables != names.size() : !names.contains(qualifier)) {
            return;
        }
        var text = new StringJoiner(", ");
        for (Column column : columns) {
            if (qualifier.isEmpty() || qualifier.equals(column.table)) {
                text.add(column.text + " AS " + Identifier.quote(column.name));
            }
        }
        edits.fix(star.from(), star.to(), text.toString());
    }

    /** Puts the elements in the place of the columns that the query names. */
    void substitute(List<QueryGrammar.Item> items) {
        if (columns.isEmpty()) {
            return;
        }
        items.stream()
                .filter(QueryGrammar.Item::star)
                .forEach(item -> expandStar(item.expression()));
        for (Facts.ColumnName each : grammar.facts.columns) {
            Column column = each.from() >= from ? column(each) : null;
            if (column != null) {
                edits.fixKeepingAround(each.from(), each.to(), column.text);
                label(items, each);
            }
        }
    }

    private @Nullable Column column(Facts.ColumnName name) {
        int last = name.to() - 1;
        String qualifier = last > name.from() ? tokens.texts[last - 2] : "";
        for (Column each : columns) {
            if (each.name.equals(tokens.texts[last])
                    && (qualifier.isEmpty() || qualifier.equals(each.table))) {
                return each;
            }
        }
        return null;
    }

    private void label(List<QueryGrammar.Item> items, Facts.ColumnName name) {
        for (var item : items) {
            Expression expression = item.expression();
            boolean isWhole =
                    expression.is(Expression.Form.COLUMN)
                            && expression.from() == name.from()
                            && expression.to() == name.to();
            boolean isLabelled = name.to() < tokens.count && tokens.texts[name.to()].equals("as");
            if (isWhole && !isLabelled && item.label().equals(expression.label())) {
                edits.after(name.to() - 1, " AS " + Identifier.quote(expression.label()));
            }
        }
    }

    // ---- elements

    private boolean isVector(int start, int end) {
        for (int i = start; i < end; i++) {
            if (VECTORS.contains(tokens.texts[i])) {
                return true;
            }
        }
        return false;
    }

    /** Joining an array to null gives the array; the options of a relation may be null. */
    static void joined(Grammar grammar, Expression left, Expression right) {
        boolean isOptions =
                left.is(Expression.Form.COLUMN)
                        && grammar.tokens.texts[left.to() - 1].equals("reloptions");
        if (isOptions && right.label().equals("array")) {
            grammar.edits.wrap(left.from(), left.to(), "COALESCE(", ", ARRAY[])");
        }
    }

    /**
     * Rewrites an element of an array of the catalogs: null where there is none of that number, and
     * counted as PostgreSQL counts.
     */
    static void element(Grammar grammar, Expression array, int open, int close) {
        boolean isVector =
                array.is(Expression.Form.COLUMN)
                        && VECTORS.contains(grammar.tokens.texts[array.to() - 1]);
        orNull(grammar.edits, array.from(), open, close, isVector);
    }

    /** An element that an array does not have is NULL, where the engine has an error. */
    private static void orNull(Edits edits, int from, int open, int close, boolean isVector) {
        String array = edits.copyOf(from, open);
        edits.before(from, "COALESCE(helios_element(");
        edits.replace(open, isVector ? ", 1 + (" : ", ");
        edits.replace(close, isVector ? "))" : ")");
        edits.after(close, ", " + array + "[CAST(NULL AS INTEGER)])");
    }
}
