package io.heliosdb.log;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * What a transaction did: the content of one record. Immutable, but for the arrays, which are not
 * to be changed.
 *
 * @param xid the transaction's id
 * @param pid the backend process id of its session
 * @param rows the row changes, in the order in which they were made
 * @param notifications in the order of issue
 * @param ddl changes of the schema, as text
 * @param sequences the values from which sequences go on after a crash
 */
public record LogEntry(
        long xid,
        int pid,
        List<RowChange> rows,
        List<Notice> notifications,
        List<Ddl> ddl,
        List<SequenceBase> sequences) {

    /** What happened to a row. */
    public enum Operation {
        /** It is new. */
        INSERT(1),
        /** It has other values. */
        UPDATE(2),
        /** It is gone. */
        DELETE(3);

        final int code;

        Operation(int code) {
            this.code = code;
        }

        static Operation of(int code) {
            return switch (code) {
                case 1 -> INSERT;
                case 2 -> UPDATE;
                case 3 -> DELETE;
                default -> throw new IllegalArgumentException("no operation: " + code);
            };
        }
    }

    /**
     * A table, by the names it had when the change was made.
     *
     * @param schema its schema
     * @param name its name
     */
    public record TableRef(String schema, String name) {}

    /**
     * A row that changed.
     *
     * @param table the table
     * @param operation what happened
     * @param key the row's key in the store
     * @param oldKey its key before; another one only for an update that moves it
     * @param oldRow its values before, as the engine encodes them; null for an insert
     * @param newRow its values after; null for a delete
     */
    @SuppressWarnings("ArrayRecordComponent") // identity is enough: changes are not compared
    public record RowChange(
            TableRef table,
            Operation operation,
            long key,
            long oldKey,
            byte @Nullable [] oldRow,
            byte @Nullable [] newRow) {
        /**
         * A change of a row that keeps its key.
         *
         * @param table the table
         * @param operation what happened
         * @param key the row's key in the store
         * @param oldRow its values before
         * @param newRow its values after
         */
        public RowChange(
                TableRef table,
                Operation operation,
                long key,
                byte @Nullable [] oldRow,
                byte @Nullable [] newRow) {
            this(table, operation, key, key, oldRow, newRow);
        }
    }

    /**
     * A notification, or the place of one that is not kept in the log.
     *
     * @param channel the channel's bare name; empty for one that is not kept
     * @param payload the payload
     */
    public record Notice(String channel, String payload) {
        /**
         * Whether it is more than a place.
         *
         * @return whether its channel and payload are known
         */
        public boolean isKept() {
            return !channel.isEmpty();
        }
    }

    /**
     * A change of the schema.
     *
     * @param searchPath the schemas in which it found its names
     * @param text the statement in the engine's SQL
     */
    public record Ddl(List<String> searchPath, String text) {
        /** Copies the path. */
        public Ddl {
            searchPath = List.copyOf(searchPath);
        }
    }

    /**
     * Where a sequence goes on.
     *
     * @param schema its schema, or that of its table
     * @param name its name, or {@code table#column} for one that a column owns
     * @param next no value from here on has been given out
     */
    public record SequenceBase(String schema, String name, long next) {}

    /** Copies the lists. */
    public LogEntry {
        rows = List.copyOf(rows);
        notifications = List.copyOf(notifications);
        ddl = List.copyOf(ddl);
        sequences = List.copyOf(sequences);
    }

    /**
     * A transaction that only notifies.
     *
     * @param xid the transaction's id
     * @param pid the backend process id of its session
     * @param notifications in the order of issue
     * @return the entry
     */
    public static LogEntry ofNotifications(long xid, int pid, List<Notice> notifications) {
        return new LogEntry(xid, pid, List.of(), notifications, List.of(), List.of());
    }

    /**
     * Whether there is nothing to log.
     *
     * @return whether it is empty
     */
    public boolean isEmpty() {
        return notifications.isEmpty() && !isDurable();
    }

    /**
     * Whether its commit is worth waiting for the disk: all but one that only notifies.
     *
     * @return whether it has rows, DDL or sequences
     */
    public boolean isDurable() {
        return !rows.isEmpty() || !ddl.isEmpty() || !sequences.isEmpty();
    }
}
