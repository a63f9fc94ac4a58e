package io.heliosdb.engine;

import java.util.List;
import java.util.Optional;

/** What there is in the store, as one session sees it: its schema and its sizes. */
public final class Inspection {
    private Inspection() {}

    /**
     * A table of a session by its name alone.
     *
     * @param session the session
     * @param name its name
     * @return a temporary table before one of the search path
     */
    public static Optional<TableInfo> table(EngineSession session, String name) {
        return session.temporary()
                .table(name)
                .or(() ->
                        session.engine()
                                .schema()
                                .table(List.of(session.local().getSchemaSearchPath()), name));
    }

    /**
     * A table that a session may know.
     *
     * @param session the session
     * @param id its name
     * @return the table or view, where it is there and not another session's
     */
    public static Optional<TableInfo> table(EngineSession session, TableId id) {
        return session.temporary().isOwn(id)
                ? session.temporary().table(id.name())
                : session.engine().schema().table(id.schema(), id.name());
    }

    /**
     * Whether there is an object.
     *
     * @param session the session that asks
     * @param kind table, view, index, sequence or schema
     * @param schema its schema; empty for the search path
     * @param name its name
     * @return whether there is
     */
    public static boolean exists(
            EngineSession session, String kind, Optional<String> schema, String name) {
        return Schema.exists(session.local(), kind, schema, name);
    }

    /**
     * Describes everything that users have created, the session's temporary tables included.
     *
     * @param session the session
     * @return as it is now
     */
    public static Description describe(EngineSession session) {
        var local = session.local();
        return new DescriptionReader(local.getDatabase(), session).read();
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
     * Whether the session has what no other one sees.
     *
     * @param session the session
     * @return whether it has
     */
    public static boolean hasTemporaryObjects(EngineSession session) {
        return session.temporary().schemaName().isPresent();
    }
}
