package io.heliosdb.session;

import io.heliosdb.engine.ReplicationServices;
import io.heliosdb.pg.Lsn;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.replication.LogicalMessages;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** Slots and messages as the functions of a session use them. Confined to the session's thread. */
final class SessionReplication implements ReplicationServices {
    private final SessionState session;

    SessionReplication(SessionState session) {
        this.session = session;
    }

    @Override
    public SlotPosition createSlot(String name, String plugin, boolean isTemporary) {
        requireReplication();
        if (session.rows().hasChanges()) {
            throw new PgException(
                    SqlState.ACTIVE_SQL_TRANSACTION,
                    "cannot create logical replication slot in transaction that has performed"
                            + " writes");
        }
        var slot =
                session.instance()
                        .replication()
                        .createSlot(name, plugin, isTemporary, session.pid());
        return new SlotPosition(slot.name(), slot.confirmedFlushLsn());
    }

    @Override
    public void dropSlot(String name) {
        requireReplication();
        session.instance().replication().slots().drop(name, 0);
    }

    @Override
    public SlotPosition advanceSlot(String name, Lsn upTo) {
        requireReplication();
        return new SlotPosition(
                name, session.instance().replication().advance(name, upTo, session.pid()));
    }

    @Override
    public List<@Nullable Object[]> changes(Reading reading) {
        requireReplication();
        return session.instance()
                .replication()
                .changes(
                        reading, session.textStyle(), session.pid(), session.cancellation()::check);
    }

    @Override
    public Lsn emitMessage(boolean isTransactional, String prefix, byte[] content) {
        var log = session.instance().replication().log();
        if (isTransactional) {
            LogicalMessages.emit(session.rows(), true, prefix, content);
        } else {
            try (var own = session.instance().engine().newInternalSession(new SystemServices())) {
                LogicalMessages.emit(own, false, prefix, content);
                own.commit();
            }
        }
        return log.end();
    }

    boolean isAllowed() {
        return session.instance()
                .roles()
                .find(session.user())
                .map(role -> role.isSuperuser() || role.canReplicate())
                .orElse(false);
    }

    private void requireReplication() {
        if (!isAllowed()) {
            throw new PgException(
                    SqlState.INSUFFICIENT_PRIVILEGE,
                    "must be superuser or replication role to use replication slots");
        }
    }
}
