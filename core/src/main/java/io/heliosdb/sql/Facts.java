package io.heliosdb.sql;

import java.util.ArrayList;
import java.util.List;
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
        CAST
    }

    /** A parameter where it stands. */
    record Site(int token, int number, Place place) {}

    /** NEW.x or OLD.x. */
    record RowReference(int from, int to, boolean old, String column) {}

    /** A column compared with 0 or 1, which is a Boolean's value where the column is Boolean. */
    record FlagComparison(int columnFrom, int columnTo, int number) {}

    /** A table that is read or written, with the name it goes by. */
    record Relation(TableName table, String alias) {}

    final List<Site> sites = new ArrayList<>();
    final List<RowReference> rowReferences = new ArrayList<>();
    final List<FlagComparison> flagComparisons = new ArrayList<>();
    final List<Relation> relations = new ArrayList<>();

    /** Types of parameters that a cast has given. */
    final TreeMap<Integer, Integer> castOids = new TreeMap<>();

    int questions;
    boolean writes;

    void parameter(int token, int number) {
        sites.add(new Site(token, number, Place.EXPRESSION));
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

    int number(int token) {
        for (int i = sites.size() - 1; i >= 0; i--) {
            if (sites.get(i).token() == token) {
                return sites.get(i).number();
            }
        }
        throw new IllegalStateException("no parameter at token " + token);
    }
}
