package io.heliosdb.pg.pgoutput;

import io.heliosdb.pg.Lsn;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/**
 * One message of a change stream. Between a {@link Begin} and its {@link Commit} stand the changes
 * of one transaction in the order in which they were made; a {@link Relation} comes before the
 * first change of its table, and again when its definition has changed.
 *
 * @see <a
 *     href="https://www.postgresql.org/docs/15/protocol-logicalrep-message-formats.html">PostgreSQL:
 *     logical replication message formats</a>
 */
public sealed interface Change {
    /**
     * A transaction begins.
     *
     * @param finalLsn where its commit is
     * @param committedAt when it committed, to the microsecond
     * @param xid its number
     */
    record Begin(Lsn finalLsn, Instant committedAt, int xid) implements Change {}

    /**
     * A transaction is complete.
     *
     * @param commitLsn where its commit is
     * @param endLsn the position behind it: what a consumer acknowledges
     * @param committedAt when it committed, to the microsecond
     */
    record Commit(Lsn commitLsn, Lsn endLsn, Instant committedAt) implements Change {}

    /**
     * Where a transaction was first made, when it was itself replicated.
     *
     * @param commitLsn its commit there
     * @param name the origin's name
     */
    record Origin(Lsn commitLsn, String name) implements Change {}

    /**
     * A table's definition.
     *
     * @param oid its number in this stream
     * @param schema its schema; empty for {@code pg_catalog}
     * @param name its name
     * @param replicaIdentity what of an old row is sent
     * @param columns its published columns in order
     */
    record Relation(
            int oid,
            String schema,
            String name,
            ReplicaIdentity replicaIdentity,
            List<RelationColumn> columns)
            implements Change {
        /** Copies the columns. */
        public Relation {
            columns = List.copyOf(columns);
        }
    }

    /**
     * A column of a table.
     *
     * @param isKey whether it is part of the replica identity
     * @param name its name
     * @param typeOid its type
     * @param typeModifier the type's modifier, or -1
     */
    record RelationColumn(boolean isKey, String name, int typeOid, int typeModifier) {}

    /** What of an old row is sent with an update or a delete. */
    enum ReplicaIdentity {
        /** The primary key. */
        DEFAULT('d'),
        /** Nothing. */
        NOTHING('n'),
        /** The whole row. */
        FULL('f'),
        /** The columns of an index. */
        INDEX('i');

        private final char code;

        ReplicaIdentity(char code) {
            this.code = code;
        }

        char code() {
            return code;
        }
    }

    /**
     * The name of a type that is not built in.
     *
     * @param oid its number in this stream
     * @param schema its schema; empty for {@code pg_catalog}
     * @param name its name
     */
    record TypeName(int oid, String schema, String name) implements Change {}

    /**
     * A row was inserted.
     *
     * @param relation its table
     * @param row the row
     */
    record Insert(Relation relation, List<Datum> row) implements Change {
        /** Copies the row. */
        public Insert {
            row = List.copyOf(row);
        }
    }

    /**
     * A row was updated.
     *
     * @param relation its table
     * @param old the row before, or of it only the key; null where neither is sent
     * @param row the row after
     */
    record Update(Relation relation, @Nullable OldRow old, List<Datum> row) implements Change {
        /** Copies the row. */
        public Update {
            row = List.copyOf(row);
        }
    }

    /**
     * A row was deleted.
     *
     * @param relation its table
     * @param old the row, or of it only the key
     */
    record Delete(Relation relation, OldRow old) implements Change {}

    /**
     * A row as it was.
     *
     * @param isKeyOnly whether only the columns of the replica identity have values
     * @param row the row
     */
    record OldRow(boolean isKeyOnly, List<Datum> row) {
        /** Copies the row. */
        public OldRow {
            row = List.copyOf(row);
        }
    }

    /**
     * Tables were emptied.
     *
     * @param relations the tables
     * @param cascade whether those that refer to them were too
     * @param restartIdentity whether their sequences begin anew
     */
    record Truncate(List<Relation> relations, boolean cascade, boolean restartIdentity)
            implements Change {
        /** Copies the tables. */
        public Truncate {
            relations = List.copyOf(relations);
        }
    }

    /**
     * A message that a session wrote into the log.
     *
     * @param transactional whether it belongs to the transaction around it
     * @param lsn where it is
     * @param prefix who it is for
     * @param content what it says; not copied
     * @see <a href="https://www.postgresql.org/docs/15/functions-admin.html#FUNCTIONS-REPLICATION">
     *     PostgreSQL: pg_logical_emit_message</a>
     */
    @SuppressWarnings("ArrayRecordComponent") // equality is defined below
    record Message(boolean transactional, Lsn lsn, String prefix, byte[] content)
            implements Change {
        @Override
        public boolean equals(Object other) {
            return other instanceof Message(var theirs, var position, var to, var bytes)
                    && transactional == theirs
                    && lsn.equals(position)
                    && prefix.equals(to)
                    && Arrays.equals(content, bytes);
        }

        @Override
        public int hashCode() {
            return lsn.hashCode() * 31 + Arrays.hashCode(content);
        }
    }
}
