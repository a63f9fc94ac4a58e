package io.heliosdb.pg.pgoutput;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.heliosdb.pg.Lsn;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.pgoutput.Change.Begin;
import io.heliosdb.pg.pgoutput.Change.Commit;
import io.heliosdb.pg.pgoutput.Change.Delete;
import io.heliosdb.pg.pgoutput.Change.Insert;
import io.heliosdb.pg.pgoutput.Change.Message;
import io.heliosdb.pg.pgoutput.Change.OldRow;
import io.heliosdb.pg.pgoutput.Change.Origin;
import io.heliosdb.pg.pgoutput.Change.Relation;
import io.heliosdb.pg.pgoutput.Change.RelationColumn;
import io.heliosdb.pg.pgoutput.Change.ReplicaIdentity;
import io.heliosdb.pg.pgoutput.Change.Truncate;
import io.heliosdb.pg.pgoutput.Change.TypeName;
import io.heliosdb.pg.pgoutput.Change.Update;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the messages of one stream, and remembers its tables. Bytes that do not read fail with
 * 08P01; the stream is of no use after that. Confined to one thread at a time.
 */
public final class ChangeReader {
    /** Seconds from 1970 to PostgreSQL's epoch, 2000-01-01. */
    static final long EPOCH_SECONDS = 946_684_800L;

    private final Map<Integer, Relation> relations = new HashMap<>();

    /** A reader at the beginning of a stream, which knows no table yet. */
    public ChangeReader() {}

    /**
     * Reads one message.
     *
     * @param message its bytes, all of which it uses
     * @return what it says
     * @throws PgException 08P01 where it is not a message, or names a table not announced
     */
    public Change read(ByteBuffer message) {
        try {
            var change = readBody(message.get(), message);
            if (message.hasRemaining()) {
                throw violation("a change message has bytes after its end");
            }
            return change;
        } catch (BufferUnderflowException e) {
            throw violation("a change message ends too early");
        }
    }

    private Change readBody(byte type, ByteBuffer in) {
        return switch (type) {
            case 'B' -> new Begin(lsn(in), instant(in), in.getInt());
            case 'C' -> {
                in.get();
                yield new Commit(lsn(in), lsn(in), instant(in));
            }
            case 'O' -> new Origin(lsn(in), string(in));
            case 'R' -> {
                var relation = relation(in);
                relations.put(relation.oid(), relation);
                yield relation;
            }
            case 'Y' -> new TypeName(in.getInt(), string(in), string(in));
            case 'I' -> {
                var relation = known(in.getInt());
                require(in.get(), 'N');
                yield new Insert(relation, row(relation, in));
            }
            case 'U' -> update(in);
            case 'D' -> {
                var relation = known(in.getInt());
                yield new Delete(relation, oldRow(relation, in.get(), in));
            }
            case 'T' -> truncate(in);
            case 'M' -> {
                boolean transactional = (in.get() & 1) != 0;
                yield new Message(transactional, lsn(in), string(in), bytes(in));
            }
            default -> throw violation("unknown change message type " + (type & 0xFF));
        };
    }

    private Update update(ByteBuffer in) {
        var relation = known(in.getInt());
        byte kind = in.get();
        if (kind == 'N') {
            return new Update(relation, null, row(relation, in));
        }
        var old = oldRow(relation, kind, in);
        require(in.get(), 'N');
        return new Update(relation, old, row(relation, in));
    }

    private Truncate truncate(ByteBuffer in) {
        int count = count(in.getInt(), in, Integer.BYTES);
        byte options = in.get();
        var tables = new ArrayList<Relation>(count);
        for (int i = 0; i < count; i++) {
            tables.add(known(in.getInt()));
        }
        return new Truncate(tables, (options & 1) != 0, (options & 2) != 0);
    }

    private static Relation relation(ByteBuffer in) {
        int oid = in.getInt();
        var schema = string(in);
        var name = string(in);
        var identity = identity(in.get());
        int count = count(in.getShort(), in, 10);
        var columns = new ArrayList<RelationColumn>(count);
        for (int i = 0; i < count; i++) {
            boolean isKey = (in.get() & 1) != 0;
            columns.add(new RelationColumn(isKey, string(in), in.getInt(), in.getInt()));
        }
        return new Relation(oid, schema, name, identity, columns);
    }

    private static ReplicaIdentity identity(byte code) {
        for (var identity : ReplicaIdentity.values()) {
            if (identity.code() == code) {
                return identity;
            }
        }
        throw violation("unknown replica identity " + (code & 0xFF));
    }

    private Relation known(int oid) {
        var relation = relations.get(oid);
        if (relation == null) {
            throw violation("a change of a table that was not announced: " + oid);
        }
        return relation;
    }

    private static OldRow oldRow(Relation relation, byte kind, ByteBuffer in) {
        if (kind != 'K' && kind != 'O') {
            throw violation("unknown kind of row " + (kind & 0xFF));
        }
        return new OldRow(kind == 'K', row(relation, in));
    }

    private static List<Datum> row(Relation relation, ByteBuffer in) {
        int count = in.getShort();
        if (count != relation.columns().size()) {
            throw violation("a row has " + count + " columns, its table another number");
        }
        var row = new ArrayList<Datum>(count);
        for (int i = 0; i < count; i++) {
            row.add(datum(in));
        }
        return row;
    }

    private static Datum datum(ByteBuffer in) {
        byte kind = in.get();
        return switch (kind) {
            case 'n' -> new Datum.Null();
            case 'u' -> new Datum.Unchanged();
            case 't' -> new Datum.Text(new String(bytes(in), UTF_8));
            case 'b' -> new Datum.Binary(bytes(in));
            default -> throw violation("unknown kind of value " + (kind & 0xFF));
        };
    }

    private static byte[] bytes(ByteBuffer in) {
        var bytes = new byte[count(in.getInt(), in, 1)];
        in.get(bytes);
        return bytes;
    }

    private static String string(ByteBuffer in) {
        int start = in.position();
        int end = start;
        while (end < in.limit() && in.get(end) != 0) {
            end++;
        }
        if (end == in.limit()) {
            throw new BufferUnderflowException();
        }
        var bytes = new byte[end - start];
        in.get(bytes);
        in.get();
        return new String(bytes, UTF_8);
    }

    private static Lsn lsn(ByteBuffer in) {
        long value = in.getLong();
        if (value < 0) {
            throw violation("a position is negative");
        }
        return new Lsn(value);
    }

    private static Instant instant(ByteBuffer in) {
        long micros = in.getLong();
        return Instant.ofEpochSecond(
                EPOCH_SECONDS + Math.floorDiv(micros, 1_000_000L),
                Math.floorMod(micros, 1_000_000L) * 1_000L);
    }

    /** Refuses a count that the rest of the message cannot hold. */
    private static int count(int count, ByteBuffer in, int bytesEach) {
        if (count < 0 || (long) count * bytesEach > in.remaining()) {
            throw violation("a change message has a wrong count: " + count);
        }
        return count;
    }

    private static void require(byte found, char expected) {
        if (found != expected) {
            throw violation("expected '" + expected + "' and found " + (found & 0xFF));
        }
    }

    private static PgException violation(String message) {
        return new PgException(SqlState.PROTOCOL_VIOLATION, message);
    }
}
