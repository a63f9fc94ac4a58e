package io.heliosdb.client.events;

import io.heliosdb.pg.Delivery;
import io.heliosdb.pg.Token;

import java.time.Duration;
import java.util.Optional;

/**
 * Events in the order of commits, each with its token. A lost connection is opened again and the
 * stream goes on where it was; a reader that is slow holds a bounded number of events in memory.
 * Safe for use by many threads; each delivery goes to one of them.
 */
public interface EventStream extends AutoCloseable {
    /**
     * The next delivery if it comes in time.
     *
     * @param timeout how long to wait; zero or less does not wait
     * @return a {@link io.heliosdb.pg.Delivery.Notification Notification} with its token, a {@link
     *     io.heliosdb.pg.Delivery.Gap Gap} where something is missing, {@link
     *     io.heliosdb.pg.Delivery.Closed Closed} at the end and again after it; empty where none
     *     came in time
     * @throws InterruptedException where the thread is interrupted; nothing is taken then
     */
    Optional<Delivery> receive(Duration timeout) throws InterruptedException;

    /**
     * Says that everything up to an event is done: its consumer's place moves there, within a
     * moment. A crash, or a reader that ends in the middle of a transaction, may take back a part
     * of that; it comes again then. Without a consumer it means nothing.
     *
     * @param token of an event of this stream
     */
    void ack(Token token);

    /**
     * From where a stream would go on that has all that was taken from this one. It moves on with
     * commits that do not concern the stream, so that a quiet stream's place does not grow old.
     *
     * @return for {@link EventStart#after}
     */
    Token position();

    /** Ends it; who waits gets the end. Once is enough. */
    @Override
    void close();
}
