package io.heliosdb.log;

import java.time.Duration;

/**
 * The bounds of a log.
 *
 * @param segmentBytes the size of a file, a power of two from 4 kB to 1 GB; that of an existing log
 *     stays as it is
 * @param tailBytes how much of the newest log is held in memory for readers
 * @param unflushedBytesMax how much may wait for the disk before a commit waits too
 * @param keepBytes how much is kept for readers that come back
 * @param keepTime how long it is kept for them
 * @param holdBytesMax how much a consumer may hold back beyond that, before it loses its place
 * @param writerDelay how soon a record that nobody waits for is written
 */
public record LogOptions(
        int segmentBytes,
        long tailBytes,
        long unflushedBytesMax,
        long keepBytes,
        Duration keepTime,
        long holdBytesMax,
        Duration writerDelay) {
    private static final int SEGMENT_BYTES_MIN = 4 << 10;
    private static final int SEGMENT_BYTES_MAX = 1 << 30;
    private static final int SEGMENT_BYTES = 16 << 20;
    private static final long MEGABYTE = 1 << 20;

    /** Rejects bounds that no log can have. */
    public LogOptions {
        requireSegment(segmentBytes);
        if (tailBytes < 0 || unflushedBytesMax < 1 || keepBytes < 0 || holdBytesMax < 0) {
            throw new IllegalArgumentException("a bound of the log is negative");
        }
        if (keepTime.isNegative() || writerDelay.isNegative()) {
            throw new IllegalArgumentException("a time of the log is negative");
        }
    }

    /**
     * What holds when nothing is configured: segments of 16 MB, 256 MB or a day for those who come
     * back.
     *
     * @return the options
     */
    public static LogOptions defaults() {
        return new LogOptions(
                SEGMENT_BYTES,
                4 * MEGABYTE,
                32 * MEGABYTE,
                256 * MEGABYTE,
                Duration.ofDays(1),
                1024 * MEGABYTE,
                Duration.ofMillis(10));
    }

    /**
     * Sizes the files.
     *
     * @param bytes a power of two
     * @return a copy
     */
    public LogOptions withSegmentBytes(int bytes) {
        return new LogOptions(
                bytes,
                tailBytes,
                unflushedBytesMax,
                keepBytes,
                keepTime,
                holdBytesMax,
                writerDelay);
    }

    /**
     * Sizes the part that is held in memory.
     *
     * @param bytes of records that are on disk already
     * @return a copy
     */
    public LogOptions withTailBytes(long bytes) {
        return new LogOptions(
                segmentBytes,
                bytes,
                unflushedBytesMax,
                keepBytes,
                keepTime,
                holdBytesMax,
                writerDelay);
    }

    /**
     * Bounds what is kept for readers that come back.
     *
     * @param bytes how much
     * @param time how long
     * @return a copy
     */
    public LogOptions withKeep(long bytes, Duration time) {
        return new LogOptions(
                segmentBytes, tailBytes, unflushedBytesMax, bytes, time, holdBytesMax, writerDelay);
    }

    /**
     * Bounds what a consumer may hold back.
     *
     * @param bytes how much
     * @return a copy
     */
    public LogOptions withHoldBytesMax(long bytes) {
        return new LogOptions(
                segmentBytes,
                tailBytes,
                unflushedBytesMax,
                keepBytes,
                keepTime,
                bytes,
                writerDelay);
    }

    /**
     * Bounds what waits for the disk, and how long what nobody waits for does.
     *
     * @param bytes how much
     * @param delay how long
     * @return a copy
     */
    public LogOptions withUnflushed(long bytes, Duration delay) {
        return new LogOptions(
                segmentBytes, tailBytes, bytes, keepBytes, keepTime, holdBytesMax, delay);
    }

    static void requireSegment(int bytes) {
        if (bytes < SEGMENT_BYTES_MIN
                || bytes > SEGMENT_BYTES_MAX
                || Integer.bitCount(bytes) != 1) {
            throw new IllegalArgumentException("a segment cannot have " + bytes + " bytes");
        }
    }
}
