package io.heliosdb.bench.log;

import java.sql.SQLException;

/** A database whose durable commits are measured; the table is there when it is opened. */
interface CommitTarget extends AutoCloseable {
    /** One client; of one thread. */
    interface Writer extends AutoCloseable {
        /** Inserts a row and returns when it is on disk. */
        void commit(long id) throws SQLException;

        @Override
        void close() throws SQLException;
    }

    Writer newWriter() throws SQLException;

    @Override
    void close() throws SQLException;
}
