package io.heliosdb.sql;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * The parts of a statement that a rewriting puts together anew; numbers are tokens, ranges end
 * before {@code to}.
 */
sealed interface Shape {
    /** A range of tokens. */
    record Range(int from, int to) {}

    /** A query: nothing is moved. */
    record Select() implements Shape {}

    /** A statement that defines something, with its command tag. */
    record Definition() implements Shape {}

    /** A statement whose text the parser has put together, with those to be run after it. */
    record Fixed(String sql, List<String> rest) implements Shape {
        Fixed(String sql) {
            this(sql, List.of());
        }

        /** Statements of which there is at least one. */
        static Fixed all(List<String> statements) {
            return new Fixed(statements.getFirst(), statements.subList(1, statements.size()));
        }
    }

    /** The condition of a trigger: an expression alone. */
    record Condition() implements Shape {}

    /** EXPLAIN of a statement. */
    record Explain(SyntaxTree tree) implements Shape {}

    /** What happens to a row that is there already. */
    enum Conflict {
        /** No clause. */
        ERROR,
        /** ON CONFLICT DO NOTHING, INSERT OR IGNORE. */
        NOTHING,
        /** ON CONFLICT DO UPDATE. */
        UPDATE,
        /** INSERT OR REPLACE. */
        REPLACE
    }

    /**
     * ON CONFLICT.
     *
     * @param action what it does
     * @param at its token
     * @param target the columns it names; null for none
     * @param constraint the constraint it names; null for none
     * @param sets the assignments after SET; null for none
     * @param where the condition after WHERE; null for none
     */
    record OnConflict(
            Conflict action,
            int at,
            @Nullable List<String> target,
            @Nullable String constraint,
            @Nullable Range sets,
            @Nullable Range where) {}

    /**
     * INSERT.
     *
     * @param from its first token
     * @param with its WITH clause; null for none
     * @param table its table
     * @param target the tokens of the table's name
     * @param alias what the table is called; its name where it has no alias
     * @param columns the columns it names; empty for none
     * @param source the tokens of VALUES or of the query; null for DEFAULT VALUES
     * @param rows the rows of VALUES; null for a query
     * @param end where the plain INSERT ends
     * @param conflict what happens to a row that is there already
     * @param returning the items of RETURNING; null for none
     */
    record Insert(
            int from,
            @Nullable Range with,
            TableName table,
            Range target,
            String alias,
            List<String> columns,
            @Nullable Range source,
            @Nullable List<List<Expression>> rows,
            int end,
            OnConflict conflict,
            @Nullable Range returning)
            implements Shape {}

    /**
     * UPDATE.
     *
     * @param from its first token
     * @param table its table
     * @param alias what the table is called
     * @param sets columns and the values that they are set to
     * @param end where RETURNING starts, or the statement's end
     * @param joined whether it reads other tables
     * @param returning the items of RETURNING; null for none
     */
    record Update(
            int from,
            TableName table,
            String alias,
            List<Assignment> sets,
            int end,
            boolean joined,
            @Nullable Range returning)
            implements Shape {}

    /** A column and the value that it is set to. */
    record Assignment(String column, Expression value) {}

    /**
     * DELETE.
     *
     * @param from its first token
     * @param table its table
     * @param target the tokens of the table's name
     * @param alias what the table is called
     * @param using the tables after USING; null for none
     * @param where the condition; null for none
     * @param end where RETURNING starts, or the statement's end
     * @param returning the items of RETURNING; null for none
     */
    record Delete(
            int from,
            TableName table,
            Range target,
            String alias,
            @Nullable Range using,
            @Nullable Range where,
            int end,
            @Nullable Range returning)
            implements Shape {}
}
