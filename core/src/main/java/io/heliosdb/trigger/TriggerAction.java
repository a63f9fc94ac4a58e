package io.heliosdb.trigger;

import io.heliosdb.sql.TriggerDefinition;

/** What a trigger does when it fires. */
public sealed interface TriggerAction {
    /**
     * Runs the SQL statements of a body in the order they are written; their rows go nowhere.
     *
     * @param definition the statement that holds the body
     */
    record SqlBody(TriggerDefinition definition) implements TriggerAction {}
}
