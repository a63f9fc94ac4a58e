package io.heliosdb;

import io.heliosdb.spi.HttpServer;

import java.net.InetSocketAddress;
import java.net.URI;
import java.util.function.Consumer;

/**
 * Browsers and services can connect as long as this is open. Closing it ends their connections,
 * once is enough, and leaves the database open.
 */
public final class HeliosHttp implements AutoCloseable {
    private final HttpServer server;
    private final Consumer<HeliosHttp> onClose;

    HeliosHttp(HttpServer server, Consumer<HeliosHttp> onClose) {
        this.server = server;
        this.onClose = onClose;
    }

    /**
     * Where it listens.
     *
     * @return address and real port
     */
    public InetSocketAddress address() {
        return server.address();
    }

    /**
     * What a browser opens.
     *
     * @return such as {@code http://127.0.0.1:8080/}
     */
    public URI url() {
        String host = address().getAddress().getHostAddress();
        return URI.create(
                "http://%s:%d/"
                        .formatted(
                                host.contains(":") ? '[' + host + ']' : host, address().getPort()));
    }

    /**
     * What lets somebody into the console once; then there is another one.
     *
     * @return the token of this moment
     */
    public String consoleToken() {
        return server.consoleToken();
    }

    @Override
    public void close() {
        server.close();
        onClose.accept(this);
    }
}
