package io.heliosdb.replication;

import io.heliosdb.engine.TableShape;
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
    private final boolean withMessages;
    private final PublishedRelations relations;

    /** What the reader has been told of, by its number in the stream. */
    private final Map<Integer, Told> told = new HashMap<>();

    private record Told(PublishedRelation relation, List<PgType> types) {}

    PgOutput(PluginOptions options, PublishedRelations relations, TextStyle style) {
        this.relations = relations;
        this.style = style;
        requireKnown(options);
        isBinaryForm = options.flag("binary", false);
        withMessages = options.flag("messages", false);
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
        boolean hasBegun = false;
        for (var change : transaction.changes()) {
            boolean isLoose =
                    change instanceof LogicalChange.Message message && !message.isTransactional();
            if (!isPublished(change)) {
                continue;
            }
            if (!hasBegun && !isLoose) {
                hasBegun = true;
                message(
                        new Begin(transaction.lsn(), transaction.committedAt(), transaction.xid()),
                        transaction.lsn(),
                        out);
            }
            write(change, transaction.lsn(), out);
        }
        if (hasBegun) {
            message(
                    new Commit(transaction.lsn(), transaction.end(), transaction.committedAt()),
                    transaction.end(),
                    out);
        }
    }

    private boolean isPublished(LogicalChange change) {
        return switch (change) {
            case LogicalChange.Insert(var table, var row) -> {
                var relation = relations.find(table);
                yield relation != null && relation.publishesInsert(row);
            }
            case LogicalChange.Update(var table, var old, var row) -> {
                var relation = relations.find(table);
                yield relation != null
                        && relation.seen(
                                        relation.keys().ofUpdate(old, row) == null ? null : old,
                                        row)
                                != PublishedRelation.Seen.NOTHING;
            }
            case LogicalChange.Delete(var table, var old) -> {
                var relation = relations.find(table);
                yield relation != null && relation.publishesDelete(old);
            }
            case LogicalChange.Truncate(var table, boolean _) -> {
                var relation = relations.find(table);
                yield relation != null && relation.publishesTruncate();
            }
            case LogicalChange.Message _ -> withMessages;
        };
    }

    private void write(LogicalChange change, Lsn lsn, ChangeSink out) {
        switch (change) {
            case LogicalChange.Insert(var table, var row) -> {
                var known = tell(table, lsn, out);
                insert(known, row, out.begin(lsn));
                out.end();
            }
            case LogicalChange.Update(var table, var old, var row) -> {
                var known = tell(table, lsn, out);
                update(known, old, row, out.begin(lsn));
                out.end();
            }
            case LogicalChange.Delete(var table, var old) -> {
                var known = tell(table, lsn, out);
                delete(known, old, out.begin(lsn));
                out.end();
            }
            case LogicalChange.Truncate(var table, boolean restarts) -> {
                var known = tell(table, lsn, out);
                message(new Truncate(List.of(relation(known.relation)), false, restarts), lsn, out);
            }
            case LogicalChange.Message(boolean isTransactional, var prefix, var content) ->
                    message(new Message(isTransactional, lsn, prefix, content), lsn, out);
        }
    }

    private static void message(Change change, Lsn lsn, ChangeSink out) {
        ChangeWriter.write(change, out.begin(lsn));
        out.end();
    }

    /** Announces a table before its first change, and again when it is another. */
    private Told tell(TableShape table, Lsn lsn, ChangeSink out) {
        var relation = relations.find(table);
        if (relation == null) {
            throw new IllegalStateException("a change of a table that is not published");
        }
        var known = told.get(table.oid());
        if (known == null || known.relation != relation) {
            message(relation(relation), lsn, out);
            known =
                    new Told(
                            relation,
                            table.columns().stream()
                                    .map(column -> PgType.of(column.oid()))
                                    .toList());
            told.put(table.oid(), known);
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

    private void insert(Told known, @Nullable Object[] row, ByteSink out) {
        out.putByte('I');
        out.putInt(known.relation.shape().oid());
        out.putByte('N');
        row(known, row, out);
    }

    private void update(Told known, @Nullable Object[] old, @Nullable Object[] row, ByteSink out) {
        var keys = known.relation.keys();
        var oldKey = keys.ofUpdate(old, row);
        switch (known.relation.seen(oldKey == null ? null : old, row)) {
            case INSERT -> insert(known, row, out);
            case DELETE -> delete(known, old, out);
            case UPDATE -> {
                out.putByte('U');
                out.putInt(known.relation.shape().oid());
                if (oldKey != null) {
                    out.putByte(keys.isWhole() ? 'O' : 'K');
                    row(known, oldKey, out);
                }
                out.putByte('N');
                row(known, row, out);
            }
            case NOTHING -> throw new IllegalStateException("an update that is not published");
        }
    }

    private void delete(Told known, @Nullable Object[] old, ByteSink out) {
        var keys = known.relation.keys();
        var oldKey = keys.ofDelete(old);
        if (oldKey == null) {
            throw new PgException(SqlState.INTERNAL_ERROR, "a delete without a key is published");
        }
        out.putByte('D');
        out.putInt(known.relation.shape().oid());
        out.putByte(keys.isWhole() ? 'O' : 'K');
        row(known, oldKey, out);
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
        relations.close();
    }
}
