/**
 * A client of any PostgreSQL server, HeliosDB-Lite included, for events: {@link
 * io.heliosdb.client.PgListener} receives notifications and says what may have been missed. It
 * imports {@code pg}, pgjdbc and a JSON library, and nothing of a server.
 */
@NullMarked
package io.heliosdb.client;

import org.jspecify.annotations.NullMarked;
