package io.heliosdb.log;

import io.heliosdb.pg.Lsn;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Optional;

/**
 * A consumer's claim on the log: from its position on nothing is removed, up to the bound {@link
 * LogOptions#holdBytesMax}; a consumer that lags more loses its place, and is told. Any thread.
 */
public final class LogHold implements AutoCloseable {
    private final Log log;

    /** Only grows; written by the consumer. */
    private volatile long position;

    /** When it expires, by the clock of this process; never where there is no such time. */
    private volatile @Nullable Long expiresNanos;

    /** Written by the retention, once. */
    private volatile @Nullable Loss loss;

    /** Why a consumer has lost its place. */
    public enum Loss {
        /** It lagged too far. */
        TOO_FAR,
        /** It was left alone for too long. */
        EXPIRED
    }

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
     * Has it lost some time from now, when the log is looked through next, unless it is used again.
     *
     * @param timeout how long from now; zero for never
     */
    public void expireAfter(Duration timeout) {
        expiresNanos = timeout.isZero() ? null : System.nanoTime() + timeout.toNanos();
    }

    /** It is used: it does not expire. */
    public void use() {
        expiresNanos = null;
    }

    /**
     * Whether what it held may be gone.
     *
     * @return why; empty where it is not
     */
    public Optional<Loss> loss() {
        return Optional.ofNullable(loss);
    }

    /**
     * Whether what it held may be gone.
     *
     * @return whether it is
     */
    public boolean isLost() {
        return loss != null;
    }

    boolean isExpired() {
        var at = expiresNanos;
        return at != null && System.nanoTime() - at > 0;
    }

    long position() {
        return position;
    }

    void lose(Loss why) {
        loss = why;
    }

    @Override
    public void close() {
        log.release(this);
    }
}
