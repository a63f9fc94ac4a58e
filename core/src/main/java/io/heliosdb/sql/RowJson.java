package io.heliosdb.sql;

import io.heliosdb.pg.Identifier;
import io.heliosdb.sql.QueryGrammar.Item;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Whole rows as JSON: where a function that makes JSON is given the name of a table, or of a query
 * in FROM, the engine gets an object of its columns.
 *
 * @see <a href="https://www.postgresql.org/docs/15/functions-json.html">PostgreSQL: JSON
 *     functions</a>
 */
final class RowJson {
    /** The functions, with the engine's functions for a row. */
    private static final Map<String, String> FUNCTIONS =
            Map.of(
                    "row_to_json", "to_json",
                    "to_json", "to_json",
                    "to_jsonb", "to_jsonb",
                    "json_agg", "helios_json_rows_agg(ARRAY_AGG",
                    "jsonb_agg", "helios_jsonb_agg(ARRAY_AGG");

    /** Queries in queries beyond this are not looked through. */
    private static final int DEPTH_MAX = 32;

    private final Facts facts;
    private final Facts.Scope whole;
    private final Tokens tokens;
    private final Edits edits;
    private final Function<TableName, Optional<TableMetadata>> tables;
    private int depth;

    /**
     * What a name stands for.
     *
     * @param alias the name
     * @param at where it is introduced
     * @param table the table; null for a query
     * @param columns the columns of the query; null for a table
     */
    private record Source(
            String alias, int at, @Nullable TableName table, Facts.@Nullable Columns columns) {}

    RowJson(SyntaxTree tree, Edits edits, Function<TableName, Optional<TableMetadata>> tables) {
        this(tree.facts, new Facts.Scope(tree.from, tree.to), tree.tokens, edits, tables);
    }

    private RowJson(
            Facts facts,
            Facts.Scope whole,
            Tokens tokens,
            Edits edits,
            Function<TableName, Optional<TableMetadata>> tables) {
        this.facts = facts;
        this.whole = whole;
        this.tokens = tokens;
        this.edits = edits;
        this.tables = tables;
    }

    /** Rewrites the query of a definition, whose text is made while it is read. */
    static void rewrite(Grammar grammar, int from) {
        var query = new Facts.Scope(from, grammar.cursor.at);
        new RowJson(grammar.facts, query, grammar.tokens, grammar.edits, grammar.schema::table)
                .rewrite();
    }

    static boolean isFunction(String name) {
        return FUNCTIONS.containsKey(name);
    }

    void rewrite() {
        for (Facts.RowCall call : facts.rowCalls) {
            String made = constructed(call.argument());
            if (made != null) {
                edits.replace(call.at(), FUNCTIONS.get(call.name()));
                edits.fixKeepingAround(call.argument().from(), call.argument().to(), made);
                continue;
            }
            int name = name(call.argument());
            var columns = name < 0 ? null : columns(name);
            if (columns != null) {
                edits.replace(call.at(), FUNCTIONS.get(call.name()));
                edits.fixKeepingAround(name, name + 1, object(name, columns));
            }
        }
    }

    /** The token of a lone name, or of the only item of a query in parentheses; -1 for others. */
    private int name(Expression argument) {
        int from = argument.from();
        if (argument.to() == from + 1 && isName(from)) {
            return from;
        }
        while (from < argument.to() && tokens.texts[from].equals("(")) {
            from++;
        }
        boolean isQuery =
                from > argument.from()
                        && tokens.texts[from].equals("select")
                        && isName(from + 1)
                        && tokens.texts[from + 2].equals("from");
        return isQuery ? from + 1 : -1;
    }

    /**
     * The object of {@code (select x from (select a, b) x)}, whose columns are of the query around
     * it, which the engine does not see in there; null for any other argument.
     */
    private @Nullable String constructed(Expression argument) {
        int from = argument.from();
        boolean isQuery =
                tokens.texts[from].equals("(")
                        && tokens.texts[from + 1].equals("select")
                        && isName(from + 2)
                        && tokens.texts[from + 3].equals("from")
                        && tokens.texts[from + 4].equals("(");
        for (Facts.Derived derived : facts.derived) {
            var columns = derived.columns();
            boolean isMeant =
                    isQuery
                            && derived.at() == from + 4
                            && derived.alias().equals(tokens.texts[from + 2])
                            && columns.names().isEmpty()
                            && isOnlyItems(columns)
                            && isAfterAlias(columns.to() + 1, argument.to());
            if (isMeant) {
                return object(columns.items());
            }
        }
        return null;
    }

    /** Whether nothing follows the select list. */
    private static boolean isOnlyItems(Facts.Columns query) {
        for (Item item : query.items()) {
            if (item.star()) {
                return false;
            }
        }
        Expression last = query.items().getLast().expression();
        return query.to() - last.to() <= 2;
    }

    private boolean isAfterAlias(int at, int to) {
        int alias = tokens.texts[at].equals("as") ? at + 1 : at;
        return alias + 2 == to && tokens.texts[alias + 1].equals(")");
    }

    private String object(List<Item> items) {
        var values = new ArrayList<String>();
        for (Item item : items) {
            Expression value = item.expression();
            String label = item.label().isEmpty() ? value.label() : item.label();
            // A label that the engine needs stands behind the value, where it is of no use here.
            String text = edits.render(value.from(), value.to()).strip();
            String named = " AS " + Identifier.quote(label);
            values.add(
                    Edits.string(label)
                            + ", "
                            + (text.endsWith(named)
                                    ? text.substring(0, text.length() - named.length())
                                    : text));
        }
        return "helios_json_object(" + String.join(", ", values) + ')';
    }

    private boolean isName(int token) {
        return tokens.kinds[token] == Token.WORD || tokens.kinds[token] == Token.QUOTED_NAME;
    }

    private String object(int name, List<String> columns) {
        String row = Identifier.quote(tokens.texts[name]);
        var values = new ArrayList<String>();
        var empty = new ArrayList<String>();
        for (String column : columns) {
            String value = row + '.' + Identifier.quote(column);
            values.add(Edits.string(column) + ", " + value);
            empty.add(value + " IS NULL");
        }
        String object = "helios_json_object(" + String.join(", ", values) + ')';
        return isOuterJoined(name)
                ? "CASE WHEN " + String.join(" AND ", empty) + " THEN NULL ELSE " + object + " END"
                : object;
    }

    /** Whether the query of a name has an outer join, by which a row may be missing. */
    private boolean isOuterJoined(int name) {
        var scope = scope(name);
        for (int i = scope.from(); i < scope.to(); i++) {
            if (tokens.kinds[i] == Token.WORD && tokens.texts[i].equals("join")) {
                String before = tokens.texts[i - 1];
                String word = before.equals("outer") ? tokens.texts[i - 2] : before;
                if (word.equals("left") || word.equals("right") || word.equals("full")) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The columns of the row that a name means; null where it means a column, or nothing. */
    private @Nullable List<String> columns(int name) {
        for (Facts.Scope scope = scope(name); scope != null; scope = outer(scope)) {
            var sources = sources(scope);
            for (Source source : sources) {
                if (source.alias().equals(tokens.texts[name])) {
                    return hasColumn(sources, tokens.texts[name]) ? null : columns(source);
                }
            }
        }
        return null;
    }

    private boolean hasColumn(List<Source> sources, String name) {
        for (Source source : sources) {
            var columns = columns(source);
            if (columns != null && columns.contains(name)) {
                return true;
            }
        }
        return false;
    }

    private Facts.Scope scope(int token) {
        Facts.Scope innermost = whole;
        for (Facts.Scope scope : facts.scopes) {
            boolean isAround = scope.from() <= token && token < scope.to();
            if (isAround && scope.to() - scope.from() < innermost.to() - innermost.from()) {
                innermost = scope;
            }
        }
        return innermost;
    }

    private Facts.@Nullable Scope outer(Facts.Scope inner) {
        Facts.Scope best = null;
        var candidates = new ArrayList<>(facts.scopes);
        candidates.add(whole);
        for (Facts.Scope scope : candidates) {
            boolean isAround =
                    scope.from() <= inner.from()
                            && scope.to() >= inner.to()
                            && scope.to() - scope.from() > inner.to() - inner.from();
            boolean isSmaller = best == null || scope.to() - scope.from() < best.to() - best.from();
            if (isAround && isSmaller) {
                best = scope;
            }
        }
        return best;
    }

    /** What the FROM of a query has, or the table that a statement changes. */
    private List<Source> sources(Facts.Scope scope) {
        var sources = new ArrayList<Source>();
        for (Facts.Relation relation : facts.relations) {
            if (scope(relation.at()).equals(scope)) {
                var common = common(relation);
                sources.add(
                        common == null
                                ? new Source(
                                        relation.alias(), relation.at(), relation.table(), null)
                                : new Source(relation.alias(), relation.at(), null, common));
            }
        }
        for (Facts.Derived derived : facts.derived) {
            if (scope(derived.at()).equals(scope)) {
                sources.add(new Source(derived.alias(), derived.at(), null, derived.columns()));
            }
        }
        sources.sort((left, right) -> Integer.compare(left.at(), right.at()));
        return sources;
    }

    private Facts.@Nullable Columns common(Facts.Relation relation) {
        if (relation.table().schema().isPresent()) {
            return null;
        }
        Facts.Columns found = null;
        for (Facts.Common common : facts.commons) {
            if (common.isMeant(relation.table().name(), relation.at())) {
                found = facts.commonColumns.get(common.at());
            }
        }
        return found;
    }

    private @Nullable List<String> columns(Source source) {
        TableName table = source.table();
        if (table != null) {
            return tables.apply(table)
                    .map(found -> found.columns().stream().map(TableMetadata.Column::name).toList())
                    .orElse(null);
        }
        var columns = source.columns();
        if (columns == null || ++depth > DEPTH_MAX) {
            return null;
        }
        try {
            return columns(columns);
        } finally {
            depth--;
        }
    }

    private @Nullable List<String> columns(Facts.Columns query) {
        var names = new ArrayList<String>();
        for (Item item : query.items()) {
            if (!item.star()) {
                names.add(item.label().isEmpty() ? item.expression().label() : item.label());
                continue;
            }
            var expanded = star(query, item.expression());
            if (expanded == null) {
                return null;
            }
            names.addAll(expanded);
        }
        for (int i = 0; i < query.names().size() && i < names.size(); i++) {
            names.set(i, query.names().get(i));
        }
        return names;
    }

    private @Nullable List<String> star(Facts.Columns query, Expression star) {
        boolean isAll = star.to() == star.from() + 1;
        String row = isAll ? "" : tokens.texts[star.to() - 3];
        var names = new ArrayList<String>();
        for (Source source : sources(scope(star.from()))) {
            boolean isOfFirst = source.at() >= star.from() && source.at() < end(query);
            if (isOfFirst && (isAll || source.alias().equals(row))) {
                var columns = columns(source);
                if (columns == null) {
                    return null;
                }
                names.addAll(columns);
            }
        }
        return names.isEmpty() ? null : names;
    }

    /** The end of the first of the queries that UNION and its like put together. */
    private int end(Facts.Columns query) {
        int nesting = 0;
        for (int i = query.from(); i < query.to(); i++) {
            String text = tokens.texts[i];
            if (tokens.kinds[i] == Token.PUNCTUATION) {
                nesting += text.equals("(") ? 1 : text.equals(")") ? -1 : 0;
            }
            boolean isSet =
                    tokens.kinds[i] == Token.WORD
                            && (text.equals("union")
                                    || text.equals("intersect")
                                    || text.equals("except"));
            if (isSet && nesting == 0) {
                return i;
            }
        }
        return query.to();
    }
}
