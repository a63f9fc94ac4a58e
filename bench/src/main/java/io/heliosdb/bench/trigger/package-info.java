/** What a trigger adds to the statement that fires it. Imports core. */
@NullMarked
package io.heliosdb.bench.trigger;

import org.jspecify.annotations.NullMarked;
