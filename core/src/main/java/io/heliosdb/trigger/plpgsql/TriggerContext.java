package io.heliosdb.trigger.plpgsql;

import io.heliosdb.engine.TableInfo;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * The trigger that a body is run by: the same for all its rows, so that it is made once for each
 * trigger and version of its table.
 *
 * @param name TG_NAME
 * @param when TG_WHEN: {@code BEFORE}, {@code AFTER} or {@code INSTEAD OF}
 * @param level TG_LEVEL: {@code ROW} or {@code STATEMENT}
 * @param table the table it fires on
 * @param arguments TG_ARGV
 */
public record TriggerContext(
        String name, String when, String level, TableInfo table, List<String> arguments) {
    /** Copies the list. */
    public TriggerContext {
        arguments = List.copyOf(arguments);
    }

    /**
     * One firing.
     *
     * @param operation TG_OP: {@code INSERT}, {@code UPDATE}, {@code DELETE} or {@code TRUNCATE}
     * @param oldRow OLD, one value for each column in the table's order; null where there is none
     * @param newRow NEW likewise; not changed by the body
     * @param transitions the transition tables
     */
    @SuppressWarnings(
            "ArrayRecordComponent") // Rows are arrays everywhere; nobody compares firings.
    public record Firing(
            String operation,
            @Nullable Object @Nullable [] oldRow,
            @Nullable Object @Nullable [] newRow,
            List<TransitionTable> transitions) {
        /** Copies the list. */
        public Firing {
            transitions = List.copyOf(transitions);
        }
    }

    /**
     * The rows that a statement changed, as REFERENCING names them.
     *
     * @param name the name by which the body's statements read it
     * @param rows its rows, with the columns of the trigger's table
     */
    public record TransitionTable(String name, List<@Nullable Object[]> rows) {
        /** Copies the list. */
        public TransitionTable {
            rows = List.copyOf(rows);
        }
    }
}
