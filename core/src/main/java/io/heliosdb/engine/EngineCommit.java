package io.heliosdb.engine;

import io.heliosdb.pg.Lsn;

import org.jspecify.annotations.Nullable;

/**
 * A commit on its way. With a log its steps are: what the transaction did is encoded and has space
 * reserved when this is made, and may be refused; {@link #append} gives it its place; {@link
 * #complete} waits for the disk and makes it visible. Without a log it is visible first and on disk
 * then. Closing it before {@link #append} gives it up: nothing has happened.
 *
 * <p>Confined to the session's thread.
 */
public final class EngineCommit implements AutoCloseable {
    private final EngineSession session;
    private final @Nullable EngineLog log;
    private final EngineLog.@Nullable Prepared prepared;
    private final boolean hasChanges;
    private boolean isAppended;
    private boolean isClosed;

    EngineCommit(
            EngineSession session,
            @Nullable EngineLog log,
            EngineLog.@Nullable Prepared prepared,
            boolean hasChanges) {
        this.session = session;
        this.log = log;
        this.prepared = prepared;
        this.hasChanges = hasChanges;
    }

    /**
     * Whether it takes a place in the log.
     *
     * @return false where there is no log, or nothing to be in it
     */
    public boolean isLogged() {
        return prepared != null;
    }

    /**
     * Gives the transaction its place in the log. Cannot fail, takes no time, and cannot be undone.
     *
     * @return the position
     */
    public Lsn append() {
        if (log == null || prepared == null) {
            throw new IllegalStateException("a commit that is not logged has no place");
        }
        isAppended = true;
        return log.append(prepared);
    }

    /**
     * Makes the transaction visible, and durable.
     *
     * @param waitsForDisk whether to return only when it is on disk; a transaction that only
     *     notifies never waits, unless {@code notifiesWait}
     * @param notifiesWait whether one that only notifies waits as well
     * @throws io.heliosdb.pg.PgException FATAL 57P02 where it could not be written: the outcome is
     *     unknown then
     */
    public void complete(boolean waitsForDisk, boolean notifiesWait) {
        if (log == null) {
            session.commitNow();
            if (hasChanges) {
                session.engine().settle(waitsForDisk);
            }
            return;
        }
        if (prepared != null) {
            var record = prepared.record();
            if (waitsForDisk && (record.isDurable() || notifiesWait)) {
                session.interruption().flushing(true);
                try {
                    log.log().awaitFlushed(record);
                } finally {
                    session.interruption().flushing(false);
                }
            } else {
                log.log().flushSoon(record);
            }
        }
        session.commitNow();
        if (prepared != null) {
            log.grown();
        }
    }

    @Override
    public void close() {
        if (isClosed || log == null) {
            return;
        }
        isClosed = true;
        if (prepared != null && !isAppended) {
            log.log().release(prepared.record());
        }
        log.latch().exit();
    }
}
