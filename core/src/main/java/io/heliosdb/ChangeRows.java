package io.heliosdb;

import io.heliosdb.pg.Column;
import io.heliosdb.pg.Lsn;
import io.heliosdb.replication.RowSink;
import io.heliosdb.replication.StreamedTable;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.IdentityHashMap;

/** Changes as users see them, until they are taken. Confined to the stream's lock. */
final class ChangeRows implements RowSink {
    /** Of tables that are not changed any more few are remembered. */
    private static final int TABLES_MAX = 1024;

    private final ArrayDeque<Change> waiting = new ArrayDeque<>();
    private final IdentityHashMap<StreamedTable, Known> tables = new IdentityHashMap<>();
    private Lsn lsn;

    private record Known(Change.Table table, RowShape shape) {
        Row row(@Nullable Object[] values) {
            return new Row(shape, values);
        }
    }

    /** What follows is at a position, until a transaction begins. */
    ChangeRows(Lsn begin) {
        lsn = begin;
    }

    @Nullable Change poll() {
        return waiting.poll();
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    private Known known(StreamedTable table) {
        var known = tables.get(table);
        if (known == null) {
            if (tables.size() >= TABLES_MAX) {
                tables.clear();
            }
            var columns =
                    table.columns().stream()
                            .map(column -> new Column(column.name(), column.oid()))
                            .toList();
            known =
                    new Known(
                            new Change.Table(
                                    table.schema(),
                                    table.name(),
                                    table.oid(),
                                    columns,
                                    table.key()),
                            new RowShape(columns));
            tables.put(table, known);
        }
        return known;
    }

    @Override
    public void existing(StreamedTable table, @Nullable Object[] row) {
        var known = known(table);
        waiting.add(new Change.Existing(lsn, known.table, known.row(row)));
    }

    @Override
    public void existingEnd(Lsn at) {
        waiting.add(new Change.ExistingEnd(at));
    }

    @Override
    public void begin(Lsn at, int xid, Instant committedAt) {
        lsn = at;
        waiting.add(new Change.Begin(at, xid, committedAt));
    }

    @Override
    public void insert(StreamedTable table, @Nullable Object[] row) {
        var known = known(table);
        waiting.add(new Change.Insert(lsn, known.table, known.row(row)));
    }

    @Override
    public void update(StreamedTable table, @Nullable Object[] old, @Nullable Object[] row) {
        var known = known(table);
        waiting.add(new Change.Update(lsn, known.table, known.row(old), known.row(row)));
    }

    @Override
    public void delete(StreamedTable table, @Nullable Object[] old) {
        var known = known(table);
        waiting.add(new Change.Delete(lsn, known.table, known.row(old)));
    }

    @Override
    public void truncate(StreamedTable table, boolean restartsIdentity) {
        waiting.add(new Change.Truncate(lsn, known(table).table, restartsIdentity));
    }

    @Override
    public void message(boolean isTransactional, Lsn at, String prefix, byte[] content) {
        waiting.add(new Change.Message(at, isTransactional, prefix, content));
    }

    @Override
    public void commit(Lsn at, Lsn end, Instant committedAt) {
        waiting.add(new Change.Commit(at, end, committedAt));
    }
}
