package io.heliosdb.engine;

/** What there is in the store, as one session sees it: its schema and its sizes. */
public final class Inspection {
    private Inspection() {}

    /**
     * Describes everything that users have created, the session's temporary tables included.
     *
     * @param session the session
     * @return as it is now
     */
    public static Description describe(EngineSession session) {
        var local = session.local();
        return new DescriptionReader(local.getDatabase(), local).read();
    }

    /**
     * Whether a session waits for a row that another has; any thread may ask.
     *
     * @param session the session
     * @return whether it does
     */
    public static boolean isBlocked(EngineSession session) {
        return session.local().getBlockingSessionId() != 0;
    }

    /**
     * About how many bytes a table or index takes.
     *
     * @param session the session
     * @param oid its number
     * @return 0 for anything else
     */
    public static long relationSize(EngineSession session, int oid) {
        for (var schema : session.local().getDatabase().getAllSchemasNoMeta()) {
            for (var table : schema.getAllTablesAndViews(null)) {
                if (Oids.of(table) == oid) {
                    return table.getDiskSpaceUsed(false, true);
                }
            }
            for (var index : schema.getAllIndexes()) {
                if (Oids.of(index) == oid) {
                    return index.getDiskSpaceUsed(true);
                }
            }
        }
        return 0;
    }

    /**
     * How many bytes the database takes: of its file, or of what it holds in memory.
     *
     * @param session the session
     * @return the size
     */
    public static long databaseSize(EngineSession session) {
        var store = session.local().getDatabase().getStore().getMvStore();
        var file = store.getFileStore();
        return file == null ? 0 : file.size();
    }

    /**
     * Whether the session has tables that no other one sees.
     *
     * @param session the session
     * @return whether it has
     */
    public static boolean hasTemporaryTables(EngineSession session) {
        return !session.local().getLocalTempTables().isEmpty();
    }
}
