package io.heliosdb.replication;

import io.heliosdb.engine.EngineSession;
import io.heliosdb.engine.TableInfo;
import io.heliosdb.engine.TableScan;
import io.heliosdb.engine.TableShape;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Queue;

/**
 * The rows that publications have at the moment that a transaction sees, table by table. Memory is
 * bounded: rows are read as they are asked for. Confined to the thread that uses its session, which
 * it closes.
 */
final class SnapshotRows implements AutoCloseable {
    private static final int ROWS_AT_ONCE = 256;

    private final EngineSession session;
    private final PublishedRelations relations;
    private final Queue<TableInfo> tables = new ArrayDeque<>();
    private @Nullable Current current;

    private record Current(PublishedRelation relation, TableScan rows) {}

    SnapshotRows(EngineSession session, PublishedRelations relations) {
        this.session = session;
        this.relations = relations;
        var schema = session.engine().schema();
        schema.names().stream()
                .filter(SnapshotRows::isOfUsers)
                .map(schema::tables)
                .flatMap(Collection::stream)
                .filter(table -> !table.isView())
                .sorted(Comparator.comparing(table -> table.id().toString()))
                .forEach(tables::add);
    }

    private static boolean isOfUsers(String schema) {
        return !schema.equals("heliosdb")
                && !schema.equals("pg_catalog")
                && !schema.equalsIgnoreCase("information_schema");
    }

    /** Passes on some rows; false where there are no more. */
    boolean next(RowSink out) {
        for (int left = ROWS_AT_ONCE; left > 0; ) {
            var table = current == null ? open() : current;
            if (table == null) {
                return left < ROWS_AT_ONCE;
            }
            current = table;
            var row = table.rows.next();
            if (row == null) {
                current = null;
            } else if (table.relation.publishesExisting(row)) {
                out.existing(table.relation.streamed(), table.relation.published(row));
                left--;
            }
        }
        return true;
    }

    private @Nullable Current open() {
        for (var table = tables.poll(); table != null; table = tables.poll()) {
            var relation = relations.find(TableShape.of(table));
            if (relation != null) {
                return new Current(relation, new TableScan(session, table.id()));
            }
        }
        return null;
    }

    @Override
    public void close() {
        try (session) {
            relations.close();
        }
    }
}
