/** How fast committed row changes come to a consumer in the process. */
@NullMarked
package io.heliosdb.bench.replication;

import org.jspecify.annotations.NullMarked;
