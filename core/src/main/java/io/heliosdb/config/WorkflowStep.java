package io.heliosdb.config;

import java.util.Optional;

/**
 * A step that runs when a channel is notified.
 *
 * @param triggerChannel the channel that starts it
 * @param action what it does
 * @param nextChannel the channel it notifies when it is done
 */
public record WorkflowStep(String triggerChannel, String action, Optional<String> nextChannel) {}
