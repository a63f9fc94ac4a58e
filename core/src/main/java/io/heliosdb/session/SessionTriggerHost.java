package io.heliosdb.session;

import io.heliosdb.engine.TableId;
import io.heliosdb.engine.TableInfo;
import io.heliosdb.pg.Report;
import io.heliosdb.sql.SchemaLookup;
import io.heliosdb.sql.TableName;
import io.heliosdb.trigger.TriggerHost;

import java.util.Optional;

/** What triggers ask of the session they fire in. */
final class SessionTriggerHost implements TriggerHost {
    private final SessionState session;

    SessionTriggerHost(SessionState session) {
        this.session = session;
    }

    @Override
    public SchemaLookup schema() {
        return session.searchPath();
    }

    @Override
    public Optional<TableId> find(TableName name) {
        return session.searchPath().find(name);
    }

    @Override
    public Optional<TableInfo> info(TableName name) {
        return session.searchPath().info(name);
    }

    @Override
    public void notify(String channel, String payload) {
        session.notify(channel, payload);
    }

    @Override
    public Object markEffects() {
        return session.effects().mark();
    }

    @Override
    public void rollbackEffects(Object mark) {
        session.effects().rollbackTo((Effects.Mark) mark);
    }

    @Override
    public void notice(Report report) {
        session.notice(report);
    }
}
