package io.heliosdb.pg.pgoutput;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.heliosdb.pg.Lsn;
import io.heliosdb.pg.pgoutput.Change.Begin;
import io.heliosdb.pg.pgoutput.Change.Commit;
import io.heliosdb.pg.pgoutput.Change.Delete;
import io.heliosdb.pg.pgoutput.Change.Insert;
import io.heliosdb.pg.pgoutput.Change.Message;
import io.heliosdb.pg.pgoutput.Change.OldRow;
import io.heliosdb.pg.pgoutput.Change.Origin;
import io.heliosdb.pg.pgoutput.Change.Relation;
import io.heliosdb.pg.pgoutput.Change.Truncate;
import io.heliosdb.pg.pgoutput.Change.TypeName;
import io.heliosdb.pg.pgoutput.Change.Update;
import io.heliosdb.pg.type.ByteSink;

import java.time.Instant;
import java.util.List;

/**
 * Writes messages of a stream. Who writes a row change has written its table's {@link Relation}
 * before: {@link #write} does not look. Stateless.
 */
public final class ChangeWriter {
    private ChangeWriter() {}

    /**
     * Appends one message.
     *
     * @param change what it says
     * @param out where its bytes go, without a frame
     */
    public static void write(Change change, ByteSink out) {
        switch (change) {
            case Begin(var lsn, var at, int xid) -> {
                out.putByte('B');
                lsn(lsn, out);
                instant(at, out);
                out.putInt(xid);
            }
            case Commit(var lsn, var end, var at) -> {
                out.putByte('C');
                out.putByte(0);
                lsn(lsn, out);
                lsn(end, out);
                instant(at, out);
            }
            case Origin(var lsn, var name) -> {
                out.putByte('O');
                lsn(lsn, out);
                string(name, out);
            }
            case Relation relation -> relation(relation, out);
            case TypeName(int oid, var schema, var name) -> {
                out.putByte('Y');
                out.putInt(oid);
                string(schema, out);
                string(name, out);
            }
            case Insert(var relation, var row) -> {
                out.putByte('I');
                out.putInt(relation.oid());
                newRow(row, out);
            }
            case Update(var relation, var old, var row) -> {
                out.putByte('U');
                out.putInt(relation.oid());
                if (old != null) {
                    oldRow(old, out);
                }
                newRow(row, out);
            }
            case Delete(var relation, var old) -> {
                out.putByte('D');
                out.putInt(relation.oid());
                oldRow(old, out);
            }
            case Truncate(var relations, boolean cascade, boolean restart) -> {
                out.putByte('T');
                out.putInt(relations.size());
                out.putByte((cascade ? 1 : 0) | (restart ? 2 : 0));
                relations.forEach(relation -> out.putInt(relation.oid()));
            }
            case Message(boolean transactional, var lsn, var prefix, var content) -> {
                out.putByte('M');
                out.putByte(transactional ? 1 : 0);
                lsn(lsn, out);
                string(prefix, out);
                bytes(content, out);
            }
        }
    }

    private static void relation(Relation relation, ByteSink out) {
        out.putByte('R');
        out.putInt(relation.oid());
        string(relation.schema(), out);
        string(relation.name(), out);
        out.putByte(relation.replicaIdentity().code());
        out.putShort(relation.columns().size());
        for (var column : relation.columns()) {
            out.putByte(column.isKey() ? 1 : 0);
            string(column.name(), out);
            out.putInt(column.typeOid());
            out.putInt(column.typeModifier());
        }
    }

    private static void newRow(List<Datum> row, ByteSink out) {
        out.putByte('N');
        row(row, out);
    }

    private static void oldRow(OldRow old, ByteSink out) {
        out.putByte(old.isKeyOnly() ? 'K' : 'O');
        row(old.row(), out);
    }

    private static void row(List<Datum> row, ByteSink out) {
        out.putShort(row.size());
        for (var datum : row) {
            switch (datum) {
                case Datum.Null _ -> out.putByte('n');
                case Datum.Unchanged _ -> out.putByte('u');
                case Datum.Text(var text) -> {
                    out.putByte('t');
                    bytes(text.getBytes(UTF_8), out);
                }
                case Datum.Binary(var value) -> {
                    out.putByte('b');
                    bytes(value, out);
                }
            }
        }
    }

    private static void bytes(byte[] value, ByteSink out) {
        out.putInt(value.length);
        out.put(value);
    }

    private static void string(String text, ByteSink out) {
        out.putUtf8(text);
        out.putByte(0);
    }

    private static void lsn(Lsn lsn, ByteSink out) {
        out.putLong(lsn.value());
    }

    private static void instant(Instant instant, ByteSink out) {
        long seconds = instant.getEpochSecond() - ChangeReader.EPOCH_SECONDS;
        out.putLong(seconds * 1_000_000L + instant.getNano() / 1_000L);
    }
}
