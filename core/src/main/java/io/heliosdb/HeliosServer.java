package io.heliosdb;

import io.heliosdb.pg.PgException;
import io.heliosdb.spi.WireServer;

import java.net.InetSocketAddress;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * PostgreSQL clients can connect as long as this is open. Closing it ends their connections, once
 * is enough, and leaves the database open.
 */
public final class HeliosServer implements AutoCloseable {
    private final WireServer server;
    private final InetSocketAddress address;
    private final CompletionStage<PgException> failure;
    private final Consumer<HeliosServer> onClose;

    HeliosServer(
            WireServer server,
            CompletionStage<PgException> failure,
            Consumer<HeliosServer> onClose) {
        this.server = server;
        this.failure = failure;
        this.address = server.address().orElseThrow();
        this.onClose = onClose;
    }

    /**
     * Where it listens.
     *
     * @return address and real port
     */
    public InetSocketAddress address() {
        return address;
    }

    /**
     * The port it listens on.
     *
     * @return the real one, where any free one was asked for
     */
    public int port() {
        return address.getPort();
    }

    /**
     * What a PostgreSQL client connects to, with the role and database that exist from the start.
     *
     * @return such as {@code postgresql://postgres@127.0.0.1:5432/postgres}
     */
    public String url() {
        String host = address.getAddress().getHostAddress();
        return "postgresql://postgres@%s:%d/postgres"
                .formatted(host.contains(":") ? '[' + host + ']' : host, port());
    }

    /**
     * What ends the database that is served: a commit whose outcome is unknown, as after a disk
     * that fails. Every connection has been told then and no other is let in; closing and opening
     * it again recovers it.
     *
     * @return completed with the reason, 57P02; never where the database does not fail
     */
    public CompletionStage<PgException> failure() {
        return failure;
    }

    @Override
    public void close() {
        server.close();
        onClose.accept(this);
    }
}
