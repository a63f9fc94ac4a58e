package io.heliosdb.spi;

import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * A listener for PostgreSQL clients. Closing it ends its connections and leaves the database open.
 */
public interface WireServer extends AutoCloseable {
    /**
     * Where it listens.
     *
     * @return address and real port; empty where it listens on a Unix socket alone
     */
    Optional<InetSocketAddress> address();

    @Override
    void close();
}
