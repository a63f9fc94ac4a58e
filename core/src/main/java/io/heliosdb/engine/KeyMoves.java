package io.heliosdb.engine;

import io.heliosdb.log.LogEntry.Operation;
import io.heliosdb.log.LogEntry.RowChange;
import io.heliosdb.log.LogEntry.TableRef;

import org.h2.mvstore.db.MVTable;
import org.h2.result.LocalResult;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which rows a transaction has given another key. The store keeps a row under its primary key where
 * that is a whole number, so an update of it is a removal here and a row there, and only the
 * statement knows that the two are one row. What was taken back may still be here: it joins what
 * would otherwise be told as a deletion and an insertion of the same two rows. Confined to its
 * session.
 */
final class KeyMoves {
    private final List<Moved> all = new ArrayList<>();

    private record Moved(MVTable table, long from, long to) {}

    private record Place(TableRef table, long key) {}

    /** Notes what an update is about to move; the result stands at its begin before and after. */
    void note(MVTable table, LocalResult rows) {
        int column = table.getMainIndexColumn();
        if (column < 0) {
            return;
        }
        while (rows.next()) {
            long from = rows.currentRowForTable().getKey();
            rows.next();
            long to = rows.currentRowForTable().getValue(column).getLong();
            if (from != to) {
                all.add(new Moved(table, from, to));
            }
        }
        rows.reset();
    }

    void clear() {
        all.clear();
    }

    /** Makes one change of the two that each move left. */
    List<RowChange> join(List<RowChange> changes) {
        if (all.isEmpty()) {
            return changes;
        }
        Map<Place, Integer> gone = new HashMap<>();
        Map<Place, Integer> come = new HashMap<>();
        for (int i = 0; i < changes.size(); i++) {
            var change = changes.get(i);
            var place = new Place(change.table(), change.key());
            switch (change.operation()) {
                case DELETE -> gone.put(place, i);
                case INSERT -> come.put(place, i);
                case UPDATE -> {}
            }
        }
        Map<Integer, RowChange> joined = new HashMap<>();
        Set<Integer> left = new HashSet<>();
        for (var moved : all) {
            var name = new TableRef(moved.table.getSchema().getName(), moved.table.getName());
            var from = gone.get(new Place(name, moved.from));
            var to = come.get(new Place(name, moved.to));
            if (from != null && to != null && from < to && left.add(from)) {
                var old = changes.get(from);
                var now = changes.get(to);
                joined.put(
                        to,
                        new RowChange(
                                name,
                                Operation.UPDATE,
                                moved.to,
                                moved.from,
                                old.oldRow(),
                                now.newRow()));
                come.remove(new Place(name, moved.to));
            }
        }
        var result = new ArrayList<RowChange>(changes.size());
        for (int i = 0; i < changes.size(); i++) {
            if (!left.contains(i)) {
                result.add(joined.getOrDefault(i, changes.get(i)));
            }
        }
        return result;
    }
}
