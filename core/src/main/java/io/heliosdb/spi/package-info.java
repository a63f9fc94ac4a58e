/**
 * What the embedded API needs from outside this module: {@link io.heliosdb.spi.ServerProvider},
 * found by {@link java.util.ServiceLoader}, and the {@link io.heliosdb.spi.Link} that makes a
 * database of another process look like our own. Users have no business here.
 */
@NullMarked
package io.heliosdb.spi;

import org.jspecify.annotations.NullMarked;
