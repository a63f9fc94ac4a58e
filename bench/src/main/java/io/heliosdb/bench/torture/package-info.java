/** Kills a database at work, again and again, and looks at what it has kept. Entry: Torture. */
@NullMarked
package io.heliosdb.bench.torture;

import org.jspecify.annotations.NullMarked;
