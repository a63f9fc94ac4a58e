package io.heliosdb.engine;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where tables are that something else is kept for by their names, so that they are known by
 * another name after they were renamed or moved to another schema. Thread-safe.
 */
public final class TablePlaces {
    private final Map<TableId, Integer> oids = new ConcurrentHashMap<>();

    /** No table is known yet. */
    public TablePlaces() {}

    /**
     * Remembers a table, so that {@link #locate} finds it under its next name.
     *
     * @param table the table; nothing happens where it is not there
     * @param session who sees it
     */
    public void remember(TableId table, EngineSession session) {
        Inspection.table(session, table).ifPresent(info -> oids.put(table, info.oid()));
    }

    /**
     * Where a table that was there is now.
     *
     * @param table its last known name
     * @param session who looks
     * @return its name now; empty where it is gone
     */
    public Optional<TableId> locate(TableId table, EngineSession session) {
        if (TemporaryObjects.isTemporary(table) && !session.temporary().isOwn(table)) {
            // Another session drops it.
            return Optional.of(table);
        }
        var schema = session.engine().schema();
        var same = Inspection.table(session, table);
        if (same.isPresent()) {
            oids.put(table, same.get().oid());
            return Optional.of(table);
        }
        Integer oid = oids.remove(table);
        if (oid == null) {
            return Optional.empty();
        }
        var renamed =
                schema.names().stream()
                        .flatMap(name -> schema.tables(name).stream())
                        .filter(info -> info.oid() == oid)
                        .map(TableInfo::id)
                        .findFirst();
        renamed.ifPresent(now -> oids.put(now, oid));
        return renamed;
    }
}
