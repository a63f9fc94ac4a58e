package io.heliosdb.sql;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * A statement as the engine executes it.
 *
 * @param sql the text for the engine; parameters are {@code ?1}, {@code ?2} … with the numbers the
 *     client knows
 * @param parameterCount how many parameters the client binds
 * @param parameterOids the type of each parameter where the statement or the client says it, else 0
 * @param tag the rule of the command tag
 * @param returnsRows whether the client gets rows
 * @param columns what is known of the result's columns; empty where nothing is, as with {@code *}
 * @param isWrite whether it changes rows or objects
 * @param retryOnUnique whether 23505 may be the race of two upserts, so that the statement is to be
 *     run again
 * @param usesSchema whether it holds what was asked of {@link SchemaLookup}, so that DDL makes it
 *     stale
 * @param zeroColumns whether the client gets rows of no columns; the engine gives one to be left
 *     out
 * @param rest statements to be run after this one, as a DROP of several objects is
 * @param definition what it creates or drops; null for none
 * @param updated the columns that UPDATE, or ON CONFLICT DO UPDATE, assigns
 * @param updatesConflicting whether it is ON CONFLICT DO UPDATE
 * @param notice what is to be told to who runs it; empty for nothing
 */
public record Rewritten(
        String sql,
        int parameterCount,
        List<Integer> parameterOids,
        CommandTag tag,
        boolean returnsRows,
        List<ResultColumn> columns,
        boolean isWrite,
        boolean retryOnUnique,
        boolean usesSchema,
        boolean zeroColumns,
        List<String> rest,
        @Nullable Definition definition,
        List<String> updated,
        boolean updatesConflicting,
        String notice) {

    /**
     * The rule of a command tag.
     *
     * @param text such as {@code INSERT 0} or {@code CREATE TABLE}
     * @param counts whether the number of rows follows
     */
    public record CommandTag(String text, boolean counts) {
        /**
         * The tag of an execution.
         *
         * @param rows the number of rows given or changed
         * @return such as {@code INSERT 0 3}
         */
        public String of(long rows) {
            return counts ? text + ' ' + rows : text;
        }
    }

    /**
     * A column of the result.
     *
     * @param name PostgreSQL's name for it
     * @param typeOid its type where the statement says it, else 0
     * @param typeModifier the type's modifier, -1 where it has none
     */
    public record ResultColumn(String name, int typeOid, int typeModifier) {}

    /**
     * The tag of an execution.
     *
     * @param rows the number of rows given or changed
     * @return the command tag
     */
    public String tag(long rows) {
        return tag.of(rows);
    }
}
