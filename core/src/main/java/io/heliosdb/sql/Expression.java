package io.heliosdb.sql;

import org.jspecify.annotations.Nullable;

/**
 * An expression that has been read.
 *
 * @param from its first token
 * @param to the token after its last
 * @param form what it is, as far as a rewriting asks
 * @param label the name that a result column of it gets
 * @param strength how sure the label is: 2 for a column's or function's name, 1 for a type's or
 *     CASE, 0 for none
 * @param type its type where the statement says it
 */
record Expression(int from, int to, Form form, String label, int strength, @Nullable SqlType type) {
    static final String NO_LABEL = "?column?";

    /** What an expression is. */
    enum Form {
        /** Anything else. */
        OTHER,
        /** A parameter alone. */
        PARAMETER,
        /** A column by its name. */
        COLUMN,
        /** A string constant without a type. */
        STRING,
        /** A number. */
        NUMBER,
        /** NULL. */
        NULL,
        /** DEFAULT, where a value may stand. */
        DEFAULT,
        /** A call of a function that returns a set of rows. */
        SET_RETURNING,
        /** A query in parentheses. */
        SUBQUERY,
        /**
         * Something that starts with a letter and takes no operator, such as TRUE or CURRENT_DATE.
         */
        CONSTANT
    }

    static Expression other(int from, int to) {
        return new Expression(from, to, Form.OTHER, NO_LABEL, 0, null);
    }

    static Expression named(int from, int to, String label) {
        return new Expression(from, to, Form.OTHER, label, 2, null);
    }

    static Expression typed(int from, int to, SqlType type) {
        return new Expression(from, to, Form.OTHER, NO_LABEL, 0, type);
    }

    Expression spanning(int newFrom, int newTo) {
        return new Expression(
                newFrom,
                newTo,
                form == Form.COLUMN ? Form.COLUMN : Form.OTHER,
                label,
                strength,
                type);
    }

    Expression withType(SqlType other) {
        return new Expression(from, to, form, label, strength, other);
    }

    boolean is(Form other) {
        return form == other;
    }
}
