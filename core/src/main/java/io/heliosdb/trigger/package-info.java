/**
 * Trigger definitions, which of them a transaction sees, and the running of their bodies. Entry
 * types: {@link io.heliosdb.trigger.SessionTriggers} for a session, {@link
 * io.heliosdb.trigger.TriggerCatalog} for an instance.
 */
@NullMarked
package io.heliosdb.trigger;

import org.jspecify.annotations.NullMarked;
