package io.heliosdb.client;

/** What happens when a client's buffer is full. None of them loses anything in silence. */
public enum Overflow {
    /**
     * Nothing more is read until there is room; the server keeps the rest in its own queue. This
     * loses nothing and slows nobody, until that queue is full as well: PostgreSQL then refuses new
     * notifications of everybody.
     */
    BLOCK,
    /** The oldest notification goes; a gap stands in its place. */
    DROP_OLDEST,
    /** The newest notification of each channel stays, followed by a gap with the others' count. */
    COALESCE,
    /** What is buffered is delivered, then the listener ends with 54000. */
    CLOSE
}
