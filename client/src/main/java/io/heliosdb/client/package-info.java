/**
 * A client of any PostgreSQL server, HeliosDB-Lite included, for events: {@link
 * io.heliosdb.client.PgListener} receives notifications and says what may have been missed; where
 * the server keeps a history, as HeliosDB-Lite does, it goes on in it and misses nothing. It
 * imports {@code pg}, pgjdbc and a JSON library, and nothing of a server.
 */
@NullMarked
package io.heliosdb.client;

import org.jspecify.annotations.NullMarked;
