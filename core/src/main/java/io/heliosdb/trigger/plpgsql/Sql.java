package io.heliosdb.trigger.plpgsql;

import io.heliosdb.sql.EmbeddedSql;

import org.jspecify.annotations.Nullable;

/**
 * A statement or expression of SQL in a body, with what its names see.
 *
 * @param index its place among all of the body
 * @param text as it was written; without SELECT for an expression
 * @param sql what it says; {@code SELECT} and the expression for an expression
 * @param scope the variables that it sees
 * @param constant the value of an expression that is one, or nothing of the kind
 * @param isExpression whether it is an expression
 * @param row the query of the columns, where the expression is a row constructor
 */
record Sql(
        int index,
        String text,
        EmbeddedSql sql,
        Scope scope,
        @Nullable Constant constant,
        boolean isExpression,
        @Nullable Sql row) {

    /**
     * The value of a constant.
     *
     * @param value null for NULL
     * @param oid its type
     */
    record Constant(@Nullable Object value, int oid) {}
}
