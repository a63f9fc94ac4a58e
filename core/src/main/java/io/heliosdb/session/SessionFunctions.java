package io.heliosdb.session;

import io.heliosdb.engine.SessionServices;
import io.heliosdb.pg.Report;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** What SQL functions ask of the session that runs them. */
final class SessionFunctions implements SessionServices {
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
    public double queueUsage() {
        return session.pubSub().queueUsage();
    }

    @Override
    public int backendPid() {
        return session.pid();
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
    public void notice(Report report) {
        session.notice(report);
    }
}
