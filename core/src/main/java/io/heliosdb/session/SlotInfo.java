package io.heliosdb.session;

import io.heliosdb.pg.Lsn;
import io.heliosdb.replication.ReplicationSlot;
import io.heliosdb.replication.SenderStatus;

import org.jspecify.annotations.Nullable;

import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The slots, and who streams changes, as the catalogs show them. */
final class SlotInfo {
    /** PostgreSQL's number of its first database. */
    private static final int DATABASE = 5;

    private SlotInfo() {}

    static List<Map<String, @Nullable Object>> slots(Instance instance) {
        return instance.replication().list().stream().map(SlotInfo::slot).toList();
    }

    private static Map<String, @Nullable Object> slot(ReplicationSlot slot) {
        var row = new HashMap<String, @Nullable Object>();
        boolean isLost = slot.isLost();
        row.put("slot_name", slot.name());
        row.put("plugin", slot.plugin());
        row.put("slot_type", "logical");
        row.put("datoid", DATABASE);
        row.put("database", Instance.DATABASE);
        row.put("temporary", slot.isTemporary());
        row.put("active", slot.activePid().isPresent());
        row.put("active_pid", slot.activePid().orElse(null));
        row.put("restart_lsn", isLost ? null : slot.restartLsn().toString());
        row.put("confirmed_flush_lsn", slot.confirmedFlushLsn().toString());
        row.put("wal_status", isLost ? "lost" : "reserved");
        row.put("two_phase", false);
        return row;
    }

    static List<Map<String, @Nullable Object>> senders(Instance instance) {
        var end = instance.replication().senders().isEmpty() ? Lsn.ZERO : end(instance);
        return instance.replication().senders().stream()
                .map(sender -> sender(sender, end, instance))
                .toList();
    }

    private static Lsn end(Instance instance) {
        return instance.replication().log().flushed();
    }

    private static Map<String, @Nullable Object> sender(
            SenderStatus sender, Lsn end, Instance instance) {
        var row = new HashMap<String, @Nullable Object>();
        row.put("pid", sender.pid());
        row.put("usename", sender.user());
        row.put(
                "application_name",
                instance.session(sender.pid()).map(Session::applicationName).orElse(""));
        row.put("backend_start", sender.startedAt().atOffset(ZoneOffset.UTC));
        row.put("state", sender.sent().compareTo(end) < 0 ? "catchup" : "streaming");
        row.put("sent_lsn", sender.sent().toString());
        row.put("write_lsn", position(sender.written()));
        row.put("flush_lsn", position(sender.flushed()));
        row.put("replay_lsn", position(sender.applied()));
        row.put("sync_priority", 0);
        row.put("sync_state", "async");
        return row;
    }

    private static @Nullable String position(Lsn lsn) {
        return lsn.value() == 0 ? null : lsn.toString();
    }
}
