package io.heliosdb.bench.log;

/** A database whose durable commits are measured; the table is there when it is opened. */
interface CommitTarget extends AutoCloseable {
    /** One client; of one thread. */
    interface Writer extends AutoCloseable {
        /** Inserts a row and returns when it is on disk. */
        void commit(long id) throws Exception;

        @Override
        void close() throws Exception;
    }

    Writer newWriter() throws Exception;

    @Override
    void close() throws Exception;
}
