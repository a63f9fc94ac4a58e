package io.heliosdb.log;

/**
 * What a log has done since it was opened, and how large it is now.
 *
 * @param records how many were appended
 * @param bytes how many they took
 * @param flushes the fsyncs that made them durable
 * @param sizeBytes what the log's files take on disk, those that are made ahead included
 */
public record LogStats(long records, long bytes, Latencies.Summary flushes, long sizeBytes) {}
