/**
 * What runs on a real PostgreSQL 15 and on HeliosDB-Lite alike: the script of LISTEN/NOTIFY cases
 * whose conversations must be equal, the hostile clients, and pgjdbc. {@link
 * io.heliosdb.differential.Target} is the entry.
 */
@NullMarked
package io.heliosdb.differential;

import org.jspecify.annotations.NullMarked;
