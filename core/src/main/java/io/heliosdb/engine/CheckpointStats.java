package io.heliosdb.engine;

import io.heliosdb.log.Latencies;

/**
 * What checkpoints have cost since the engine was opened.
 *
 * @param timed those that came because the time was over
 * @param requested all others: for the log's size, for a definition, for a CHECKPOINT
 * @param written how long each took, from the first flush to the last
 * @param alone how long nobody else could change anything, each time
 */
public record CheckpointStats(
        long timed, long requested, Latencies.Summary written, Latencies.Summary alone) {}
