package io.heliosdb.pgwire;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.heliosdb.pg.Column;
import io.heliosdb.pg.Oid;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.proto.CopyDirection;
import io.heliosdb.pgwire.ReplicationCommand.Snapshot;
import io.heliosdb.replication.ReplicationSlot;
import io.heliosdb.session.Instance;
import io.heliosdb.session.Session;
import io.heliosdb.session.TransactionStatus;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a replication connection can say beside SQL. Confined to the backend's thread.
 *
 * @see <a href="https://www.postgresql.org/docs/15/protocol-replication.html">PostgreSQL: streaming
 *     replication protocol</a>
 */
final class WalSender implements AutoCloseable {
    private final Instance instance;
    private final Session session;
    private final Wire wire;
    private final Termination termination;

    /** The name of the snapshot that is offered to others; null where none is. */
    private @Nullable String exported;

    WalSender(Instance instance, Session session, Wire wire, Termination termination) {
        this.instance = instance;
        this.session = session;
        this.wire = wire;
        this.termination = termination;
    }

    /**
     * Runs a command.
     *
     * @return false where it is none, but SQL
     */
    boolean run(String sql) throws IOException {
        endExport();
        var command = ReplicationParser.parse(sql);
        if (command.isEmpty()) {
            return false;
        }
        switch (command.get()) {
            case ReplicationCommand.IdentifySystem _ -> identify();
            case ReplicationCommand.CreateSlot create -> create(create);
            case ReplicationCommand.DropSlot(String slot) -> {
                instance.replication().slots().drop(slot, 0);
                wire.output().writer().commandComplete("DROP_REPLICATION_SLOT");
            }
            case ReplicationCommand.Start start -> start(start);
        }
        return true;
    }

    private void identify() throws IOException {
        var log = instance.replication().log();
        var timelines = log.timelines();
        row(
                List.of("systemid", "timeline", "xlogpos", "dbname"),
                Long.toUnsignedString(timelines.getFirst().id()),
                String.valueOf(timelines.size()),
                log.flushed().toString(),
                Instance.DATABASE);
        wire.output().writer().commandComplete("IDENTIFY_SYSTEM");
    }

    private void create(ReplicationCommand.CreateSlot create) throws IOException {
        var made =
                switch (create.snapshot().orElse(Snapshot.EXPORT)) {
                    case NOTHING ->
                            instance.replication()
                                    .createSlot(
                                            create.slot(),
                                            create.plugin(),
                                            create.isTemporary(),
                                            session.pid());
                    case USE ->
                            session.createSlotAtSnapshot(
                                    create.slot(), create.plugin(), create.isTemporary());
                    case EXPORT -> export(create);
                };
        row(
                List.of("slot_name", "consistent_point", "snapshot_name", "output_plugin"),
                made.name(),
                made.confirmedFlushLsn().toString(),
                exported,
                made.plugin());
        wire.output().writer().commandComplete("CREATE_REPLICATION_SLOT");
    }

    /** The snapshot can be taken over until the next command of this connection. */
    private ReplicationSlot export(ReplicationCommand.CreateSlot create) {
        if (session.status() != TransactionStatus.IDLE) {
            throw new PgException(
                    SqlState.INTERNAL_ERROR,
                    "CREATE_REPLICATION_SLOT ... (SNAPSHOT 'export') must not be called inside a"
                            + " transaction");
        }
        var made =
                instance.replication()
                        .exportSlot(
                                create.slot(),
                                create.plugin(),
                                create.isTemporary(),
                                session.pid());
        exported = instance.snapshots().add(made.snapshot(), session.pid());
        return made.slot();
    }

    @Override
    public void close() {
        endExport();
    }

    /** Offers the snapshot no more that the last command made. */
    private void endExport() {
        var name = exported;
        exported = null;
        if (name != null) {
            instance.snapshots().remove(name);
        }
    }

    private void row(List<String> names, @Nullable String... values) throws IOException {
        var writer = wire.output().writer();
        var columns = new ArrayList<Column>();
        for (String name : names) {
            columns.add(new Column(name, name.equals("timeline") ? Oid.INT4 : Oid.TEXT));
        }
        writer.rowDescription(columns, 0);
        writer.beginDataRow(values.length);
        for (String value : values) {
            if (value == null) {
                writer.nullValue();
            } else {
                writer.value(value.getBytes(UTF_8));
            }
        }
        writer.endDataRow();
    }

    private void start(ReplicationCommand.Start start) throws IOException {
        try (var sender = instance.replication().openSender(session.pid(), session.user());
                var reader =
                        instance.replication()
                                .read(
                                        start.slot(),
                                        start.from(),
                                        start.options(),
                                        session.textStyle(),
                                        session.pid())) {
            var output = wire.output();
            output.writer().copyResponse(CopyDirection.BOTH, 0, 0);
            output.flush();
            var timeout = IdleLimit.parse(session.setting("wal_sender_timeout"));
            if (new WalStream(reader, sender, wire, termination, timeout).run()) {
                output.writer().copyDone();
                output.writer().commandComplete("COPY 0");
                output.writer().commandComplete("START_REPLICATION");
            } else {
                throw PgException.fatal(SqlState.CONNECTION_FAILURE, "the client has left");
            }
        }
    }
}
