/** What a commit costs in the whole database: the figures of the README. Imports core. */
@NullMarked
package io.heliosdb.bench.commit;

import org.jspecify.annotations.NullMarked;
