package io.heliosdb.session;

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
    public int triggerDepth() {
        return session.triggers().depth();
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
