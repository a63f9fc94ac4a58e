package io.heliosdb.sql;

import java.util.List;
import java.util.Optional;

/**
 * What CREATE TRIGGER … EXECUTE FUNCTION says.
 *
 * @param source the whole statement
 * @param name the trigger's name
 * @param orReplace whether an existing one is replaced
 * @param table its table
 * @param timing BEFORE, AFTER or INSTEAD OF
 * @param events INSERT, UPDATE, DELETE, TRUNCATE
 * @param columns the columns of UPDATE OF; empty for all
 * @param forEachRow whether it fires for each row
 * @param condition the WHEN expression as written
 * @param conditionOffset where it starts in the source, from 0
 * @param function the function's name
 * @param functionOffset where it starts in the source, from 0
 * @param arguments the trigger's arguments as texts
 * @param isConstraint whether it is a constraint trigger
 * @param isDeferrable whether it may wait for the commit
 * @param isDeferred whether it waits unless SET CONSTRAINTS says otherwise
 * @param oldTable the name of the rows as they were, where one is given
 * @param newTable the name of the rows as they are, where one is given
 * @see <a href="https://www.postgresql.org/docs/15/sql-createtrigger.html">PostgreSQL: CREATE
 *     TRIGGER</a>
 */
public record FunctionTriggerDefinition(
        String source,
        String name,
        boolean orReplace,
        TableName table,
        String timing,
        List<String> events,
        List<String> columns,
        boolean forEachRow,
        Optional<String> condition,
        int conditionOffset,
        TableName function,
        int functionOffset,
        List<String> arguments,
        boolean isConstraint,
        boolean isDeferrable,
        boolean isDeferred,
        Optional<String> oldTable,
        Optional<String> newTable) {
    /** Copies the lists. */
    public FunctionTriggerDefinition {
        events = List.copyOf(events);
        columns = List.copyOf(columns);
        arguments = List.copyOf(arguments);
    }
}
