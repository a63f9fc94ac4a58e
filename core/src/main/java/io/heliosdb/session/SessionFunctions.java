package io.heliosdb.session;

import io.heliosdb.engine.ReplicationServices;
import io.heliosdb.engine.SessionServices;
import io.heliosdb.engine.TypedValue;
import io.heliosdb.pg.Column;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.Report;
import io.heliosdb.pg.SqlState;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** What SQL functions ask of the session that runs them. */
final class SessionFunctions implements SessionServices {
    /** A wait looks again after this long, and then ever more rarely. */
    private static final double PAUSE_SECONDS = 0.001;

    private static final double PAUSE_SECONDS_MAX = 0.02;

    private final SessionState session;

    SessionFunctions(SessionState session) {
        this.session = session;
    }

    @Override
    public void notify(@Nullable String channel, @Nullable String payload) {
        session.notify(channel == null ? "" : channel, payload == null ? "" : payload);
    }

    @Override
    public List<String> listeningChannels() {
        return session.listeningChannels();
    }

    @Override
    public @Nullable String listen(String channel, @Nullable String since) {
        return session.listenSince(channel, since);
    }

    @Override
    public String lastToken() {
        return session.deliveries().token().toString();
    }

    @Override
    public double queueUsage() {
        return session.pubSub().queueUsage();
    }

    @Override
    public int backendPid() {
        return session.pid();
    }

    @Override
    public boolean signal(int pid, boolean ends) {
        var target = session.instance().session(pid);
        if (target.isEmpty()) {
            session.warning(
                    SqlState.WARNING, "PID " + pid + " is not a PostgreSQL backend process");
            return false;
        }
        if (!target.get().user().equals(session.user())) {
            session.requireSuperuser(
                    "must be a member of the role whose process is being terminated or member of"
                            + " pg_signal_backend");
        }
        if (ends) {
            target.get()
                    .terminate(
                            PgException.fatal(
                                    SqlState.ADMIN_SHUTDOWN,
                                    "terminating connection due to administrator command"));
        } else {
            target.get().cancel();
        }
        return true;
    }

    @Override
    public String user() {
        return session.user();
    }

    @Override
    public String database() {
        return Instance.DATABASE;
    }

    @Override
    public @Nullable String setting(String name, boolean missingOk) {
        if (missingOk && !session.settings().has(name)) {
            return null;
        }
        return session.settings().shown(name);
    }

    @Override
    public String set(String name, @Nullable String value, boolean local) {
        SessionCommands.change(session, name, value, local);
        return session.settings().shown(name);
    }

    @Override
    public List<Cursor> cursors() {
        return session.portals().describe();
    }

    @Override
    public List<PreparedStatement> preparedStatements() {
        return session.statements().describe();
    }

    @Override
    public void notice(Report report) {
        session.notice(report);
    }

    @Override
    public boolean lockAdvisory(
            long key, boolean isPair, boolean isShared, boolean isLocal, boolean waits) {
        var locks = session.instance().advisoryLocks();
        var request =
                new AdvisoryLocks.Request(new AdvisoryLocks.Key(key, isPair), isShared, isLocal);
        if (locks.tryLock(session.pid(), request)) {
            return true;
        }
        if (!waits) {
            return false;
        }
        long limit = session.settings().lockTimeout().toMillis();
        long start = System.nanoTime();
        try {
            double pause = PAUSE_SECONDS;
            do {
                locks.waits(session.pid(), request);
                if (limit > 0 && System.nanoTime() - start > limit * 1_000_000) {
                    throw new PgException(
                            SqlState.LOCK_NOT_AVAILABLE, "canceling statement due to lock timeout");
                }
                session.rows().sleep(pause);
                pause = Math.min(2 * pause, PAUSE_SECONDS_MAX);
            } while (!locks.tryLock(session.pid(), request));
            return true;
        } finally {
            locks.waitEnded(session.pid());
        }
    }

    @Override
    public boolean unlockAdvisory(long key, boolean isPair, boolean isShared) {
        var locks = session.instance().advisoryLocks();
        boolean had = locks.unlock(session.pid(), new AdvisoryLocks.Key(key, isPair), isShared);
        if (!had) {
            session.warning(
                    SqlState.WARNING,
                    "you don't own a lock of type " + (isShared ? "ShareLock" : "ExclusiveLock"));
        }
        return had;
    }

    @Override
    public void unlockAdvisory() {
        session.instance().advisoryLocks().release(session.pid(), true, false);
    }

    @Override
    public int triggerDepth() {
        return session.triggers().depth();
    }

    @Override
    public ReplicationServices replication() {
        return new SessionReplication(session);
    }

    @Override
    public TypedValue call(String spec, @Nullable Object[] arguments, int[] oids) {
        return session.routines().calls().call(spec, arguments, oids);
    }

    @Override
    public List<@Nullable Object[]> rows(
            String spec, List<Column> columns, @Nullable Object[] arguments, int[] oids) {
        return session.routines().calls().rows(spec, columns, arguments, oids).rows();
    }
}
