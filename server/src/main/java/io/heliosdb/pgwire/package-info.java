/**
 * The PostgreSQL wire protocol, version 3.0: one backend for each connection, over any transport.
 * Entry type: {@link io.heliosdb.pgwire.WireServer}. Imports {@code session}, {@code pubsub} and
 * what lies below them; it knows no engine.
 */
@NullMarked
package io.heliosdb.pgwire;

import org.jspecify.annotations.NullMarked;
