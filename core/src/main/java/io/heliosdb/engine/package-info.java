/**
 * The only importer of H2: opens its store, prepares and runs statements for sessions, tells of
 * rows that change, makes commits durable, and speaks PostgreSQL's errors and types at its border.
 * The entry type is {@link io.heliosdb.engine.Engine}; imports {@code pg} and below only.
 */
@NullMarked
package io.heliosdb.engine;

import org.jspecify.annotations.NullMarked;
