package io.heliosdb.replication;

import io.heliosdb.pg.Lsn;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.pgoutput.Change;
import io.heliosdb.pg.pgoutput.Change.Begin;
import io.heliosdb.pg.pgoutput.Change.Commit;
import io.heliosdb.pg.pgoutput.Change.Message;
import io.heliosdb.pg.pgoutput.Change.Relation;
import io.heliosdb.pg.pgoutput.Change.RelationColumn;
import io.heliosdb.pg.pgoutput.Change.Truncate;
import io.heliosdb.pg.pgoutput.ChangeWriter;
import io.heliosdb.pg.type.ByteSink;
import io.heliosdb.pg.type.PgType;
import io.heliosdb.pg.type.TextStyle;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The plugin {@code pgoutput}, protocol versions 1 to 3: what of a transaction its publications
 * have, in PostgreSQL's own encoding. A transaction of which nothing is published is left out. No
 * transaction is streamed before it has committed, and none is prepared, so versions 2 and 3 have
 * nothing more to say.
 *
 * @see <a href="https://www.postgresql.org/docs/15/protocol-logical-replication.html">PostgreSQL:
 *     logical streaming replication protocol</a>
 */
final class PgOutput implements OutputPlugin {
    private static final Set<String> KNOWN =
            Set.of(
                    "proto_version",
                    "publication_names",
                    "binary",
                    "messages",
                    "streaming",
                    "two_phase");

    private static final int VERSION_MAX = 3;

    private final TextStyle style;
    private final boolean isBinaryForm;
    private final PublishedChanges changes;

    /** What the reader has been told of, by its number in the stream. */
    private final Map<Integer, Told> told = new HashMap<>();

    private record Told(PublishedRelation relation, List<PgType> types) {}

    PgOutput(PluginOptions options, PublishedRelations relations, TextStyle style) {
        this.style = style;
        requireKnown(options);
        isBinaryForm = options.flag("binary", false);
        changes = new PublishedChanges(relations, options.flag("messages", false));
    }

    /** The publications that the options name. */
    static List<String> publications(PluginOptions options) {
        return options.names("publication_names");
    }

    private static void requireKnown(PluginOptions options) {
        for (String name : options.values().keySet()) {
            if (!KNOWN.contains(name)) {
                throw options.error(
                        SqlState.INTERNAL_ERROR, "unrecognized pgoutput option: " + name);
            }
        }
        if (!options.values().containsKey("proto_version")) {
            throw options.error(SqlState.INVALID_PARAMETER_VALUE, "proto_version option missing");
        }
        int version = options.number("proto_version", 1);
        if (version < 1 || version > VERSION_MAX) {
            throw options.error(
                    SqlState.FEATURE_NOT_SUPPORTED,
                    "client sent proto_version=%d but server only supports protocol %d or %s"
                            .formatted(
                                    version,
                                    version < 1 ? 1 : VERSION_MAX,
                                    version < 1 ? "higher" : "lower"));
        }
        if (publications(options).isEmpty()) {
            throw options.error(
                    SqlState.INVALID_PARAMETER_VALUE, "publication_names parameter missing");
        }
    }

    @Override
    public boolean isBinary() {
        return true;
    }

    @Override
    public void write(DecodedTransaction transaction, ChangeSink out) {
        changes.pass(transaction, new Encoder(transaction.lsn(), out));
    }

    /** Writes the messages of one transaction. */
    private final class Encoder implements PublishedSink {
        private final Lsn lsn;
        private final ChangeSink out;

        Encoder(Lsn lsn, ChangeSink out) {
            this.lsn = lsn;
            this.out = out;
        }

        @Override
        public void begin(DecodedTransaction transaction) {
            PgOutput.message(
                    new Begin(lsn, transaction.committedAt(), transaction.xid()), lsn, out);
        }

        @Override
        public void insert(PublishedRelation relation, @Nullable Object[] row) {
            var known = tell(relation, lsn, out);
            var bytes = out.begin(lsn);
            bytes.putByte('I');
            bytes.putInt(relation.shape().oid());
            bytes.putByte('N');
            row(known, row, bytes);
            out.end();
        }

        @Override
        public void update(
                PublishedRelation relation,
                @Nullable Object[] old,
                @Nullable Object @Nullable [] told,
                @Nullable Object[] row) {
            var known = tell(relation, lsn, out);
            var bytes = out.begin(lsn);
            bytes.putByte('U');
            bytes.putInt(relation.shape().oid());
            if (told != null) {
                bytes.putByte(relation.keys().isWhole() ? 'O' : 'K');
                row(known, told, bytes);
            }
            bytes.putByte('N');
            row(known, row, bytes);
            out.end();
        }

        @Override
        public void delete(PublishedRelation relation, @Nullable Object[] old) {
            var oldKey = relation.keys().ofDelete(old);
            if (oldKey == null) {
                throw new PgException(
                        SqlState.INTERNAL_ERROR, "a delete without a key is published");
            }
            var known = tell(relation, lsn, out);
            var bytes = out.begin(lsn);
            bytes.putByte('D');
            bytes.putInt(relation.shape().oid());
            bytes.putByte(relation.keys().isWhole() ? 'O' : 'K');
            row(known, oldKey, bytes);
            out.end();
        }

        @Override
        public void truncate(PublishedRelation relation, boolean restartsIdentity) {
            tell(relation, lsn, out);
            PgOutput.message(
                    new Truncate(List.of(relation(relation)), false, restartsIdentity), lsn, out);
        }

        @Override
        public void message(DecodedTransaction transaction, LogicalChange.Message message) {
            PgOutput.message(
                    new Message(
                            message.isTransactional(), lsn, message.prefix(), message.content()),
                    lsn,
                    out);
        }

        @Override
        public void commit(DecodedTransaction transaction) {
            PgOutput.message(
                    new Commit(lsn, transaction.end(), transaction.committedAt()),
                    transaction.end(),
                    out);
        }
    }

    private static void message(Change change, Lsn lsn, ChangeSink out) {
        ChangeWriter.write(change, out.begin(lsn));
        out.end();
    }

    /** Announces a table before its first change, and again when it is another. */
    private Told tell(PublishedRelation relation, Lsn lsn, ChangeSink out) {
        var shape = relation.shape();
        var known = told.get(shape.oid());
        if (known == null || known.relation != relation) {
            message(relation(relation), lsn, out);
            known =
                    new Told(
                            relation,
                            shape.columns().stream()
                                    .map(column -> PgType.of(column.oid()))
                                    .toList());
            told.put(shape.oid(), known);
        }
        return known;
    }

    private static Relation relation(PublishedRelation relation) {
        var shape = relation.shape();
        var isKey = relation.keys().isKey();
        return new Relation(
                shape.oid(),
                shape.id().schema(),
                shape.id().name(),
                switch (relation.identity().kind()) {
                    case 'f' -> Change.ReplicaIdentity.FULL;
                    case 'n' -> Change.ReplicaIdentity.NOTHING;
                    case 'i' -> Change.ReplicaIdentity.INDEX;
                    default -> Change.ReplicaIdentity.DEFAULT;
                },
                relation.columns().stream()
                        .map(place -> {
                            var column = shape.columns().get(place);
                            return new RelationColumn(
                                    isKey[place],
                                    column.name(),
                                    column.oid(),
                                    column.typeModifier());
                        })
                        .toList());
    }

    private void row(Told known, @Nullable Object[] row, ByteSink out) {
        var columns = known.relation.columns();
        out.putShort(columns.size());
        for (int place : columns) {
            Object value = row[place];
            if (value == null) {
                out.putByte('n');
                continue;
            }
            var type = known.types.get(place);
            boolean isBytes = isBinaryForm && type.hasBinary();
            out.putByte(isBytes ? 'b' : 't');
            int length = out.length();
            out.putInt(0);
            type.encode(value, isBytes ? 1 : 0, style, out);
            out.setInt(length, out.length() - length - Integer.BYTES);
        }
    }

    @Override
    public void close() {
        changes.close();
    }
}
