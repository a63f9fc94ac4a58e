package io.heliosdb.replication;

import io.heliosdb.engine.Engine;
import io.heliosdb.engine.EngineSession;
import io.heliosdb.engine.LoggedRows;
import io.heliosdb.engine.TableHistory;
import io.heliosdb.engine.TableHistory.Held;
import io.heliosdb.engine.TableShape;
import io.heliosdb.log.LogEntry.Ddl;
import io.heliosdb.log.LogEntry.RowChange;
import io.heliosdb.log.LogEntry.TableRef;
import io.heliosdb.log.LogRecord;
import io.heliosdb.pg.Lsn;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Reads records of the log with the tables as they were at their time. What is in the engine's own
 * tables is not shown, but for messages, which are rows there. Confined to the thread that uses its
 * session.
 */
final class LogicalDecoder {
    private static final Pattern TRUNCATE =
            Pattern.compile(
                    "(?is)TRUNCATE\\s+TABLE\\s+(NAME)(?:\\s*\\.\\s*(NAME))?(\\s+RESTART.*)?\\s*"
                            .replace("NAME", "\"(?:[^\"]|\"\")+\"|[^\\s\".]+"));

    private final Engine engine;
    private final TableHistory history;
    private final LoggedRows rows;
    private final Map<TableRef, Known> known = new HashMap<>();

    private record Known(Held held, long schemaVersion) {}

    LogicalDecoder(EngineSession session) {
        engine = session.engine();
        history = engine.tableHistory();
        rows = new LoggedRows(session);
    }

    /**
     * Decodes a record.
     *
     * @throws PgException XX001 where a row does not fit to its table
     */
    DecodedTransaction decode(LogRecord record) {
        var entry = record.entry();
        var changes = new ArrayList<LogicalChange>(entry.rows().size());
        for (var row : entry.rows()) {
            if (row.table().schema().equals(Engine.SYSTEM_SCHEMA)) {
                message(row, changes);
            } else {
                changes.add(change(row, record.lsn()));
            }
        }
        for (var ddl : entry.ddl()) {
            truncation(ddl, record.lsn(), changes);
        }
        return new DecodedTransaction(
                (int) entry.xid(), record.lsn(), record.end(), record.commitTime(), changes);
    }

    private LogicalChange change(RowChange row, Lsn lsn) {
        var table = shape(row.table(), lsn);
        return switch (row.operation()) {
            case INSERT -> new LogicalChange.Insert(table, values(table, row.newRow(), lsn));
            case UPDATE ->
                    new LogicalChange.Update(
                            table,
                            values(table, row.oldRow(), lsn),
                            values(table, row.newRow(), lsn));
            case DELETE -> new LogicalChange.Delete(table, values(table, row.oldRow(), lsn));
        };
    }

    private @Nullable Object[] values(TableShape table, byte @Nullable [] image, Lsn lsn) {
        if (image == null) {
            throw misfit(table.id().name(), lsn);
        }
        var values = rows.read(image);
        if (values.length != table.columns().size()) {
            throw misfit(table.id().name(), lsn);
        }
        return values;
    }

    private TableShape shape(TableRef table, Lsn lsn) {
        long version = engine.schemaVersion();
        var cached = known.get(table);
        if (cached != null) {
            boolean isGood =
                    cached.held
                            .until()
                            .map(until -> lsn.compareTo(until) < 0)
                            .orElse(cached.schemaVersion == version);
            if (isGood) {
                return cached.held.shape();
            }
        }
        var held =
                history.at(table.schema(), table.name(), lsn)
                        .orElseThrow(() -> misfit(table.name(), lsn));
        known.put(table, new Known(held, version));
        return held.shape();
    }

    /** A message is put into a table and taken out again at once, so it is where it was sent. */
    private void message(RowChange row, List<LogicalChange> changes) {
        byte[] image = row.newRow();
        if (row.table().name().equals(LogicalMessages.TABLE) && image != null) {
            changes.add(LogicalMessages.read(rows.read(image)));
        }
    }

    private void truncation(Ddl ddl, Lsn lsn, List<LogicalChange> changes) {
        var matcher = TRUNCATE.matcher(ddl.text());
        if (!matcher.matches()) {
            return;
        }
        String first = unquoted(matcher.group(1));
        String second = matcher.group(2);
        boolean restarts = matcher.group(3) != null;
        List<String> schemas = second == null ? ddl.searchPath() : List.of(first);
        String name = second == null ? first : unquoted(second);
        for (String schema : schemas) {
            var held = history.at(schema, name, lsn);
            if (held.isPresent()) {
                changes.add(new LogicalChange.Truncate(held.get().shape(), restarts));
                return;
            }
        }
    }

    private static String unquoted(String name) {
        return name.startsWith("\"")
                ? name.substring(1, name.length() - 1).replace("\"\"", "\"")
                : name;
    }

    private static PgException misfit(String table, Lsn lsn) {
        return new PgException(
                SqlState.DATA_CORRUPTED,
                "a row of \"%s\" in the log at %s does not fit to what is known of the table"
                        .formatted(table, lsn));
    }
}
