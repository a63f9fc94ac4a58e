package io.heliosdb.replication;

import io.heliosdb.log.Log;
import io.heliosdb.pg.Lsn;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.replication.ReplicationSlot.Persistence;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** The slots of a database. Thread-safe. */
public final class ReplicationSlots {
    private static final int NAME_MAX = 63;

    /** The plugins that a slot may have. */
    private static final Set<String> PLUGINS = Set.of("pgoutput", "test_decoding", "wal2json");

    private final Log log;
    private final SlotFiles files;
    private final int slotsMax;
    private final Duration idleTimeout;
    private final ReentrantLock changing = new ReentrantLock();
    private final Map<String, ReplicationSlot> slots = new ConcurrentHashMap<>();

    /**
     * Reads the slots of a database, and has the log kept for them.
     *
     * @param log the log
     * @param directory of the database
     * @param slotsMax how many slots there may be
     * @param idleTimeout how long one may have no reader before it is lost; zero for ever
     * @throws PgException XX001 where a slot's file is damaged, 58030 where the disk fails
     */
    public ReplicationSlots(Log log, Path directory, int slotsMax, Duration idleTimeout) {
        this.log = log;
        this.slotsMax = slotsMax;
        this.idleTimeout = idleTimeout;
        files = SlotFiles.at(directory);
        for (var stored : files.load()) {
            var slot =
                    new ReplicationSlot(
                            stored,
                            Persistence.PERMANENT,
                            0,
                            files,
                            log.hold(stored.confirmed()),
                            idleTimeout);
            slots.put(stored.name(), slot);
        }
    }

    /**
     * All slots.
     *
     * @return by name
     */
    public List<ReplicationSlot> all() {
        return slots.values().stream().sorted(Comparator.comparing(ReplicationSlot::name)).toList();
    }

    /**
     * A slot by its name.
     *
     * @param name its name
     * @return the slot
     * @throws PgException 42704 where there is none
     */
    public ReplicationSlot require(String name) {
        var slot = slots.get(name);
        if (slot == null) {
            throw missing(name);
        }
        return slot;
    }

    /** A slot by its name, if there is one. */
    Optional<ReplicationSlot> find(String name) {
        return Optional.ofNullable(slots.get(name));
    }

    /** Drops a slot whose reader goes before it has what was there when the slot was made. */
    void dropFresh(ReplicationSlot slot) {
        if (slot.isFresh() && slots.get(slot.name()) == slot) {
            drop(slot.name(), slot.activePid().orElse(0));
        }
    }

    /**
     * Makes a slot whose reader gets what is committed from a position on.
     *
     * @param name its name
     * @param plugin what its changes look like
     * @param persistence how long it lives
     * @param pid the session that makes it
     * @param from the position
     * @return the slot
     * @throws PgException 42710 for a name that is taken, 42602 for one that no slot can have,
     *     58P01 for an unknown plugin, 53400 beyond max_replication_slots
     */
    ReplicationSlot create(String name, String plugin, Persistence persistence, int pid, Lsn from) {
        requireName(name);
        requirePlugin(plugin);
        changing.lock();
        try {
            if (slots.containsKey(name)) {
                throw new PgException(
                        SqlState.DUPLICATE_OBJECT,
                        "replication slot \"" + name + "\" already exists");
            }
            if (slots.size() >= slotsMax) {
                throw new PgException(
                                SqlState.CONFIGURATION_LIMIT_EXCEEDED,
                                "all replication slots are in use")
                        .withHint("Free one or increase max_replication_slots.");
            }
            var stored = new SlotFiles.Stored(name, plugin, from, Optional.empty());
            var hold = log.hold(from);
            if (persistence == Persistence.PERMANENT) {
                files.write(stored);
            }
            var slot = new ReplicationSlot(stored, persistence, pid, files, hold, idleTimeout);
            slots.put(name, slot);
            return slot;
        } finally {
            changing.unlock();
        }
    }

    /**
     * Drops a slot.
     *
     * @param name its name
     * @param pid the session that drops it, which may have it
     * @throws PgException 42704 where there is none, 55006 where somebody reads from it
     */
    public void drop(String name, int pid) {
        changing.lock();
        try {
            require(name).drop(pid);
            slots.remove(name);
        } finally {
            changing.unlock();
        }
    }

    /**
     * A session has ended: its temporary slots go.
     *
     * @param pid the session
     */
    void sessionEnded(int pid) {
        for (var slot : slots.values()) {
            if (slot.isTemporary() && slot.creator() == pid) {
                drop(slot.name(), slot.activePid().orElse(0));
            }
        }
    }

    /** Has on disk what readers have confirmed. */
    void flush() {
        slots.values().forEach(ReplicationSlot::flush);
    }

    private static void requireName(String name) {
        if (name.isEmpty()) {
            throw new PgException(SqlState.INVALID_NAME, "replication slot name \"\" is too short");
        }
        if (name.length() > NAME_MAX) {
            throw new PgException(
                    SqlState.NAME_TOO_LONG, "replication slot name \"" + name + "\" is too long");
        }
        boolean isGood =
                name.chars()
                        .allMatch(
                                c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_');
        if (!isGood) {
            throw new PgException(
                            SqlState.INVALID_NAME,
                            "replication slot name \"" + name + "\" contains invalid character")
                    .withHint(
                            "Replication slot names may only contain lower case letters, numbers,"
                                    + " and the underscore character.");
        }
    }

    private static void requirePlugin(String plugin) {
        if (!PLUGINS.contains(plugin)) {
            throw new PgException(
                    SqlState.UNDEFINED_FILE,
                    "could not access file \"" + plugin + "\": No such file or directory");
        }
    }

    static PgException missing(String name) {
        return new PgException(
                SqlState.UNDEFINED_OBJECT, "replication slot \"" + name + "\" does not exist");
    }
}
