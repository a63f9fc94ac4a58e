package io.heliosdb.replication;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import io.heliosdb.log.LogHold;
import io.heliosdb.log.LogHold.Loss;
import io.heliosdb.pg.Lsn;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A reader's place in the log, which outlives its connections. The log is kept from its place on,
 * up to {@code max_slot_wal_keep_size}; a slot that lags more is lost, and says so; so is one that
 * has no reader for {@code idle_replication_slot_timeout}.
 *
 * <p>What its reader confirms counts at once and is on disk a little later, so after a crash a
 * reader may get again what it has confirmed. The log is let go only of what is confirmed on disk.
 * Thread-safe.
 */
public final class ReplicationSlot {
    /** How long a confirmed position may be in memory only, while there is more to confirm. */
    private static final long WRITE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final String name;
    private final String plugin;

    /** Who made a temporary slot, and drops it when its session ends. */
    private final int creator;

    private final SlotFiles files;

    private final LogHold hold;

    /** How long it may have no reader; zero for ever. */
    private final Duration idleTimeout;

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private Lsn confirmed;

    @GuardedBy("lock")
    private Lsn written;

    @GuardedBy("lock")
    private long writtenAt = System.nanoTime();

    @GuardedBy("lock")
    private int activePid;

    @GuardedBy("lock")
    private Optional<Loss> loss;

    @GuardedBy("lock")
    private boolean isDropped;

    @GuardedBy("lock")
    private Persistence persistence;

    /** How long a slot lives. */
    enum Persistence {
        /** Until it is dropped. */
        PERMANENT,
        /** As long as its session. */
        TEMPORARY,
        /** Until its reader goes, or has what was there when the slot was made: then it stays. */
        FRESH
    }

    ReplicationSlot(
            SlotFiles.Stored stored,
            Persistence persistence,
            int creator,
            SlotFiles files,
            LogHold hold,
            Duration idleTimeout) {
        this.idleTimeout = idleTimeout;
        name = stored.name();
        plugin = stored.plugin();
        this.persistence = persistence;
        this.creator = creator;
        this.files = files;
        this.hold = hold;
        confirmed = stored.confirmed();
        written = stored.confirmed();
        loss = stored.loss();
        hold.expireAfter(idleTimeout);
    }

    /**
     * Its name.
     *
     * @return lower case letters, digits and underscores
     */
    public String name() {
        return name;
    }

    /**
     * What its changes look like.
     *
     * @return the name of a plugin
     */
    public String plugin() {
        return plugin;
    }

    /**
     * Whether it is dropped with the session that made it.
     *
     * @return whether it is
     */
    public boolean isTemporary() {
        lock.lock();
        try {
            return persistence != Persistence.PERMANENT;
        } finally {
            lock.unlock();
        }
    }

    /** The reader has what was there when the slot was made, so the slot stays from now on. */
    void keep() {
        lock.lock();
        try {
            if (persistence == Persistence.FRESH && !isDropped) {
                persistence = Persistence.PERMANENT;
                save(confirmed);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether its reader has not got what was there when the slot was made. */
    boolean isFresh() {
        lock.lock();
        try {
            return persistence == Persistence.FRESH;
        } finally {
            lock.unlock();
        }
    }

    int creator() {
        return creator;
    }

    /**
     * Up to here its reader has everything.
     *
     * @return {@code confirmed_flush_lsn}
     */
    public Lsn confirmedFlushLsn() {
        lock.lock();
        try {
            return confirmed;
        } finally {
            lock.unlock();
        }
    }

    /**
     * From here on the log is kept for it.
     *
     * @return {@code restart_lsn}
     */
    public Lsn restartLsn() {
        lock.lock();
        try {
            return written;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Who reads from it now.
     *
     * @return the process id of a session
     */
    public Optional<Integer> activePid() {
        lock.lock();
        try {
            return activePid == 0 ? Optional.empty() : Optional.of(activePid);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Whether it lagged too far, and the log does not go back to its place any more.
     *
     * @return {@code wal_status = 'lost'}
     */
    public boolean isLost() {
        lock.lock();
        try {
            if (hold.isLost() && loss.isEmpty()) {
                loss = hold.loss();
                hold.close();
                save(confirmed);
            }
            return loss.isPresent();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes the slot for a reader.
     *
     * @throws PgException 55006 where another one has it, 42704 where it was dropped
     */
    void acquire(int pid) {
        lock.lock();
        try {
            if (isDropped) {
                throw ReplicationSlots.missing(name);
            }
            if (activePid != 0) {
                throw new PgException(
                        SqlState.OBJECT_IN_USE,
                        "replication slot \"%s\" is active for PID %d".formatted(name, activePid));
            }
            activePid = pid;
            hold.use();
        } finally {
            lock.unlock();
        }
    }

    /** Its reader is gone; what it confirmed goes to disk. */
    void release() {
        lock.lock();
        try {
            activePid = 0;
            hold.expireAfter(idleTimeout);
            if (!isDropped) {
                flush();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Fails where its place is gone.
     *
     * @throws PgException 55000
     */
    void requireKept() {
        if (isLost()) {
            throw new PgException(
                            SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
                            "can no longer get changes from replication slot \"" + name + '"')
                    .withDetail(
                            isIdleTooLong()
                                    ? "This slot has been invalidated because it had no reader for"
                                            + " longer than idle_replication_slot_timeout."
                                    : "This slot has been invalidated because it exceeded the"
                                            + " maximum reserved size.")
                    .withHint(
                            "Drop the slot, make a new one and copy the tables anew; raise "
                                    + (isIdleTooLong()
                                            ? "idle_replication_slot_timeout for readers that come"
                                                    + " less often."
                                            : "max_slot_wal_keep_size for readers that lag more."));
        }
    }

    private boolean isIdleTooLong() {
        lock.lock();
        try {
            return loss.equals(Optional.of(Loss.EXPIRED));
        } finally {
            lock.unlock();
        }
    }

    /** Its reader has everything before a position; it never goes back. */
    void confirm(Lsn position) {
        lock.lock();
        try {
            if (position.compareTo(confirmed) > 0 && !isDropped) {
                confirmed = position;
                if (System.nanoTime() - writtenAt > WRITE_NANOS) {
                    flush();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Has what is confirmed on disk, and the log before it let go. */
    void flush() {
        lock.lock();
        try {
            if (confirmed.compareTo(written) > 0) {
                save(confirmed);
                hold.advance(confirmed);
            }
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void save(Lsn position) {
        if (persistence == Persistence.PERMANENT) {
            files.write(new SlotFiles.Stored(name, plugin, position, loss));
        }
        written = position;
        writtenAt = System.nanoTime();
    }

    /**
     * Ends it; nobody may be reading from it but the caller.
     *
     * @throws PgException 55006 where somebody is
     */
    void drop(int pid) {
        lock.lock();
        try {
            if (activePid != 0 && activePid != pid) {
                throw new PgException(
                        SqlState.OBJECT_IN_USE,
                        "replication slot \"%s\" is active for PID %d".formatted(name, activePid));
            }
            isDropped = true;
            hold.close();
            if (persistence == Persistence.PERMANENT) {
                files.remove(name);
            }
        } finally {
            lock.unlock();
        }
    }
}
