/** A slower disk under the store, which only its own package can put there. Entry: SlowDisk. */
@NullMarked
package io.heliosdb.engine;

import org.jspecify.annotations.NullMarked;
