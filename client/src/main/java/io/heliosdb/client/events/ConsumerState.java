package io.heliosdb.client.events;

import io.heliosdb.pg.Lsn;

/**
 * How far a named consumer has come.
 *
 * @param name its name
 * @param position everything before it is acknowledged
 * @param lagBytes how much of the log is written since, its own and other events and rows; -1 where
 *     that is not known
 * @param isActive whether a reader has it now
 */
public record ConsumerState(String name, Lsn position, long lagBytes, boolean isActive) {}
