package io.heliosdb.trigger;

import io.heliosdb.sql.FunctionTriggerDefinition;
import io.heliosdb.sql.TriggerDefinition;

/** What a trigger does when it fires. */
public sealed interface TriggerAction {
    /**
     * Runs the SQL statements of a body in the order they are written; their rows go nowhere.
     *
     * @param definition the statement that holds the body
     */
    record SqlBody(TriggerDefinition definition) implements TriggerAction {}

    /**
     * Calls a function.
     *
     * @param definition the statement that names it
     * @param function the function's number
     */
    record CallFunction(FunctionTriggerDefinition definition, int function)
            implements TriggerAction {}

    /**
     * Sends a notification, once for each statement: the action of a rule.
     *
     * @param channel the channel
     * @param payload the payload
     */
    record SendNotification(String channel, String payload) implements TriggerAction {}
}
