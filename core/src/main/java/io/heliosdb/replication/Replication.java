package io.heliosdb.replication;

import io.heliosdb.engine.EngineSession;
import io.heliosdb.engine.ExportedSnapshot;
import io.heliosdb.engine.Isolation;
import io.heliosdb.engine.ReplicationServices;
import io.heliosdb.engine.SnapshotPoint;
import io.heliosdb.log.Log;
import io.heliosdb.pg.Lsn;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.type.TextStyle;
import io.heliosdb.replication.ReplicationSlot.Persistence;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongPredicate;
import java.util.function.Supplier;

/** The slots of a database and their readers. Without a log there are none. Thread-safe. */
public final class Replication implements AutoCloseable {
    private static final String PGOUTPUT = "pgoutput";

    private final PublicationCatalog publications;
    private final Supplier<EngineSession> sessions;
    private final LongPredicate isVisible;
    private final @Nullable Log log;
    private final @Nullable ReplicationSlots slots;
    private final int sendersMax;
    private final Map<Integer, SenderStatus> senders = new ConcurrentHashMap<>();

    private Replication(
            PublicationCatalog publications,
            Supplier<EngineSession> sessions,
            LongPredicate isVisible,
            @Nullable Log log,
            @Nullable ReplicationSlots slots,
            int sendersMax) {
        this.publications = publications;
        this.sessions = sessions;
        this.isVisible = isVisible;
        this.log = log;
        this.slots = slots;
        this.sendersMax = sendersMax;
    }

    /**
     * Replication without a log: everything that needs one fails with 55000.
     *
     * @param publications the publications
     * @return nothing to be closed
     */
    public static Replication none(PublicationCatalog publications) {
        return new Replication(
                publications,
                () -> {
                    throw unavailable();
                },
                lsn -> true,
                null,
                null,
                0);
    }

    /**
     * Opens the slots of a database.
     *
     * @param publications the publications
     * @param sessions makes sessions of the program's own
     * @param log the log
     * @param isVisible whether what stands at a position of the log is visible to all
     * @param slots the slots
     * @param sendersMax how many connections may stream changes at one time
     * @return to be closed before the log
     */
    public static Replication open(
            PublicationCatalog publications,
            Supplier<EngineSession> sessions,
            Log log,
            LongPredicate isVisible,
            ReplicationSlots slots,
            int sendersMax) {
        return new Replication(publications, sessions, isVisible, log, slots, sendersMax);
    }

    /**
     * The slots.
     *
     * @return those of this database
     * @throws PgException 55000 where there is no log
     */
    public ReplicationSlots slots() {
        if (slots == null) {
            throw unavailable();
        }
        return slots;
    }

    /**
     * The slots to be shown.
     *
     * @return none where there is no log
     */
    public List<ReplicationSlot> list() {
        return slots == null ? List.of() : slots.all();
    }

    /**
     * The log.
     *
     * @return the database's
     * @throws PgException 55000 where there is none
     */
    public Log log() {
        if (log == null) {
            throw unavailable();
        }
        return log;
    }

    /**
     * Makes a slot whose reader gets what is committed from now on.
     *
     * @param name its name
     * @param plugin what its changes look like
     * @param isTemporary whether it goes with its session
     * @param pid the session that makes it
     * @return the slot
     * @throws PgException 42710, 42602, 58P01, 53400; 55000 where there is no log
     */
    public ReplicationSlot createSlot(String name, String plugin, boolean isTemporary, int pid) {
        return slots().create(name, plugin, persistence(isTemporary), pid, log().end());
    }

    private static Persistence persistence(boolean isTemporary) {
        return isTemporary ? Persistence.TEMPORARY : Persistence.PERMANENT;
    }

    /**
     * Begins to read from a slot.
     *
     * @param name the slot
     * @param from where to begin; at the slot's place where that is later
     * @param options those of its plugin
     * @param style how values look
     * @param pid the session that reads
     * @return to be closed by the caller
     * @throws PgException 42704, 55006 where somebody reads from it, 55000 where it is lost or
     *     there is no log, and what is wrong with the options
     */
    public SlotReader read(
            String name, Lsn from, Map<String, String> options, TextStyle style, int pid) {
        var slot = slots().require(name);
        slot.acquire(pid);
        return opened(
                slot,
                from,
                sessions,
                cursor -> new SlotReader(cursor, plugin(slot, options, style, cursor.session())));
    }

    /** Reads from a slot that the caller has acquired; it is released where that fails. */
    private <T> T opened(
            ReplicationSlot slot,
            Lsn from,
            Supplier<EngineSession> session,
            Function<SlotCursor, T> reader) {
        SlotCursor cursor = null;
        boolean isOpen = false;
        try {
            slot.requireKept();
            var confirmed = slot.confirmedFlushLsn();
            var begin = from.compareTo(confirmed) > 0 ? from : confirmed;
            cursor = cursor(slot, session.get(), begin);
            var opened = reader.apply(cursor);
            isOpen = true;
            return opened;
        } finally {
            if (!isOpen && cursor != null) {
                cursor.close();
            } else if (!isOpen) {
                slot.release();
            }
        }
    }

    private SlotCursor cursor(ReplicationSlot slot, EngineSession session, Lsn from) {
        boolean isOpen = false;
        try {
            var cursor = new SlotCursor(log(), slot, isVisible, session, from);
            isOpen = true;
            return cursor;
        } finally {
            if (!isOpen) {
                session.close();
            }
        }
    }

    /**
     * Begins to read rows from a slot in this process; the slot is made where there is none.
     *
     * @param name the slot
     * @param wanted the names of the publications
     * @param withExisting whether a new slot gives first the rows that are there
     * @param pid who reads
     * @return to be closed by the caller
     * @throws PgException as {@link #read}; 42704 for a publication that does not exist, 55000 for
     *     a slot with another plugin than pgoutput
     */
    public RowReader readRows(String name, List<String> wanted, boolean withExisting, int pid) {
        var there = publications.committed();
        for (String each : wanted) {
            if (there.find(each).isEmpty()) {
                throw SessionPublications.missing(each);
            }
        }
        var known = slots().find(name);
        if (known.isEmpty() && withExisting) {
            return readExisting(name, wanted, pid);
        }
        var slot = known.orElseGet(() -> createSlot(name, PGOUTPUT, false, pid));
        if (!slot.plugin().equals(PGOUTPUT)) {
            throw new PgException(
                    SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
                    "replication slot \"%s\" was made for the plugin %s, not for %s"
                            .formatted(name, slot.plugin(), PGOUTPUT));
        }
        slot.acquire(pid);
        return opened(slot, Lsn.ZERO, sessions, cursor -> rowReader(cursor, wanted, null));
    }

    /** Makes a slot at the moment that a transaction sees, which gives the rows that are there. */
    private RowReader readExisting(String name, List<String> wanted, int pid) {
        var session = sessions.get();
        boolean isOpen = false;
        try (var _ = log().hold(log().end())) {
            session.begin(true, Isolation.REPEATABLE_READ);
            var from = SnapshotPoint.take(session);
            var slot = slots().create(name, PGOUTPUT, Persistence.FRESH, pid, from);
            slot.acquire(pid);
            try {
                var existing =
                        new SnapshotRows(
                                session, new PublishedRelations(publications, wanted, session));
                var reader =
                        opened(slot, from, sessions, cursor -> rowReader(cursor, wanted, existing));
                isOpen = true;
                return reader;
            } finally {
                if (!isOpen) {
                    slots().drop(name, pid);
                }
            }
        } finally {
            if (!isOpen) {
                session.close();
            }
        }
    }

    private RowReader rowReader(
            SlotCursor cursor, List<String> wanted, @Nullable SnapshotRows existing) {
        var relations = new PublishedRelations(publications, wanted, cursor.session());
        return new RowReader(slots(), cursor, new PublishedChanges(relations, true), existing);
    }

    private OutputPlugin plugin(
            ReplicationSlot slot,
            Map<String, String> options,
            TextStyle style,
            EngineSession session) {
        var given = new PluginOptions(slot.name(), slot.plugin(), options);
        return switch (slot.plugin()) {
            case "test_decoding" -> new TestDecoding(given, publications, style);
            case "wal2json" -> new Wal2Json(given, publications, style);
            default ->
                    new PgOutput(
                            given,
                            new PublishedRelations(
                                    publications, PgOutput.publications(given), session),
                            style);
        };
    }

    /**
     * A connection begins to stream changes.
     *
     * @param pid its session
     * @param user its role
     * @return to be closed when it has ended
     * @throws PgException 53300 beyond max_wal_senders, 55000 where there is no log
     */
    public SenderStatus openSender(int pid, String user) {
        log();
        var sender = new SenderStatus(this, pid, user);
        senders.put(pid, sender);
        if (senders.size() > sendersMax) {
            forget(sender);
            throw new PgException(
                    SqlState.TOO_MANY_CONNECTIONS,
                    "number of requested standby connections exceeds max_wal_senders (currently"
                            + " %d)".formatted(sendersMax));
        }
        return sender;
    }

    /**
     * Who streams changes.
     *
     * @return in no order
     */
    public List<SenderStatus> senders() {
        return List.copyOf(senders.values());
    }

    void forget(SenderStatus sender) {
        senders.remove(sender.pid(), sender);
    }

    /**
     * Makes a slot whose reader gets what is committed from a position on.
     *
     * @param name its name
     * @param plugin what its changes look like
     * @param isTemporary whether it goes with its session
     * @param pid the session that makes it
     * @param from gives the position; called once the log is kept
     * @return the slot
     * @throws PgException as {@link #createSlot(String, String, boolean, int)}
     */
    public ReplicationSlot createSlot(
            String name, String plugin, boolean isTemporary, int pid, Supplier<Lsn> from) {
        try (var _ = log().hold(log().end())) {
            return slots().create(name, plugin, persistence(isTemporary), pid, from.get());
        }
    }

    /**
     * A slot, and what was committed before its place.
     *
     * @param slot the slot
     * @param snapshot to be closed by the caller
     */
    public record ExportedSlot(ReplicationSlot slot, ExportedSnapshot snapshot) {}

    /**
     * Makes a slot whose reader gets what is committed from now on, and has others see what was
     * committed before.
     *
     * @param name its name
     * @param plugin what its changes look like
     * @param isTemporary whether it goes with its session
     * @param pid the session that makes it
     * @return the slot and the snapshot
     * @throws PgException as {@link #createSlot(String, String, boolean, int)}
     */
    public ExportedSlot exportSlot(String name, String plugin, boolean isTemporary, int pid) {
        var holding = log().hold(log().end());
        var session = sessions.get();
        boolean isDone = false;
        try (holding) {
            session.begin(true, Isolation.REPEATABLE_READ);
            var snapshot = SnapshotPoint.export(session);
            var slot = slots().create(name, plugin, persistence(isTemporary), pid, snapshot.lsn());
            isDone = true;
            return new ExportedSlot(slot, snapshot);
        } finally {
            if (!isDone) {
                session.close();
            }
        }
    }

    /**
     * Moves a slot on without reading from it.
     *
     * @param name the slot
     * @param upTo where to; where the log ends on disk if that comes first
     * @param pid the session that does it
     * @return where it is now
     * @throws PgException 42704, 55006, 55000, 22023 for a position that is not one, or lies before
     *     its place
     */
    public Lsn advance(String name, Lsn upTo, int pid) {
        if (upTo.value() == 0) {
            throw new PgException(SqlState.INVALID_PARAMETER_VALUE, "invalid target WAL LSN");
        }
        var slot = slots().require(name);
        slot.acquire(pid);
        try {
            slot.requireKept();
            var confirmed = slot.confirmedFlushLsn();
            var flushed = log().flushed();
            var target = upTo.compareTo(flushed) < 0 ? upTo : flushed;
            if (target.compareTo(confirmed) < 0) {
                throw new PgException(
                        SqlState.INVALID_PARAMETER_VALUE,
                        "cannot advance replication slot to %s, minimum is %s"
                                .formatted(target, confirmed));
            }
            try (var reader = log().reader(target)) {
                slot.confirm(reader.position());
            }
            slot.flush();
            return slot.confirmedFlushLsn();
        } finally {
            slot.release();
        }
    }

    /**
     * Reads from a slot what is there.
     *
     * @param reading from where and how
     * @param style how values look
     * @param pid the session that reads
     * @param check called between transactions; may throw
     * @return a row each: position, transaction, message
     * @throws PgException as {@link #read}; 0A000 where bytes would be given as text
     */
    public List<@Nullable Object[]> changes(
            ReplicationServices.Reading reading, TextStyle style, int pid, Runnable check) {
        try (var reader = read(reading.slot(), Lsn.ZERO, reading.options(), style, pid)) {
            if (reader.isBinary() && !reading.isBinary()) {
                throw new PgException(
                        SqlState.FEATURE_NOT_SUPPORTED,
                        ("logical decoding output plugin \"%s\" produces binary output, but"
                                        + " function \"pg_logical_slot_%s_changes\" expects textual"
                                        + " data")
                                .formatted(
                                        reader.slot().plugin(),
                                        reading.consumes() ? "get" : "peek"));
            }
            log().flush();
            var limit = log().flushed();
            var upTo = reading.upTo().filter(each -> each.compareTo(limit) < 0).orElse(limit);
            int most = reading.changesMax().orElse(Integer.MAX_VALUE);
            var rows = new ChangeRows(reading.isBinary());
            while (rows.count() < most && reader.nextBefore(upTo, rows)) {
                check.run();
            }
            if (reading.consumes()) {
                reader.confirm(reader.position());
                reader.slot().flush();
            }
            return rows.rows();
        }
    }

    /**
     * A session has ended: its temporary slots go.
     *
     * @param pid the session
     */
    public void sessionEnded(int pid) {
        if (slots != null) {
            slots.sessionEnded(pid);
        }
    }

    /** Has on disk what readers have confirmed. */
    @Override
    public void close() {
        if (slots != null) {
            slots.flush();
        }
    }

    private static PgException unavailable() {
        return new PgException(
                        SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
                        "replication slots need a log, and this database keeps none")
                .withHint("Open it in a directory, with enable_wal = true.");
    }
}
