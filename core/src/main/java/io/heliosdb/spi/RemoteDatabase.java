package io.heliosdb.spi;

import io.heliosdb.pubsub.SubscribeOptions;
import io.heliosdb.pubsub.Subscription;

import javax.sql.DataSource;

/**
 * A database that another process owns, reached through its socket. Safe for use by many threads.
 */
public interface RemoteDatabase extends AutoCloseable {
    /**
     * Opens a session there.
     *
     * @return the session
     * @throws io.heliosdb.pg.PgException 57P01 where the owner is gone, and what the owner refuses
     */
    Link connect();

    /**
     * Subscribes to channels of the owner. Where the owner ends, the subscription receives a last
     * {@link io.heliosdb.pg.Delivery.Closed} with 57P01.
     *
     * @param channels literal names, one at least
     * @return the subscription, which receives what is committed from now on
     */
    Subscription subscribe(String... channels);

    /**
     * Subscribes with a chosen queue, which is one of this process.
     *
     * @param options the queue
     * @param channels literal names, one at least
     * @return the subscription, which receives what is committed from now on
     */
    Subscription subscribe(SubscribeOptions options, String... channels);

    /**
     * A data source whose connections lead there.
     *
     * @return one for any number of threads
     */
    DataSource dataSource();

    @Override
    void close();
}
