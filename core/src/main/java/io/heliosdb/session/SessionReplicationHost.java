package io.heliosdb.session;

import io.heliosdb.engine.TableInfo;
import io.heliosdb.pg.Report;
import io.heliosdb.replication.ReplicationHost;
import io.heliosdb.sql.TableName;

import java.util.List;
import java.util.Optional;

/** What publications ask of the session that defines them. */
final class SessionReplicationHost implements ReplicationHost {
    private final SessionState session;

    SessionReplicationHost(SessionState session) {
        this.session = session;
    }

    @Override
    public Optional<TableInfo> table(TableName name) {
        return session.searchPath().info(name);
    }

    @Override
    public List<String> schemas() {
        return session.existingSchemas();
    }

    @Override
    public String user() {
        return session.user();
    }

    @Override
    public void requireRole(String role) {
        session.instance().roles().require(role);
    }

    @Override
    public void notice(Report report) {
        session.notice(report);
    }
}
