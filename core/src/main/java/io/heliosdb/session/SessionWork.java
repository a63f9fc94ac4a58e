package io.heliosdb.session;

import io.heliosdb.engine.Isolation;
import io.heliosdb.engine.Mark;
import io.heliosdb.pubsub.Subscription;

import org.jspecify.annotations.Nullable;

/** What one session's transaction consists of: rows, effects, triggers and settings go together. */
final class SessionWork implements TransactionBlock.Work {
    private record Point(
            Mark rows,
            Effects.Mark effects,
            long triggers,
            int routines,
            int publications,
            Settings.Snapshot settings,
            long portals) {}

    private final SessionState session;
    private Settings.@Nullable Snapshot settingsBefore;

    SessionWork(SessionState session) {
        this.session = session;
    }

    @Override
    public void begin(Isolation isolation, boolean isReadOnly) {
        settingsBefore = session.settings().snapshot();
        session.rows().begin(isReadOnly, isolation);
    }

    @Override
    public void commit() {
        session.triggers().fireDeferred();
        commitRowsAndEffects();
        session.portals().commit();
        session.instance().advisoryLocks().release(session.pid(), false, true);
        session.triggers().ended();
        session.settings().endLocal();
        settingsBefore = null;
    }

    /** Commits what has been done so far; the transaction goes on. */
    void commitRowsAndEffects() {
        var effects = session.effects();
        session.instance()
                .committer()
                .commit(
                        new Committer.Request(
                                session.rows(),
                                effects,
                                session.pid(),
                                own(),
                                session.settings().isSynchronous(),
                                session.settings().notifiesWait(),
                                session.cancellation().deadlineNanos(),
                                () -> {
                                    session.routines().commit();
                                    session.publications().commit();
                                    session.triggers().commit();
                                }));
        effects.clear();
    }

    @Override
    public void rollback() {
        session.instance().advisoryLocks().release(session.pid(), false, true);
        session.portals().rollback();
        session.effects().clear();
        session.triggers().rollback();
        session.routines().rollbackTo(0);
        session.publications().rollbackTo(0);
        var before = settingsBefore;
        if (before != null) {
            session.settings().restore(before);
            session.settings().endLocal();
            settingsBefore = null;
        }
        session.rows().rollback();
    }

    @Override
    public Object mark() {
        return new Point(
                session.rows().mark(),
                session.effects().mark(),
                session.triggers().mark(),
                session.routines().mark(),
                session.publications().mark(),
                session.settings().snapshot(),
                session.portals().mark());
    }

    @Override
    public void rollbackTo(Object mark) {
        var point = (Point) mark;
        session.portals().rollbackTo(point.portals);
        session.effects().rollbackTo(point.effects);
        session.triggers().rollbackTo(point.triggers);
        session.routines().rollbackTo(point.routines);
        session.publications().rollbackTo(point.publications);
        session.settings().restore(point.settings);
        session.rows().rollbackTo(point.rows);
    }

    private @Nullable Subscription own() {
        return session.deliveries();
    }
}
