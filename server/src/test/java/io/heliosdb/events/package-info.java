/** The events of the embedded database, and the move from there to PostgreSQL. */
@NullMarked
package io.heliosdb.events;

import org.jspecify.annotations.NullMarked;
