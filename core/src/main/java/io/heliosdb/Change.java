package io.heliosdb;

import io.heliosdb.pg.Column;
import io.heliosdb.pg.Lsn;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/**
 * What a {@link ChangeStream} tells. With a snapshot first the rows that are there, each as {@link
 * Existing}, up to {@link ExistingEnd}. Then transactions in the order of their commits: the
 * changes of one stand in the order in which they were made between its {@link Begin} and its
 * {@link Commit}. Immutable.
 */
public sealed interface Change {
    /**
     * Where it is in the log.
     *
     * @return the place of its transaction; for rows of a snapshot where the changes after them
     *     begin
     */
    Lsn lsn();

    /**
     * A table as it was when the change was made. The same object as long as neither the table nor
     * what is published of it changes.
     *
     * @param schema its schema
     * @param name its name
     * @param oid its number
     * @param columns its published columns in order
     * @param key the names of those by which a row is known; empty where it has no replica identity
     */
    record Table(String schema, String name, int oid, List<Column> columns, List<String> key) {
        /** Copies the lists. */
        public Table {
            columns = List.copyOf(columns);
            key = List.copyOf(key);
        }
    }

    /**
     * A row that was there when the stream began.
     *
     * @param lsn from here on changes follow
     * @param table its table
     * @param row the row
     */
    record Existing(Lsn lsn, Table table, Row row) implements Change {}

    /**
     * All rows that were there have been told. What is to be acknowledged for the snapshot: until
     * then the slot goes with the stream, and the next one begins with a new snapshot.
     *
     * @param lsn from here on changes follow
     */
    record ExistingEnd(Lsn lsn) implements Change {}

    /**
     * A transaction begins.
     *
     * @param lsn where it is
     * @param xid its number
     * @param committedAt when it committed, to the microsecond
     */
    record Begin(Lsn lsn, int xid, Instant committedAt) implements Change {}

    /**
     * A row is new, or passes a filter of the publication from now on.
     *
     * @param lsn where its transaction is
     * @param table its table
     * @param row the row
     */
    record Insert(Lsn lsn, Table table, Row row) implements Change {}

    /**
     * A row has other values.
     *
     * @param lsn where its transaction is
     * @param table its table
     * @param old the row before, whole, whatever the table's replica identity; only large objects
     *     ({@code CLOB}, {@code BLOB}) are null in it
     * @param row the row after
     */
    record Update(Lsn lsn, Table table, Row old, Row row) implements Change {}

    /**
     * A row is gone, or passes a filter of the publication no more.
     *
     * @param lsn where its transaction is
     * @param table its table
     * @param old the row before, as in {@link Update}
     */
    record Delete(Lsn lsn, Table table, Row old) implements Change {}

    /**
     * A table was emptied.
     *
     * @param lsn where its transaction is
     * @param table the table
     * @param restartIdentity whether its sequences begin anew
     */
    record Truncate(Lsn lsn, Table table, boolean restartIdentity) implements Change {}

    /**
     * A message of {@code pg_logical_emit_message}.
     *
     * @param lsn where it is
     * @param isTransactional whether it belongs to the transaction around it; one that does not may
     *     stand outside any
     * @param prefix who it is for
     * @param content what it says; not to be changed
     */
    @SuppressWarnings("ArrayRecordComponent") // equality is defined below
    record Message(Lsn lsn, boolean isTransactional, String prefix, byte[] content)
            implements Change {
        @Override
        public boolean equals(Object other) {
            return other instanceof Message(var place, var isOne, var to, var bytes)
                    && lsn.equals(place)
                    && isTransactional == isOne
                    && prefix.equals(to)
                    && Arrays.equals(content, bytes);
        }

        @Override
        public int hashCode() {
            return lsn.hashCode() * 31 + Arrays.hashCode(content);
        }
    }

    /**
     * A transaction is complete.
     *
     * @param lsn where it is
     * @param end the position behind it: what is acknowledged
     * @param committedAt when it committed
     */
    record Commit(Lsn lsn, Lsn end, Instant committedAt) implements Change {}
}
