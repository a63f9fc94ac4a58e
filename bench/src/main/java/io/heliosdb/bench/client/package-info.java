/** How long a notification takes from its commit to a subscriber of the client module. */
@NullMarked
package io.heliosdb.bench.client;

import org.jspecify.annotations.NullMarked;
