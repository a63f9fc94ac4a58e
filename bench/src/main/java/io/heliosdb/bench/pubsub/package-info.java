/**
 * What publish and subscribe cost inside one process: the figures of the README, JMH and JCStress.
 * Imports core.
 */
@NullMarked
package io.heliosdb.bench.pubsub;

import org.jspecify.annotations.NullMarked;
