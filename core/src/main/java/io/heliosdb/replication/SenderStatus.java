package io.heliosdb.replication;

import io.heliosdb.pg.Lsn;

import java.time.Instant;

/**
 * How far a connection that streams changes has come, as {@code pg_stat_replication} shows it. Any
 * thread.
 */
public final class SenderStatus implements AutoCloseable {
    private final Replication replication;
    private final int pid;
    private final String user;
    private final Instant startedAt = Instant.now();
    private volatile Lsn sent = Lsn.ZERO;
    private volatile Lsn written = Lsn.ZERO;
    private volatile Lsn flushed = Lsn.ZERO;
    private volatile Lsn applied = Lsn.ZERO;

    SenderStatus(Replication replication, int pid, String user) {
        this.replication = replication;
        this.pid = pid;
        this.user = user;
    }

    /**
     * The session that streams.
     *
     * @return its process id
     */
    public int pid() {
        return pid;
    }

    /**
     * Who it is.
     *
     * @return the role
     */
    public String user() {
        return user;
    }

    /**
     * When it began.
     *
     * @return the moment
     */
    public Instant startedAt() {
        return startedAt;
    }

    /**
     * Everything before a position has been sent.
     *
     * @param lsn the position
     */
    public void sent(Lsn lsn) {
        sent = lsn;
    }

    /**
     * The client has answered.
     *
     * @param write what it has received
     * @param flush what it has on disk
     * @param apply what it has applied
     */
    public void replied(Lsn write, Lsn flush, Lsn apply) {
        written = write;
        flushed = flush;
        applied = apply;
    }

    /**
     * What has been sent.
     *
     * @return everything before is
     */
    public Lsn sent() {
        return sent;
    }

    /**
     * What the client says it has received.
     *
     * @return everything before is; zero where it has not said
     */
    public Lsn written() {
        return written;
    }

    /**
     * What the client says it has on disk.
     *
     * @return everything before is; zero where it has not said
     */
    public Lsn flushed() {
        return flushed;
    }

    /**
     * What the client says it has applied.
     *
     * @return everything before is; zero where it has not said
     */
    public Lsn applied() {
        return applied;
    }

    /** The streaming has ended. */
    @Override
    public void close() {
        replication.forget(this);
    }
}
