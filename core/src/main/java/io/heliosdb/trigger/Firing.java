package io.heliosdb.trigger;

import io.heliosdb.engine.RowEvent;
import io.heliosdb.trigger.plpgsql.TriggerContext;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Set;

/**
 * What a trigger fires for.
 *
 * @param event what happens
 * @param oldRow the row as it was; null where there is none
 * @param newRow the row as it is; null where there is none
 * @param assigned the columns that UPDATE sets; null where no statement names them
 * @param transitions gives the rows of the statement, as the trigger names them
 */
@SuppressWarnings("ArrayRecordComponent") // Rows are arrays everywhere; nobody compares firings.
record Firing(
        RowEvent event,
        @Nullable Object @Nullable [] oldRow,
        @Nullable Object @Nullable [] newRow,
        @Nullable Set<String> assigned,
        List<TriggerContext.TransitionTable> transitions) {

    Firing with(@Nullable Object @Nullable [] changed) {
        return new Firing(event, oldRow, changed, assigned, transitions);
    }

    Firing with(List<TriggerContext.TransitionTable> tables) {
        return new Firing(event, oldRow, newRow, assigned, tables);
    }
}
