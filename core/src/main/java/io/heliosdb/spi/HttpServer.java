package io.heliosdb.spi;

import java.net.InetSocketAddress;

/** A listener for browsers and services. Closing it ends its peers and leaves the database open. */
public interface HttpServer extends AutoCloseable {
    /**
     * Where it listens.
     *
     * @return address and real port
     */
    InetSocketAddress address();

    /**
     * What lets somebody into the console once; then there is another one.
     *
     * @return the token of this moment
     */
    String consoleToken();

    @Override
    void close();
}
