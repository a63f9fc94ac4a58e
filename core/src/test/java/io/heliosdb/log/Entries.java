package io.heliosdb.log;

import io.heliosdb.log.LogEntry.Ddl;
import io.heliosdb.log.LogEntry.Notice;
import io.heliosdb.log.LogEntry.Operation;
import io.heliosdb.log.LogEntry.RowChange;
import io.heliosdb.log.LogEntry.SequenceBase;
import io.heliosdb.log.LogEntry.TableRef;
import io.heliosdb.pg.Lsn;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Entries to log, and what a log has of them. */
final class Entries {
    private static final TableRef TABLE = new TableRef("public", "t");

    private Entries() {}

    /** One row and one notification, both telling the number. */
    static LogEntry of(long number, int bytes) {
        var row = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            row[i] = (byte) (number + i);
        }
        return new LogEntry(
                number,
                7,
                List.of(new RowChange(TABLE, Operation.INSERT, number, null, row)),
                List.of(new Notice("c" + number % 5, "n" + number)),
                List.of(),
                List.of());
    }

    /** Anything that a transaction may do. */
    static LogEntry random(long number, RandomGenerator random) {
        var rows = new ArrayList<RowChange>();
        for (int i = random.nextInt(4); i > 0; i--) {
            var table = new TableRef("public", "t" + random.nextInt(3));
            var operation = Operation.of(1 + random.nextInt(3));
            rows.add(
                    new RowChange(
                            table,
                            operation,
                            random.nextLong(),
                            operation == Operation.INSERT ? null : bytes(random),
                            operation == Operation.DELETE ? null : bytes(random)));
        }
        var ddl =
                random.nextInt(10) == 0
                        ? List.of(new Ddl(List.of("public", "s"), "CREATE TABLE x" + number))
                        : List.<Ddl>of();
        var sequences =
                random.nextInt(10) == 0
                        ? List.of(new SequenceBase("public", "t#id", -number))
                        : List.<SequenceBase>of();
        return new LogEntry(
                number, 3, rows, List.of(new Notice("ä" + number, "n" + number)), ddl, sequences);
    }

    private static byte[] bytes(RandomGenerator random) {
        var bytes = new byte[random.nextInt(20) == 0 ? random.nextInt(9000) : random.nextInt(60)];
        random.nextBytes(bytes);
        return bytes;
    }

    static Append commit(Log log, LogEntry entry) {
        var record = log.prepare(entry);
        log.append(record);
        log.awaitFlushed(record);
        return record;
    }

    static List<LogRecord> read(Log log, Lsn from) {
        var records = new ArrayList<LogRecord>();
        try (var reader = log.reader(from)) {
            for (var next = reader.next(); next.isPresent(); next = reader.next()) {
                records.add(next.get());
            }
        }
        return records;
    }

    /** The numbers of the transactions that a log has. */
    static List<Long> numbers(Log log) {
        return read(log, Lsn.ZERO).stream().map(record -> record.entry().xid()).toList();
    }

    /** What an entry says, in a form that can be compared. */
    static List<Integer> encoded(LogEntry entry) {
        var bytes = new ArrayList<Integer>();
        for (byte each : EntryCodec.encode(entry)) {
            bytes.add((int) each);
        }
        return bytes;
    }
}
