package io.heliosdb.engine;

import io.heliosdb.log.LogEntry.Operation;
import io.heliosdb.log.LogEntry.RowChange;
import io.heliosdb.log.LogEntry.TableRef;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.h2.engine.SessionLocal;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.db.MVTable;
import org.h2.mvstore.db.Store;
import org.h2.mvstore.tx.TransactionStore.Change;
import org.h2.result.Row;
import org.h2.value.VersionedValue;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a transaction has changed, read from the store's undo log before the commit: exact for all
 * that statements, triggers and cascades have written, and free of what a savepoint or a failed
 * statement has taken back.
 *
 * <p>The undo log has what was there before each change. It is walked from the newest to the
 * oldest; what was there after a change is what the next newer change of the same row found, and
 * for the newest what stands in the table now. An entry that leaves the very same row is a row lock
 * and no change. The store updates a row by removing it and adding it again, so a row that went and
 * came back under its key has been updated. Tables that are temporary, and the store's table of
 * tables, are left out.
 */
final class ChangeCapture {
    /** The name of the map of the store's table of tables, which changes of the schema write. */
    private static final String META = "table.0";

    private static final String TABLES = "table.";

    private final Store store;
    private final long bytesMax;

    ChangeCapture(Store store, long bytesMax) {
        this.store = store;
        this.bytesMax = bytesMax;
    }

    /** A table that the transaction has changed, with what its rows are after the older changes. */
    private record Touched(
            MVTable table,
            TableRef name,
            MVMap<Object, VersionedValue<Object>> rows,
            Map<Object, Optional<Row>> after,
            Map<Object, Integer> added) {}

    /**
     * The changes of a session's transaction, oldest first.
     *
     * @throws PgException 54000 where they are more than a transaction may write
     */
    List<RowChange> changes(SessionLocal session) {
        var changes = new ArrayList<RowChange>();
        Map<String, Optional<Touched>> tables = new HashMap<>();
        long bytes = 0;
        var undo = session.getTransaction().getChanges(0);
        while (undo.hasNext()) {
            Change change = undo.next();
            var touched = tables.computeIfAbsent(change.mapName, this::touched).orElse(null);
            if (touched == null) {
                continue;
            }
            var row = rowChange(touched, change);
            if (row != null) {
                add(changes, touched, row);
                bytes += sizeOf(row.oldRow()) + sizeOf(row.newRow());
                if (bytes > bytesMax) {
                    throw tooLarge();
                }
            }
        }
        Collections.reverse(changes);
        return changes;
    }

    private static void add(List<RowChange> changes, Touched touched, RowChange row) {
        Integer added = touched.added.remove(row.key());
        switch (row.operation()) {
            case INSERT -> {
                touched.added.put(row.key(), changes.size());
                changes.add(row);
            }
            case UPDATE -> changes.add(row);
            case DELETE -> {
                if (added == null) {
                    changes.add(row);
                } else {
                    byte[] after = changes.get(added).newRow();
                    changes.set(
                            added,
                            new RowChange(
                                    row.table(), Operation.UPDATE, row.key(), row.oldRow(), after));
                }
            }
        }
    }

    private Optional<Touched> touched(String mapName) {
        if (!mapName.startsWith(TABLES) || mapName.equals(META)) {
            return Optional.empty();
        }
        MVTable table = store.getTable(mapName);
        if (table == null || table.isTemporary()) {
            return Optional.empty();
        }
        MVMap<Object, VersionedValue<Object>> rows = StoreAccess.rows(table);
        var name = new TableRef(table.getSchema().getName(), table.getName());
        return Optional.of(new Touched(table, name, rows, new HashMap<>(), new HashMap<>()));
    }

    @SuppressWarnings("ReferenceEquality") // a lock leaves the row itself, an update makes another
    private static @Nullable RowChange rowChange(Touched touched, Change change) {
        var before = (Row) change.value;
        Row after =
                touched.after
                        .computeIfAbsent(change.key, key -> Optional.ofNullable(now(touched, key)))
                        .orElse(null);
        touched.after.put(change.key, Optional.ofNullable(before));
        if (before == after) {
            return null;
        }
        long key = (Long) change.key;
        return new RowChange(
                touched.name,
                operation(before, after),
                key,
                before == null ? null : RowImages.encode(touched.table, before, false),
                after == null ? null : RowImages.encode(touched.table, after, true));
    }

    private static Operation operation(@Nullable Row before, @Nullable Row after) {
        if (before == null) {
            return Operation.INSERT;
        }
        return after == null ? Operation.DELETE : Operation.UPDATE;
    }

    /** The row as the transaction has left it: it holds the row's lock, so nobody else has. */
    private static @Nullable Row now(Touched touched, Object key) {
        var version = touched.rows.get(key);
        return version == null ? null : (Row) version.getCurrentValue();
    }

    private static long sizeOf(byte @Nullable [] row) {
        return row == null ? 0 : row.length;
    }

    private PgException tooLarge() {
        return new PgException(
                        SqlState.PROGRAM_LIMIT_EXCEEDED,
                        "the transaction's changes exceed the limit of " + bytesMax + " bytes")
                .withHint("Commit more often, or raise max_transaction_bytes.");
    }
}
