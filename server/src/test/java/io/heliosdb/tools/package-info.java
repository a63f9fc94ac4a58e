/**
 * The libraries that Java programs reach a database with, each doing its usual work on PostgreSQL,
 * on HeliosDB-Lite over the wire, and on HeliosDB-Lite through its data source without a port.
 * {@link io.heliosdb.tools.ToolDatabase} is the entry.
 */
@NullMarked
package io.heliosdb.tools;

import org.jspecify.annotations.NullMarked;
