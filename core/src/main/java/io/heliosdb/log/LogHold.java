package io.heliosdb.log;

import io.heliosdb.pg.Lsn;

/**
 * A consumer's claim on the log: from its position on nothing is removed, up to the bound {@link
 * LogOptions#holdBytesMax}; a consumer that lags more loses its place, and is told. Any thread.
 */
public final class LogHold implements AutoCloseable {
    private final Log log;

    /** Only grows; written by the consumer. */
    private volatile long position;

    /** Written by the retention, once. */
    private volatile boolean lost;

    LogHold(Log log, long position) {
        this.log = log;
        this.position = position;
    }

    /**
     * The consumer needs nothing before a position any more.
     *
     * @param lsn not before the position it had
     */
    public void advance(Lsn lsn) {
        position = Math.max(position, lsn.value());
    }

    /**
     * Whether it lagged too far, and what it held may be gone.
     *
     * @return whether it is
     */
    public boolean isLost() {
        return lost;
    }

    long position() {
        return position;
    }

    void lose() {
        lost = true;
    }

    @Override
    public void close() {
        log.release(this);
    }
}
