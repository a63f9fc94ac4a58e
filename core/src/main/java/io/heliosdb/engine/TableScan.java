package io.heliosdb.engine;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.h2.index.Cursor;
import org.h2.mvstore.db.MVTable;
import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * All rows of a table as a transaction with a snapshot of its own sees them, read as they are asked
 * for: the snapshot keeps their pages. Confined to the thread that uses its session.
 */
public final class TableScan {
    private static final int ROWS_AT_ONCE = 128;

    private final EngineSession session;
    private final MVTable table;
    private final Cursor cursor;
    private final Queue<@Nullable Object[]> rows = new ArrayDeque<>();

    /**
     * Begins.
     *
     * @param session with a transaction whose snapshot has been taken
     * @param id the table
     * @throws PgException 42P01 where it is gone
     */
    public TableScan(EngineSession session, TableId id) {
        this.session = session;
        var local = session.local();
        var schema = local.getDatabase().findSchema(id.schema());
        if (schema == null
                || !(schema.findTableOrView(local, id.name()) instanceof MVTable found)) {
            throw new PgException(
                    SqlState.UNDEFINED_TABLE,
                    "relation \"%s.%s\" does not exist".formatted(id.schema(), id.name()));
        }
        table = found;
        cursor =
                session.evaluate(
                        "", () -> table.getScanIndex(local).find(local, null, null, false));
    }

    /**
     * The next row.
     *
     * @return its values, as {@code pg.type} represents them; null at the end
     */
    public @Nullable Object @Nullable [] next() {
        if (rows.isEmpty()) {
            session.evaluate(
                    "",
                    () -> {
                        read();
                        return true;
                    });
        }
        return rows.poll();
    }

    private void read() {
        int columns = table.getColumns().length;
        while (rows.size() < ROWS_AT_ONCE && cursor.next()) {
            rows.add(Values.toJava(cursor.get().getValueList(), columns, session.local()));
        }
    }
}
