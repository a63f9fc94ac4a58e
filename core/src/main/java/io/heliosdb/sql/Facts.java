package io.heliosdb.sql;

import io.heliosdb.sql.QueryGrammar.Item;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the parser has found out about one statement on the way, for the rewriting. Confined to the
 * parsing thread.
 */
final class Facts {
    /** Where a parameter stands, by which its type is known or not. */
    enum Place {
        /** Inside an expression. */
        EXPRESSION,
        /** Where a column of a table gives the type. */
        COLUMN,
        /** Beside something it is compared with. */
        COMPARISON,
        /** In LIMIT or OFFSET. */
        LIMIT,
        /** As an item of a select list or VALUES: nothing gives a type, so that it is text. */
        ITEM,
        /** Under a cast. */
        CAST,
        /** Under a cast to text, which prints what is given with another type. */
        TEXT
    }

    /** A parameter where it stands. */
    record Site(int token, int number, Place place) {}

    /** A column by its name. */
    record ColumnName(int from, int to) {}

    /** NEW.x or OLD.x. */
    record RowReference(int from, int to, boolean old, String column) {}

    /** A column compared with 0 or 1, which is a Boolean's value where the column is Boolean. */
    record FlagComparison(int columnFrom, int columnTo, int number) {}

    /** An operator that is jsonb's where its left operand, a column, is a jsonb. */
    record JsonChange(String function, Expression left, int mark, Expression right) {}

    /** A table that is read or written, with the name it goes by. */
    record Relation(TableName table, String alias, int at) {}

    /** A name where a value may stand, with its qualifiers; {@code to} is the token after it. */
    record NameUse(int from, int to) {}

    /** A relation of FROM by its name alone. */
    record Source(int token, String name, boolean isAliased) {}

    /** The tokens of a query, whose FROM its names see. */
    record Scope(int from, int to) {}

    /**
     * A parameter that stands beside something whose type it takes.
     *
     * @param number the parameter
     * @param other what stands beside it
     * @param isArray whether the parameter is an array of that
     */
    record Typing(int number, Expression other, boolean isArray) {}

    /** A value that is put into a column of a table that is changed. */
    record Assigned(TableName table, Expression value, int index, String column) {}

    /**
     * A table of WITH.
     *
     * @param name its name
     * @param at the token of its name
     * @param to the token after its query; the largest number until that has been read
     * @param isRecursive whether its query may read it
     */
    record Common(String name, int at, int to, boolean isRecursive) {
        /** Whether a name at a token means it, in the rest of the statement or its own query. */
        boolean isMeant(String other, int token) {
            return name.equals(other) && (isRecursive ? token > at : token >= to);
        }
    }

    /**
     * A change of rows as a common table.
     *
     * @param name what the common table is called
     * @param from the change's first token
     * @param to the token after its last
     * @param shape the change
     */
    record Nested(String name, int from, int to, Shape shape) {}

    /**
     * A table that is read by its bare name, which may be that of a common table.
     *
     * @param name the name
     * @param from its first token
     * @param to the token after its last
     * @param isNamed whether it has an alias
     * @param isAlone whether no other table stands in its FROM
     * @param isInExpression whether its query is part of an expression
     * @param nesting how many queries it stands in
     */
    record Read(
            String name,
            int from,
            int to,
            boolean isNamed,
            boolean isAlone,
            boolean isInExpression,
            int nesting) {
        Read alone() {
            return new Read(name, from, to, isNamed, true, isInExpression, nesting);
        }
    }

    final List<Typing> typings = new ArrayList<>();

    /** The columns that UPDATE, or ON CONFLICT DO UPDATE, assigns. */
    final List<String> updated = new ArrayList<>();

    /** The head of the definition that SELECT … INTO is; empty for none. */
    String into = "";

    /** What the statement creates or drops; null for none. */
    @Nullable Definition definition;

    /**
     * The columns that a query gives.
     *
     * @param items its select list
     * @param names what an alias calls them, from the first on
     * @param from its first token
     * @param to the token after its last
     */
    record Columns(List<Item> items, List<String> names, int from, int to) {}

    /** A query in FROM, with its alias and where that stands. */
    record Derived(String alias, int at, Columns columns) {}

    /**
     * A call whose argument may be the name of a whole row.
     *
     * @param name the function
     * @param at the token of its name
     * @param argument what it is given
     */
    record RowCall(String name, int at, Expression argument) {}

    final List<Derived> derived = new ArrayList<>();
    final List<RowCall> rowCalls = new ArrayList<>();

    /** The columns of tables of WITH, by the tokens of their names. */
    final Map<Integer, Columns> commonColumns = new HashMap<>();

    /** What is to be told to who runs the statement; empty for nothing. */
    String notice = "";

    final List<Assigned> assigned = new ArrayList<>();
    final List<Nested> nested = new ArrayList<>();
    final List<Read> reads = new ArrayList<>();
    final List<Common> commons = new ArrayList<>();
    final List<Site> sites = new ArrayList<>();
    final List<RowReference> rowReferences = new ArrayList<>();
    final List<FlagComparison> flagComparisons = new ArrayList<>();
    final List<JsonChange> jsonChanges = new ArrayList<>();
    final List<Relation> relations = new ArrayList<>();

    /** Every name that may be a column, or a variable of the body that the statement is in. */
    final List<NameUse> names = new ArrayList<>();

    final List<Scope> scopes = new ArrayList<>();

    /** The relations of FROM that have no schema, where their names stand. */
    final List<Source> sources = new ArrayList<>();

    /** Every column that is named, in the order of the text. */
    final List<ColumnName> columns = new ArrayList<>();

    /** The first argument of each call of a function that makes rows of an array, by its token. */
    final Map<Integer, List<Expression>> arguments = new HashMap<>();

    /** Types of parameters that a cast or an operator has given. */
    final TreeMap<Integer, Integer> castOids = new TreeMap<>();

    boolean writes;

    void parameter(int token, int number) {
        sites.add(new Site(token, number, Place.EXPRESSION));
    }

    /** The largest number of a parameter so far; 0 where there is none. */
    int largest() {
        int largest = 0;
        for (Site site : sites) {
            largest = Math.max(largest, site.number());
        }
        return largest;
    }

    /** Says where the parameter at a token stands. */
    void place(int token, Place place) {
        for (int i = sites.size() - 1; i >= 0; i--) {
            Site site = sites.get(i);
            if (site.token() == token) {
                sites.set(i, new Site(token, site.number(), place));
                return;
            }
        }
    }

    /** Says where the parameter at a token stands, and the type that it gets there. */
    void declare(int token, Place place, int oid) {
        place(token, place);
        if (oid != 0) {
            castOids.putIfAbsent(number(token), oid);
        }
    }

    /** Says that an expression has the type of another, if it is a parameter. */
    void like(Expression parameter, Expression other) {
        if (parameter.is(Expression.Form.PARAMETER) && !other.is(Expression.Form.PARAMETER)) {
            typings.add(new Typing(number(parameter.from()), other, false));
        }
    }

    /** Says that the parameters among expressions have the type of the others. */
    void alike(List<Expression> expressions) {
        for (Expression parameter : expressions) {
            for (Expression other : expressions) {
                like(parameter, other);
            }
        }
    }

    int number(int token) {
        for (int i = sites.size() - 1; i >= 0; i--) {
            if (sites.get(i).token() == token) {
                return sites.get(i).number();
            }
        }
        throw new IllegalStateException("no parameter at token " + token);
    }
}
