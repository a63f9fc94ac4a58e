/**
 * PL/pgSQL: reads, compiles and runs the bodies of functions, procedures, DO blocks and triggers.
 * Entry types: {@link io.heliosdb.trigger.plpgsql.PlpgsqlBody} for what is written, {@link
 * io.heliosdb.trigger.plpgsql.BodyRuntime} for a session that runs it. May import {@code sql} and
 * {@code engine}.
 */
@NullMarked
package io.heliosdb.trigger.plpgsql;

import org.jspecify.annotations.NullMarked;
