package io.heliosdb.engine;

import io.heliosdb.log.LogFiles;
import io.heliosdb.log.LogOptions;

import java.time.Duration;
import java.util.function.UnaryOperator;

/**
 * How the log of an engine is kept.
 *
 * @param log the log's own bounds
 * @param maxWalBytes how much log is written before a checkpoint, at most
 * @param checkpointTimeout how long after a change the next checkpoint comes, at most
 * @param transactionBytesMax what one transaction may write to the log
 * @param layer through which the log sees its directory: a disk that is slow, full or broken, where
 *     that is to be seen
 */
public record WalOptions(
        LogOptions log,
        long maxWalBytes,
        Duration checkpointTimeout,
        long transactionBytesMax,
        UnaryOperator<LogFiles> layer) {
    private static final Duration CHECKPOINT_TIMEOUT = Duration.ofMinutes(5);
    private static final long TRANSACTION_BYTES = 256L << 20;

    /** Replayed in less than two seconds, and a checkpoint costs little. */
    private static final long WAL_BYTES = 16L << 20;

    private static final int SEGMENT_BYTES = 4 << 20;

    /** Of the largest heap, the share that may be filled by what is not in the store's file yet. */
    private static final int HEAP_SHARE = 16;

    /** Rejects bounds that let nothing be written. */
    public WalOptions {
        if (maxWalBytes < 1 || transactionBytesMax < 1 || checkpointTimeout.isNegative()) {
            throw new IllegalArgumentException("a bound of the log is not positive");
        }
    }

    /**
     * What holds when nothing is configured.
     *
     * @return the options
     */
    public static WalOptions defaults() {
        return new WalOptions(
                LogOptions.defaults().withSegmentBytes(SEGMENT_BYTES),
                WAL_BYTES,
                CHECKPOINT_TIMEOUT,
                TRANSACTION_BYTES,
                UnaryOperator.identity());
    }

    /**
     * Chooses the log's own bounds.
     *
     * @param changed its options
     * @return a copy
     */
    public WalOptions withLog(LogOptions changed) {
        return new WalOptions(changed, maxWalBytes, checkpointTimeout, transactionBytesMax, layer);
    }

    /**
     * Bounds the log between two checkpoints.
     *
     * @param bytes at most
     * @param timeout after a change, at most
     * @return a copy
     */
    public WalOptions withCheckpoints(long bytes, Duration timeout) {
        return new WalOptions(log, bytes, timeout, transactionBytesMax, layer);
    }

    /**
     * Bounds a transaction.
     *
     * @param bytes of its record
     * @return a copy
     */
    public WalOptions withTransactionBytesMax(long bytes) {
        return new WalOptions(log, maxWalBytes, checkpointTimeout, bytes, layer);
    }

    /**
     * Puts something between the log and its directory.
     *
     * @param changed what is to be seen instead of the plain files
     * @return a copy
     */
    public WalOptions withLayer(UnaryOperator<LogFiles> changed) {
        return new WalOptions(log, maxWalBytes, checkpointTimeout, transactionBytesMax, changed);
    }

    /**
     * How much log since the last checkpoint calls for the next: it is in the heap as pages, too.
     *
     * @return bytes
     */
    public long checkpointBytes() {
        return Math.min(maxWalBytes, Runtime.getRuntime().maxMemory() / HEAP_SHARE);
    }
}
