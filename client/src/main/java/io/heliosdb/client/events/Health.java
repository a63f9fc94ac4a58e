package io.heliosdb.client.events;

import java.time.Duration;

/**
 * Whether an engine works.
 *
 * @param isUp whether it answered
 * @param took how long that took
 * @param detail why it is not up; empty where it is
 */
public record Health(boolean isUp, Duration took, String detail) {}
