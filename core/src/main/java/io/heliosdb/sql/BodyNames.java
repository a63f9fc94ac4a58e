package io.heliosdb.sql;

import io.heliosdb.pg.PgException;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** The variables of a body, as a statement of it is bound. */
public interface BodyNames {
    /**
     * What a name means in the body.
     *
     * @param path the name with its qualifiers, folded; {@code $1} for a parameter by its number
     * @return null where the body has no such variable
     * @throws PgException 42703 for a field that a record does not have, 55000 for a record without
     *     a value
     */
    @Nullable Meaning find(List<String> path);

    /**
     * A relation of the body, as a transition table is.
     *
     * @param name its name
     * @return its columns, each the array of that column's values; null where there is none
     */
    default @Nullable Row relation(String name) {
        return null;
    }

    /**
     * Whether a name is that of an array whose first element has the number 0, as TG_ARGV has.
     *
     * @param path the name
     * @return false for any other
     */
    default boolean isNumberedFromZero(List<String> path) {
        return false;
    }

    /**
     * What holds where a name is both a variable and a column.
     *
     * @return {@code #variable_conflict}
     */
    Conflict conflict();

    /** What holds where a name is both a variable and a column. */
    enum Conflict {
        /** 42702. */
        ERROR,
        /** The variable. */
        USE_VARIABLE,
        /** The column. */
        USE_COLUMN
    }

    /** What a name means. */
    sealed interface Meaning {}

    /**
     * One value.
     *
     * @param variable what the caller knows it by
     * @param type its type
     */
    record Value(Object variable, SqlType type) implements Meaning {}

    /**
     * A whole row.
     *
     * @param fields its columns
     * @param isNull whether the row is NULL as a whole; null for one that never is
     */
    record Row(List<Field> fields, @Nullable Value isNull) implements Meaning {
        /** Copies the list. */
        public Row {
            fields = List.copyOf(fields);
        }

        /**
         * A row that is never NULL as a whole.
         *
         * @param fields its columns
         */
        public Row(List<Field> fields) {
            this(fields, null);
        }
    }

    /**
     * A column of a row.
     *
     * @param name its name
     * @param value its value
     */
    record Field(String name, Value value) {}
}
