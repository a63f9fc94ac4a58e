package io.heliosdb.engine;

import io.heliosdb.log.LogEntry.Ddl;
import io.heliosdb.log.LogEntry.RowChange;
import io.heliosdb.log.LogEntry.TableRef;
import io.heliosdb.log.LogRecord;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.h2.engine.SessionLocal;
import org.h2.message.DbException;
import org.h2.mvstore.db.MVTable;
import org.h2.result.Row;
import org.h2.schema.Schema;
import org.jspecify.annotations.Nullable;

import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Brings a store that has just been opened up to its log. The rows that a transaction left are put
 * below the constraints and triggers, which were satisfied and have fired when it ran: first all
 * rows that it touched go, then those that it left come, each with its key. Doing so twice changes
 * nothing.
 *
 * <p>A definition is run again as it was written. Its checkpoint follows it before it is
 * acknowledged, so one is met here only where the process died in between, or where a log is
 * replayed from its beginning.
 */
final class Redo {
    private static final System.Logger LOG = System.getLogger(Redo.class.getName());

    private final EngineSession session;
    private final SessionLocal local;

    private record RowId(TableRef table, long key) {}

    Redo(EngineSession session) {
        this.session = session;
        local = session.local();
    }

    /**
     * Applies a record.
     *
     * @param isLast whether it is the last of the log, and so perhaps never acknowledged
     * @throws PgException XX001 where it does not fit to the store
     */
    void apply(LogRecord record, boolean isLast) {
        var entry = record.entry();
        try {
            if (!entry.rows().isEmpty()) {
                applyRows(record);
                local.commit(false);
            }
            for (var base : entry.sequences()) {
                SequenceBases.restore(local.getDatabase(), base);
            }
        } catch (DbException e) {
            local.rollback();
            throw misfit(record, ErrorMap.plainMessage(e), e);
        }
        for (var ddl : entry.ddl()) {
            define(record, ddl, isLast);
        }
    }

    private void applyRows(LogRecord record) {
        Map<RowId, Optional<RowChange>> left = new LinkedHashMap<>();
        for (var change : record.entry().rows()) {
            if (change.oldKey() != change.key()) {
                left.put(new RowId(change.table(), change.oldKey()), Optional.empty());
            }
            left.put(
                    new RowId(change.table(), change.key()),
                    change.newRow() == null ? Optional.empty() : Optional.of(change));
        }
        Map<TableRef, MVTable> tables = new LinkedHashMap<>();
        for (var id : left.keySet()) {
            var table = tables.computeIfAbsent(id.table, name -> table(record, name));
            Row before = find(table, id.key);
            if (before != null) {
                table.removeRow(local, before);
            }
        }
        left.forEach((id, change) -> change.ifPresent(after -> add(tables, id, after)));
    }

    private void add(Map<TableRef, MVTable> tables, RowId id, RowChange after) {
        var table = tables.get(id.table);
        byte[] image = after.newRow();
        assert table != null && image != null : "a row without a table or without values";
        table.addRow(local, RowImages.decode(table, id.key, image));
    }

    private @Nullable Row find(MVTable table, long key) {
        Row wanted = table.getTemplateRow();
        wanted.setKey(key);
        var cursor = table.getScanIndex(local).find(local, wanted, wanted, false);
        return cursor.next() ? cursor.get() : null;
    }

    private MVTable table(LogRecord record, TableRef name) {
        Schema schema = local.getDatabase().findSchema(name.schema());
        if (schema != null && schema.findTableOrView(local, name.name()) instanceof MVTable table) {
            return table;
        }
        throw misfit(record, "there is no table " + name.schema() + "." + name.name(), null);
    }

    private void define(LogRecord record, Ddl ddl, boolean isLast) {
        try {
            session.searchPath(ddl.searchPath().toArray(String[]::new));
            try (var change = session.engine().tableHistory().begin();
                    var plan = session.prepareSystem(ddl.text())) {
                plan.executeNow(new Object[0]);
                Definition.settle(session, plan);
                change.defined(record.lsn());
            }
        } catch (PgException | DbException e) {
            if (!isLast) {
                throw misfit(record, "\"" + ddl.text() + "\" fails: " + e.getMessage(), e);
            }
            LOG.log(
                    Level.WARNING,
                    "a definition that was not acknowledged is not repeated: {0}",
                    ddl.text());
        }
    }

    private static PgException misfit(
            LogRecord record, String what, @Nullable RuntimeException cause) {
        var error =
                new PgException(
                                SqlState.DATA_CORRUPTED,
                                "the log does not fit to the database at " + record.lsn())
                        .withDetail(what);
        return cause == null ? error : new PgException(error.report(), cause);
    }
}
