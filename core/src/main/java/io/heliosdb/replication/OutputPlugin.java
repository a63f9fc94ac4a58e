package io.heliosdb.replication;

/** Makes messages of transactions. Confined to the thread of its reader. */
interface OutputPlugin extends AutoCloseable {
    /**
     * Tells of a transaction.
     *
     * @param transaction what it did
     * @param out takes the messages
     */
    void write(DecodedTransaction transaction, ChangeSink out);

    /**
     * Whether its messages are no text.
     *
     * @return whether they are bytes
     */
    boolean isBinary();

    @Override
    default void close() {}
}
