package io.heliosdb.sql;

import io.heliosdb.pg.Identifier;
import io.heliosdb.pg.SqlState;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads FROM: tables, functions, subqueries and joins. Schemas that are not for users are refused
 * here.
 *
 * @see <a href="https://www.postgresql.org/docs/15/queries-table-expressions.html">PostgreSQL:
 *     table expressions</a>
 */
final class FromGrammar {

    private static final String NO_NUMBERED_ROWS =
            "(SELECT CAST(NULL AS BIGINT), CAST(NULL AS BIGINT) WHERE FALSE)";

    private final Grammar grammar;
    private final Cursor cursor;
    private final Tokens tokens;
    private final Edits edits;

    /** How many tables the FROM that is read has so far. */
    private int singles;

    FromGrammar(Grammar grammar) {
        this.grammar = grammar;
        this.cursor = grammar.cursor;
        this.tokens = grammar.tokens;
        this.edits = grammar.edits;
    }

    /** The tables after FROM or USING. */
    void list() {
        int outer = singles;
        int first = grammar.facts.reads.size();
        singles = 0;
        do {
            table();
        } while (cursor.tryPunctuation(","));
        if (singles == 1 && grammar.facts.reads.size() == first + 1) {
            grammar.facts.reads.set(first, grammar.facts.reads.get(first).alone());
        }
        grammar.queries.sets().tables(singles);
        singles = outer;
    }

    /**
     * A table with all that is joined to it (table_ref); whether parentheses may stand around it.
     */
    private boolean table() {
        cursor.enter();
        boolean joined = cursor.isPunctuation("(") && !grammar.queries.opensQuery();
        single();
        while (joins()) {
            joined = true;
        }
        cursor.leave();
        return joined;
    }

    private boolean joins() {
        if (cursor.isWord("cross")) {
            cursor.at++;
            cursor.requireWord("join");
            single();
            return true;
        }
        if (cursor.isWord("natural")) {
            cursor.at++;
            joinType();
            cursor.requireWord("join");
            single();
            return true;
        }
        if (!isJoin()) {
            return false;
        }
        joinType();
        cursor.requireWord("join");
        int before = grammar.queries.sets().conditions();
        table();
        qualification(before);
        return true;
    }

    private boolean isJoin() {
        return cursor.isWord("join")
                || cursor.isWord("inner")
                || cursor.isWord("left")
                || cursor.isWord("right")
                || cursor.isWord("full");
    }

    private void joinType() {
        if (!cursor.tryWord("inner")
                && (cursor.tryWord("left") || cursor.tryWord("right") || cursor.tryWord("full"))) {
            cursor.tryWord("outer");
        }
    }

    private void qualification(int before) {
        if (cursor.tryWord("on")) {
            Expression on = grammar.expressions.expression();
            String condition = grammar.queries.sets().takeCondition(before);
            if (condition != null) {
                edits.wrap(on.from(), on.to(), condition + " AND (", ")");
            }
            return;
        }
        cursor.requireWord("using");
        columnNames();
        if (cursor.isWord("as")) {
            throw cursor.error(
                    SqlState.FEATURE_NOT_SUPPORTED, "an alias of JOIN USING is not supported");
        }
    }

    private void single() {
        int from = cursor.at;
        singles++;
        if (cursor.tryWord("lateral")) {
            if (!cursor.isPunctuation("(") && !cursor.isTypeFunctionName(cursor.at)) {
                throw cursor.syntaxError();
            }
            edits.remove(from, from + 1);
            from++;
        }
        if (cursor.isPunctuation("(")) {
            parenthesized(from);
        } else if (cursor.isWord("rows")
                && cursor.isWordAhead(1, "from")
                && cursor.isPunctuationAhead(2, "(")) {
            throw cursor.error(SqlState.FEATURE_NOT_SUPPORTED, "ROWS FROM is not supported");
        } else if (isCall()) {
            function();
        } else {
            TableName name = source();
            int end = cursor.at;
            String alias = alias();
            if (SequenceRelations.read(grammar, from, end, name, alias)) {
                return;
            }
            if (name.schema().isEmpty() && end == from + 1) {
                grammar.facts.sources.add(new Facts.Source(from, name.name(), alias != null));
                grammar.facts.reads.add(
                        new Facts.Read(
                                name.name(),
                                from,
                                end,
                                alias != null,
                                false,
                                grammar.expressions.depth() > 0,
                                grammar.queries.nesting()));
            }
            grammar.facts.relations.add(
                    new Facts.Relation(name, alias == null ? name.name() : alias, cursor.at - 1));
            if (cursor.isWord("tablesample")) {
                throw cursor.error(SqlState.FEATURE_NOT_SUPPORTED, "TABLESAMPLE is not supported");
            }
        }
    }

    private void parenthesized(int from) {
        if (!grammar.queries.opensQuery()) {
            cursor.at++;
            if (!table()) {
                throw cursor.syntaxError();
            }
            cursor.requirePunctuation(")");
            alias();
            return;
        }
        cursor.at++;
        boolean values = cursor.isWord("values");
        var query = grammar.queries.nestedQuery();
        int width = query.items().size();
        cursor.requirePunctuation(")");
        int end = cursor.at;
        String alias = alias();
        boolean named = alias != null;
        if (alias != null) {
            grammar.facts.derived.add(
                    new Facts.Derived(
                            alias,
                            from,
                            new Facts.Columns(
                                    query.items(), namesBefore(end), query.from(), query.to())));
        }
        if (named && values && !cursor.tokens.texts[cursor.at - 1].equals(")")) {
            edits.after(cursor.at - 1, valueColumns(width));
        }
        if (!named) {
            throw tokens.error(
                            from,
                            SqlState.SYNTAX_ERROR,
                            values
                                    ? "VALUES in FROM must have an alias"
                                    : "subquery in FROM must have an alias")
                    .withHint(
                            values
                                    ? "For example, FROM (VALUES ...) [AS] foo."
                                    : "For example, FROM (SELECT ...) [AS] foo.");
        }
    }

    /** PostgreSQL's names for the columns of VALUES. */
    private static String valueColumns(int width) {
        var names = new StringBuilder("(");
        for (int i = 1; i <= width; i++) {
            names.append(i == 1 ? "" : ", ").append("column").append(i);
        }
        return names.append(')').toString();
    }

    private boolean isCall() {
        int i = cursor.at;
        if (!cursor.isColumnId() && !cursor.isTypeFunctionName(i)) {
            return false;
        }
        i++;
        while (isAt(i, ".")
                && (tokens.kinds[i + 1] == Token.WORD
                        || tokens.kinds[i + 1] == Token.QUOTED_NAME)) {
            i += 2;
        }
        return isAt(i, "(");
    }

    private boolean isAt(int token, String punctuation) {
        return tokens.kinds[token] == Token.PUNCTUATION && tokens.texts[token].equals(punctuation);
    }

    /** A function in FROM: its rows, or the one row of a function that gives a value. */
    private void function() {
        int from = cursor.at;
        int last = from;
        while (isAt(last + 1, ".")) {
            last += 2;
        }
        if (grammar.calls.isRoutine(from, last)) {
            routine(from, last);
            return;
        }
        Expression call = grammar.terms.term();
        if (JsonRecords.isFunction(call.label()) && definesColumns()) {
            new JsonRecords(grammar).rewrite(call);
            return;
        }
        boolean hasOrdinality = cursor.isWord("with") && cursor.isWordAhead(1, "ordinality");
        if (grammar.queries.sets().isJoined(call, hasOrdinality, singles > 1)) {
            joined(call, hasOrdinality);
            return;
        }
        boolean isPartitions = call.label().equals("pg_partition_ancestors");
        if (hasOrdinality && isPartitions) {
            edits.remove(cursor.at, cursor.at + 2);
            cursor.at += 2;
        } else if (hasOrdinality) {
            throw cursor.error(SqlState.FEATURE_NOT_SUPPORTED, "WITH ORDINALITY is not supported");
        }
        int end = cursor.at;
        if (hasOrdinality) {
            edits.fix(call.from(), call.to(), NO_NUMBERED_ROWS);
        } else {
            asRows(call);
        }
        String alias = alias();
        String name = alias == null ? columnName(call) : alias;
        boolean columns = cursor.at > end && tokens.texts[cursor.at - 1].equals(")");
        if (alias == null) {
            edits.after(end - 1, " AS " + Identifier.quote(name));
        }
        if (!columns && !FunctionNames.hasColumns(call.label())) {
            edits.after(cursor.at - 1, '(' + Identifier.quote(name) + ')');
        }
    }

    private static String columnName(Expression call) {
        return call.label().contains("_array_elements") ? "value" : call.label();
    }

    /** A user's function in FROM, with a column definition list where it returns any record. */
    private void routine(int from, int last) {
        var call = grammar.calls.routine(from, last);
        int end = cursor.at;
        var routine = call.routine();
        @Nullable String alias = null;
        boolean isNamed = false;
        var defined = List.<RoutineParameter>of();
        if (definesColumns()) {
            boolean hasAs = cursor.tryWord("as");
            int token = cursor.at;
            if (!cursor.isPunctuation("(")) {
                alias = cursor.columnId();
                edits.replace(token, Identifier.quote(alias));
                if (!hasAs) {
                    edits.before(token, "AS ");
                }
            }
            defined = columnDefinitions();
        } else {
            alias = alias();
            isNamed = cursor.at > end && tokens.texts[cursor.at - 1].equals(")");
        }
        if (routine.columns().isEmpty() && defined.isEmpty()) {
            throw tokens.error(
                    from,
                    SqlState.SYNTAX_ERROR,
                    "a column definition list is required for functions returning \"record\"");
        }
        if (!routine.columns().isEmpty() && !defined.isEmpty()) {
            throw tokens.error(
                    from,
                    SqlState.SYNTAX_ERROR,
                    "a column definition list is only allowed for functions returning"
                            + " \"record\"");
        }
        int after = cursor.at;
        cursor.at = end;
        grammar.calls.routineCalls().rows(call, defined);
        cursor.at = after;
        String name = alias == null ? routine.name() : alias;
        if (alias == null) {
            edits.after(end - 1, " AS " + Identifier.quote(name));
        }
        if (!isNamed && !routine.isRow() && routine.columns().size() == 1) {
            edits.after(after - 1, '(' + Identifier.quote(columnName(routine, alias)) + ')');
        }
    }

    /** A value's column is called like the alias, unless an OUT parameter names it. */
    private static String columnName(RoutineSignature routine, @Nullable String alias) {
        boolean isOut = routine.parameters().stream().anyMatch(RoutineParameter::isOutput);
        String own = routine.columns().getFirst().name();
        return isOut || alias == null ? own : alias;
    }

    /** Whether {@code [AS] [name] (column type, …)} follows. */
    private boolean definesColumns() {
        int i = cursor.at;
        boolean as = cursor.isWord("as");
        if (as) {
            i++;
        }
        if (!isAt(i, "(")) {
            if (!cursor.isColumnId(i)) {
                return false;
            }
            i++;
        } else if (!as) {
            return false;
        }
        return isAt(i, "(") && !isAt(i + 2, ",") && !isAt(i + 2, ")");
    }

    List<RoutineParameter> columnDefinitions() {
        int open = cursor.at;
        cursor.requirePunctuation("(");
        var columns = new ArrayList<RoutineParameter>();
        do {
            String name = cursor.columnId();
            columns.add(
                    new RoutineParameter(
                            RoutineParameter.Mode.TABLE,
                            Optional.of(name),
                            grammar.routines.type(),
                            Optional.empty(),
                            Optional.empty()));
        } while (cursor.tryPunctuation(","));
        cursor.requirePunctuation(")");
        int as = tokens.texts[open - 1].equals("as") ? open - 1 : open;
        edits.remove(as, cursor.at);
        return columns;
    }

    /** A function that makes rows of an array of the tables beside it. */
    private void joined(Expression call, boolean hasOrdinality) {
        if (hasOrdinality) {
            cursor.at += 2;
        }
        String alias = call.label();
        var names = new ArrayList<String>();
        boolean as = cursor.tryWord("as");
        if (as || cursor.isColumnId()) {
            alias = cursor.columnId();
            if (cursor.tryPunctuation("(")) {
                do {
                    names.add(cursor.columnId());
                } while (cursor.tryPunctuation(","));
                cursor.requirePunctuation(")");
            }
        }
        grammar.queries.sets().table(call, cursor.at, alias, names, hasOrdinality);
    }

    /** Has a call of several columns give records, as it does where a value is wanted. */
    void asRecords(Expression call) {
        String records = FunctionNames.recordsOf(call.label());
        int name = call.from();
        while (records != null && !isAt(name + 1, "(")) {
            name++;
        }
        if (records != null) {
            edits.replace(name, records);
        }
    }

    /** Has the rows of a call stand in its place, as a subquery of one column. */
    void asRows(Expression call) {
        if (call.label().equals("pg_partition_ancestors")) {
            // No table is partitioned.
            edits.fixKeepingAround(
                    call.from(), call.to(), "(SELECT CAST(NULL AS BIGINT) WHERE FALSE)");
            return;
        }
        int name = call.from();
        while (!isAt(name + 1, "(")) {
            name++;
        }
        String pairs = FunctionNames.pairsOf(call.label());
        if (pairs != null) {
            String value =
                    switch (call.label()) {
                        case "json_each" -> "helios_json(\"value\")";
                        case "jsonb_each" -> "helios_jsonb(\"value\")";
                        default -> "\"value\"";
                    };
            edits.replace(name, pairs);
            edits.before(call.from(), "(SELECT \"key\", " + value + " AS \"value\" FROM ");
            edits.after(call.to() - 1, ")");
            return;
        }
        boolean isRoutine = edits.text(call.from()).startsWith(RoutineCalls.CALL);
        if (isRoutine && call.is(Expression.Form.SET_RETURNING)) {
            int oid = call.type() == null ? 0 : call.type().oid();
            edits.replace(call.from(), RoutineCalls.ROWS);
            edits.replace(
                    name + 1,
                    "(ARRAY["
                            + Edits.string(call.label())
                            + "], ARRAY["
                            + oid
                            + "], "
                            + edits.text(name + 1).substring(1));
        }
        String query = "(SELECT * FROM ";
        String array = isRoutine ? null : FunctionNames.arrayOf(call.label());
        boolean isSeries = edits.text(name).startsWith("helios_series_");
        if (call.is(Expression.Form.SET_RETURNING) && (array != null || isSeries)) {
            edits.replace(name, array == null ? edits.text(name) : array);
            query =
                    switch (edits.text(name)) {
                        case "helios_series_timestamp" -> "(SELECT CAST(c AS TIMESTAMP(6))";
                        case "helios_series_timestamptz" ->
                                "(SELECT CAST(c AS TIMESTAMP(6) WITH TIME ZONE)";
                        case "helios_series_numeric" -> "(SELECT helios_numeric(c)";
                        case "helios_jsonb_elements" -> "(SELECT helios_jsonb(c)";
                        case "helios_json_elements" -> "(SELECT helios_json(c)";
                        default -> "(SELECT c";
                    };
            query += " FROM UNNEST(";
            edits.after(call.to() - 1, ") AS helios_elements(c)");
        } else if (!call.is(Expression.Form.SET_RETURNING)) {
            query = "(SELECT ";
        } else if (!isRoutine && call.label().equals("generate_series")) {
            query = "(SELECT CAST(\"X\" AS " + seriesType(call) + ") FROM ";
            edits.replace(name, "SYSTEM_RANGE");
        }
        edits.before(call.from(), query);
        edits.after(call.to() - 1, ")");
    }

    private String seriesType(Expression call) {
        for (int i = call.from(); i < call.to(); i++) {
            if (tokens.kinds[i] == Token.NUMBER) {
                return "BIGINT";
            }
        }
        return "INTEGER";
    }

    /** A relation of FROM, which may be a common table. */
    private TableName source() {
        boolean isCommon =
                cursor.isColumnId()
                        && !isAt(cursor.at + 1, ".")
                        && grammar.facts.commons.stream()
                                .anyMatch(each -> each.isMeant(tokens.texts[cursor.at], cursor.at));
        if (!isCommon) {
            return relation();
        }
        TableName name = grammar.relations.plain();
        if (cursor.isPunctuation("*")) {
            edits.remove(cursor.at, ++cursor.at);
        }
        return name;
    }

    /** A table or view by name, with ONLY or a star around it (relation_expr). */
    TableName relation() {
        int only = cursor.at;
        if (cursor.tryWord("only")) {
            boolean parenthesis = cursor.tryPunctuation("(");
            TableName name = relationName();
            if (parenthesis) {
                cursor.requirePunctuation(")");
                edits.remove(cursor.at - 1, cursor.at);
            }
            edits.remove(only, parenthesis ? only + 2 : only + 1);
            return name;
        }
        TableName name = relationName();
        grammar.relations.requireThere(only, name);
        if (cursor.isPunctuation("*")) {
            edits.remove(cursor.at, ++cursor.at);
        }
        return name;
    }

    /** A relation by name, which is there already. */
    TableName relationName() {
        return grammar.relations.existing();
    }

    /** Refuses the schema that holds this database's own tables. */
    void requireSchema(int token, String schema) {
        if (schema.equalsIgnoreCase("heliosdb")) {
            throw tokens.error(
                    token,
                    SqlState.INSUFFICIENT_PRIVILEGE,
                    "permission denied for schema heliosdb");
        }
    }

    /** The names in the parentheses that end before the cursor; none where none began since. */
    List<String> namesBefore(int since) {
        var names = new ArrayList<String>();
        int i = cursor.at - 1;
        if (i <= since || !isAt(i, ")")) {
            return names;
        }
        for (i--; i > since && !isAt(i, "("); i--) {
            if (!isAt(i, ",")) {
                names.addFirst(tokens.texts[i]);
            }
        }
        return names;
    }

    /** An alias with its columns, or null where none follows. */
    @Nullable String alias() {
        boolean as = cursor.isWord("as");
        if (as) {
            cursor.at++;
        }
        if (!as && !cursor.isColumnId()) {
            return null;
        }
        int token = cursor.at;
        String alias = cursor.columnId();
        edits.replace(token, Identifier.quote(alias));
        if (!as) {
            edits.before(token, "AS ");
        }
        if (cursor.isPunctuation("(")) {
            columnNames();
        }
        return alias;
    }

    /** Column names in parentheses. */
    void columnNames() {
        cursor.requirePunctuation("(");
        do {
            grammar.terms.name(cursor.at);
            cursor.columnId();
        } while (cursor.tryPunctuation(","));
        cursor.requirePunctuation(")");
    }
}
