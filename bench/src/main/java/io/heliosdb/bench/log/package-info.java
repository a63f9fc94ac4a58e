/** Measures durable commits: by the log, and by the store's own flush. */
@NullMarked
package io.heliosdb.bench.log;

import org.jspecify.annotations.NullMarked;
