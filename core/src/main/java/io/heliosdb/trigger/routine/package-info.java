/**
 * Functions and procedures: their definitions, which of them a transaction sees, and their calls
 * from any statement. Entry types: {@link io.heliosdb.trigger.routine.SessionRoutines} for a
 * session, {@link io.heliosdb.trigger.routine.RoutineCatalog} for an instance. May import {@code
 * trigger.plpgsql}, {@code sql} and {@code engine}.
 */
@NullMarked
package io.heliosdb.trigger.routine;

import org.jspecify.annotations.NullMarked;
