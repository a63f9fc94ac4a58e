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
 * @param function the function's name, folded, with its schema where it was named
 * @param arguments the trigger's arguments as texts
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
        Optional<TriggerDefinition.BodyText> condition,
        String function,
        List<String> arguments) {
    /** Copies the lists. */
    public FunctionTriggerDefinition {
        events = List.copyOf(events);
        columns = List.copyOf(columns);
        arguments = List.copyOf(arguments);
    }
}
