package io.heliosdb.log;

import io.heliosdb.log.LogEntry.Ddl;
import io.heliosdb.log.LogEntry.Notice;
import io.heliosdb.log.LogEntry.Operation;
import io.heliosdb.log.LogEntry.RowChange;
import io.heliosdb.log.LogEntry.SequenceBase;
import io.heliosdb.log.LogEntry.TableRef;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The body of a record, as {@code package-info} lays it out. */
final class EntryCodec {
    private static final String PATH_SEPARATOR = "\0";

    /** An update that gives a row another key: the old key follows the new one. */
    private static final int MOVE = 4;

    private EntryCodec() {}

    static byte[] encode(LogEntry entry) {
        var out = new BodyWriter();
        out.number(entry.xid()).number(entry.pid());
        writeRows(entry.rows(), out);
        out.number(entry.notifications().size());
        for (var notice : entry.notifications()) {
            out.text(notice.channel()).text(notice.payload());
        }
        out.number(entry.ddl().size());
        for (var ddl : entry.ddl()) {
            out.text(String.join(PATH_SEPARATOR, ddl.searchPath())).text(ddl.text());
        }
        out.number(entry.sequences().size());
        for (var base : entry.sequences()) {
            out.text(base.schema()).text(base.name()).signed(base.next());
        }
        return out.toByteArray();
    }

    static int flags(LogEntry entry) {
        return (entry.rows().isEmpty() ? 0 : Header.ROWS)
                | (entry.notifications().isEmpty() ? 0 : Header.NOTIFICATIONS)
                | (entry.ddl().isEmpty() ? 0 : Header.DDL)
                | (entry.sequences().isEmpty() ? 0 : Header.SEQUENCES);
    }

    static long channels(LogEntry entry) {
        long bits = 0;
        for (var notice : entry.notifications()) {
            bits |= notice.isKept() ? Header.channelBit(notice.channel()) : 0;
        }
        return bits;
    }

    /**
     * Reads a body.
     *
     * @throws IllegalArgumentException where it is none: its checksum was right, so another version
     *     wrote it
     */
    static LogEntry decode(byte[] body) {
        try {
            var in = new BodyReader(ByteBuffer.wrap(body));
            long xid = in.number();
            int pid = in.count();
            var rows = readRows(in);
            var notifications = in.list(() -> new Notice(in.text(), in.text()));
            var ddl = in.list(() -> new Ddl(path(in.text()), in.text()));
            var sequences = in.list(() -> new SequenceBase(in.text(), in.text(), in.signed()));
            return new LogEntry(xid, pid, rows, notifications, ddl, sequences);
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("a record ends early", e);
        }
    }

    private static void writeRows(List<RowChange> rows, BodyWriter out) {
        out.number(rows.size());
        Map<TableRef, Integer> tables = new LinkedHashMap<>();
        for (var change : rows) {
            Integer known = tables.putIfAbsent(change.table(), tables.size());
            if (known == null) {
                out.number(tables.size() - 1L);
                out.text(change.table().schema()).text(change.table().name());
            } else {
                out.number(known);
            }
            boolean isMove = change.oldKey() != change.key();
            out.number(isMove ? MOVE : change.operation().code);
            out.signed(change.key());
            if (isMove) {
                out.signed(change.oldKey());
            }
            if (change.oldRow() != null) {
                out.bytes(change.oldRow());
            }
            if (change.newRow() != null) {
                out.bytes(change.newRow());
            }
        }
    }

    private static List<RowChange> readRows(BodyReader in) {
        var tables = new ArrayList<TableRef>();
        return in.list(() -> {
            int place = in.count();
            if (place == tables.size()) {
                tables.add(new TableRef(in.text(), in.text()));
            }
            int code = in.count();
            var kind = code == MOVE ? Operation.UPDATE : Operation.of(code);
            if (place >= tables.size()) {
                throw new IllegalArgumentException("a record has a row of no table");
            }
            long key = in.signed();
            long oldKey = code == MOVE ? in.signed() : key;
            byte[] before = kind == Operation.INSERT ? null : in.bytes();
            byte[] after = kind == Operation.DELETE ? null : in.bytes();
            return new RowChange(tables.get(place), kind, key, oldKey, before, after);
        });
    }

    private static List<String> path(String joined) {
        return joined.isEmpty() ? List.of() : List.of(joined.split(PATH_SEPARATOR));
    }
}
