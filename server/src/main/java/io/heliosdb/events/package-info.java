/**
 * Events of the embedded database: {@link io.heliosdb.events.EmbeddedEventSource} is what {@code
 * client} has for PostgreSQL, and the positions of named consumers are the relay's as well. Imports
 * {@code core}, {@code client.events} and {@code jdbc}.
 */
@NullMarked
package io.heliosdb.events;

import org.jspecify.annotations.NullMarked;
