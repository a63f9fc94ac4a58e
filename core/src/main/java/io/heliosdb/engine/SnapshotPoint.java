package io.heliosdb.engine;

import io.heliosdb.pg.Lsn;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * Where a transaction's view of the rows meets the log: the transaction sees what stands before the
 * position and nothing that stands behind it, so that rows read in it and changes read from the
 * position on make a whole.
 */
public final class SnapshotPoint {
    private static final long ALONE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long ALONE_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private SnapshotPoint() {}

    /**
     * Fixes what a transaction sees, at a moment when nobody commits.
     *
     * @param session with a transaction that has been begun with a snapshot of its own and has not
     *     run a statement
     * @return the position
     * @throws PgException 55000 where there is no log, 57014 where the session is cancelled while
     *     it waits for the moment
     */
    public static Lsn take(EngineSession session) {
        return alone(session, lsn -> lsn);
    }

    /**
     * Fixes what a transaction sees, as {@link #take} does, so that others can see it too.
     *
     * @param session as there; it belongs to the snapshot from now on
     * @return to be closed by the caller
     * @throws PgException as {@link #take}
     */
    public static ExportedSnapshot export(EngineSession session) {
        return alone(session, lsn -> new ExportedSnapshot(session, lsn));
    }

    private static <T> T alone(EngineSession session, Function<Lsn, T> work) {
        var log = session.engine().engineLog();
        if (log == null) {
            throw new PgException(
                    SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "this database keeps no log");
        }
        enterAlone(session, log.latch());
        try (var plan = session.prepareSystem("SELECT 1")) {
            plan.execute().close();
            return work.apply(log.log().end());
        } finally {
            log.latch().exitAlone();
        }
    }

    private static void enterAlone(EngineSession session, StatementLatch latch) {
        if (latch.tryEnterAlone(ALONE_NANOS)) {
            return;
        }
        latch.want();
        try {
            while (!latch.tryEnterAlone(ALONE_NANOS_MAX)) {
                if (session.interruption().isCancelled()) {
                    throw session.interruption().waitEnded(false);
                }
                LockSupport.parkNanos(latch, PAUSE_NANOS);
            }
        } finally {
            latch.unwant();
        }
    }
}
