/**
 * What a program needs of events, whichever engine they come from: {@link
 * io.heliosdb.client.events.EventSource} publishes within transactions and reads from a position,
 * on PostgreSQL and on the embedded database alike. Interfaces and words only; imports {@code pg}.
 */
@NullMarked
package io.heliosdb.client.events;

import org.jspecify.annotations.NullMarked;
