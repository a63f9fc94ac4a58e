/** Measures the relay with many peers, whose sockets are in a process of their own. */
@NullMarked
package io.heliosdb.bench.relay;

import org.jspecify.annotations.NullMarked;
